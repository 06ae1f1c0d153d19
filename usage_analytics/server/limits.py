"""How large a request may be, and how often one may come from an address.

What is too large is refused before it is read, or as soon as it has grown too large.
"""

from __future__ import annotations

import ipaddress
import time
from collections import Counter
from collections.abc import Callable
from typing import Final

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LONGEST_ADDRESS: Final = 8 * 1024
LARGEST_HEADERS: Final = 32 * 1024
LARGEST_BODY: Final = 64 * 1024
LARGEST_TELEMETRY: Final = 4 * 1024 * 1024
UPLOADS: Final = "/_stcore/upload_file/"
TELEMETRY: Final = "/v1/"
PER_MINUTE: Final = {"/r/": 120, "/auth/": 30, "/oauth2callback": 30}  # requests from one address to what begins so
_ADDRESSES_COUNTED: Final = 100_000
_WRAPPING: Final = 1024 * 1024  # what a form adds around an uploaded file, generously

_WORDS: Final = {
    400: "This request is malformed.",
    413: "This request is too large.",
    414: "This address is too long.",
    429: "Too many requests. Wait a minute.",
    431: "The headers of this request are too large.",
}


class RequestLimits:
    """Refuses an address, headers or a body that is too large, with 414, 431 or 413; websockets pass untouched."""

    def __init__(self, app: ASGIApp, largest_upload_mb: int, largest_body: int = LARGEST_BODY) -> None:
        self._app = app
        self._largest_upload = largest_upload_mb * 1024 * 1024 + _WRAPPING
        self._largest_body = largest_body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what fits."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path = scope["path"]
        most = (
            self._largest_upload
            if path.startswith(UPLOADS)
            else LARGEST_TELEMETRY
            if path.startswith(TELEMETRY)
            else self._largest_body
        )
        headers = Headers(scope=scope)
        length = headers.get("content-length", "0")
        refused = None
        if len(scope.get("raw_path") or scope["path"]) + len(scope.get("query_string", b"")) > LONGEST_ADDRESS:
            refused = 414
        elif sum(len(name) + len(value) for name, value in headers.raw) > LARGEST_HEADERS:
            refused = 431
        elif not length.isascii() or not length.isdigit():
            refused = 400
        elif int(length) > most:
            refused = 413
        if refused is not None:
            await _refusal(refused)(scope, receive, send)
            return
        body = _Body(receive, send, most)
        try:
            await self._app(scope, body.receive, body.send)
        except ClientDisconnect:
            if not body.is_too_large:
                raise
        await body.refuse_if_too_large(scope)


class RateLimits:
    """Refuses with 429 what comes too often from one address to a route that strangers may ask; websockets pass untouched."""

    def __init__(
        self, app: ASGIApp, per_minute: dict[str, int] = PER_MINUTE, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._app, self._per_minute, self._clock = app, per_minute, clock
        self._minute, self._seen = 0, Counter[tuple[str, str]]()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is within the rate."""
        prefix = next(
            (prefix for prefix in self._per_minute if scope["type"] == "http" and scope["path"].startswith(prefix)), None
        )
        if prefix is not None:
            address, minute = neighborhood(scope), int(self._clock() // 60)
            if minute != self._minute or len(self._seen) > _ADDRESSES_COUNTED:
                self._minute = minute
                self._seen.clear()
            self._seen[prefix, address] += 1
            if self._seen[prefix, address] > self._per_minute[prefix]:
                await _refusal(429)(scope, receive, send)
                return
        await self._app(scope, receive, send)


class _Body:
    """A body that is counted while it comes in: past the limit it ends, and the answer is a refusal."""

    def __init__(self, receive: Receive, send: Send, most: int) -> None:
        self._receive, self._send, self._left = receive, send, most
        self._answered = False

    @property
    def is_too_large(self) -> bool:
        """Whether more came than may come."""
        return self._left < 0

    async def receive(self) -> Message:
        if self.is_too_large:
            return {"type": "http.disconnect"}
        message = await self._receive()
        self._left -= len(message.get("body", b""))
        return {"type": "http.disconnect"} if self.is_too_large else message

    async def send(self, message: Message) -> None:
        if self.is_too_large and not self._answered:
            return  # whatever the route made of a body cut short, the answer is the refusal
        self._answered = True
        await self._send(message)

    async def refuse_if_too_large(self, scope: Scope) -> None:
        if self.is_too_large and not self._answered:
            await _refusal(413)(scope, self._receive, self._send)


def neighborhood(scope: Scope) -> str:
    """The address that asks; of IPv6 the network, whose addresses are one person's."""
    client = (scope.get("client") or ("",))[0]
    try:
        address = ipaddress.ip_address(client)
    except ValueError:
        return client
    if isinstance(address, ipaddress.IPv4Address) or address.ipv4_mapped:
        return client
    return str(ipaddress.ip_network((address, 64), strict=False))


def _refusal(status: int) -> PlainTextResponse:
    own = {"Retry-After": "60"} if status == 429 else {"Connection": "close"}
    return PlainTextResponse(_WORDS[status], status_code=status, headers=own)
