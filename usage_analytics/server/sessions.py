"""How many tabs one dashboard serves: the next one gets a page that says so, and those that are open keep their pace.

A tab holds a websocket for as long as it is open, so tabs are counted by those. One machine elsewhere can't take all the places.
"""

from __future__ import annotations

from collections import Counter
from typing import Final

from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from usage_analytics.control.access import is_this_machine
from usage_analytics.server import share_pages
from usage_analytics.server.limits import neighborhood

MOST: Final = 100
MOST_OF_ONE: Final = 40  # from one address; this machine's own isn't counted, since a proxy may stand there
TRY_AGAIN_SECONDS: Final = 30
TRY_AGAIN_LATER: Final = 1013
_NO_PAGES: Final = ("/r/", "/healthz", "/_stcore/", "/media/", "/static/", "/app/static/", "/auth/", "/oauth2callback")
FULL: Final = share_pages.page(
    "This dashboard is full",
    "<p>This dashboard has as many open tabs as it can handle. We try again every 30 seconds. "
    "Close a tab you don't need, or come back later.</p>",
)


class SessionCap:
    """Refuses a websocket when all places are taken, and answers a page with 503 and what to do; everything else passes."""

    def __init__(self, app: ASGIApp, most: int = MOST, most_of_one: int = MOST_OF_ONE) -> None:
        self._app, self._most, self._most_of_one = app, most, most_of_one
        self._open = Counter[str]()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what there is a place for."""
        if scope["type"] == "websocket":
            address = neighborhood(scope)
            if self._is_full(scope):
                await send({"type": "websocket.close", "code": TRY_AGAIN_LATER})
                return
            self._open[address] += 1
            try:
                await self._app(scope, receive, send)
            finally:
                self._open[address] -= 1
                self._open += Counter()  # an address without a tab is forgotten
        elif scope["type"] == "http" and _asks_for_a_page(scope) and self._is_full(scope):
            wait = str(TRY_AGAIN_SECONDS)
            headers = {"Retry-After": wait, "Refresh": wait, "Cache-Control": "no-store"}
            await HTMLResponse(FULL, status_code=503, headers=headers)(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _is_full(self, scope: Scope) -> bool:
        if self._open.total() >= self._most:
            return True
        here = is_this_machine((scope.get("client") or ("",))[0])
        return not here and self._open[neighborhood(scope)] >= self._most_of_one


def _asks_for_a_page(scope: Scope) -> bool:
    asked = HTTPConnection(scope)
    return "text/html" in asked.headers.get("accept", "") and not scope["path"].startswith(_NO_PAGES)
