"""A sync of everything that is switched on: the organization's APIs through any fault, and further folders each with its account."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.databases import content, new, rows
from tests.faults.test_canary import found_by_asking, found_in
from tests.organization_server import CLAUDE_CODE, COST, KEY, USAGE, World, refused, serving
from tests.sources.test_organization_connection import FAST, on
from tests.transcripts import call, prompt, write
from usage_analytics.control import Control, folders, organization
from usage_analytics.errors import BadRequest
from usage_analytics.ingest.sources import Read, Sync, sources
from usage_analytics.store import Store
from usage_analytics.watch import Watcher

NOW = datetime(2026, 11, 20, 12)
DAYS = [date(2026, 11, 1) + timedelta(days=number) for number in range(20)]


def garden() -> World:
    """A garden with three weeks of usage, one key that rests on odd days, and one person with a seat."""
    return World(
        tokens={day: {"apikey_1": day.day * 10} | ({} if day.day % 2 else {"apikey_2": 7}) for day in DAYS},
        cents={day: {"Claude Opus 5.5 Usage - Output Tokens": f"{day.day}.0000001"} for day in DAYS},
        people={DAYS[3]: {"ann@garden.example": 44}},
    )


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """The stand-in is what a sync asks, with a key in the environment."""
    known = garden()
    with serving(known) as address:
        monkeypatch.setenv("USAGE_ANALYTICS_API_URL", address)
        monkeypatch.setenv("ANTHROPIC_ADMIN_KEY", KEY)
        yield known


@pytest.fixture
def store(tmp_path: Path) -> Store:
    made = new(tmp_path / "store")
    organization.switch(Control.beside(made.path), on=True)
    return made


def ask(store: Store, world: World, minutes: int = 0) -> Read:
    """Sync so many minutes later; no other source is there."""
    world.clock = (NOW + timedelta(minutes=minutes)).replace(tzinfo=UTC)
    (found,) = Sync(store, Control.beside(store.path), NOW + timedelta(minutes=minutes), patience=FAST).read([])
    return found


def totals(store: Store) -> dict[str, int]:
    """What the database holds: tokens by key or person, and what was billed, in nano-dollars."""
    tokens = "select source, sum(output_tokens)::bigint as total from call where output_tokens is not null group by all"
    billed = "select sum(cost_nanos)::bigint as total from call where account = 'Garden Ltd'"
    found = {row["source"]: row["total"] for row in rows(store, tokens)}
    return found | {"billed": rows(store, billed)[0]["total"] or 0}


def truth(world: World) -> dict[str, int]:
    cents = sum(round(float(amount) * 10_000_000) for day in world.cents.values() for amount in day.values())
    people = sum(sum(day.values()) for day in world.people.values())
    return {"admin_usage": world.total_tokens(), "billed": cents, "claude_code_users": people}


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    """A year of Claude Code's days would be 365 requests a test."""
    from usage_analytics.sources.organization import reports

    monkeypatch.setattr(reports, "BACK", timedelta(days=25))


def test_a_sync_with_a_key_comes_to_what_the_organization_used(store: Store, world: World) -> None:
    found = ask(store, world)
    assert found.problem is None
    assert totals(store) == truth(world)
    row = rows(store, "select distinct account, app, project from call where source = 'admin_usage' order by app")[0]
    assert row == {"account": "Garden Ltd", "app": "apikey-name-1", "project": "wrkspc-name-1"}


@pytest.mark.slow
def test_what_is_read_again_replaces_what_was_read_and_grows_nothing(store: Store, world: World) -> None:
    ask(store, world)
    imports = len(store.imports())
    assert ask(store, world, minutes=2).receipt.files == ()
    world.tokens[DAYS[-1]] = {"apikey_2": 1}  # a correction: less, and one key gone
    world.tokens[DAYS[-2]]["apikey_1"] += 5
    assert ask(store, world, minutes=10).problem is None
    assert totals(store) == truth(world)
    for minutes in (20, 30, 40):
        world.tokens[DAYS[-1]]["apikey_2"] += 100
        ask(store, world, minutes=minutes)
    assert totals(store) == truth(world)
    assert len(store.imports()) <= imports + 2
    before = content(store)
    store.rebuild()
    assert content(store) == before


@pytest.mark.slow
def test_an_undo_is_read_again_by_the_next_sync(store: Store, world: World) -> None:
    ask(store, world)
    before = content(store)
    store.undo([one.import_id for one in store.imports() if one.name.startswith("Usage report")])
    assert "admin_usage" not in totals(store)
    ask(store, world, minutes=5)
    assert content(store) == before


