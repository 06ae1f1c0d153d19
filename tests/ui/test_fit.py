"""A table shows the columns that fit on the screen, the first ones first; the cookie that says how wide it is is judged."""

from __future__ import annotations

import pandas as pd
import pytest
import streamlit as st

from usage_analytics.ui import fit, screen, whole
from usage_analytics.ui.tables import Column

COLUMNS = {
    "project": Column("Project"),
    "cost_nanos": Column("Spend", "dollars"),
    "share": Column("Share", "share"),
    "at": Column("Last seen", "moment"),
}
CELLS = pd.DataFrame(
    {
        "project": ["web", "a project with a rather long name"],
        "cost_nanos": [1_234.5, None],
        "share": [90.0, 10.0],
        "at": [pd.NaT, pd.NaT],
    }
)


def shown(room: int | None) -> list[str]:
    return fit.fitting(fit.widths(CELLS, COLUMNS, room), room)


def test_the_first_columns_that_fit_are_shown_and_two_at_least() -> None:
    assert shown(None) == shown(900) == list(COLUMNS)
    assert shown(450) == ["project", "cost_nanos", "share"]
    assert shown(100) == ["project", "cost_nanos"]


def test_names_take_what_they_need_and_leave_room_for_the_rest() -> None:
    assert fit.widths(CELLS, COLUMNS, 900)["project"] > 200
    assert fit.widths(CELLS, COLUMNS, 300)["project"] == 126
    assert fit.widths(CELLS.iloc[:1], COLUMNS, 900)["project"] == 90


def test_room_that_is_left_goes_to_the_names_as_far_as_they_need_it() -> None:
    def first(room: int | None) -> int:
        wide = fit.widths(CELLS, COLUMNS, room)
        return fit.widened(wide, fit.fitting(wide, room), CELLS, COLUMNS, room)["project"]

    assert (first(None), first(230)) == (170, 230 - 78)
    needed = fit.widths(CELLS, COLUMNS, 900)["project"]
    assert first(330) > 139
    assert first(900) == first(5000) == needed


def test_a_long_amount_takes_more_than_a_short_one() -> None:
    rich = fit.widths(CELLS.assign(cost_nanos=1_234_567.0), COLUMNS, 900)["cost_nanos"]
    assert rich > fit.widths(CELLS, COLUMNS, 900)["cost_nanos"]


@pytest.mark.parametrize(
    ("said", "known"), [("390", 390), ("", None), ("-1", None), ("9" * 30, None), ("³90", None), ("1e3", None)]
)
def test_a_cookie_says_how_wide_the_window_is_or_nothing(monkeypatch: pytest.MonkeyPatch, said: str, known: int | None) -> None:
    monkeypatch.setattr(type(st.context), "cookies", {screen.COOKIE: said})
    assert screen.width() == known
    assert (screen.room() is None) == (known is None)


@pytest.mark.parametrize(
    ("width", "room", "figure"), [(390, 334, 146), (768, 712, 146), (1024, 593, 275), (1280, 849, 180), (1920, 1489, 340)]
)
def test_the_room_is_that_of_the_page_without_its_menu(
    monkeypatch: pytest.MonkeyPatch, width: int, room: int, figure: int
) -> None:
    monkeypatch.setattr(type(st.context), "cookies", {screen.COOKIE: str(width)})
    assert (screen.room(), screen.figure_room()) == (room, figure)


def test_a_name_that_its_column_cuts_is_offered_whole_and_one_that_fits_is_not() -> None:
    long = "integration-platform-customer-support-summarizer-production-eu-west-1-" + "x" * 40
    rows = pd.DataFrame({"project": [long, "web", long], "app": ["Claude Code", None, "Claude Code"], "calls": [1, 2, 3]})
    columns = {"project": Column("Project"), "app": Column("App"), "calls": Column("Calls", "count")}
    wide = {"project": 126, "app": 120, "calls": 60}
    assert list(whole.cut(rows, columns, wide, ["project", "app", "calls"])) == [long, long]
    assert list(whole.cut(rows, columns, {**wide, "project": 2000}, ["project", "app"])) == []
    assert list(whole.cut(rows, columns, wide, ["calls"])) == []
