"""Shared reports, at /r/TOKEN: frozen, without a script, a session or a query. Whatever does not open looks the same.

A passcode is sent by a form, and its answer is the report itself: there is no cookie, so there is nothing that a foreign page could use.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import logging
import secrets
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Final
from urllib.parse import parse_qs, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from usage_analytics.control import Control, passcodes, shares
from usage_analytics.control.shares import Share
from usage_analytics.errors import UsageError
from usage_analytics.server import share_pages
from usage_analytics.server.options import databases

_log = logging.getLogger(__name__)

_HOUR: Final = 3600.0
_AS_JSON: Final = ".json"
_POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; form-action {forms}; base-uri 'none'; "
    "frame-ancestors 'none'"
)
_HEADERS: Final = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class Addresses:
    """Digests of where requests come from, with a salt that is kept nowhere and changes every day."""

    def __init__(self) -> None:
        self._day, self._salt = "", b""

    def digest(self, address: str, now: datetime) -> bytes:
        """Return what stands for an address today, so that none is stored."""
        day = now.date().isoformat()
        if day != self._day:
            self._day, self._salt = day, secrets.token_bytes(32)
        return hmac.new(self._salt, address.encode(), hashlib.sha256).digest()


_ADDRESSES: Final = Addresses()


@asynccontextmanager
async def sweeping() -> AsyncIterator[None]:
    """Delete the content of what has expired, now and every hour."""

    async def hourly() -> None:
        while True:
            await run_in_threadpool(_sweep)
            await asyncio.sleep(_HOUR)

    task = asyncio.create_task(hourly())
    try:
        yield
    finally:
        task.cancel()


async def shared(request: Request) -> Response:
    """Return the report of this link, the page that asks for its passcode, or the one for a link that doesn't work."""
    name = str(request.path_params.get("token", ""))
    token = name.removesuffix(_AS_JSON)
    now = datetime.now(UTC).replace(tzinfo=None)
    found = await run_in_threadpool(_find, token, now)
    if found is None:
        return _page(share_pages.NOT_HERE, 404)
    control, share = found
    if share.has_passcode:
        if request.method != "POST":
            return _page(share_pages.passcode(), 200, forms="'self'")
        # Whether a browser says that another site's page sent this form
        site = request.headers.get("sec-fetch-site", "same-origin")
        origin = request.headers.get("origin", "null")  # what a page without a referrer says of itself
        is_foreign = site not in ("same-origin", "none") or (
            origin != "null" and urlsplit(origin).netloc != request.headers.get("host")
        )
        if is_foreign:
            return _page(share_pages.passcode("Enter the passcode on this page."), 403, forms="'self'")
        refusal = await _passcode(request, control, share, now)
        if refusal is not None:
            return refusal
    counts = request.method != "HEAD"
    return await run_in_threadpool(_report, control, share, now, as_json=name != token, counts=counts)


ROUTES: Final = [Route(path, shared, methods=["GET", "POST"]) for path in ("/r", "/r/{token:path}")]


def _sweep() -> None:
    for database in databases():
        try:
            shares.sweep(Control.beside(database), datetime.now(UTC).replace(tzinfo=None))
        except (sqlite3.Error, UsageError):
            _log.warning("what has expired couldn't be deleted; we'll try again in an hour", exc_info=True)


def _find(token: str, now: datetime) -> tuple[Control, Share] | None:
    """The share of the token, in the person's own decisions or in the sample's; both are looked at, so that both take as long."""
    looked = [(control, shares.find(control, token, now)) for control in map(Control.beside, databases())]
    return next(((control, share) for control, share in looked if share is not None), None)


def _report(control: Control, share: Share, now: datetime, *, as_json: bool, counts: bool) -> Response:
    text = shares.content(control, share.share_id, "json" if as_json else "html")
    if text is None:
        return _page(share_pages.NOT_HERE, 404)
    if counts:
        shares.viewed(control, share.share_id, now)
    if as_json:
        return Response(text, media_type="application/json", headers=_headers())
    return _page(share_pages.framed(text, share.created_at, share.expires_at), 200)


async def _passcode(request: Request, control: Control, share: Share, now: datetime) -> Response | None:
    """Why the passcode that was sent does not open the share; None when it does."""
    try:
        typed = parse_qs((await request.body()).decode(), max_num_fields=4).get("passcode", [""])[0]
    except ValueError:
        typed = ""
    address = _ADDRESSES.digest(request.client.host if request.client else "", now)
    verdict = await run_in_threadpool(passcodes.judge, control, share, typed, address, now)
    if verdict == "right":
        return None
    if verdict == "wrong":
        return _page(share_pages.passcode("Wrong passcode."), 403, forms="'self'")
    minutes = int(passcodes.WITHIN.total_seconds() // 60)
    answer = _page(share_pages.passcode(f"Too many tries. Wait {minutes} minutes."), 429, forms="'self'")
    answer.headers["Retry-After"] = str(minutes * 60)
    return answer


def _page(text: str, status: int, forms: str = "'none'") -> HTMLResponse:
    return HTMLResponse(text, status, headers=_headers(forms))


def _headers(forms: str = "'none'") -> dict[str, str]:
    return {**_HEADERS, "Content-Security-Policy": _POLICY.format(forms=forms)}
