"""Models: what it shows is what the store holds."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.pages.conftest import OpenPage, table_with
from usage_analytics.filters import Filters, instant
from usage_analytics.store import Store

MONTH = Filters(instant("2026-10-24"), instant("2026-11-22T15:00"))


def test_every_model_has_its_row_and_the_rows_add_up(open_page: OpenPage, sample_path: Path) -> None:
    store = Store(sample_path)
    held = store.frame("models", MONTH)
    store.close()
    app = open_page("spend/models", sample_path)
    assert not app.exception
    table = app.dataframe(key="models").value
    assert len(table) == len(held) + 1
    assert table["cost_nanos"].iloc[-1] == pytest.approx(held["cost_nanos"].sum() / 1e9)
    assert table["calls"].iloc[-1] == held["calls"].sum()


def test_people_see_names_and_not_ids(open_page: OpenPage, sample_path: Path) -> None:
    names = open_page("spend/models", sample_path).dataframe(key="models").value["model"].tolist()
    assert "Opus 5.5" in names
    assert not any(name.startswith("claude-") for name in names)


def test_a_model_without_a_price_is_listed_and_not_free(open_page: OpenPage, sample_path: Path) -> None:
    app = open_page("spend/models", sample_path)
    unpriced = table_with(app, "unpriced_calls")["model"].tolist()
    table = app.dataframe(key="models").value.set_index("model")
    assert unpriced
    assert table.loc[unpriced, "cost_nanos"].isna().all()


def test_one_model_alone_is_said_to_have_spent_it_all(open_page: OpenPage, sample_path: Path) -> None:
    app = open_page("spend/models", sample_path, model=["Opus 5.5"])
    assert app.header[0].value.replace("\\", "").endswith("in the last 30 days, all of the spend.")


def test_a_price_for_a_model_without_one_is_set_on_the_page(open_page: OpenPage, sample_path: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copy(sample_path, tmp_path / "usage.duckdb"))
    app = open_page("spend/models", copy)
    model = table_with(app, "unpriced_calls")["model"].tolist()[0]
    assert model in app.selectbox(key="own price model").options
    app.selectbox(key="own price model").set_value(model)
    for kind, price in (("input", 2.0), ("output", 8.0)):
        app.number_input(key=f"own price {kind}").set_value(price)
    next(one for one in app.button if one.label == "Save price").click().run()
    assert not app.exception
    table = app.dataframe(key="models").value.set_index("model")
    assert table.loc[model, "cost_nanos"] > 0


def test_a_price_that_lacks_a_part_is_refused_in_words(open_page: OpenPage, sample_path: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copy(sample_path, tmp_path / "usage.duckdb"))
    app = open_page("spend/models", copy)
    app.number_input(key="own price input").set_value(2.0)
    next(one for one in app.button if one.label == "Save price").click().run()
    assert "lacks output" in " ".join(one.value for one in app.error)


def test_a_name_that_does_not_say_its_model_is_given_one_on_the_page(
    open_page: OpenPage, sample_path: Path, tmp_path: Path
) -> None:
    copy = Path(shutil.copy(sample_path, tmp_path / "usage.duckdb"))
    app = open_page("spend/models", copy)
    name = table_with(app, "unpriced_calls")["model"].tolist()[0]
    app.selectbox(key="same as name").set_value(name)
    app.text_input(key="same as model").set_value("opus 5.5")
    next(one for one in app.button if one.label == "Save model").click().run()
    assert not app.exception
    table = app.dataframe(key="models").value
    assert name not in table["model"].tolist()
    assert "Opus 5.5" in table["model"].tolist()
