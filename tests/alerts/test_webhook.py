"""A webhook is signed, goes to whom it should by a connection that is checked, and is never followed elsewhere."""

from __future__ import annotations

import hashlib
import hmac
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.alerts.receiving import NOW, Receiver, flag, serve
from usage_analytics.alerts import webhook
from usage_analytics.alerts.alert import Alert, of_flag
from usage_analytics.control.alerts import Thresholds
from usage_analytics.errors import NotDelivered, PerhapsDelivered

SECRET = "a signing key"


@pytest.fixture
def alert() -> Alert:
    return of_flag(flag(), Thresholds(), "UTC")


def post(url: str, alert: Alert, *, private_allowed: bool = True) -> None:
    with webhook.ready(url, SECRET, private_allowed=private_allowed, now=NOW) as send:
        send(alert)


def test_the_message_is_what_slack_reads_and_what_programs_read(receiver: Receiver, alert: Alert) -> None:
    post(receiver.url, alert)
    (one,) = receiver.received
    assert one.path == "/services/T0/B0/s3cr3t-t0k3n"
    assert one.headers["Content-Type"].startswith("application/json")
    assert one.json["text"].startswith(alert.title)
    assert [block["type"] for block in one.json["blocks"]] == ["header", "section", "section", "context"]
    ours = one.json["usage_analytics"]
    assert (ours["subject"], ours["level"], ours["app"], ours["spent_usd"]) == ("background", "act", "nightly-sync", "7.4")


def test_the_signature_proves_the_time_and_the_body(receiver: Receiver, alert: Alert) -> None:
    post(receiver.url, alert)
    (one,) = receiver.received
    timestamp = one.headers["X-Usage-Analytics-Timestamp"]
    assert timestamp == "1795145400"
    expected = hmac.new(SECRET.encode(), timestamp.encode() + b"." + one.body, hashlib.sha256).hexdigest()
    assert one.headers["X-Usage-Analytics-Signature"] == f"sha256={expected}"


def test_every_try_of_a_message_carries_the_same_number(receiver: Receiver, alert: Alert) -> None:
    receiver.answer = [500]
    with pytest.raises(NotDelivered):
        post(receiver.url, alert)
    post(receiver.url, alert)
    post(receiver.url, of_flag(flag("two"), Thresholds(), "UTC"))
    first, again, other = (one.headers["X-Usage-Analytics-Delivery"] for one in receiver.received)
    assert first == again != other


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(receiver: Receiver, alert: Alert, status: int) -> None:
    for elsewhere in serve():
        receiver.answer, receiver.location = [status], elsewhere.url
        with pytest.raises(NotDelivered, match="redirect") as caught:
            post(receiver.url, alert)
        assert elsewhere.received == []
        assert "s3cr3t" not in str(caught.value)


@pytest.mark.parametrize("status", [400, 404, 410, 429, 500, 503])
def test_a_refusal_is_a_failure_that_may_be_tried_again(receiver: Receiver, alert: Alert, status: int) -> None:
    receiver.answer = [status]
    with pytest.raises(NotDelivered, match=str(status)) as caught:
        post(receiver.url, alert)
    assert not isinstance(caught.value, PerhapsDelivered)


def test_no_answer_may_mean_that_it_arrived(receiver: Receiver, alert: Alert) -> None:
    receiver.answer = [0]
    with pytest.raises(PerhapsDelivered, match="we won't send it again"):
        post(receiver.url, alert)


def test_nobody_there_is_a_failure_that_may_be_tried_again(receiver: Receiver, alert: Alert) -> None:
    gone = receiver.url.replace(str(receiver.port), "9")
    with pytest.raises(NotDelivered, match="can't be reached"):
        post(gone, alert)


def test_without_permission_nothing_leaves_for_this_machine(receiver: Receiver, alert: Alert) -> None:
    with pytest.raises(NotDelivered, match="private network"):
        post(receiver.url.replace("http:", "https:"), alert, private_allowed=False)
    assert receiver.received == []


@pytest.fixture
def secure(certificate: Path) -> Iterator[Receiver]:
    """The same by https."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    yield from serve(lambda plain: context.wrap_socket(plain, server_side=True), scheme="https")


def test_https_reaches_a_server_that_proves_its_name(
    secure: Receiver, certificate: Path, alert: Alert, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    post(secure.url, alert)
    assert len(secure.received) == 1


def test_a_server_that_cannot_prove_its_name_gets_nothing(secure: Receiver, alert: Alert) -> None:
    with pytest.raises(NotDelivered, match="couldn't prove its identity"):
        post(secure.url, alert)
    assert secure.received == []


def test_a_server_with_another_name_gets_nothing(
    secure: Receiver, certificate: Path, alert: Alert, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with pytest.raises(NotDelivered, match="couldn't prove its identity"):
        post(secure.url.replace("localhost", "127.0.0.1"), alert)
    assert secure.received == []
