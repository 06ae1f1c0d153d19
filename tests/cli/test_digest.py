"""`usage-analytics digest`: set up, listed, sent, taken back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from usage_analytics.cli import main


@pytest.fixture
def called(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    """Call a verb on a database of the test's own; its status, and what it said."""

    def call(*words: str) -> tuple[int, str]:
        status = main([*words, "--db", str(tmp_path / "usage.duckdb")])
        said = capsys.readouterr()
        return status, said.out + said.err

    return call


def test_without_a_channel_it_says_how_to_add_one(called: Any) -> None:
    assert called("digest", "--weekly") == (2, "There is no channel yet. Add one with: usage-analytics alerts --email ADDR\n")
    assert called("digest") == (0, "No channel gets a digest. Set one up with --weekly or --monthly.\n")


def test_it_is_set_up_changed_and_taken_back(called: Any) -> None:
    called("alerts", "--email", "me@example.com")
    assert called("digest", "--link", "on")[0] == 2
    status, said = called("digest", "--weekly", "--zone", "Europe/Berlin", "--json")
    assert status == 0
    (kept,) = json.loads(said)["digests"]
    assert (kept["cadence"], kept["zone"], kept["redact"], kept["link"]) == ("weekly", "Europe/Berlin", "none", False)
    assert kept["channel"]["label"] == "me@example.com"
    assert kept["told_of"] is None
    assert kept["next_at"].endswith("T07:00:00Z") or kept["next_at"].endswith("T06:00:00Z")
    (changed,) = json.loads(called("digest", "--monthly", "--redact", "totals", "--link", "on", "--json")[1])["digests"]
    assert (changed["cadence"], changed["zone"], changed["redact"], changed["link"]) == (
        "monthly",
        "Europe/Berlin",
        "totals",
        True,
    )
    assert "monthly" in called("digest")[1]
    assert "No channel gets a digest" in called("digest", "--off")[1]
    assert called("digest", "--off")[0] == 2


def test_of_several_channels_one_has_to_be_named(called: Any) -> None:
    called("alerts", "--email", "me@example.com")
    called("alerts", "--email", "you@example.com")
    assert "Choose one with --to ID" in called("digest", "--weekly")[1]
    assert called("digest", "--weekly", "--to", "2")[0] == 0
    assert "There is no channel 9" in called("digest", "--weekly", "--to", "9")[1]


def test_a_digest_that_cannot_be_made_or_sent_is_said_in_a_sentence(called: Any) -> None:
    called("alerts", "--email", "me@example.com")
    assert called("digest", "--now")[0] == 2
    status, said = called("digest", "--weekly", "--now")
    assert (status, said.count("\n")) == (2, 1)
    assert "Import something" in said
