"""Access to the routes beside the pages: downloads and uploads, which Streamlit opens to anyone who knows their address.

Pages themselves are closed by `ui.access`. Health and shared reports are open: they need no sign-in. Telemetry comes from programs, which
cannot sign in: it has a token of its own (`telemetry`).
"""

from __future__ import annotations

import json
import os
import re
from typing import Final

from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit.auth_util import get_cookie_with_chunks, is_authlib_installed
from streamlit.web.server.server_util import get_cookie_secret
from streamlit.web.server.starlette.starlette_app_utils import decode_signed_value
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

from usage_analytics.control import access
from usage_analytics.errors import BadRequest, UsageError
from usage_analytics.server.limits import UPLOADS
from usage_analytics.server.options import settings
from usage_analytics.ui.access import sign_in_is_set_up

_FOR_EVERYBODY: Final = re.compile(r"/healthz|/r(/.*)?|/v1/(logs|metrics)", re.DOTALL)
_FOR_PEOPLE: Final = ("/media/", "/_stcore/metrics", UPLOADS)


class Access:
    """Refuses with 403 who has not signed in, where sign-in is set up, and who comes from elsewhere where it is not."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what may pass."""
        if scope["type"] not in ("http", "websocket") or _may_pass(HTTPConnection(scope)):
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            await PlainTextResponse("You don't have access.", status_code=403)(scope, receive, send)


def check(host: str, secret_files: list[str], *, without_sign_in: bool = False) -> None:
    """Raise BadRequest if listening at `host` would let in people without access, or no one."""
    if access.has_sign_in(secret_files):
        if not is_authlib_installed():
            raise BadRequest('Sign-in is set up, but its packages are missing. Install them with: pip install -e ".[team]"')
        if not access.people().owners:
            raise BadRequest('Sign-in is set up, but access.toml names no owner. Add: owners = ["you@example.com"].')
        back = access.comes_back_to(secret_files)
        if back is not None and not is_host_allowed(back):
            raise BadRequest(f"Sign-in returns people to {back}, which isn't an allowed host. Add --allow-host {back}.")
    elif without_sign_in:
        os.environ[access.WITHOUT_SIGN_IN] = "yes"
    elif not access.is_this_machine(host) and not access.said_without_sign_in():
        raise BadRequest(
            f"Anyone who can reach {host} could read and change everything. Set up sign-in (docs/server.md), or add --without-sign-in."
        )


def is_host_allowed(name: str) -> bool:
    """Whether the server answers to this name."""
    allowed = settings()["server.allowedHosts"]
    return any(name == one or (one.startswith("*.") and name.endswith(one[1:])) for one in allowed)


def _may_pass(asked: HTTPConnection) -> bool:
    path = asked.scope["path"]  # as the routes see it
    if _FOR_EVERYBODY.fullmatch(path):
        return True
    try:
        if not sign_in_is_set_up():
            here = access.is_this_machine(asked.client.host if asked.client else None)
            return here or access.said_without_sign_in()
        if not path.startswith(_FOR_PEOPLE):
            return True

        # The person whose cookie Streamlit signed when they came back from the provider
        def signed(name: str) -> bytes | None:
            value = asked.cookies.get(name)
            return decode_signed_value(get_cookie_secret(), name, value.encode("latin-1", "replace")) if value else None

        found = get_cookie_with_chunks(signed, USER_COOKIE_NAME)
        role = access.judged(json.loads(found) if found else {}).role
    except UsageError:
        return False
    return role == "owner" or (role == "viewer" and not path.startswith(UPLOADS))
