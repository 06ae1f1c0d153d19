"""Mail goes out encrypted, or to this machine alone, and its password is seen by nobody."""

from __future__ import annotations

import base64
import email
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from email.policy import default
from pathlib import Path
from typing import BinaryIO

import pytest

from tests.alerts.receiving import NOW, flag
from usage_analytics.alerts import channels, delivery, mail
from usage_analytics.alerts.alert import of_flag
from usage_analytics.control import Control
from usage_analytics.control.alerts import Thresholds
from usage_analytics.control.deliveries import history
from usage_analytics.errors import BadRequest

PASSWORD = "correct horse battery"


@dataclass
class MailBox:
    """A mail server that says what a test wants it to: `trouble` by command."""

    listener: socket.socket
    certificate: Path | None = None
    secure: bool = False
    trouble: dict[str, str] = field(default_factory=dict)
    mails: list[bytes] = field(default_factory=list)
    logins: list[tuple[str, bool]] = field(default_factory=list)

    @property
    def port(self) -> int:
        return int(self.listener.getsockname()[1])

    def serve(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            with connection, suppress(OSError):
                if self.secure:
                    with self._encrypted(connection) as encrypted:
                        self._talk(encrypted, encrypted=True)
                else:
                    self._talk(connection, encrypted=False)

    def _encrypted(self, connection: socket.socket) -> ssl.SSLSocket:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(str(self.certificate))
        return context.wrap_socket(connection, server_side=True)

    def _talk(self, connection: socket.socket, *, encrypted: bool, greeting: bytes = b"220 here\r\n") -> None:
        connection.sendall(greeting)
        with connection.makefile("rb") as lines:
            self._answer(connection, lines, encrypted=encrypted)

    def _answer(self, connection: socket.socket, lines: BinaryIO, *, encrypted: bool) -> None:
        for line in lines:
            word = line[:4].decode().upper().strip()
            if answer := self.trouble.get(word):
                if answer == "gone":
                    return
                connection.sendall(answer.encode() + b"\r\n")
            elif word == "EHLO":
                offers = ["here", "AUTH PLAIN", *(["STARTTLS"] if self.certificate and not encrypted else [])]
                last = len(offers) - 1
                connection.sendall("".join(f"250{' ' if n == last else '-'}{one}\r\n" for n, one in enumerate(offers)).encode())
            elif word == "STAR":
                connection.sendall(b"220 go on\r\n")
                with self._encrypted(connection) as wrapped:
                    self._talk(wrapped, encrypted=True, greeting=b"")
                return
            elif word == "AUTH":
                self.logins.append((base64.b64decode(line.split()[-1]).decode(), encrypted))
                connection.sendall(b"235 welcome\r\n")
            elif word == "DATA":
                connection.sendall(b"354 go on\r\n")
                self.mails.append(self._data(lines))
                if self.trouble.get("BODY") == "gone":
                    return
                connection.sendall(b"250 taken\r\n")
            elif word == "QUIT":
                connection.sendall(b"221 bye\r\n")
                return
            else:
                connection.sendall(b"250 fine\r\n")

    @staticmethod
    def _data(lines: BinaryIO) -> bytes:
        found = []
        for line in lines:
            if line == b".\r\n":
                break
            found.append(line)
        return b"".join(found)


@pytest.fixture
def box() -> Iterator[MailBox]:
    listener = socket.create_server(("127.0.0.1", 0))
    found = MailBox(listener)
    thread = threading.Thread(target=found.serve, daemon=True)
    thread.start()
    yield found
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    thread.join()


@pytest.fixture(autouse=True)
def nobodys_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (mail.SERVER_VARIABLE, mail.PASSWORD_VARIABLE):
        monkeypatch.delenv(name, raising=False)


def told(control: Control, box: MailBox, *, scheme: str = "smtp", allowed: bool = True) -> delivery.Told:
    channels.set_mail_server(control, f"{scheme}://robin%40example.com@localhost:{box.port}", PASSWORD)
    channels.add_email(control, "me@example.com", NOW, private_allowed=allowed)
    (one,) = delivery.deliver(control, [of_flag(flag(), Thresholds(), "UTC")], NOW)
    return one


def test_a_mail_says_what_the_alert_says(control: Control, box: MailBox) -> None:
    assert told(control, box).state == "sent"
    (content,) = box.mails
    found = email.message_from_bytes(content, policy=default)
    assert found["Subject"].startswith("[usage-analytics] nightly-sync spends unattended: $7.40")
    assert (found["To"], found["From"]) == ("me@example.com", "robin@example.com")
    assert "What to do: Remove the schedule of nightly-sync." in found.get_content()


def test_the_password_is_said_to_the_server_and_to_nobody_else(
    control: Control, box: MailBox, capsys: pytest.CaptureFixture[str]
) -> None:
    told(control, box)
    assert [login for login, _ in box.logins] == [f"\0robin@example.com\0{PASSWORD}"]
    known = mail.configured(control)
    assert known is not None
    assert known.password == PASSWORD
    said = [repr(known), repr(history(control)), *capsys.readouterr()]
    said += [path.read_bytes().decode("latin-1") for path in control.path.parent.iterdir() if path.name != "keys.json"]
    assert not [text for text in said if PASSWORD in text]


def test_a_wrong_password_is_said_without_saying_it(control: Control, box: MailBox) -> None:
    box.trouble = {"AUTH": f"535 no: {PASSWORD}"}
    found = told(control, box)
    assert (found.state, found.problem) == (
        "failed", "The mail server localhost refused the user and password; enter them again.",
    )  # fmt: skip


@pytest.mark.parametrize("word", ["MAIL", "RCPT", "DATA"])
def test_a_refused_mail_may_be_tried_again(control: Control, box: MailBox, word: str) -> None:
    box.trouble = {word: "550 not here"}
    assert told(control, box).state == "failed"


def test_a_server_that_went_away_after_the_mail_may_have_it(control: Control, box: MailBox) -> None:
    box.trouble = {"BODY": "gone"}
    assert told(control, box).state == "unsure"
    assert len(box.mails) == 1


def test_a_server_on_this_machine_is_called_only_when_that_is_allowed(control: Control, box: MailBox) -> None:
    found = told(control, box, allowed=False)
    assert (found.state, box.mails) == ("failed", [])
    assert "private network" in str(found.problem)


def test_without_encryption_nothing_is_said_to_another_machine(
    control: Control, box: MailBox, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = socket.getaddrinfo
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda host, *more, **named: real("127.0.0.1" if host == "mail.example" else host, *more, **named)
    )
    channels.set_mail_server(control, f"smtp://robin@mail.example:{box.port}", PASSWORD)
    channels.add_email(control, "me@example.com", NOW, private_allowed=True)
    (found,) = delivery.deliver(control, [of_flag(flag(), Thresholds(), "UTC")], NOW)
    assert "offers no encryption" in str(found.problem)
    assert (box.logins, box.mails) == ([], [])


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_what_is_encrypted_arrives_encrypted(
    control: Control, box: MailBox, certificate: Path, scheme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    box.certificate, box.secure = certificate, scheme == "smtps"
    assert told(control, box, scheme=scheme).state == "sent"
    assert [encrypted for _, encrypted in box.logins] == [True]
    assert len(box.mails) == 1


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_a_mail_server_that_cannot_prove_its_name_gets_no_password(
    control: Control, box: MailBox, certificate: Path, scheme: str
) -> None:
    box.certificate, box.secure = certificate, scheme == "smtps"
    assert "couldn't prove its identity" in str(told(control, box, scheme=scheme).problem)
    assert (box.logins, box.mails) == ([], [])


def test_the_environment_goes_over_what_is_set(control: Control, monkeypatch: pytest.MonkeyPatch) -> None:
    channels.set_mail_server(control, "smtp://robin@mail.example.com", PASSWORD)
    monkeypatch.setenv(mail.SERVER_VARIABLE, "smtps://me:pw@other.example.com")
    assert mail.configured(control) == mail.MailServer(True, "other.example.com", 465, "me", "pw")
    monkeypatch.setenv(mail.SERVER_VARIABLE, "smtp://me@other.example.com:25")
    monkeypatch.setenv(mail.PASSWORD_VARIABLE, "from the environment")
    assert mail.configured(control) == mail.MailServer(False, "other.example.com", 25, "me", "from the environment")


def test_a_password_inside_an_address_is_refused(control: Control) -> None:
    with pytest.raises(BadRequest, match="Leave the password out") as caught:
        channels.set_mail_server(control, f"smtp://me:{PASSWORD.split(maxsplit=1)[0]}@mail.example.com", None)
    assert PASSWORD.split(maxsplit=1)[0] not in str(caught.value)


@pytest.mark.parametrize("url", ["", "mail.example.com", "http://mail.example.com", "smtp://", "smtp://x:99999"])
def test_what_is_no_mail_server_is_refused(control: Control, url: str) -> None:
    with pytest.raises(BadRequest):
        channels.set_mail_server(control, url, None)


@pytest.mark.parametrize(
    "address", ["", "me", "me@", "@example.com", "me@example.com\nBcc: x@example.com", "a@b.c, d@e.f", "<me@example.com>"]
)
def test_what_is_no_address_is_refused(control: Control, address: str) -> None:
    with pytest.raises(BadRequest, match="isn't an email address"):
        channels.add_email(control, address, NOW)


def test_forgetting_the_mail_server_forgets_its_password(control: Control) -> None:
    channels.set_mail_server(control, "smtp://robin@mail.example.com", PASSWORD)
    channels.set_mail_server(control, None, None)
    assert mail.configured(control) is None
    assert PASSWORD not in control.path.with_name("keys.json").read_text("utf-8")
