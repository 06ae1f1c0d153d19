"""What Claude Code is about to delete is said while there is time, with how much of it is safe here."""

from __future__ import annotations

import json
import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests import databases
from tests.transcripts import call, prompt, text
from usage_analytics.answers.imports import kept_safe
from usage_analytics.cli import main
from usage_analytics.ingest import sync
from usage_analytics.ingest.retention import Retention, retention
from usage_analytics.sources.claude_code import cleanup

NOW = datetime(2026, 11, 22, 12)


def transcript(folder: Path, name: str, days_old: float) -> Path:
    """A transcript that last changed so many days ago."""
    file = folder / "projects" / "shop" / f"{name}.jsonl"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text(prompt(), call(name, 1)))
    changed = (NOW - timedelta(days=days_old) - datetime(1970, 1, 1)).total_seconds()
    os.utime(file, (changed, changed))
    return file


def test_what_goes_within_a_week_is_counted_and_what_was_read_is_safe(tmp_path: Path) -> None:
    folder, store = tmp_path / ".claude", databases.new(tmp_path)
    for name, days in (("old", 29.5), ("older", 40), ("young", 2)):
        transcript(folder, name, days)
    sync(store, [folder / "projects"])
    transcript(folder, "unread", 26)
    (found,) = retention(store, NOW, [folder / "projects"])
    assert (found.files, found.safe_files, found.soon_files, found.soon_unread) == (4, 3, 3, 1)
    assert found.first_at == NOW - timedelta(days=10)
    said = kept_safe(found, NOW, "UTC")
    assert said[0] == "Claude Code deletes transcripts after 30 days, unless you change that."
    assert "starting Nov 22" in said[1], "what is overdue goes now"
    assert said[2] == "1 of those is not imported yet. Sync now."
    assert said[-1].startswith('To keep transcripts longer, set "cleanupPeriodDays": 3650 in ')


@pytest.mark.parametrize(
    ("written", "days", "is_set"),
    [
        ('{"cleanupPeriodDays": 99}', 99, True),
        ("{}", 30, False),
        ("not JSON", 30, False),
        ('{"cleanupPeriodDays": "9"}', 30, False),
    ],
)
def test_the_settings_of_claude_code_say_how_long(tmp_path: Path, written: str, days: int, is_set: bool) -> None:
    (tmp_path / "settings.json").write_text(written)
    found = cleanup(tmp_path / "projects")
    assert (found.days, found.is_set) == (days, is_set)


def test_without_anything_due_the_setting_is_named_all_the_same() -> None:
    said = kept_safe(Retention(365, True, "~/.claude/settings.json", 9, 9, 0, 0, 0, None), NOW, "UTC")
    assert said[:2] == (
        "Claude Code deletes transcripts after 365 days.",
        "None will be deleted within a week; 9 of 9 transcripts are saved here.",
    )


def test_sync_says_it_to_people_and_programs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    transcript(tmp_path / ".claude", "one", 0)
    monkeypatch.setenv("HOME", str(tmp_path))
    words = ("--db", str(tmp_path / "usage.duckdb"))
    assert main(["sync", "--json", *words]) == 0
    (known,) = json.loads(capsys.readouterr().out)["retention"]
    assert (known["cleanup_period_days"], known["transcripts"], known["safe"]) == (30, 1, 1)
    assert known["settings_file"] == "~/.claude/settings.json"
    assert main(["sync", *words]) == 0
    assert "Claude Code deletes transcripts after 30 days" in capsys.readouterr().out
