"""Overview: what it shows is what the store holds."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.pages.conftest import OpenPage, table_with
from tests.pages.test_conversations_page import plain
from usage_analytics import format
from usage_analytics.filters import Filters, instant
from usage_analytics.store import Store

MONTH = Filters(instant("2026-10-24"), instant("2026-11-22T15:00"))


def spent(path: Path, filters: Filters = MONTH) -> int:
    store = Store(path)
    try:
        return int(store.frame("models", filters)["cost_nanos"].sum())
    finally:
        store.close()


def test_the_answer_comes_first_and_has_the_figure(open_page: OpenPage, sample_path: Path) -> None:
    app = open_page("spend/overview", sample_path)
    assert not app.exception
    assert app.title[0].value.replace("\\", "") == "Where did the money go?"
    answer = app.header[0].value.replace("\\", "")
    assert answer.startswith(f"You spent {format.dollars(spent(sample_path))} in the last 30 days, ")
    assert answer.endswith("in the same period 5 weeks earlier.")


def test_the_bars_the_parts_and_the_figure_come_to_the_same_money(open_page: OpenPage, sample_path: Path) -> None:
    app = open_page("spend/overview", sample_path)
    figure = json.loads(app.get("plotly_chart")[0].proto.spec)
    bars = sum(value or 0 for trace in figure["data"] if trace["type"] == "bar" for value in trace["y"])
    total = app.dataframe(key="parts By model").value.iloc[-1]
    assert bars == pytest.approx(spent(sample_path) / 1e9)
    assert total["cost_nanos"] == pytest.approx(spent(sample_path) / 1e9)
    assert app.metric[0].value.replace("\\", "") == format.dollars(spent(sample_path))


def test_four_figures_stand_beside_the_answer_with_a_trend(open_page: OpenPage, sample_path: Path) -> None:
    app = open_page("spend/overview", sample_path)
    assert [metric.label for metric in app.metric] == ["Spend", "Active time", "Per active hour", "Blocked"]
    assert app.metric[0].delta.endswith("%")
    total = table_with(app, "before_nanos").iloc[-1]  # its last row says the same of all spend
    assert total["label"] == "Total"
    assert total["change"] == pytest.approx((total["cost_nanos"] / total["before_nanos"] - 1) * 100)
    assert app.metric[0].delta.startswith(f"{total['change']:+.0f}%")


def test_without_a_period_before_there_is_no_delta(open_page: OpenPage, sample_path: Path) -> None:
    app = open_page("spend/overview", sample_path, span="All")
    assert [metric.delta for metric in app.metric] == [""] * 4
    assert list(app.dataframe(key="parts By model").value.columns) == ["label", "cost_nanos", "share", "calls"]


def test_a_balance_is_kept_and_says_when_it_is_gone_as_a_range(open_page: OpenPage, sample_path: Path, tmp_path: Path) -> None:
    own = tmp_path / "usage.duckdb"
    own.write_bytes(sample_path.read_bytes())
    app = open_page("spend/overview", own)
    app.number_input(key="balance").set_value(120.0).run()
    for visit in (app, open_page("spend/overview", own)):  # at once, and the next one
        said = " ".join(one.value for one in visit.markdown).replace("\\", "")
        assert "About $120.00 is left, based on a reading from just now." in said
        assert re.search(r"Without a top-up, the balance runs out (around|between) \w+ \d+, 20", said)
    burn = open_page("spend/overview", own, more="Burn rate")
    assert table_with(burn, "lasts")["lasts"].notna().all()


def test_blocks_are_listed_with_what_they_have_cost(open_page: OpenPage, sample_path: Path) -> None:
    app = open_page("spend/overview", sample_path, span="All", more="Blocks")
    assert len(table_with(app, "working_seconds")) == 10
    app.toggle(key="stops all").set_value(True).run()
    assert len(table_with(app, "working_seconds")) > 10
    said = plain(" ".join(one.value for one in app.caption))
    assert re.search(r"Work was blocked \d+ times for [\d.]+ h, [\d.]+ (h|min) of it in your usual hours: about \$", said)
