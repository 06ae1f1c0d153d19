"""T5: what leaves by a link, at each level of redaction, and what never leaves."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import get_args

import pytest

from tests.server.asked import client
from usage_analytics import periods, reports
from usage_analytics.control import Control, shares
from usage_analytics.ingest import import_paths
from usage_analytics.question.ask import ask
from usage_analytics.reports import Redaction
from usage_analytics.store import Store
from usage_analytics.store.location import VARIABLE

NOW = datetime.now(UTC).replace(tzinfo=None, minute=0, second=0, microsecond=0)
NAMES = {"app": "canary heron", "project": "canary tulip", "account": "canary marigold"}
NEVER = {
    "app": "sk-ant-api03-canarycanarycanarycanary",
    "project": "/home/canary/secret/garden",
    "account": "canary.person@example.com",
}
SESSION = "4c0ffee0-cafe-4bad-8bad-c0ffeec0ffee"
Opened = Callable[[Redaction, str], str]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Three weeks of two people, projects and apps; one of each is named like what never leaves."""
    folder = tmp_path_factory.mktemp("canaries")
    with (folder / "events.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(
            ["occurred_at", "app", "project", "account", "model", "cost_usd", "conversation_id", "message_index", "run"]
        )
        for hour in range(21 * 24):
            named = (NAMES, NEVER)[hour % 2]
            moment = (NOW - timedelta(hours=hour + 1)).isoformat()
            rows.writerow(
                [moment, named["app"], named["project"], named["account"], "claude-opus-4-6", "1.25", SESSION, hour, "headless"]
            )
    made = Store(folder / "usage.duckdb")
    import_paths(made, [folder / "events.csv"])
    return made


@pytest.fixture(scope="module")
def rendered(store: Store) -> Callable[[Redaction], tuple[str, str]]:
    """The report at a level, as a page and for programs; made once."""

    @cache
    def made(level: Redaction) -> tuple[str, str]:
        control = Control(store.path.with_name("none.sqlite"))
        asked = ask(store, control, now=NOW, dates=periods.between(NOW - timedelta(days=14), NOW))
        report = reports.make(asked, redaction=level)
        return reports.render(report, "html").decode(), reports.render(report, "json").decode()

    return made


@pytest.fixture
def opened(rendered: Callable[[Redaction], tuple[str, str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Opened:
    """Share a report at a level, open the link, and return what arrives."""
    monkeypatch.setenv(VARIABLE, str(tmp_path / "usage.duckdb"))
    control = Control.beside(tmp_path / "usage.duckdb")

    def share(level: Redaction, suffix: str) -> str:
        html, json = rendered(level)
        token = shares.create(control, title="October", html=html, json=json, redaction=level, now=NOW)
        answer = client().get(f"/r/{token}{suffix}")
        assert answer.status_code == 200
        return answer.text

    return share


@pytest.mark.parametrize("suffix", ["", ".json"])
@pytest.mark.parametrize("level", get_args(Redaction))
def test_keys_paths_addresses_and_sessions_never_leave(opened: Opened, level: Redaction, suffix: str) -> None:
    text = opened(level, suffix)
    assert "$" in text
    for canary in (*NEVER.values(), SESSION, "sk-ant", "@example.com", "/home/canary"):
        assert canary not in text


@pytest.mark.parametrize("suffix", ["", ".json"])
def test_names_leave_at_the_level_that_says_so_and_at_no_other(opened: Opened, suffix: str) -> None:
    assert NAMES["app"] in opened("none", suffix)
    replaced, totals = opened("names", suffix), opened("totals", suffix)
    assert "App 1" in replaced or "App 2" in replaced
    for text in (replaced, totals):
        assert "canary" not in text.lower()
    assert not any(word in totals for word in ("App 1", "Project A", "Person 1"))


def test_what_was_left_out_is_in_no_file_of_the_server_either(opened: Opened, tmp_path: Path) -> None:
    opened("names", "")
    opened("totals", "")
    kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"canary" not in kept.lower()
    assert SESSION.encode() not in kept