@pytest.mark.slow
def test_a_fault_in_the_middle_keeps_what_was_read_and_the_next_sync_completes_it(store: Store, world: World) -> None:
    world.fault = on(USAGE, *range(2, 40), give=refused(500, "api_error"))
    found = ask(store, world)
    assert found.problem is not None
    assert "status 500" in found.problem
    assert "admin_usage" not in totals(store)  # the first window ended before there was any usage
    assert totals(store)["billed"] == truth(world)["billed"]
    assert organization.result(Control.beside(store.path)) == found.problem
    world.fault = None
    assert ask(store, world, minutes=3).problem is None
    assert totals(store) == truth(world)
    assert organization.result(Control.beside(store.path)) is None


@pytest.mark.slow
def test_an_organization_without_the_admin_reports_is_asked_through_the_analytics_api(store: Store, world: World) -> None:
    world.not_offered = (USAGE, COST, CLAUDE_CODE)
    world.people, world.tokens = {}, {day: {"apikey_1": day.day} for day in DAYS}
    assert ask(store, world).problem is None
    assert totals(store) == {"analytics_usage": world.total_tokens(), "billed": truth(world)["billed"]}
    world.not_offered = ("/v1/",)
    assert "can't read usage or cost reports" in (ask(store, world, minutes=9).problem or "")


@pytest.mark.slow
def test_the_apis_are_asked_once_a_minute_at_most_and_only_when_switched_on(store: Store, world: World) -> None:
    ask(store, world)
    asked = len(world.asked)
    Sync(store, Control.beside(store.path), NOW + timedelta(seconds=59), patience=FAST).read([])
    organization.switch(Control.beside(store.path), on=False)
    Sync(store, Control.beside(store.path), NOW + timedelta(hours=1), patience=FAST).read([])
    assert len(world.asked) == asked


