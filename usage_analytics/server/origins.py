"""Websockets are for our own pages: a page of another site, or of another port of this machine, gets none."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

POLICY_VIOLATION = 1008


class SameOrigin:
    """Refuses a websocket to a page that is from elsewhere; programs, which name no origin, are asked for the rest as anybody is."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is ours."""
        if scope["type"] == "websocket":
            headers = Headers(scope=scope)
            origin = headers.get("origin")
            if origin is not None and urlsplit(origin).netloc.lower() != headers.get("host", "").lower():
                await send({"type": "websocket.close", "code": POLICY_VIOLATION})
                return
        await self._app(scope, receive, send)
