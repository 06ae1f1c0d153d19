"""Auto-reload: three numbers from the person's own spend, and any other setting lived again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.conftest import NOW, OpenPage, table_with
from usage_analytics.answers import auto_reload
from usage_analytics.answers.auto_reload import USD, Policy
from usage_analytics.control import Control, settings
from usage_analytics.filters import instant
from usage_analytics.ingest import import_paths
from usage_analytics.question.ask import ask
from usage_analytics.store import Store

PAGE = "control/auto_reload"
HEAD = "occurred_at,app,account,model,cost_usd,paid_from\n"


def database(folder: Path, *lines: str) -> Path:
    """A database of usage events."""
    (folder / "usage.csv").write_text(HEAD + "".join(f"{line}\n" for line in lines), encoding="utf-8")
    store = Store(folder / "usage.duckdb")
    import_paths(store, [folder / "usage.csv"])
    store.close()
    return store.path


def calls(app: str, account: str, paid_from: str, days: int = 12) -> list[str]:
    """Eight calls a day until the day before the pages' now."""
    return [
        f"2026-11-{22 - days + day:02}T10:{5 * number:02}:00Z,{app},{account},claude-opus-5-5,{0.3 + 0.1 * number:.2f},{paid_from}"
        for day in range(days)
        for number in range(8)
    ]


def said(app: AppTest) -> str:
    """All that the page says, without the marks that make it safe."""
    found = [*app.title, *app.header, *app.markdown, *app.caption]
    return " ".join(str(one.value) for one in found).replace("\\", "").replace("\N{WORD JOINER}", "")


@pytest.fixture
def page(open_page: OpenPage, sample_path: Path) -> AppTest:
    return open_page(PAGE, sample_path)


def test_the_page_advises_what_the_analysis_does(page: AppTest, sample_path: Path) -> None:
    store = Store(sample_path)
    found = auto_reload.answer(ask(store, Control.beside(sample_path), now=instant(NOW), as_of=instant(NOW)))
    store.close()
    assert found.current == Policy(5 * USD, 15 * USD)
    assert not page.exception
    assert page.header[0].value.replace("\\", "") == found.headline.lead
    expected = [(kpi.label, kpi.value) for kpi in found.figures]
    assert [(one.label, one.value.replace("\\", "")) for one in page.metric] == expected
    assert len(table_with(page, "p_no_block")) == len(found.advice.compared)


def test_what_the_account_says_of_itself_is_compared_first(page: AppTest) -> None:
    assert "Current setting: when the balance falls below $5, reload it to $15, with no monthly limit." in said(page)
    assert page.button_group(key="reload compare").value == "Yours today"
    assert page.number_input(key="reload threshold").value == 5.0
    assert page.number_input(key="reload reload_to").value == 15.0


def test_a_threshold_takes_reload_to_along_as_the_form_demands(page: AppTest) -> None:
    page.number_input(key="reload threshold").set_value(40.0).run()
    assert not page.exception
    assert page.number_input(key="reload reload_to").value == 50.0
    assert page.button_group(key="reload compare").value == "Try your own"
    page.number_input(key="reload reload_to").set_value(45.0).run()
    assert page.number_input(key="reload reload_to").value == 50.0


def test_a_dragged_setting_is_replayed(page: AppTest) -> None:
    before = json.loads(page.get("plotly_chart")[1].proto.spec)
    page.select_slider(key="reload reload_to slider").set_value(100).run()
    assert page.number_input(key="reload reload_to").value == 100.0
    assert "below $5, reload to $100: " in said(page)
    after = json.loads(page.get("plotly_chart")[1].proto.spec)
    assert max(after["data"][0]["y"]) == 100
    assert max(before["data"][0]["y"]) == 15


@pytest.mark.slow
def test_what_is_set_today_can_be_told_and_is_kept(open_page: OpenPage, tmp_path: Path) -> None:
    path = database(tmp_path, *calls("my-agent", "", "credits"))
    app = open_page(PAGE, path)
    assert "Your current setting is unknown." in said(app)
    app.number_input(key="today threshold").set_value(2.0)
    app.number_input(key="today reload_to").set_value(30.0)
    next(one for one in app.button if one.label == "Save").click().run()
    assert not app.exception
    assert settings.current_policy(Control.beside(path)) == settings.AutoReload(2 * USD, 30 * USD, None)
    assert "Current setting: when the balance falls below $2, reload it to $30, with no monthly limit." in said(app)


def test_each_pitfall_has_a_figure_or_a_clear_not_you(open_page: OpenPage, tmp_path: Path) -> None:
    app = open_page(
        PAGE, database(tmp_path, *calls("my-agent", "", "credits"), *calls("Claude Code", "", "plan")), details="Mistakes"
    )
    found = said(app)
    assert "my-agent used $62.40 of your credits (100%)." in found
    assert "You haven't run out of credits" in found
    assert "50% of the spend whose payer we know" in found
    assert "The claude.ai default of $10.00 lasts 1.9 days at your spend of $5.39 a day; a week costs $37.71." in found


def test_where_nobody_knows_who_paid_the_person_is_asked(open_page: OpenPage, tmp_path: Path) -> None:
    app = open_page(PAGE, database(tmp_path, *calls("my-agent", "", "")))
    assert "No recommendation yet." in said(app)
    assert not app.metric
    app.selectbox(key="pays my-agent").set_value("Usage credits")
    next(one for one in app.button if one.label == "Save").click().run()
    assert not app.exception
    assert [one.label for one in app.metric] == ["Threshold", "Reload to", "Monthly limit", "Confidence"]


@pytest.mark.slow
def test_several_accounts_are_advised_together_or_one_by_one(open_page: OpenPage, tmp_path: Path) -> None:
    path = database(tmp_path, *calls("bot", "ada@example.com", "credits"), *calls("bot", "bob@example.com", "credits"))
    app = open_page(PAGE, path)
    assert len(app.selectbox(key="reload account").options) == 3
    app.button_group(key="details").set_value("Accounts").run()
    assert table_with(app, "account")["account"].tolist() == ["ada@example.com", "bob@example.com", "Total"]
    app.selectbox(key="reload account").set_value("ada@example.com").run()
    assert not app.exception
    assert "96 calls on credits" in app.metric[3].help


def test_an_empty_database_offers_a_way_in(open_page: OpenPage, tmp_path: Path) -> None:
    app = open_page(PAGE, tmp_path / "usage.duckdb")
    assert not app.exception
    assert "Drop a file" in [one.value for one in app.header]
