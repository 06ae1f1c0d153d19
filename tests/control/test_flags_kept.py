"""What became of flags, and what was declared: kept once, told once."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from usage_analytics.control import Control, expected, flags
from usage_analytics.control.expected import ExpectedRun
from usage_analytics.errors import BadRequest

NOW = datetime(2026, 11, 20, 12)
EPISODE = flags.FlagHistory("k", "watcher", None, "site", "scheduled_loop", 5, NOW, NOW, NOW, None, None, None, None)


class Seen:
    """A flag as it is found."""

    key, app, account, project, kind = "k", "watcher", None, "site", "scheduled_loop"
    started_at = flagged_at = last_seen_at = NOW
    spent_nanos = 5
    over = False


@pytest.fixture
def control(tmp_path: Path) -> Control:
    return Control(tmp_path / "control.sqlite")


def test_an_episode_is_new_once(control: Control) -> None:
    assert flags.note_raised(control, [Seen()], NOW) == ("k",)
    assert flags.note_raised(control, [Seen()], NOW + timedelta(hours=1)) == ()
    assert flags.flag_history(control) == (EPISODE,)


def test_a_flag_is_raised_seen_and_over(control: Control) -> None:
    flags.note_raised(control, [Seen()], NOW)
    flags.note_seen(control, ["k"], NOW + timedelta(minutes=1))
    flags.note_seen(control, ["k"], NOW + timedelta(minutes=9))
    ended = Seen()
    ended.over, ended.spent_nanos = True, 9
    flags.note_raised(control, [ended], NOW)
    assert flags.flag_history(control) == (replace(EPISODE, seen_at=NOW + timedelta(minutes=1), over_at=NOW, spent_nanos=9),)


def test_a_dismissal_has_a_reason_and_can_be_taken_back(control: Control) -> None:
    flags.note_raised(control, [Seen()], NOW)
    with pytest.raises(BadRequest, match="Say why"):
        flags.dismiss(control, "k", " ", NOW)
    flags.dismiss(control, "k", "mine", NOW)
    assert flags.dismissed(control) == {"k"}
    flags.restore(control, "k")
    assert flags.dismissed(control) == frozenset()


def test_what_was_never_raised_cannot_be_dismissed(control: Control) -> None:
    with pytest.raises(BadRequest, match="no flag"):
        flags.dismiss(control, "k", "mine", NOW)


def test_saying_the_same_twice_declares_it_once(control: Control) -> None:
    run = ExpectedRun("backfill", NOW, NOW + timedelta(hours=3), note="yearly")
    assert expected.expect(control, run, NOW) == expected.expect(control, run, NOW)
    assert expected.expected_runs(control) == (replace(run, declared_at=NOW, expected_id=1),)


def test_a_declaration_needs_an_app_and_an_end_after_its_start(control: Control) -> None:
    for wrong in (ExpectedRun("", NOW), ExpectedRun("backfill", NOW, NOW)):
        with pytest.raises(BadRequest):
            expected.expect(control, wrong, NOW)
    assert expected.expected_runs(control) == ()


def test_a_forgotten_declaration_is_gone(control: Control) -> None:
    number = expected.expect(control, ExpectedRun("backfill", NOW), NOW)
    expected.forget(control, number)
    assert expected.expected_runs(control) == ()
    with pytest.raises(BadRequest, match="no expected run"):
        expected.forget(control, number)
