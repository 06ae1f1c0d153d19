"""The ASGI app: the dashboard, a health check, and headers that let a page load nothing from anywhere else.

    python -m usage_analytics.server        or any ASGI server on `usage_analytics.server:app`

It listens on this machine only. Settings are those of `.streamlit/config.toml`, wherever it is started from.
"""

from __future__ import annotations

import base64
import hashlib
import re
import tomllib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.runtime.pages_manager import PagesManager

_BESIDE: Final = Path(__file__).parent
HOME: Final = next(folder for folder in (_BESIDE / "dashboard", _BESIDE.parent) if (folder / "app.py").is_file())
_HEAVY: Final = ("pandas", "pyarrow", "duckdb", "plotly.graph_objects", "usage_analytics.ui.parts")
_INLINE_SCRIPT: Final = re.compile(rb"<script(?![^>]*\bsrc=)[^>]*>(.*?)</script>", re.DOTALL)
_PRIVATE: Final = ("/media/", "/r/")


def run(port: int = 8501) -> None:
    """Serve the dashboard on this machine until stopped."""
    app.run(config={**settings(), "server.address": "127.0.0.1", "server.port": port})


def settings() -> dict[str, Any]:
    """`.streamlit/config.toml` as Streamlit's dotted options."""
    return dict(_dotted(tomllib.loads((HOME / ".streamlit" / "config.toml").read_text(encoding="utf-8"))))


def content_policy() -> str:
    """What a page may load: itself. Streamlit's own start-up scripts inside its page are allowed by their digests."""
    page = (Path(st.__file__).parent / "static" / "index.html").read_bytes()
    digests = (base64.b64encode(hashlib.sha256(script).digest()).decode() for script in _INLINE_SCRIPT.findall(page))
    scripts = " ".join(["'self'", *(f"'sha256-{digest}'" for digest in digests)])
    return (
        f"default-src 'self'; script-src {scripts}; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
        "font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; object-src 'none'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'"
    )


class SecurityHeaders:
    """Adds the headers to every answer over HTTP; websockets pass untouched."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._headers = {
            "Content-Security-Policy": content_policy(),
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "Cross-Origin-Opener-Policy": "same-origin",
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; a route that brings a policy of its own keeps it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
                if scope["path"].startswith(_PRIVATE):
                    headers["Cache-Control"] = "no-store"
            await send(message)

        await self._app(scope, receive, send_with_headers)


async def health(_request: Request) -> JSONResponse:
    """Says that the server answers."""
    return JSONResponse({"status": "ok"})


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    """Import what is heavy before the first person comes: it saves them seconds."""
    for module in _HEAVY:
        import_module(module)
    # Until `st.navigation` has run once, Streamlit takes pages/ for its older kind of menu, and a bookmark for a page that is not there.
    PagesManager.uses_pages_directory = False
    yield


def _dotted(table: dict[str, Any], prefix: str = "") -> list[tuple[str, Any]]:
    pairs: list[tuple[str, Any]] = []
    for name, value in table.items():
        if isinstance(value, dict):
            pairs += _dotted(value, f"{prefix}{name}.")
        else:
            pairs.append((f"{prefix}{name}", value))
    return pairs


app = st.App(
    HOME / "app.py",
    lifespan=lifespan,
    routes=[Route("/healthz", health)],
    middleware=[
        Middleware(SecurityHeaders),
        # Streamlit asks this of its websocket; here it is asked of every route, against pages that point their own name at us.
        Middleware(TrustedHostMiddleware, allowed_hosts=settings()["server.allowedHosts"], www_redirect=False),
    ],
)

if __name__ == "__main__":
    run()
