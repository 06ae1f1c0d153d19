"""The ASGI app: the dashboard, a health check, shared reports, and what is asked of every request.

    python -m usage_analytics.server        or any ASGI server on `usage_analytics.server:app`

options    Streamlit's options, wherever it is started from, and the host names it answers to
headers    a page may load nothing from anywhere else
origins    whose pages may open a websocket
access     who may ask what
limits     how large a request may be, and how often one may come
sessions   how many tabs may be open
health     whether it answers
keyboard   what makes keys press what is on a page
document   the page that holds the dashboard
memory     when unused memory is looked for
shares     reports behind a link
telemetry  Claude Code's telemetry, as it streams in
spool      where it lies until it is imported

It listens on this machine only, unless --host says otherwise. What is asked of a request is plain ASGI: a websocket is opened or not, and
what goes through it passes untouched.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from importlib import import_module
from typing import Final

import streamlit as st
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from streamlit.runtime.pages_manager import PagesManager

from usage_analytics import watch
from usage_analytics.errors import UsageError
from usage_analytics.server import access, document, health, keyboard, memory, shares, telemetry
from usage_analytics.server.headers import SecurityHeaders
from usage_analytics.server.limits import RateLimits, RequestLimits
from usage_analytics.server.options import HOME, LARGEST_UPLOAD_MB, secret_files, settings
from usage_analytics.server.origins import SameOrigin
from usage_analytics.server.sessions import SessionCap
from usage_analytics.store.location import default_database
from usage_analytics.ui.text import md

_HEAVY: Final = (
    "pandas.io.formats.style",
    "pyarrow.pandas_compat",
    "duckdb",
    "plotly.graph_objects",
    "plotly.io",
    "PIL.Image",
    "usage_analytics.ui.auto_reload.page",
    "usage_analytics.ui.background",
    "usage_analytics.ui.columns",
    "usage_analytics.ui.frame",
    "usage_analytics.ui.parts",
)


def run(
    port: int = 8501, host: str = "127.0.0.1", *, without_sign_in: bool = False, ready: Callable[[], None] | None = None
) -> None:
    """Serve the dashboard until stopped: on this machine, or where `host` says. `ready` is called before it begins.

    Raises BadRequest when that would let anybody in.
    """
    files = secret_files()
    access.check(host, files, without_sign_in=without_sign_in)
    if ready is not None:
        ready()
    # Without an address for the browser, Streamlit asks the net for its own.
    where = {"server.address": host, "server.port": port, "browser.serverAddress": "localhost"}
    app.run(config={**settings(), **where, "secrets.files": files})


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    """Import what is heavy before the first person comes, which saves them seconds; and watch, if that is switched on."""
    for module in _HEAVY:
        import_module(module)
    # Until `st.navigation` has run once, Streamlit takes pages/ for its older kind of menu, and a bookmark for a page that is not there.
    PagesManager.uses_pages_directory = False
    async with memory.collecting(), shares.sweeping(), watch.task(default_database()), telemetry.receiving():
        yield


def say(error: Exception) -> bool:
    """Say what a person can act on, where it came up outside of a page: in what a button calls. Anything else is not ours to say."""
    if isinstance(error, UsageError):
        st.error(md(str(error)), icon=":material/error:")
    return isinstance(error, UsageError)


ROUTES: Final = [*health.ROUTES, *document.ROUTES, *keyboard.ROUTES, *shares.ROUTES, *telemetry.ROUTES]
MIDDLEWARE: Final = [
    Middleware(SecurityHeaders),
    # Streamlit asks this of its websocket; here it is asked of every route, against pages that point their own name at us.
    Middleware(TrustedHostMiddleware, allowed_hosts=settings()["server.allowedHosts"], www_redirect=False),
    Middleware(SameOrigin),
    Middleware(RateLimits),
    Middleware(access.Access),
    Middleware(SessionCap),
    Middleware(RequestLimits, largest_upload_mb=settings()[LARGEST_UPLOAD_MB]),
]
app = st.App(HOME / "app.py", lifespan=lifespan, routes=ROUTES, middleware=MIDDLEWARE, on_script_error=say)
