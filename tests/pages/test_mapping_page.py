"""A table in a format of its own: dropped on Imports, its columns mapped, its questions answered, its totals looked at, and then added."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.conftest import OpenPage
from tests.pages.test_imports_page import PAGE, press, said, settled
from tests.tables import Writing, german, local, uses
from usage_analytics.control import Control, mappings
from usage_analytics.store import Store

TRUTH = [replace(one, cost=one.cost / 10) for one in uses(11, datetime(2026, 3, 2, 9, 17, 5), timedelta(hours=9))]
GERMAN = Writing(
    ("Datum", "Modell", "Eingabe-Tokens", "Ausgabe-Tokens", "Kosten (€)"),
    local("Europe/Berlin", "%d.%m.%Y %H:%M:%S"),
    lambda cost: german(cost, 3),
    lambda count: german(count, 0),
    ";",
)


@pytest.fixture
def open_table(open_page: OpenPage, tmp_path: Path) -> AppTest:
    return dropped(
        open_page(PAGE, tmp_path / "usage.duckdb"), "gateway.csv", GERMAN.text(TRUTH[:9], below=[("Summe", "", "1", "1", "1,00")])
    )


def dropped(app: AppTest, name: str, text: str) -> AppTest:
    app.file_uploader[0].set_value([(name, text.encode(), "text/csv")])
    return settled(app.run())


def labelled(app: AppTest, label: str) -> str | None:
    """What is chosen in the field of that name."""
    return next(one.value for one in app.selectbox if one.label == label)


def answer_all(app: AppTest, rate: str = "1.25") -> AppTest:
    """Answer what such a table leaves open."""
    next(one for one in app.radio if one.label == "Day or month first").set_value("dmy")
    next(one for one in app.selectbox if one.label == "Time zone").set_value("Europe/Berlin")
    next(one for one in app.text_input if one.label == "US dollars for 1 EUR").set_value(rate)
    return app.run()


def test_a_table_is_mapped_shown_and_kept_for_the_next_file(open_table: AppTest, tmp_path: Path) -> None:
    app = open_table
    assert not app.exception
    assert "gateway.csv looks like a usage table, but we don't know its columns yet." in said(app)
    assert (labelled(app, "Time"), labelled(app, "Cost"), labelled(app, "Input tokens")) == (
        "datum",
        "kosten_(€)",
        "eingabe_tokens",
    )
    assert next(one for one in app.button if one.label == "Show totals").disabled, "questions are open"
    app = answer_all(app)
    assert not app.exception
    rows = next(one.value for one in app.dataframe if "tokens" in one.value.columns)
    assert len(rows) == 8
    app = press(app, "Show totals")
    assert "1 file holds 9 calls worth" in said(app)
    assert "No imports yet." in said(app), "nothing is added before the totals were looked at"
    app = press(app, "Import 1 file")
    assert not app.exception
    assert "1 file imported: 9 new calls." in said(app)
    (kept,) = mappings.kept(Control.beside(tmp_path / "usage.duckdb"))
    assert (kept.name, kept.date_order, kept.zone, kept.rates) == ("gateway", "dmy", "Europe/Berlin", {"EUR": "1.25"})
    app = dropped(app, "april.csv", GERMAN.text(TRUTH))
    assert "2 calls are new, 9 already in your data." in said(app), "the next file with the same columns is read by itself"
    store = Store(tmp_path / "usage.duckdb")
    assert sum(row["cost_nanos"] for row in store.rows("days")) == sum(int(one.cost * 1_250_000_000) for one in TRUTH[:9])
    store.close()


def test_a_table_can_be_left_out(open_table: AppTest, tmp_path: Path) -> None:
    app = press(open_table, "Leave this file out")
    assert not app.exception
    assert "No imports yet." in said(app)
    assert not list(tmp_path.glob(".staging-*")) or press(app, "Choose other files")


def test_a_rate_that_is_none_is_refused_in_a_sentence(open_table: AppTest) -> None:
    app = answer_all(open_table, rate="a lot")
    assert not app.exception
    assert "Write what one EUR is in US dollars" in said(app)
    assert next(one for one in app.button if one.label == "Show totals").disabled


def test_a_name_that_cannot_be_kept_is_refused_before_anything_is_read(open_table: AppTest) -> None:
    app = answer_all(open_table)
    next(one for one in app.text_input if one.label == "Save the mapping as").set_value("auto")
    app = app.run()
    assert "Name the mapping with up to 60 characters" in said(app)
    assert next(one for one in app.button if one.label == "Show totals").disabled


@pytest.mark.slow
def test_amounts_that_may_be_cents_are_asked_about_before_they_are_added(open_page: OpenPage, tmp_path: Path) -> None:
    dear = Writing(amount=lambda cost: f"{cost * 1000:.0f}").text(TRUTH)
    app = dropped(open_page(PAGE, tmp_path / "usage.duckdb"), "gateway.csv", dear)
    app = press(app, "Show totals")
    assert "The amounts in gateway.csv are unusually large." in said(app)
    assert "Are these cents?" in said(app)
    next(one for one in app.radio if one.label == "Unit of the amounts").set_value("cents")
    app = press(app.run(), "Show totals")
    assert "1 file holds 11 calls worth" in said(app)
