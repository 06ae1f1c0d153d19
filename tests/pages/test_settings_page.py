"""Settings: what a person says of their account is kept, what the account says is read, and all of it can be removed."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from tests.databases import add
from tests.pages.conftest import OpenPage, table_with
from tests.pages.test_conversations_page import plain
from tests.transcripts import SPARED, call, prompt, text
from usage_analytics.answers.balance import account
from usage_analytics.control import Control, balances, settings
from usage_analytics.control.balances import Reading, TopUp
from usage_analytics.control.telemetry import token
from usage_analytics.errors import BadRequest
from usage_analytics.store import Store
from usage_analytics.ui.account import pools_of

PAGE = "data/settings"
USD = 10**9
PREPAID = {
    "amount": 1250,
    "currency": "USD",
    "auto_reload_settings": {"enabled": True, "threshold_in_minor_units": 500, "reload_to_in_minor_units": 1500},
}


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A folder of its own, with a few calls."""
    folder = tmp_path / "kept"
    folder.mkdir()
    store = Store(folder / "usage.duckdb")
    add(store, {"one.jsonl": text(prompt(), call("a", 1), call("b", 2))})
    store.close()
    return store.path


def said(app: AppTest) -> str:
    """Every word on the page that is not in a table."""
    groups = (app.title, app.header, app.markdown, app.caption, app.info, app.error)
    return plain(" ".join(one.value for group in groups for one in group))


def press(app: AppTest, label: str) -> AppTest:
    return next(one for one in app.button if one.label == label).click().run()


def field(app: AppTest, label: str) -> object:
    found = [*app.number_input, *app.text_input, *app.selectbox, *app.checkbox]
    return next(one for one in found if one.label.startswith(label))


def test_the_page_stands_without_any_data(open_page: OpenPage, tmp_path: Path) -> None:
    app = open_page(PAGE, tmp_path / "usage.duckdb")
    assert not app.exception
    assert "Balance unknown. Enter it, or paste it from claude.ai." in said(app)


def test_a_reading_is_kept_with_its_moment(open_page: OpenPage, database: Path) -> None:
    app = open_page(PAGE, database)
    field(app, "Balance now").set_value(40.0)  # type: ignore[attr-defined]
    app = press(app, "Save balance")
    assert [(one.nanos, one.currency) for one in balances.readings(Control.beside(database))] == [(40 * USD, "USD")]
    assert "About $40.00 is left, based on a reading from just now." in said(app)
    assert len(table_with(app, "opening")) == 1


def test_what_the_account_says_is_pasted_and_becomes_the_setting_that_is_offered(open_page: OpenPage, database: Path) -> None:
    app = open_page(PAGE, database)
    app.text_area[0].set_value(json.dumps(PREPAID))
    app = press(app, "Import")
    assert "About $12.50 is left" in said(app)
    assert "Auto-reload is on: below $5.00, it reloads to $15.00, according to your account." in said(app)
    app = app.segmented_control(key="settings").set_value("Account").run()
    assert (field(app, "When the balance").value, field(app, "Reload balance to").value) == (5.0, 15.0)  # type: ignore[attr-defined]
    store = Store(database)
    assert [one.name for one in store.imports() if one.format == "account_json"] == ["pasted balance"]
    store.close()


def test_what_is_no_such_document_is_refused_in_a_sentence(open_page: OpenPage, database: Path) -> None:
    app = open_page(PAGE, database)
    for wrong in ("", "some words", '{"sessionKey": "sk-ant-canary"}', '{"amount": 12'):
        app.text_area[0].set_value(wrong)
        app = press(app, "Import")
        assert "This isn't complete JSON of an account" in said(app)
        assert "canary" not in said(app)
    store = Store(database)
    assert len(store.imports()) == 1
    store.close()


def test_a_setting_that_the_account_would_refuse_is_refused_here(open_page: OpenPage, database: Path) -> None:
    app = open_page(PAGE, database, settings="Account")
    field(app, "When the balance").set_value(2.0)  # type: ignore[attr-defined]
    field(app, "Reload balance to").set_value(5.0)  # type: ignore[attr-defined]
    app = press(app, "Save setting")
    assert "at least $10 above the threshold" in said(app)
    assert settings.current_policy(Control.beside(database)) is None
    field(app, "Reload balance to").set_value(50.0)  # type: ignore[attr-defined]
    app = press(app, "Save setting")
    kept = settings.current_policy(Control.beside(database))
    assert kept is not None
    assert (kept.threshold_nanos, kept.reload_to_nanos, kept.monthly_limit_nanos, kept.enabled) == (2 * USD, 50 * USD, None, True)


