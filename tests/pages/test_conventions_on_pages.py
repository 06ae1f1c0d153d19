"""What docs/conventions.md promises of every page: exactness, currency, notes, CSV, PNG and text alternatives."""

from __future__ import annotations

import json
import re
import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.conftest import OpenPage
from tests.pages.test_conversations_page import plain
from usage_analytics.control import Control, notes, settings
from usage_analytics.control.notes import Note
from usage_analytics.control.settings import Currency
from usage_analytics.ui import tables
from usage_analytics.ui.tables import Column

PAGES = ("overview", "models", "conversations", "apps")


@pytest.fixture(scope="module")
def own(sample_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the sample, with decisions of its own."""
    copy = Path(shutil.copy(sample_path, tmp_path_factory.mktemp("own") / "usage.duckdb"))
    settings.set_currency(Control.beside(copy), Currency("EUR", Decimal("1.25"), date(2026, 11, 20)))
    return copy


def charts(app: AppTest) -> list[object]:
    return [one.proto for one in app.get("plotly_chart")]


@pytest.mark.parametrize("name", PAGES)
def test_every_figure_says_how_much_of_it_is_exact(open_page: OpenPage, sample_path: Path, name: str) -> None:
    app = open_page(f"spend/{name}", sample_path)
    assert len(app.metric) == 4
    assert all("% exact" in plain(one.help) for one in app.metric)


def test_more_spend_is_bad_and_more_work_is_neither(open_page: OpenPage, sample_path: Path) -> None:
    spend, active, *_ = open_page("spend/overview", sample_path, span="Last month").metric
    assert spend.proto.color != active.proto.color


def test_spend_is_shown_in_the_accounts_currency_with_the_rate_and_its_day(open_page: OpenPage, own: Path) -> None:
    app = open_page("spend/overview", own)
    said = plain(" ".join(one.value for one in app.markdown))
    spent = Decimal(app.metric[0].value.replace("\\", "").lstrip("$").replace(",", ""))
    assert f"That is {spent / Decimal('1.25'):.2f} EUR (1 EUR = $1.25, entered Nov 20, 2026)." in said


def test_a_note_is_added_marked_on_the_chart_and_deleted(open_page: OpenPage, own: Path) -> None:
    app = open_page("spend/overview", own, more="Notes")
    next(one for one in app.date_input if one.label == "Day").set_value(date(2026, 11, 16))
    next(one for one in app.text_input if one.label == "What happened").set_value(" Started  <b>the agent</b> ")
    app = next(one for one in app.button if one.label == "Add note").click().run()
    assert not app.exception
    assert notes.notes(Control.beside(own)) == (Note(date(2026, 11, 16), "Started <b>the agent</b>"),)
    (chart, *_) = charts(app)
    (marked,) = [trace for trace in json.loads(chart.spec)["data"] if trace["name"] == "Note"]
    assert (marked["x"][0][:10], marked["text"]) == ("2026-11-16", ["Started &lt;b&gt;the agent&lt;/b&gt;"])
    app = next(one for one in app.button if one.label.startswith("Delete the note")).click().run()
    assert notes.notes(Control.beside(own)) == ()


@pytest.mark.parametrize("name", PAGES)
def test_every_chart_offers_a_png_and_has_a_text_alternative(open_page: OpenPage, sample_path: Path, name: str) -> None:
    found = charts(open_page(f"spend/{name}", sample_path))
    assert found
    assert all(one.alt and "toImage" in one.config for one in found)


@pytest.mark.parametrize("name", PAGES)
def test_every_card_with_rows_offers_a_csv(open_page: OpenPage, sample_path: Path, name: str) -> None:
    app = open_page(f"spend/{name}", sample_path)
    tables, buttons = len(app.dataframe) + len(app.get("plotly_chart")), app.get("download_button")
    assert len([one for one in buttons if one.proto.label == "CSV"]) >= tables > 1


def test_the_forecast_says_what_the_cycle_will_come_to_as_a_range(open_page: OpenPage, sample_path: Path) -> None:
    app = open_page("spend/overview", sample_path, more="Forecast")
    assert not app.exception
    said = plain(" ".join(one.value for one in app.caption))
    assert re.search(r"On track for \$[\d,.]+ by Nov 30, 2026, likely \$[\d,.]+ to \$[\d,.]+\.", said)
    (_, chart) = charts(app)
    assert [trace.get("name") for trace in json.loads(chart.spec)["data"]] == [None, "Likely range", "Forecast", "Spent"]


def test_figures_sentences_and_charts_have_the_persons_numbers_and_a_csv_has_not(
    open_page: OpenPage, sample_path: Path, tmp_path: Path
) -> None:
    copy = Path(shutil.copy(sample_path, tmp_path / "usage.duckdb"))
    settings.set_numbers(Control.beside(copy), "1.234,50")
    app = open_page("spend/overview", copy)
    assert re.fullmatch(r"\\\$\d+\\,\d\d", app.metric[0].value)
    assert re.search(r"You spent \\\$\d+\\,\d\d in the last 30 days", app.header[0].value)
    assert '"separators":",."' in app.get("plotly_chart")[0].proto.spec
    rows = pd.DataFrame({"cost_nanos": [1_234_500_000_000]})
    assert tables.csv(rows, {"cost_nanos": Column("Spend", "dollars")}).decode().splitlines() == ["Spend", "1234.5"]
