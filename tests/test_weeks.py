"""Where a week begins: one place decides it for SQL, bars, reports and digests."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from usage_analytics import periods, weeks
from usage_analytics.answers import overview
from usage_analytics.control import Control, settings
from usage_analytics.errors import BadRequest
from usage_analytics.question.ask import ask
from usage_analytics.store import Store
from usage_analytics.weeks import WeekStart, starts_of

NOW = datetime(2026, 11, 22, 14, 25)  # a Sunday


@pytest.mark.parametrize(
    ("locale", "start"),
    [
        ("en-US", "Sunday"), ("en-GB", "Monday"), ("de-DE", "Monday"), ("pt-BR", "Sunday"), ("pt-PT", "Sunday"), ("zh-Hant-TW", "Sunday"),
        ("zh-CN", "Monday"), ("ar-EG", "Saturday"), ("en", "Sunday"), ("de", "Monday"), ("es-419", "Monday"), (None, "Monday"),
    ],
)  # fmt: skip
def test_the_browsers_language_says_where_a_week_begins(locale: str | None, start: WeekStart) -> None:
    assert starts_of(locale) == start


@pytest.mark.parametrize(("start", "day"), [("Monday", 16), ("Saturday", 21), ("Sunday", 22)])
def test_a_week_begins_on_the_day_chosen(start: WeekStart, day: int) -> None:
    assert weeks.begin(datetime(2026, 11, 22), start) == datetime(2026, 11, day)
    assert weeks.begin(datetime(2026, 11, day), start) == datetime(2026, 11, day)


@pytest.mark.parametrize(("start", "weekday"), [("Monday", 0), ("Saturday", 5), ("Sunday", 6)])
def test_weekly_bars_begin_on_that_day_and_come_to_what_the_days_do(sample_path: Path, start: WeekStart, weekday: int) -> None:
    store = Store(sample_path)
    asked = {"now": NOW, "dates": periods.everything, "zone": "Europe/Berlin", "week_start": start}
    by_week, by_day = (
        overview.answer(ask(store, Control.beside(sample_path), grain=one, **asked)).bars for one in ("week", "day")
    )  # type: ignore[arg-type]
    store.close()
    assert {one.weekday() for one in by_week.starts} == {weekday}
    for place, first in enumerate(by_week.starts):
        inside = [total for day, total in zip(by_day.starts, by_day.totals, strict=True) if weeks.begin(day, start) == first]
        assert sum(inside) == by_week.totals[place]
    assert sum(by_week.totals) > 0


def test_the_setting_goes_before_the_browser_and_an_unknown_day_is_refused(tmp_path: Path) -> None:
    control = Control(tmp_path / "control.sqlite")
    store = Store(tmp_path / "usage.duckdb")
    assert ask(store, control, now=NOW).filters.week_start == "Monday"
    assert ask(store, control, now=NOW, week_start="Sunday").filters.week_start == "Sunday"
    settings.set_week_start(control, "Saturday")
    assert ask(store, control, now=NOW, week_start="Sunday").filters.week_start == "Saturday"
    with pytest.raises(BadRequest, match="can't start on"):
        settings.set_week_start(control, "Friday")
    settings.set_week_start(control, None)
    assert settings.week_start(control) is None
    store.close()
