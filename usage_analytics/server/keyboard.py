"""The script that makes keys press what is on a page; served as a file of our own, because a page runs no other script."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

_SCRIPT: Final = (Path(__file__).parent / "keyboard.js").read_bytes()


async def script(_request: Request) -> Response:
    """The script. A browser asks again whether it is still the same after an hour."""
    return Response(_SCRIPT, media_type="text/javascript", headers={"Cache-Control": "max-age=3600"})


ROUTES: Final = [Route("/keyboard.js", script)]
