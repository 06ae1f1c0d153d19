"""No alert leads into a private network: whatever the address is called, it is what it resolves to that counts."""

from __future__ import annotations

import socket
import threading
import time
from typing import Any

import pytest

from usage_analytics.alerts import reach, webhook
from usage_analytics.errors import BadRequest, NotDelivered

PRIVATE = (
    "127.0.0.1", "127.1", "127.0.0.53", "2130706433", "0x7f000001", "0177.0.0.1", "017700000001", "0x7f.1",
    "10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.254", "192.168.1.1", "0xc0a80101", "3232235777",
    "100.64.0.1", "100.100.100.200", "192.0.0.192", "198.18.0.1", "192.0.2.1", "203.0.113.9", "240.0.0.1",
    "::1", "fc00::1", "fd00:ec2::254", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:7f00:1",
    "::127.0.0.1", "2002:7f00:1::", "2002:a00:1::1", "64:ff9b::7f00:1", "64:ff9b::10.0.0.1", "2001:db8::1",
    "localhost",
)  # fmt: skip
NEVER = (
    "169.254.169.254", "0xa9fea9fe", "2852039166", "169.254.0.1", "0.0.0.0", "0", "224.0.0.1", "239.1.2.3", "168.63.129.16",
    "fe80::1", "::", "ff02::1", "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe", "2002:a9fe:a9fe::",
)  # fmt: skip
PUBLIC = ("1.1.1.1", "93.184.216.34", "8.8.8.8", "2606:4700:4700::1111", "::ffff:1.1.1.1", "172.32.0.1", "192.169.0.1")


def resolves(host: str) -> bool:
    try:
        socket.getaddrinfo(host, 443)
    except OSError:
        return False
    return True


@pytest.mark.parametrize("host", PRIVATE)
def test_a_private_address_is_refused_in_every_spelling(host: str) -> None:
    if not resolves(host):
        pytest.skip(f"this machine does not understand {host}")
    with pytest.raises(NotDelivered, match="private network"):
        reach.addresses(host, 443, private_allowed=False)


@pytest.mark.parametrize("host", PRIVATE)
def test_a_private_address_is_taken_once_the_person_allowed_it(host: str) -> None:
    if not resolves(host):
        pytest.skip(f"this machine does not understand {host}")
    assert reach.addresses(host, 443, private_allowed=True)


@pytest.mark.parametrize("allowed", [False, True])
@pytest.mark.parametrize("host", NEVER)
def test_where_clouds_keep_keys_and_nobody_listens_is_never_called(host: str, allowed: bool) -> None:
    if not resolves(host):
        pytest.skip(f"this machine does not understand {host}")
    with pytest.raises(NotDelivered, match="can't receive alerts"):
        reach.addresses(host, 443, private_allowed=allowed)


@pytest.mark.parametrize("host", PUBLIC)
def test_a_public_address_is_taken(host: str) -> None:
    assert reach.addresses(host, 443, private_allowed=False)


@pytest.mark.parametrize("host", PUBLIC)
def test_a_public_address_is_never_called_without_encryption(host: str) -> None:
    with pytest.raises(NotDelivered, match="can be read on the way"):
        reach.addresses(host, 80, private_allowed=True, encrypted=False)


class Names:
    """A name server of the test's own: what it answers, one after the other."""

    def __init__(self, *answers: tuple[str, ...]) -> None:
        self.answers = list(answers)
        self.asked = 0

    def __call__(self, host: str, port: int, *_: Any, **__: Any) -> list[Any]:
        if host.replace(".", "").isdigit() or ":" in host:  # an address, which is not looked up
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (host, port))]
        self.asked += 1
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (number, port)) for number in self.answers.pop(0)]


def test_a_public_name_for_a_private_address_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", Names(("10.1.2.3",)))
    with pytest.raises(NotDelivered, match=r"rebound\.example leads into a private network"):
        reach.addresses("rebound.example", 443, private_allowed=False)


def test_one_private_address_among_public_ones_is_one_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", Names(("1.1.1.1", "127.0.0.1")))
    with pytest.raises(NotDelivered, match="private network"):
        reach.addresses("rebound.example", 443, private_allowed=False)


def test_a_name_that_changes_its_mind_is_not_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """The connection goes to the address that was checked."""
    names = Names(("1.1.1.1",), ("127.0.0.1",))
    called: list[tuple[str, int]] = []

    def create_connection(address: tuple[str, int], timeout: float) -> socket.socket:
        called.append(address)
        raise TimeoutError

    monkeypatch.setattr(socket, "getaddrinfo", names)
    monkeypatch.setattr(socket, "create_connection", create_connection)
    with pytest.raises(NotDelivered, match="can't be reached"):
        reach.connect("rebound.example", 443, private_allowed=False)
    assert called == [("1.1.1.1", 443)]
    assert names.asked == 1


def test_a_name_without_an_address_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NotDelivered, match="has no address"):
        reach.addresses("nowhere.invalid", 443, private_allowed=False)


@pytest.mark.parametrize(
    "url",
    [
        "", "hooks.example.com", "ftp://example.com/x", "file:///etc/passwd", "https://", "https://exa mple.com/", "https:///x",
        "https://example.com:0/", "https://example.com:99999/", "https://me:pw@example.com/", "https://me@example.com/x",
        "http://example.com/x", "https://example.com/\r\nHost: x", "https://[::1", "gopher://127.0.0.1:25/_x", "https://exämple.com/",
    ],
)  # fmt: skip
def test_what_is_no_https_address_is_refused(url: str) -> None:
    with pytest.raises(BadRequest):
        webhook.target(url, private_allowed=False)


def test_a_connection_is_cut_off_after_its_time_however_slowly_the_other_side_talks() -> None:
    ours, theirs = socket.socketpair()
    ours.settimeout(5)
    done = threading.Event()

    def drip() -> None:
        while not done.wait(0.02):
            try:
                theirs.send(b"x")
            except OSError:
                return

    thread = threading.Thread(target=drip)
    thread.start()
    begun = time.monotonic()
    with reach.at_most(ours, 0.2):
        while ours.recv(1):
            pass
    assert time.monotonic() - begun < 2
    done.set()
    thread.join()
    ours.close()
    theirs.close()
