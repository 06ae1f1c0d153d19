"""`background` as programs and people meet it: events in, flags out; "this is mine", "never mind"."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.answers.background.scenes import NIGHT, every, nightly, office
from tests.benchmarks.background_people import HOUR, Call, moment
from usage_analytics.cli import main
from usage_analytics.control import Control
from usage_analytics.control.flags import stopped
from usage_analytics.filters import instant

HEAD = "occurred_at,app,account,project,conversation_id,model,input_tokens,output_tokens,cost_usd,run,human_prompt,error"
FLAG = {
    "app", "account", "project", "started_at", "flagged_at", "last_seen_at", "spent_before_flag_usd", "spent_usd", "severity", "reasons",
    "found_by",
    "what_to_do",
}  # fmt: skip
Ask = Callable[..., Any]


def write(path: Path, calls: list[Call]) -> Path:
    """Calls as usage events."""
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(HEAD.split(","))
        for one in sorted(calls, key=lambda call: call.at):
            tokens = (one.prompt_tokens, one.output_tokens, f"{one.usd:.9f}")
            human = "" if one.human is None else str(one.human).lower()
            who = (f"{moment(one.at).isoformat()}Z", one.app, "me@example.org", one.project, one.conversation, one.model)
            rows.writerow([*who, *tokens, one.run, human, one.error])
    return path


def settled(answer: Any) -> Any:
    """An answer without what depends on the moment of asking."""
    if isinstance(answer, dict):
        return {name: settled(value) for name, value in answer.items() if name != "as_of"}
    return [settled(one) for one in answer] if isinstance(answer, list) else answer


@pytest.fixture(scope="session")
def drained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database in which something polled for two nights."""
    folder = tmp_path_factory.mktemp("drained")
    polls = every(240, 9 * HOUR, app="inbox-watcher", usd=0.15, starts=[NIGHT, NIGHT + 24 * HOUR], run="headless")
    events = write(folder / "events.csv", [*office(), *nightly(), *polls])
    assert main(["import", str(events), "--db", str(folder / "usage.duckdb")]) == 0
    return folder / "usage.duckdb"