def test_plan_currency_and_time_zone_are_kept(open_page: OpenPage, database: Path) -> None:
    app = open_page(PAGE, database, settings="Account")
    field(app, "Plan").set_value("max20")  # type: ignore[attr-defined]
    field(app, "Account currency").set_value("eur")  # type: ignore[attr-defined]
    field(app, "Exchange rate").set_value(1.16)  # type: ignore[attr-defined]
    field(app, "Time zone").set_value("Europe/Vienna")  # type: ignore[attr-defined]
    field(app, "Week starts on").set_value("Sunday")  # type: ignore[attr-defined]
    app = press(app, "Save account")
    control = Control.beside(database)
    assert settings.week_start(control) == "Sunday"
    assert (settings.plan(control), settings.zone(control)) == ("max20", "Europe/Vienna")
    kept = settings.currency(control)
    assert kept is not None
    assert (kept.code, str(kept.usd_rate), str(kept.stated_on)) == ("EUR", "1.16", "2026-11-22")
    assert "1 EUR is $1.16, entered on Nov 22, 2026." in said(app)


def test_prices_of_things_are_kept(open_page: OpenPage, database: Path) -> None:
    app = open_page(PAGE, database, settings="Prices")
    field(app, "Cost of a blocked hour").set_value(80.0)  # type: ignore[attr-defined]
    press(app, "Save costs")
    assert settings.economics(Control.beside(database)).hour_blocked_usd == 80.0


def test_the_model_that_estimates_assume_is_not_asked_for_where_nothing_is_estimated(open_page: OpenPage, database: Path) -> None:
    app = open_page(PAGE, database, settings="Prices")
    assert not app.exception
    assert not [one for one in app.selectbox if one.label == "Model"]


def test_who_pays_is_said_with_the_reason(open_page: OpenPage, sample_path: Path) -> None:
    app = open_page(PAGE, sample_path, settings="Account")
    rows = table_with(app, "why")
    assert {"Plan", "Usage credits"} <= set(rows["pool"])
    assert rows["why"].iloc[:-1].notna().all()


def test_every_stored_column_is_named(open_page: OpenPage, database: Path) -> None:
    words = said(open_page(PAGE, database, settings="Privacy"))
    assert all(column in words for column in ("conversation_id", "balance_nanos", "resets_at", "output_is_final"))


def test_everything_is_deleted_only_after_the_word_and_then_nothing_remains(open_page: OpenPage, database: Path) -> None:
    settings.set_plan(Control.beside(database), "pro")
    app = press(open_page(PAGE, database, settings="Privacy"), "Delete everything")
    assert "2 calls and all your settings will be deleted" in said(app)
    app = press(app, "Delete for good")
    assert Store(database).rows("events_total") == [{"events": 2}]
    app = press(open_page(PAGE, database, settings="Privacy"), "Delete everything")
    app.text_input(key="delete word").set_value("delete")
    app = press(app, "Delete for good")
    assert not app.exception
    left = b"".join(path.read_bytes() for path in database.parent.rglob("*") if path.is_file())
    assert b"msg_a" not in left
    assert SPARED.encode() not in left
    assert not Control.beside(database).path.exists()
    store = Store(database)
    assert store.rows("events_total") == [{"events": 0}]
    store.close()


def edited(rows: list[dict[str, object]], moment: str) -> pd.DataFrame:
    return pd.DataFrame(rows).astype({moment: "datetime64[us]"})


def test_an_edited_table_becomes_readings_on_the_persons_clock() -> None:
    rows = edited([{"read_at": datetime(2026, 11, 2, 9), "balance": 12.34}, {"read_at": None, "balance": None}], "read_at")
    assert account.readings_of(rows, "Europe/Vienna", "EUR") == (Reading(datetime(2026, 11, 2, 8), 12_340_000_000, "EUR"),)


def test_an_edited_table_becomes_top_ups_and_what_was_not_paid_is_unknown() -> None:
    rows = edited(
        [
            {"paid_at": datetime(2026, 11, 2), "credited": 50.0, "paid": 45.0},
            {"paid_at": datetime(2026, 11, 3), "credited": 5.0, "paid": None},
        ],
        "paid_at",
    )
    first, second = datetime(2026, 11, 2), datetime(2026, 11, 3)
    assert account.top_ups_of(rows, "UTC", "USD") == (TopUp(first, 50 * USD, 45 * USD), TopUp(second, 5 * USD, None))


def test_a_row_that_is_half_filled_in_is_refused() -> None:
    rows = edited([{"read_at": datetime(2026, 11, 2, 9), "balance": None}], "read_at")
    with pytest.raises(BadRequest, match="Fill in both"):
        account.readings_of(rows, "UTC", "USD")
    with pytest.raises(BadRequest, match="Choose its app"):
        pools_of(pd.DataFrame([{"app": None, "account": "", "pool": "Plan"}]), {"Plan": "plan"})


def test_the_variables_for_telemetry_are_shown_with_the_token_that_was_created(open_page: OpenPage, database: Path) -> None:
    app = open_page(PAGE, database, settings="Sources")
    (shown,) = [one.value for one in app.code if "OTEL_" in one.value]
    assert "export OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:8501" in shown
    assert "Authorization" not in shown
    next(one for one in app.button if one.label == "Create token").click().run()
    assert not app.exception
    made = token(Control.beside(database))
    assert any(f'export OTEL_EXPORTER_OTLP_HEADERS="Authorization=Bearer {made}"' in one.value for one in app.code)
    next(one for one in app.button if one.label == "Remove token").click().run()
    assert token(Control.beside(database)) is None
