"""Webhooks: one JSON document by POST, which Slack and what speaks like it show, and which programs can trust by its signature.

    X-Usage-Analytics-Timestamp   seconds since 1970, when it was sent
    X-Usage-Analytics-Signature   sha256=HMAC-SHA256(signing key, timestamp + "." + body), in hexadecimal digits
    X-Usage-Analytics-Delivery    the same for every try of the same message

Only https, never to a private network unless the person allowed it, no redirects, ten seconds, and nothing of the answer is read but its
status.
"""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import re
import ssl
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlsplit

from usage_analytics.alerts import reach
from usage_analytics.alerts.alert import Alert
from usage_analytics.alerts.plain import entities
from usage_analytics.errors import BadRequest, NotDelivered, PerhapsDelivered

LARGEST: Final = 16 << 10  # bytes of a message
_URL: Final = re.compile(r"https?://[!-~]+")


@dataclass(frozen=True, slots=True)
class Target:
    """Where a webhook goes. Its path is as good as a password: it is shown nowhere."""

    secure: bool
    host: str
    port: int
    path: str


def target(url: str, *, private_allowed: bool) -> Target:
    """The parts of an address. Raises BadRequest for one that no alert is sent to."""
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname or "", parts.port
    except ValueError:
        host, port = "", None
    if not host or not _URL.fullmatch(url.strip()) or port == 0:
        raise BadRequest("That isn't a webhook URL. It looks like https://hooks.example.com/services/….")
    if parts.username is not None or parts.password is not None:
        raise BadRequest("A webhook URL can't contain a user or password. Use one without.")
    if parts.scheme != "https" and not private_allowed:
        raise BadRequest("A webhook URL has to start with https://. Plain http can be read on the way.")
    secure = parts.scheme == "https"
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(secure, host, port or (443 if secure else 80), path)


def label(url: str) -> str:
    """An address as it may be shown: its host and the last four characters."""
    host = urlsplit(url.strip()).hostname or ""
    return f"{host}/…{url.strip()[-4:]}"


def body(alert: Alert) -> bytes:
    """The message. What comes from data is plain text in it: no ping, no link, no markup."""
    document = {
        "text": entities(alert.text),
        "mrkdwn": False,
        "unfurl_links": False,
        "blocks": [
            {"type": "header", "text": _text(alert.title, 150)},
            {"type": "section", "text": _text("\n".join(alert.lines), 2900)},
            {"type": "section", "text": _text(alert.what_to_do, 2900)},
            *(
                [{"type": "context", "elements": [{"type": "mrkdwn", "text": f"<{alert.link}|Open the dashboard>"}]}]
                if alert.link
                else []
            ),
        ],
        "usage_analytics": {"version": 1} | alert.document,
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def signature(secret: str, timestamp: str, content: bytes) -> str:
    """What proves that a message is ours."""
    return "sha256=" + hmac.new(secret.encode(), f"{timestamp}.".encode() + content, hashlib.sha256).hexdigest()


@contextmanager
def ready(url: str, secret: str, *, private_allowed: bool, now: datetime) -> Iterator[Callable[[Alert], None]]:
    """A connection on which an alert can be sent. Raises NotDelivered; what is sent may raise PerhapsDelivered too."""
    to = target(url, private_allowed=private_allowed)
    raw = reach.connect(to.host, to.port, private_allowed=private_allowed, encrypted=to.secure)
    with closing(raw), reach.at_most(raw):
        connection = http.client.HTTPConnection(to.host, to.port, timeout=reach.SECONDS)
        try:
            connection.sock = ssl.create_default_context().wrap_socket(raw, server_hostname=to.host) if to.secure else raw
        except (ssl.SSLError, OSError) as error:
            why = getattr(error, "verify_message", None) or "no secure connection"
            raise NotDelivered(f"{to.host} couldn't prove its identity ({why}). Check the address.") from None
        with closing(connection):
            yield lambda alert: _post(connection, to, secret, alert, now)


def _post(connection: http.client.HTTPConnection, to: Target, secret: str, alert: Alert, now: datetime) -> None:
    content, timestamp = body(alert), str(int(now.replace(tzinfo=UTC).timestamp()))
    assert len(content) <= LARGEST, len(content)
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "usage-analytics",
        "X-Usage-Analytics-Timestamp": timestamp,
        "X-Usage-Analytics-Signature": signature(secret, timestamp, content),
        "X-Usage-Analytics-Delivery": hashlib.sha256(f"{secret} {alert.episode}".encode()).hexdigest()[:32],
        "Connection": "close",
    }
    try:
        connection.request("POST", to.path, body=content, headers=headers)
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException):
        raise PerhapsDelivered(
            f"{to.host} didn't answer in time. The message may have arrived, so we won't send it again."
        ) from None
    if 300 <= status < 400:
        raise NotDelivered(
            f"{to.host} answered with a redirect ({status}). We don't follow redirects; use the address it leads to."
        )
    if not 200 <= status < 300:
        raise NotDelivered(f"{to.host} refused the message (status {status}). Check that the webhook still exists.")


def _text(words: str, longest: int) -> dict[str, object]:
    """Plain text of a block, within what Slack takes; no entity is cut in two."""
    fit = re.sub(r"&\w*$", "", entities(words)[:longest])
    return {"type": "plain_text", "text": fit or "…", "emoji": False}
