"""The page of savings says the same as a report of the same view."""

from __future__ import annotations

from pathlib import Path

from tests.pages.conftest import OpenPage, table_with


def test_the_page_shows_every_saving_with_its_range_and_how_to_get_it(open_page: OpenPage, sample_path: Path) -> None:
    app = open_page("control/savings", sample_path)
    assert not app.exception
    assert not app.error
    assert "Working differently would save about" in app.header[0].value.replace("\\", "")
    table = table_with(app, "low_nanos")
    assert len(table) == 6
    assert (table["low_nanos"].dropna() <= table["mid_nanos"].dropna()).all()
    assert (table["mid_nanos"].dropna() <= table["high_nanos"].dropna()).all()
    assert len(app.metric) == 4


def test_too_little_data_is_said_and_no_saving_is_shown(open_page: OpenPage, sample_path: Path) -> None:
    app = open_page("control/savings", sample_path, now="2026-09-02T12:00")  # the sample begins on 24 August
    assert not app.exception
    assert "Not enough data" in " ".join(one.value for one in app.markdown)
    assert not app.metric


def test_a_short_range_is_judged_by_eight_weeks_and_says_so(open_page: OpenPage, sample_path: Path) -> None:
    week, month = (open_page("control/savings", sample_path, span=span) for span in ("7 days", "30 days"))
    assert [one.value for one in week.metric] == [one.value for one in month.metric]
    assert any("Judged by 27 Sep – 21 Nov 2026" in one.value for one in week.markdown)
