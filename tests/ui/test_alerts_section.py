"""The section of the settings about alerts, driven as a browser would."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests import databases
from tests.alerts.receiving import NOW, Receiver, flag, serve
from usage_analytics import watch
from usage_analytics.alerts import channels, delivery
from usage_analytics.alerts.alert import of_flag
from usage_analytics.control import Control
from usage_analytics.control import alerts as decided
from usage_analytics.control.alerts import Thresholds


def page() -> None:
    from usage_analytics.ui import alerts

    alerts.section()


@pytest.fixture
def control(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Control:
    store = databases.new(tmp_path)
    monkeypatch.setenv("USAGE_ANALYTICS_DB", str(store.path))
    monkeypatch.setenv("USAGE_ANALYTICS_NOW", NOW.isoformat())
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))  # no desktop
    return Control.beside(store.path)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    yield from serve()


def opened() -> AppTest:
    app = AppTest.from_function(page, default_timeout=60).run()
    assert not app.exception
    return app


def button(app: AppTest, label: str) -> AppTest:
    found = next(one for one in app.button if one.label == label)
    found.click()
    app.run()
    assert not app.exception
    return app


def shown(app: AppTest) -> str:
    texts = [one.value for kind in (app.markdown, app.caption, app.error, app.success, app.warning, app.code) for one in kind]
    return "\n".join(texts)


def test_a_webhook_is_added_its_key_is_shown_once_and_a_test_arrives(control: Control, receiver: Receiver) -> None:
    app = opened()
    assert "No alerts yet" in shown(app)
    app.text_input[0].set_value(receiver.url)
    app.checkbox[0].check()
    button(app, "Add")
    (key,) = [one.value for one in app.code]
    assert len(key) > 40
    assert receiver.url not in shown(app)
    button(app, "Done")
    assert key not in shown(app)
    button(app, "Test")
    assert len(receiver.received) == 1
    assert "sent" in shown(app)
    button(app, "Remove")
    assert decided.channels(control) == ()


def test_an_address_in_a_private_network_is_refused_in_place(control: Control, receiver: Receiver) -> None:
    app = opened()
    app.text_input[0].set_value("https://127.0.0.1/x")
    button(app, "Add")
    assert "private network" in shown(app).replace("\\", "")
    assert decided.channels(control) == ()


def test_amounts_are_kept(control: Control) -> None:
    app = opened()
    app.number_input[0].set_value(5.0)
    app.number_input[1].set_value(50.0)
    button(app, "Save")
    assert decided.thresholds(control) == Thresholds(5 * 10**9, 50 * 10**9)


def test_the_switch_is_kept(control: Control) -> None:
    app = opened()
    app.toggle[0].set_value(True).run()
    assert watch.is_switched_on(control)
    opened().toggle[0].set_value(False).run()
    assert not watch.is_switched_on(control)


def test_what_was_sent_is_listed_with_what_became_of_it(control: Control, receiver: Receiver) -> None:
    channels.add_webhook(control, receiver.url, NOW, private_allowed=True)
    receiver.answer = [503]
    delivery.deliver(control, [of_flag(flag(), Thresholds(), "UTC")], NOW)
    (table,) = opened().dataframe
    (row,) = table.value.to_dict("records")
    assert row["state"] == "Failed, next try in 30 s"
    assert "refused the message" in row["problem"]
    assert row["title"].startswith("nightly-sync spends unattended")


def test_the_mail_servers_password_is_kept_and_not_shown(control: Control) -> None:
    channels.add_email(control, "me@example.com", NOW)
    app = opened()
    server, password = app.text_input[1], app.text_input[2]
    server.set_value("smtps://me@mail.example.com")
    password.set_value("a secret word")
    keep = [one for one in app.button if one.label == "Save"][-1]
    keep.click()
    app.run()
    assert not app.exception
    assert "a secret word" in control.path.with_name("keys.json").read_text("utf-8")
    again = opened()
    assert "a secret word" not in shown(again)
    assert "a secret word" not in [one.value for one in again.text_input]
