"""Asking the server's own routes, through all that is asked of a request, without Streamlit behind them."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from httpx import ASGITransport, AsyncClient, Response
from starlette.applications import Starlette
from starlette.middleware import Middleware

from usage_analytics import server
from usage_analytics.server.limits import RateLimits


@dataclass
class Asker:
    """Somebody at an address."""

    app: Starlette
    address: str

    def request(self, method: str, path: str, **given: Any) -> Response:
        """What is answered."""

        async def ask() -> Response:
            transport = ASGITransport(self.app, client=(self.address, 50_000))
            async with AsyncClient(transport=transport, base_url="http://localhost:8501") as http:
                return await http.request(method, path, **given)

        return asyncio.run(ask())

    def get(self, path: str, **given: Any) -> Response:
        return self.request("GET", path, **given)

    def head(self, path: str, **given: Any) -> Response:
        return self.request("HEAD", path, **given)

    def post(self, path: str, **given: Any) -> Response:
        return self.request("POST", path, **given)


def client(address: str = "127.0.0.1", *, often: bool = True) -> Asker:
    """Somebody at an address of this machine's network; `often`: whose requests are not counted."""
    own = {RateLimits: {"clock": lambda: 0.0}}
    kept = [one for one in server.MIDDLEWARE if not (often and one.cls is RateLimits)]
    middleware = [Middleware(one.cls, *one.args, **one.kwargs | own.get(one.cls, {})) for one in kept]
    app = Starlette(routes=server.ROUTES, middleware=middleware)
    return Asker(app, address)
