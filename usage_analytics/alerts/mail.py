"""Email by the person's own mail server: encrypted from the start (smtps://) or before anything is said (smtp://, STARTTLS).

The server is a setting or USAGE_ANALYTICS_SMTP (smtp://user@mail.example.com:587); its password lies among the secrets, or in
USAGE_ANALYTICS_SMTP_PASSWORD. It is shown nowhere.
"""

from __future__ import annotations

import os
import re
import smtplib
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import formatdate
from typing import Final
from urllib.parse import unquote, urlsplit

from usage_analytics.alerts import reach
from usage_analytics.alerts.alert import Alert
from usage_analytics.control import Control
from usage_analytics.control.keys import key
from usage_analytics.errors import BadRequest, NotDelivered, PerhapsDelivered

SERVER_VARIABLE: Final = "USAGE_ANALYTICS_SMTP"
PASSWORD_VARIABLE: Final = f"{SERVER_VARIABLE}_PASSWORD"
SETTING: Final = "mail_server"
KEY: Final = "mail server"
SECONDS: Final = 20.0  # for the whole conversation
_ADDRESS: Final = re.compile(r"[\w.+-]{1,64}@[A-Za-z0-9.-]{1,190}", re.ASCII)


@dataclass(frozen=True, slots=True)
class MailServer:
    """Who takes our mail."""

    secure: bool  # from the first byte; else after STARTTLS
    host: str
    port: int
    user: str | None
    password: str | None = field(default=None, repr=False)


def server(url: str) -> MailServer:
    """The parts of smtp://user@host:port. Raises BadRequest."""
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname or "", parts.port
    except ValueError:
        host, port = "", None
    if not host or parts.scheme not in ("smtp", "smtps"):
        raise BadRequest("That isn't a mail server. Write it like smtps://me@mail.example.com or smtp://me@mail.example.com:587.")
    secure = parts.scheme == "smtps"
    user, password = (unquote(part) if part else None for part in (parts.username, parts.password))
    return MailServer(secure, host, port or (465 if secure else 587), user, password)


def configured(control: Control) -> MailServer | None:
    """The mail server that the environment names, else the one that is set; None when there is none."""
    url = os.environ.get(SERVER_VARIABLE) or control.setting(SETTING)
    if not url:
        return None
    found = server(url)
    password = found.password or os.environ.get(PASSWORD_VARIABLE) or key(control, KEY)
    return MailServer(found.secure, found.host, found.port, found.user, password)


def recipient(address: str) -> str:
    """An address to write to. Raises BadRequest."""
    if not _ADDRESS.fullmatch(address.strip()):
        raise BadRequest(f"“{address.strip()[:80]}” isn't an email address. Write it like me@example.com.")
    return address.strip()


def message(alert: Alert, to: str, sender: str, now: datetime) -> EmailMessage:
    """The mail: plain text only."""
    mail = EmailMessage()
    mail["Subject"] = f"[usage-analytics] {alert.title}"
    mail["From"] = sender
    mail["To"] = to
    mail["Date"] = formatdate(now.replace(tzinfo=UTC).timestamp())
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content("\n\n".join(filter(None, (alert.title, *alert.lines, f"What to do: {alert.what_to_do}", alert.link))) + "\n")
    return mail


@contextmanager
def ready(control: Control, to: str, *, private_allowed: bool, now: datetime) -> Iterator[Callable[[Alert], None]]:
    """A logged-in connection to the mail server. Raises NotDelivered; what is sent may raise PerhapsDelivered too."""
    known = configured(control)
    if known is None:
        raise NotDelivered(f"No mail server is set. Name one with --smtp, or in {SERVER_VARIABLE}.")
    sender = known.user if known.user and _ADDRESS.fullmatch(known.user) else to
    raw = reach.connect(known.host, known.port, private_allowed=private_allowed)
    with reach.at_most(raw, SECONDS):
        session = _logged_in(known, raw)

        def send(alert: Alert) -> None:
            unsure = "the mail may have arrived, so we won't send it again"
            try:
                session.send_message(message(alert, to, sender, now))
            except smtplib.SMTPServerDisconnected:
                raise PerhapsDelivered(f"The mail server {known.host} disconnected; {unsure}.") from None
            except smtplib.SMTPException:
                raise NotDelivered(f"The mail server {known.host} refused the mail. Check the addresses.") from None
            except OSError:
                raise PerhapsDelivered(f"The mail server {known.host} didn't answer; {unsure}.") from None

        try:
            yield send
        finally:
            with suppress(OSError, smtplib.SMTPException):
                session.quit()
            session.close()


class _Session(smtplib.SMTP):
    """An SMTP session on a connection that is there already: the library would look the name up again."""

    def __init__(self, known: MailServer) -> None:
        super().__init__(timeout=reach.SECONDS, local_hostname="localhost")
        self._host = known.host  # whose certificate is checked at STARTTLS

    def begin(self, connection: socket.socket) -> None:
        """Wait to be greeted."""
        self.sock = connection
        code, _said = self.getreply()
        if code != 220:
            raise smtplib.SMTPConnectError(code, "")


def _logged_in(known: MailServer, raw: socket.socket) -> _Session:
    trust, session = ssl.create_default_context(), _Session(known)
    try:
        session.begin(trust.wrap_socket(raw, server_hostname=known.host) if known.secure else raw)
        session.ehlo()
        if not known.secure:
            _encrypt(session, known, trust)
        if known.user and known.password:
            session.login(known.user, known.password)
        return session
    except smtplib.SMTPAuthenticationError:
        problem = "refused the user and password; enter them again"
    except ssl.SSLCertVerificationError:
        problem = "couldn't prove its identity; check its name"
    except (OSError, smtplib.SMTPException):
        problem = "refused the connection; check its name, its port, and smtp:// or smtps://"
    except NotDelivered as said:
        problem = str(said)
    session.close()
    raw.close()
    raise NotDelivered(f"The mail server {known.host} {problem}.")


def _encrypt(session: _Session, known: MailServer, trust: ssl.SSLContext) -> None:
    if session.has_extn("starttls"):
        session.starttls(context=trust)
        session.ehlo()
    elif known.host not in ("localhost", "127.0.0.1", "::1"):
        raise NotDelivered("offers no encryption, so we sent nothing; use one that does")
