"""When a digest is due: a pure function of what was decided, what was told, and now."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from usage_analytics.control import Control, digests, settings
from usage_analytics.control.alerts import add_channel, remove_channel
from usage_analytics.control.digests import Digest, due, last_span
from usage_analytics.errors import BadRequest

LONG_AGO = datetime(2026, 1, 1)
WEEKLY = Digest(1, "weekly", "Europe/Berlin", "none", with_link=False, made_at=LONG_AGO)
MONTHLY = replace(WEEKLY, cadence="monthly")


def test_a_weeks_digest_is_due_on_monday_at_eight_where_the_person_is() -> None:
    before, after = datetime(2026, 11, 23, 6, 59), datetime(2026, 11, 23, 7)  # 8 in Berlin
    assert last_span(WEEKLY, before).name == "2026-W46"
    span = last_span(WEEKLY, after)
    assert (span.name, span.start, span.end) == ("2026-W47", datetime(2026, 11, 15, 23), datetime(2026, 11, 22, 23))
    assert span.tell_at == after


def test_a_week_from_sunday_ends_on_saturday_and_its_digest_is_due_on_sunday() -> None:
    sundays = replace(WEEKLY, week_start="Sunday")
    span = last_span(sundays, datetime(2026, 11, 22, 7))
    assert (span.name, span.start, span.end) == ("2026-11-15/2026-11-21", datetime(2026, 11, 14, 23), datetime(2026, 11, 21, 23))
    assert digests.next_at(replace(sundays, told_of=span.start), datetime(2026, 11, 22, 7)) == datetime(2026, 11, 29, 7)


def test_a_months_digest_is_due_on_the_first_of_the_next() -> None:
    span = last_span(replace(MONTHLY, zone="UTC"), datetime(2026, 12, 1, 8))
    assert (span.name, span.start, span.end) == ("2026-11", datetime(2026, 11, 1), datetime(2026, 12, 1))
    assert last_span(replace(MONTHLY, zone="UTC"), datetime(2026, 12, 1, 7, 59)).name == "2026-10"
    assert last_span(replace(MONTHLY, zone="UTC"), datetime(2027, 1, 1, 8)).name == "2026-12"


def test_a_week_in_which_the_clocks_change_is_a_week_still() -> None:
    span = last_span(WEEKLY, datetime(2026, 10, 26, 12))
    assert span.end - span.start == timedelta(days=7, hours=1)


def test_a_digest_that_was_sent_is_not_due_again() -> None:
    now = datetime(2026, 11, 23, 7)
    span = due(WEEKLY, now)
    assert span is not None
    told = replace(WEEKLY, told_of=span.start)
    assert due(told, now) is None
    assert due(told, now + timedelta(days=6)) is None
    later = due(told, now + timedelta(days=7))
    assert later is not None
    assert later.start == span.end


def test_a_digest_begins_with_the_week_in_which_it_was_set_up() -> None:
    wednesday = replace(WEEKLY, made_at=datetime(2026, 11, 18, 12))
    assert due(wednesday, datetime(2026, 11, 18, 13)) is None
    first = due(wednesday, datetime(2026, 11, 23, 7))
    assert first is not None
    assert first.name == "2026-W47"


def test_after_a_long_sleep_only_the_newest_digest_is_due() -> None:
    assert due(MONTHLY, datetime(2026, 11, 3)) is not None
    assert due(MONTHLY, datetime(2026, 11, 20)) is None
    asleep = replace(WEEKLY, told_of=datetime(2026, 9, 6, 22))
    span = due(asleep, datetime(2026, 11, 24))
    assert span is not None
    assert span.name == "2026-W47"


@given(
    start=st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)),
    steps=st.lists(st.timedeltas(timedelta(minutes=1), timedelta(days=9)), max_size=40),
    cadence=st.sampled_from(["weekly", "monthly"]),
    zone=st.sampled_from(["UTC", "Europe/Berlin", "America/Los_Angeles", "Pacific/Kiritimati"]),
)
def test_however_often_it_is_checked_no_period_is_sent_twice_and_periods_never_overlap(
    start: datetime, steps: list[timedelta], cadence: digests.Cadence, zone: str
) -> None:
    digest, now, told = Digest(1, cadence, zone, "none", with_link=False, made_at=start), start, []
    for step in steps:
        now += step
        span = due(digest, now)
        if span is not None:
            assert span.end <= now
            told.append(span)
            digest = replace(digest, told_of=span.start)
    assert all(one.end <= two.start for one, two in pairwise(told))


@pytest.mark.parametrize(
    ("cadence", "now", "then"),
    [
        ("weekly", datetime(2026, 11, 18, 12), datetime(2026, 11, 23, 7)),
        ("weekly", datetime(2026, 11, 23, 6, 59), datetime(2026, 11, 23, 7)),
        ("weekly", datetime(2026, 10, 19, 12), datetime(2026, 10, 26, 7)),
        ("monthly", datetime(2026, 2, 3), datetime(2026, 3, 1, 7)),
        ("monthly", datetime(2026, 12, 31), datetime(2027, 1, 1, 7)),
    ],
)
def test_the_next_digest_comes_when_it_is_due(cadence: digests.Cadence, now: datetime, then: datetime) -> None:
    digest = replace(WEEKLY, cadence=cadence, told_of=last_span(replace(WEEKLY, cadence=cadence), now).start)
    assert digests.next_at(digest, now) == then
    assert due(digest, then - timedelta(minutes=1)) is None
    assert due(digest, then) is not None
    assert digests.next_at(digest, then) == then


def test_a_digest_is_kept_changed_and_forgotten(tmp_path: Path) -> None:
    control = Control(tmp_path / "control.sqlite")
    number = add_channel(
        control, "email", "me@example.com", "me@example.com", LONG_AGO, from_level="notify", private_allowed=False
    )
    kept = replace(WEEKLY, channel_id=number)
    digests.keep(control, kept)
    assert digests.digests(control) == (kept,)
    span = last_span(WEEKLY, datetime(2026, 11, 23, 7))
    digests.told(control, number, span)
    digests.keep(control, replace(kept, zone="UTC", redaction="totals", with_link=True))
    (changed,) = digests.digests(control)
    assert changed == replace(kept, zone="UTC", redaction="totals", with_link=True, told_of=span.start)
    settings.set_week_start(control, "Sunday")
    assert digests.digests(control) == (replace(changed, week_start="Sunday"),)
    digests.forget(control, number)
    assert digests.digests(control) == ()
    with pytest.raises(BadRequest, match="gets no digest"):
        digests.forget(control, number)


def test_a_channel_that_was_removed_gets_none(tmp_path: Path) -> None:
    control = Control(tmp_path / "control.sqlite")
    number = add_channel(
        control, "email", "me@example.com", "me@example.com", LONG_AGO, from_level="notify", private_allowed=False
    )
    digests.keep(control, replace(WEEKLY, channel_id=number))
    remove_channel(control, number, LONG_AGO)
    assert digests.digests(control) == ()


def test_a_zone_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadRequest, match="isn't a time zone"):
        digests.keep(Control(tmp_path / "control.sqlite"), replace(WEEKLY, zone="Mars/Olympus"))
