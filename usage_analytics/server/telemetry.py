"""OTLP over HTTP, at /v1/logs and /v1/metrics: Claude Code's telemetry streams in, in JSON or protobuf, plain or as gzip.

Programs of this machine are heard without a token; from anywhere else, behind a proxy or where people sign in, they show one. A web page
is never heard: a browser says where it is from. What was received is on the disk, without anybody's words, before the answer says so; it
is imported every few seconds, less often while it goes on, and when the server stops.
"""

from __future__ import annotations

import asyncio
import errno
import logging
import threading
import time
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from usage_analytics.control import Control, access
from usage_analytics.control.telemetry import is_right
from usage_analytics.errors import UsageError
from usage_analytics.importers.claude_code_otel.documents import LOGS, METRICS, decoded
from usage_analytics.importers.claude_code_otel.reduced import reduced
from usage_analytics.importers.json_lines import BROKEN, Document
from usage_analytics.server.spool import Full, Spool
from usage_analytics.store.location import default_database
from usage_analytics.ui.access import sign_in_is_set_up

_log = logging.getLogger(__name__)

SOONEST_SECONDS: Final = 5.0
LATEST_SECONDS: Final = 60.0  # while telemetry goes on, so that a day of work is hundreds of imports and not thousands
LEAVE_SECONDS: Final = 20.0
LARGEST_UNPACKED: Final = 32 * 1024 * 1024
JSON, PROTOBUF = "application/json", "application/x-protobuf"
_SIGNALS: Final = {"/v1/logs": LOGS, "/v1/metrics": METRICS}
_FORWARDED: Final = ("forwarded", "x-forwarded-for", "x-real-ip")
_SAID: Final = {
    400: "This isn't an OTLP request for logs or metrics. Send JSON or protobuf.",
    401: "Send the token from Settings: OTEL_EXPORTER_OTLP_HEADERS=Authorization=Bearer TOKEN.",
    403: "Telemetry is for programs, not for web pages.",
    413: "This request unpacks to more than 32 MB. Send smaller batches.",
    415: f"Send {JSON} or {PROTOBUF}, plain or as gzip.",
    503: "We can't save this now. Try again in a minute.",
}


class _Receiver:
    """The spool of this server's database, and when what is in it was last imported."""

    def __init__(self) -> None:
        self.spool = Spool(default_database())
        self.came = threading.Event()
        self.stop = threading.Event()

    def work(self) -> None:
        """Import what comes in until stopped, and once more then."""
        last, pause = -LATEST_SECONDS, SOONEST_SECONDS
        self._bring_in()  # what a server before this one left
        while not self.stop.is_set():
            if not self.came.wait(1.0):
                continue
            now = time.monotonic()
            goes_on = now - last < 2 * pause
            pause = min(2 * pause, LATEST_SECONDS) if goes_on else SOONEST_SECONDS
            self.stop.wait(max(SOONEST_SECONDS, last + pause - now))
            self.came.clear()
            self._bring_in()
            last = time.monotonic()
        self._bring_in()

    def _bring_in(self) -> None:
        """Import what waits; what can't be imported now is tried again."""
        try:
            self.spool.bring_in()
        except UsageError as problem:
            _log.warning("telemetry waits: %s", problem)
            self.came.set()
        except Exception as error:  # noqa: BLE001  the message is left out, for it may quote data
            _log.warning("telemetry waits: importing it failed (%s)", type(error).__name__)
            self.came.set()


_receivers: Final[dict[str, _Receiver]] = {}


def receiver() -> _Receiver:
    """The receiver of the database that is shown."""
    return _receivers.setdefault(str(default_database()), _Receiver())


@asynccontextmanager
async def receiving() -> AsyncIterator[None]:
    """Import what comes in while the server runs."""
    found = receiver()
    thread = threading.Thread(target=found.work, name="usage-analytics telemetry", daemon=True)
    thread.start()
    try:
        yield
    finally:
        found.stop.set()
        found.came.set()
        await asyncio.to_thread(thread.join, LEAVE_SECONDS)
        _receivers.pop(str(default_database()), None)


async def receive(request: Request) -> Response:
    """Keep what is in the request."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    packed = request.headers.get("content-encoding", "identity").strip().lower()
    if "origin" in request.headers or request.headers.get("sec-fetch-site", "none") != "none":
        return _refusal(403)
    try:
        if not await run_in_threadpool(_may_send, request):
            return _refusal(401)
    except UsageError:
        return _refusal(503)
    if kind not in (JSON, PROTOBUF) or packed not in ("identity", "gzip", ""):
        return _refusal(415)
    body = await request.body()
    try:
        content = _unpacked(body) if packed == "gzip" else body
        if content is None:
            return _refusal(413)
        document = await run_in_threadpool(_read, content, kind, _SIGNALS[request.url.path])
    except (*BROKEN, zlib.error):
        return _refusal(400)
    if (kept := reduced(document)) is not None:
        found = receiver()
        try:
            await run_in_threadpool(found.spool.add, kept)
        except (Full, OSError) as problem:
            if isinstance(problem, OSError) and problem.errno not in (errno.ENOSPC, errno.EDQUOT):
                _log.warning("telemetry could not be kept (%s)", problem.strerror)
            return _refusal(503)
        found.came.set()
    return Response(b"", media_type=PROTOBUF) if kind == PROTOBUF else JSONResponse({"partialSuccess": {}})


ROUTES: Final = [Route(path, receive, methods=["POST"]) for path in _SIGNALS]


def _may_send(request: Request) -> bool:
    """Whether the sender is a program of this machine, or shows the token. Behind a proxy every sender seems to be on this machine."""
    here = access.is_this_machine(request.client.host if request.client else None)
    if here and not any(name in request.headers for name in _FORWARDED) and not sign_in_is_set_up():
        return True
    return is_right(Control.beside(default_database()), request.headers.get("authorization", ""))


def _unpacked(body: bytes) -> bytes | None:
    """What was packed; None where it is too much. Raises zlib.error."""
    unpacking = zlib.decompressobj(zlib.MAX_WBITS | 16)
    content = unpacking.decompress(body, LARGEST_UNPACKED)
    if unpacking.unconsumed_tail:
        return None
    if not unpacking.eof:
        raise zlib.error("cut off")
    return content


def _read(content: bytes, kind: str, signal: str) -> Document:
    """The document of a request. Raises ValueError."""
    if kind == PROTOBUF:
        return decoded(content, signal)
    document = msgspec.json.decode(content)
    if not isinstance(document, dict) or not isinstance(document.get(signal, []), list):
        raise ValueError(signal)  # noqa: TRY004  it is the sender's, like any other broken request
    return document


def _refusal(status: int) -> Response:
    return JSONResponse({"message": _SAID[status]}, status, headers={"Retry-After": "60"} if status == 503 else None)