@pytest.fixture
def ask(drained: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Ask:
    """Ask about a copy of it; the answer of --json, else what was said."""
    database = Path(shutil.copy(drained, tmp_path / "usage.duckdb"))

    def run(*words: str, status: int = 0) -> Any:
        capsys.readouterr()
        assert main(["background", *words, "--db", str(database)]) == status
        out, err = capsys.readouterr()
        return err if status else json.loads(out) if "--json" in words else out

    return run


def test_flags_have_the_shape_that_programs_rely_on(ask: Ask) -> None:
    flags = ask("--json")["flags"]
    assert [flag["app"] for flag in flags] == ["inbox-watcher"] * 2
    assert set(flags[0]) >= FLAG
    assert flags[0]["severity"] in {"watch", "drain", "stop"}
    assert all(set(reason) == {"signal", "evidence"} for reason in flags[0]["reasons"])
    assert flags[0]["flagged_at"].endswith("Z")
    by = flags[0]["found_by"]
    assert by["test"] == "no_prompt"
    assert float(by["spent_usd"]) >= float(by["needed_usd"]) > 0
    assert all(by[name] == by[f"{name}_usd"] for name in ("spent", "usual", "needed"))
    assert by["usual"] is None or float(by["usual"]) < float(by["needed"])
    assert float(flags[0]["spent_before_flag_usd"]) < 5 < float(flags[0]["spent_usd"])


def test_as_of_a_moment_nothing_later_is_known(ask: Ask) -> None:
    later, earlier = ask("--json")["flags"]
    assert not ask("--json", "--as-of", earlier["started_at"])["flags"]
    (seen,) = ask("--json", "--as-of", earlier["flagged_at"])["flags"]
    same = ("key", "app", "started_at", "flagged_at", "spent_before_flag_usd", "reasons")
    assert [seen[name] for name in same] == [earlier[name] for name in same]
    assert seen["spent_usd"] == seen["spent_before_flag_usd"]
    assert not seen["as_of"]["over"]
    assert len(ask("--json", "--as-of", later["flagged_at"])["flags"]) == 2


def test_a_span_keeps_the_flags_that_lie_in_it(ask: Ask) -> None:
    later, earlier = settled(ask("--json"))["flags"]
    assert settled(ask("--json", "--from", later["started_at"]))["flags"] == [later]
    assert settled(ask("--json", "--to", later["flagged_at"]))["flags"] == [earlier]


def test_what_depends_on_the_moment_of_asking_lies_under_as_of(ask: Ask) -> None:
    first, second = (ask("--json", "--as-of", f"2026-07-01T{clock}Z") for clock in ("00:01", "23:59"))
    assert first != second
    assert settled(first) == settled(second)


def test_people_read_who_since_when_how_much_why_and_what_to_do(ask: Ask) -> None:
    said = ask()
    assert "inbox-watcher · me@example.org" in said
    assert "  Flagged for spend that no prompt started: $" in said
    assert "→ " in said
    assert "nightly-report" in said.split("→ ")[-1], "the table of sources names what is no drain too"


def test_a_run_that_is_declared_is_gone_until_it_is_forgotten(ask: Ask) -> None:
    start, end = moment(NIGHT).isoformat(), moment(NIGHT + 10 * HOUR).isoformat()
    said = ask("expect", "--app", "inbox-watcher", "--from", start, "--to", end, "--note", "mail clean-up")
    assert "inbox-watcher" in said
    assert len(ask("--json")["flags"]) == 1
    (run,) = ask("expected", "--json")["expected"]
    assert (run["app"], run["from"], run["note"]) == ("inbox-watcher", f"{start}Z", "mail clean-up")
    ask("forget", str(run["id"]))
    assert len(ask("--json")["flags"]) == 2


def test_an_episode_is_put_aside_with_a_reason_and_brought_back(ask: Ask) -> None:
    later, earlier = settled(ask("--json"))["flags"]
    assert "reason" in ask("dismiss", earlier["key"], status=2)
    ask("dismiss", earlier["key"], "--reason", "I watched it")
    assert settled(ask("--json"))["flags"] == [later]
    ask("restore", earlier["key"])
    assert settled(ask("--json"))["flags"] == [later, earlier]


@pytest.mark.parametrize(
    "words",
    [
        ("expect",),
        ("expect", "--app", "x"),
        ("forget", "7"),
        ("forget",),
        ("dismiss",),
        ("dismiss", "abc", "--reason", "no"),
        ("restore",),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(ask: Ask, words: tuple[str, ...]) -> None:
    complaint = ask(*words, status=2)
    assert complaint.count("\n") == 1
    assert "Traceback" not in complaint


def test_nobody_is_accused_in_real_transcripts(samples: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    database = str(tmp_path / "usage.duckdb")
    assert main(["import", str(samples / "claude_code_home"), str(samples / "claude_code_fixtures"), "--db", database]) in {0, 1}
    capsys.readouterr()
    assert main(["background", "--json", "--db", database]) == 0
    assert json.loads(capsys.readouterr().out)["flags"] == []


def test_what_was_stopped_says_what_that_saves_and_is_taken_back(ask: Ask, tmp_path: Path) -> None:
    later, _ = ask("--json")["flags"]
    running = later["flagged_at"]
    assert float(ask("--json", "--as-of", running)["flags"][0]["as_of"]["saved_usd_if_stopped"]) > 0
    said = ask("stopped", later["key"], "--as-of", running)
    assert "That saves about $" in said
    kept = stopped(Control(tmp_path / "control.sqlite"))[later["key"]]
    assert kept.stopped_at == instant(running), "the saving is of this moment, so the stop is too"
    assert f"restore {later['key']}" in said
    assert ask("restore", later["key"])
    assert "wasn't dismissed or stopped" in ask("restore", later["key"], status=2)
