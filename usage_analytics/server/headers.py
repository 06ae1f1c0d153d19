"""Headers that let a page load nothing from anywhere else, and keep what is private out of a browser's cache."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path
from typing import Final

import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_INLINE_SCRIPT: Final = re.compile(rb"<script(?![^>]*\bsrc=)[^>]*>(.*?)</script>", re.DOTALL)
_PRIVATE: Final = ("/media/", "/r/")


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
            "Cross-Origin-Resource-Policy": "same-origin",
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
                if scope.get("scheme") == "https":
                    # A cookie that came in by TLS goes out by nothing else; Streamlit leaves that open.
                    secured = []
                    for header, text in message["headers"]:
                        parts = [part.strip() for part in text.lower().split(b";")]
                        is_open_cookie = header.lower() == b"set-cookie" and b"secure" not in parts
                        secured.append((header, text + b"; Secure" if is_open_cookie else text))
                    message["headers"] = secured
            await send(message)

        await self._app(scope, receive, send_with_headers)
