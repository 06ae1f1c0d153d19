"""The page that holds the dashboard: Streamlit's own, with a script that says how wide the window is and the styles for paper."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import streamlit as st
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from usage_analytics.server.options import HOME

_HERE: Final = Path(__file__).parent
_FILES: Final = {"screen.js": "text/javascript", "print.css": "text/css"}
_HEAD: Final = b'<head>\n    <script src="/screen.js"></script>\n    <link rel="stylesheet" href="/print.css" media="print" />'
_DOCUMENT: Final = (Path(st.__file__).parent / "static" / "index.html").read_bytes().replace(b"<head>", _HEAD, 1)


async def document(_request: Request) -> Response:
    """The page. The script in it comes before Streamlit's, which opens the session that the cookie is for."""
    return Response(_DOCUMENT, media_type="text/html", headers={"Cache-Control": "no-cache"})


async def file(request: Request) -> Response:
    """The script or the styles. A browser asks again whether they are still the same after an hour."""
    name = request.url.path.strip("/")
    return Response((_HERE / name).read_bytes(), media_type=_FILES[name], headers={"Cache-Control": "max-age=3600"})


_PAGES: Final = ("", *(script.stem for script in sorted(HOME.glob("pages/*/*.py"))))
ROUTES: Final = [*(Route(f"/{page}", document) for page in _PAGES), *(Route(f"/{name}", file) for name in _FILES)]
