"""Why a bill differs from what was computed: each cause from the figures that show it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from usage_analytics.answers.reconcile.causes import Line, cause, discounts, zone_shift

DAY = date(2026, 11, 3)
USD = 1_000_000_000


def line(billed: float | None = None, usage: float | None = None, calls: float | None = None, **more: float) -> Line:
    known = [None if usd is None else round(usd * USD) for usd in (billed, usage, calls)]
    estimated = round(float(more.get("estimated", calls or 0)) * USD) if calls is not None else None
    itemized = known[0] if known[0] is not None else known[1]
    return Line(DAY, "claude-opus-5-5", *known, estimated, itemized if calls is not None else None, int(more.get("rows", 1)))


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (line(5, 5), "agrees"),
        (line(5.01, 5, rows=2), "rounding"),
        (line(2.5, 5), "batch"),
        (line(5, None, 4, estimated=4.8), "unfinished"),
        (line(5, None, 4), "other_machine"),
        (line(None, 5, 6), "other_key"),
        (line(5), "no_calls"),
        (line(None, None, 5), "missing"),
        (line(4, 5), "unknown"),
    ],
)
def test_each_cause_is_told_from_its_figures(found: Line, expected: str) -> None:
    assert cause(found, shift=None, discounted={}) == expected


def test_one_and_the_same_part_of_the_list_price_on_every_day_is_a_price() -> None:
    lines = [line(0.8 * usd, usd) for usd in (3, 7, 11)]
    assert discounts(lines) == {"claude-opus-5-5": pytest.approx(0.8)}
    assert cause(lines[0], shift=None, discounted=discounts(lines)) == "price"
    assert discounts([line(usd, 5) for usd in (3, 4, 5)]) == {}


@pytest.mark.parametrize("shift", [-8, 2, 9])
def test_days_that_begin_at_another_hour_are_found(shift: int) -> None:
    hours = {
        datetime(2026, 11, 2) + timedelta(hours=hour): (hour * 37 % 11 + 1) * (hour // 24 % 3 + 1) * USD for hour in range(240)
    }
    stated: dict[date, int] = {}
    for hour, nanos in hours.items():
        day = (hour - timedelta(hours=shift)).date()
        stated[day] = stated.get(day, 0) + nanos
    assert zone_shift(stated, hours) == shift
    assert zone_shift({}, hours) is None


def test_days_that_agree_are_not_shifted() -> None:
    hours = {datetime(2026, 11, 2) + timedelta(hours=hour): USD for hour in range(240)}
    assert zone_shift({date(2026, 11, 2) + timedelta(days=day): 24 * USD for day in range(10)}, hours) is None
