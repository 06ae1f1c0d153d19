"""Background drain: a flag with its arithmetic, and what the person says of it."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.conftest import NOW, OpenPage, table_with
from tests.pages.test_auto_reload_page import said
from usage_analytics.filters import instant
from usage_analytics.ingest import import_paths
from usage_analytics.store import Store

PAGE = "control/background"
HEAD = "occurred_at,app,project,run,human_prompt,conversation_id,cost_usd,model,input_tokens,output_tokens\n"


def database(folder: Path, *lines: str) -> Path:
    """A database of usage events."""
    (folder / "usage.csv").write_text(HEAD + "".join(f"{line}\n" for line in lines), encoding="utf-8")
    store = Store(folder / "usage.duckdb")
    import_paths(store, [folder / "usage.csv"])
    store.close()
    return store.path


def people(days: int = 25) -> list[str]:
    """A person at work every day."""
    start = instant(NOW) - timedelta(days=days, hours=4)
    return [
        f"{start + timedelta(days=day, minutes=12 * number)},Claude Code,web,interactive,true,day{day},0.25,claude-opus-5-5,9000,400"
        for day in range(days)
        for number in range(12)
    ]


def polling(hours: int = 9) -> list[str]:
    """A program that finds nothing to do every five minutes, until now."""
    end = instant(NOW) - timedelta(minutes=3)
    return [
        f"{end - timedelta(minutes=5 * number)},poller,inbox,headless,false,loop,0.20,claude-opus-5-5,180000,12"
        for number in range(12 * hours)
    ]


@pytest.fixture
def draining(tmp_path: Path) -> Path:
    return database(tmp_path, *people(), *polling())


def key_of(app: AppTest, prefix: str) -> str:
    """The key of the first button of a flag."""
    return next(str(one.key) for one in app.button if one.key and str(one.key).startswith(prefix))


def test_a_flag_says_who_since_when_how_much_why_and_what_to_do(open_page: OpenPage, draining: Path) -> None:
    app = open_page(PAGE, draining)
    assert not app.exception
    found = said(app)
    assert app.header[0].value.replace("\\", "").startswith("inbox spent $21.60 unattended in 8 h 55 min and is still spending")
    assert "poller · inbox: polling that finds nothing to do" in found
    assert "Why it was flagged" in found
    assert "Flagged for spend that no prompt started: $" in found
    assert "Hours in which you usually prompt" in found
    assert "poller has no usual spend yet." in found
    assert "What to do" in found
    assert len(app.metric) == 4  # the page's own; those of the flag are one line
    assert re.search(r"Since \*\*.+\*\* · Unattended \*\*\$21\.60\*\* · Burn rate \*\*\$", found)
    assert len(app.get("plotly_chart")) == 2
    sources = table_with(app, "fires")
    assert sources["unattended_nanos"].iloc[0] == pytest.approx(21.6)


def test_what_is_marked_as_expected_is_gone_and_comes_back_when_that_is_undone(open_page: OpenPage, draining: Path) -> None:
    app = open_page(PAGE, draining)
    app.button(key=key_of(app, "expect ")).click().run()
    assert not app.exception
    assert "No drains in the last 30 days. $0.00 of unattended spend" in said(app)
    assert "Marked as expected" in said(app)
    assert table_with(app, "fires")["expected_nanos"].iloc[-1] == pytest.approx(21.6)
    app.button(key=key_of(app, "undo ")).click().run()
    assert "poller · inbox: polling" in said(app)


def test_what_is_dismissed_stays_in_the_history_with_its_reason(open_page: OpenPage, draining: Path) -> None:
    app = open_page(PAGE, draining)
    key = key_of(app, "aside ")
    app.button(key=key).click().run()
    assert "Say why you dismiss it" in app.toast[0].value
    app.text_input(key=key.replace("aside ", "why ")).set_value("It was a test")
    app.button(key=key).click().run()
    assert not app.exception
    assert not [one for one in app.button if str(one.key).startswith("expect ")]
    app.button_group(key="watched").set_value("Earlier flags").run()
    raised = table_with(app, "dismissed_at")
    assert raised["reason"].tolist() == ["It was a test"]
    assert raised["seen_at"].notna().all()


def test_where_nothing_drains_it_says_what_was_spent_unattended(open_page: OpenPage, tmp_path: Path) -> None:
    app = open_page(PAGE, database(tmp_path, *people()))
    assert app.header[0].value.replace("\\", "") == ("No drains in the last 30 days. $0.00 of unattended spend, all normal.")
    assert not [one for one in app.button if str(one.key).startswith(("expect ", "aside "))]


def test_the_samples_drains_are_told_as_over_with_the_agents_of_its_conversations(open_page: OpenPage, sample_path: Path) -> None:
    app = open_page(PAGE, sample_path)
    assert not app.exception
    assert "No drains now. 3 drains in the last 30 days came to $" in said(app)
    app.button_group(key="watched").set_value("Earlier flags").run()
    assert "Evidence" not in said(app)
    next(one for one in app.toggle if one.label == "Why it was flagged").set_value(True).run()
    assert "Evidence" in said(app)
    app.button_group(key="watched").set_value("Agents").run()
    agents = table_with(app, "after_last_human_nanos")
    assert agents["name"].str.startswith("↳ Agent").any()


def test_the_overview_points_to_what_drains_now(open_page: OpenPage, draining: Path) -> None:
    app = open_page("spend/overview", draining)
    assert not app.exception
    assert "Drains now" in said(app)
    assert "Drains now" not in said(open_page("spend/models", draining))


def test_an_empty_database_offers_a_way_in(open_page: OpenPage, tmp_path: Path) -> None:
    app = open_page(PAGE, tmp_path / "usage.duckdb")
    assert not app.exception
    assert "Drop a file" in [one.value for one in app.header]


def test_a_drain_that_was_stopped_says_what_that_saves_and_can_be_restored(open_page: OpenPage, draining: Path) -> None:
    app = open_page(PAGE, draining)
    app.button(key=key_of(app, "stopped ")).click().run()
    assert "saved about $" in said(app)
    app.button(key=key_of(app, "restore ")).click().run()
    assert "saved about $" not in said(app)
