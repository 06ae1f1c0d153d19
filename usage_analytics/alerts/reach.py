"""Connections that an alert may use: to addresses that were checked, and for a limited time.

Otherwise, anyone who can enter a webhook URL could make this machine call others in its own network. So we resolve the name first, check
every address it has, and connect to one of exactly those: a name that changes its address meanwhile is not resolved again.
"""

from __future__ import annotations

import ipaddress
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

from usage_analytics.errors import NotDelivered

SECONDS: Final = 10.0
TRIED: Final = 4  # addresses of one name

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# The registries of special addresses (IANA, as of RFC 6890 and what followed); the library's own list differs from release to release.
_PRIVATE: Final = tuple(
    map(
        ipaddress.ip_network,
        (
            "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 192.88.99.0/24 192.168.0.0/16"
            " 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 240.0.0.0/4 2001::/23 2001:db8::/32 3fff::/20"
        ).split(),
    )
)
_PUBLIC_IPV6: Final = ipaddress.ip_network("2000::/3")
_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")
# Where clouds answer machines about their keys although the address is a public one.
_METADATA: Final = frozenset({ipaddress.ip_address("168.63.129.16")})


def connect(host: str, port: int, *, private_allowed: bool, encrypted: bool = True) -> socket.socket:
    """A connection to a checked address of the host. Raises NotDelivered."""
    until = time.monotonic() + SECONDS
    problem = "no answer"
    for address in addresses(host, port, private_allowed=private_allowed, encrypted=encrypted)[:TRIED]:
        left = until - time.monotonic()
        if left <= 0:
            break
        try:
            return socket.create_connection((address, port), timeout=left)
        except OSError as error:
            problem = error.strerror or "no answer"
    raise NotDelivered(f"{host} can't be reached ({problem}). Check the address, or try again later.")


def addresses(host: str, port: int, *, private_allowed: bool, encrypted: bool = True) -> tuple[str, ...]:
    """The addresses of a host, when all of them may be called; without encryption that are private ones only. Raises NotDelivered."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise NotDelivered(f"{host} has no address. Check the spelling, and that this machine is online.") from None
    numbers = tuple(dict.fromkeys(str(one[4][0]) for one in found))
    for number in numbers:
        address = _meant(ipaddress.ip_address(number.split("%", maxsplit=1)[0]))
        problem = None
        if address.is_link_local or address.is_multicast or address.is_unspecified or address in _METADATA:
            problem = "leads to an address that can't receive alerts. Use another one."
        elif not _is_public(address) and not private_allowed:
            problem = "leads into a private network. Use a public address, or add --allow-private."
        elif _is_public(address) and not encrypted:
            problem = "is public, and plain http can be read on the way. Use an address that starts with https://."
        if problem:
            raise NotDelivered(f"{host} {problem}")
    return numbers


@contextmanager
def at_most(connection: socket.socket, seconds: float = SECONDS) -> Iterator[None]:
    """End the connection with the block, and after so long in any case, however slowly the other side goes on talking."""

    handle = connection.dup()  # the connection itself may be wrapped for encryption meanwhile

    def cut_off() -> None:
        with suppress(OSError):
            handle.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, cut_off)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        cut_off()
        handle.close()


def _is_public(address: Address) -> bool:
    if address.version == 6 and address not in _PUBLIC_IPV6:
        return False
    return not any(address in network for network in _PRIVATE)


def _meant(address: Address) -> Address:
    """The IPv4 address inside one of IPv6 that only carries it."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    carried = address.ipv4_mapped or address.sixtofour
    if carried is None and int(address) >> 32 == 0 and int(address) > 1:  # ::a.b.c.d, long out of use and still understood
        return ipaddress.IPv4Address(int(address))
    return carried or address
