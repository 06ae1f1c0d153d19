"""Connected apps: by app, project, account and run type."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pages.conftest import OpenPage, table_with
from tests.pages.test_conversations_page import plain

PAGE = "spend/apps"


@pytest.mark.parametrize("split", ["App", "Project", "Account", "Run type"])
def test_every_split_adds_up_to_the_same_money(open_page: OpenPage, sample_path: Path, month_dollars: float, split: str) -> None:
    app = open_page(PAGE, sample_path, split=split)
    assert not app.exception
    assert table_with(app, "unattended")["cost_nanos"].iloc[-1] == pytest.approx(month_dollars)


def test_choosing_a_split_changes_what_the_rows_are(open_page: OpenPage, sample_path: Path) -> None:
    app = open_page(PAGE, sample_path)
    app.button_group(key="split").set_value("Run type").run()
    assert not app.exception
    assert "Headless" in table_with(app, "unattended")["label"].tolist()


def test_an_app_that_appeared_this_month_is_called_new(open_page: OpenPage, sample_path: Path) -> None:
    app = open_page(PAGE, sample_path)
    table = table_with(app, "unattended")
    new = table.loc[table["news"] == "new", "label"].tolist()
    assert new
    assert f"{new[0]} is new" in plain(" ".join(one.value for one in app.markdown))


def test_a_page_without_usage_in_the_span_offers_all_of_it(open_page: OpenPage, sample_path: Path) -> None:
    app = open_page(PAGE, sample_path, app=["claude -p"], model=["composer-2"])
    assert not app.exception
    assert "Show all my data" in [button.label for button in app.button]


def test_an_empty_database_offers_a_way_in(open_page: OpenPage, tmp_path: Path) -> None:
    app = open_page(PAGE, tmp_path / "usage.duckdb")
    assert not app.exception
    assert "Drop a file" in [one.value for one in app.header]