def test_without_a_key_one_sentence_says_where_to_put_it(store: Store, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ANTHROPIC_ADMIN_KEY")
    assert "ANTHROPIC_ADMIN_KEY" in (ask(store, world).problem or "")
    monkeypatch.setenv("ANTHROPIC_ADMIN_KEY", "sk-ant-api03-kanarienvogel-0123456789")
    said = ask(store, world, minutes=2).problem or ""
    assert "Admin key" in said
    assert "kanarienvogel" not in said
    assert world.asked == []


@pytest.mark.slow
def test_the_key_is_nowhere_after_a_sync_by_the_command_line(tmp_path: Path, world: World) -> None:
    for name in ("HOME", "TMPDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        (tmp_path / name.lower()).mkdir()
    places = {path.name.upper(): str(path) for path in tmp_path.iterdir()}
    database = tmp_path / "data" / "usage.duckdb"
    command = [sys.executable, "-m", "usage_analytics"]

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [*command, *words, "--db", str(database)], capture_output=True, text=True, check=False, env=os.environ | places
        )
        assert "kanarienvogel" not in (done.stdout + done.stderr).lower()
        assert "Traceback" not in done.stderr
        return done

    assert run("sources", "--organization", "on").returncode == 0
    done = run("sync", "--json")
    (found,) = json.loads(done.stdout)["sources"]
    assert (found["source"], found["problem"], found["events_new"] > 20) == ("organization", None, True)
    listed = json.loads(run("sources", "--json").stdout)
    assert (listed["organization"]["on"], listed["organization"]["key"]) == (True, "…Wxyz")
    world.fault = on("/v1/organizations/me", give=refused(401, "authentication_error"))
    Control.beside(database).set_setting("organization_asked_at", None)
    done = run("sync")
    assert done.returncode == 1
    assert "refused the Admin key" in done.stderr
    assert found_in(tmp_path, besides=tmp_path / "none") == []
    assert found_by_asking(Store(database)) == []


# Folders


def home_of(folder: Path, person: str, project: str = ".claude/projects") -> Path:
    """A home with one conversation of one call."""
    write(folder / person / project / "-g" / f"{person}.jsonl", prompt(0, sessionId=person), call(person, 5, sessionId=person))
    return folder / person


@pytest.mark.slow
def test_every_folder_is_an_account_of_its_own(tmp_path: Path) -> None:
    store = new(tmp_path / "store")
    control = Control.beside(store.path)
    homes = tmp_path / "homes"
    own = home_of(homes, "robin") / ".claude" / "projects"
    folders.add_folder(control, home_of(homes, "ann"), "Ann's laptop")
    folders.add_folder(
        control, home_of(homes, "bob", "AppData/Roaming/Claude/local-agent-mode-sessions/x/.claude/projects"), "Bob"
    )
    (homes / "exports").mkdir()
    (homes / "exports" / "week.csv").write_text(
        "occurred_at,app,model,cost_usd,account\n2026-11-02T09:00:00Z,tool,,0.5,\n2026-11-02T10:00:00Z,tool,,0.5,own\n"
    )
    folders.add_folder(control, homes / "exports", "Team")
    found = Sync(store, control, NOW).read([own])
    assert [(one.source.kind, one.source.account, one.receipt.events_new) for one in found] == [
        ("claude_code", None, 1),
        ("folder", "Ann's laptop", 1),
        ("folder", "Bob", 1),
        ("folder", "Team", 2),
    ]
    accounts = [row["account"] for row in rows(store, "select account from call order by account nulls first")]
    assert accounts == [None, "Ann's laptop", "Bob", "Team", "own"]
    again = Sync(store, control, NOW).read([own])
    assert [one.receipt.events_new for one in again] == [0, 0, 0, 0]


@pytest.mark.slow
def test_one_file_behind_two_links_counts_once(tmp_path: Path) -> None:
    store = new(tmp_path / "store")
    control = Control.beside(store.path)
    home = home_of(tmp_path / "homes", "ann")
    (tmp_path / "link").symlink_to(home)
    (home / ".claude" / "projects" / "again").symlink_to(home / ".claude" / "projects" / "-g")
    folders.add_folder(control, home, "Ann")
    folders.add_folder(control, tmp_path / "link", "Ann")
    assert len(folders.watched(control)) == 1
    (one,) = Sync(store, control, NOW).read([])
    assert len(one.receipt.files) == 1


def test_a_folder_that_went_away_is_one_sentence_and_costs_itself_alone(tmp_path: Path) -> None:
    store = new(tmp_path / "store")
    control = Control.beside(store.path)
    (tmp_path / "stick").mkdir()
    folders.add_folder(control, tmp_path / "stick", None)
    (tmp_path / "stick").rmdir()
    folders.add_folder(control, home_of(tmp_path / "homes", "ann"), "Ann")
    gone, ann = Sync(store, control, NOW).read([])
    assert "is not there" in (gone.problem or "")
    assert ann.receipt.events_new == 1


def test_a_folder_is_removed_and_what_was_read_stays(tmp_path: Path) -> None:
    control = Control(tmp_path / "control.sqlite")
    (tmp_path / "a").mkdir()
    folders.add_folder(control, tmp_path / "a", "  One   name ")
    assert [one.account for one in folders.watched(control)] == ["One name"]
    folders.remove_folder(control, tmp_path / "a")
    assert sources(control, []) == ()
    for wrong in (
        lambda: folders.remove_folder(control, tmp_path / "a"),
        lambda: folders.add_folder(control, tmp_path / "b", None),
    ):
        with pytest.raises(BadRequest):
            wrong()
    with pytest.raises(BadRequest, match="longer"):
        folders.add_folder(control, tmp_path / "a", "x" * 81)


@pytest.mark.slow
def test_the_command_line_adds_lists_and_removes_folders(tmp_path: Path) -> None:
    database = tmp_path / "data" / "usage.duckdb"
    environment = os.environ | {"HOME": str(tmp_path), "CLAUDE_CONFIG_DIR": ""}
    home = home_of(tmp_path / "homes", "ann")

    def run(*words: str) -> Any:
        command = [sys.executable, "-m", "usage_analytics", "sources", "--json", "--db", str(database), *words]
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
        return json.loads(done.stdout)["sources"] if not done.returncode else done.stderr

    assert run() == []
    assert run("--add", str(home), "--account", "Ann") == [{"source": "folder", "name": "~/homes/ann", "account": "Ann"}]
    assert run("--remove", str(home)) == []
    assert "isn't one of the added folders" in run("--remove", str(home))
    assert "--add PATH" in run("--account", "Ann")


@pytest.mark.slow
def test_a_watcher_asks_the_apis_and_reads_added_folders(tmp_path: Path, store: Store, world: World) -> None:
    control = Control.beside(store.path)
    folders.add_folder(control, home_of(tmp_path / "homes", "ann"), "Ann")
    store.close()
    watcher = Watcher(store.path, [])
    first = watcher.look()
    assert (first.problems, first.events_new > 20) == ((), True)
    asked = len(world.asked)
    home_of(tmp_path / "homes", "ann", ".claude/projects/more")
    assert watcher.look().files == 1
    assert len(world.asked) == asked  # not again within five minutes
    control.set_setting("organization_asked_at", "2026-11-01T00:00:00")
    world.fault = on("/v1/organizations/me", give=refused(401, "authentication_error"))
    assert any("refused the Admin key" in problem for problem in watcher.look().problems)
