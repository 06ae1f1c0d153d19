"""The server: it answers, and lets a page load nothing from anywhere else."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import re
import tomllib
from pathlib import Path

import pytest
import streamlit as st
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Message, Receive, Scope, Send
from streamlit.testing.v1 import AppTest

from usage_analytics import server
from usage_analytics.server.headers import SecurityHeaders, content_policy
from usage_analytics.server.health import health


def headers_of(path: str, scheme: str = "http", **own: str) -> dict[str, str]:
    """What the answer to a request for `path` carries, when the route itself says `own`."""
    sent: list[Message] = []

    async def route(_scope: Scope, _receive: Receive, send: Send) -> None:
        await PlainTextResponse("hello", headers=own)({"type": "http"}, _receive, send)

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(SecurityHeaders(route)({"type": "http", "path": path, "scheme": scheme}, receive, send))
    return {name.decode(): value.decode() for name, value in sent[0]["headers"]}


def test_every_answer_carries_the_headers() -> None:
    headers = headers_of("/hello")
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]


def test_what_is_private_is_not_kept_by_a_browser() -> None:
    public = {"Cache-Control": "public"}
    assert headers_of("/media/x", **public)["cache-control"] == "no-store"
    assert headers_of("/r/x", **public)["cache-control"] == "no-store"
    assert headers_of("/static/x", **public)["cache-control"] == "public"


def test_a_route_with_a_stricter_policy_keeps_it() -> None:
    assert (
        headers_of("/r/x", **{"Content-Security-Policy": "default-src 'none'"})["content-security-policy"] == "default-src 'none'"
    )


@pytest.mark.parametrize(
    ("scheme", "cookie", "sent"),
    [
        ("https", "who=robin; HttpOnly; SameSite=lax", "who=robin; HttpOnly; SameSite=lax; Secure"),
        ("https", "who=robin; Secure; Path=/", "who=robin; Secure; Path=/"),
        ("https", "secure=robin", "secure=robin; Secure"),
        ("http", "who=robin; HttpOnly", "who=robin; HttpOnly"),
    ],
)
def test_a_cookie_that_came_by_tls_goes_by_nothing_else(scheme: str, cookie: str, sent: str) -> None:
    assert headers_of("/auth/login", scheme, **{"Set-Cookie": cookie})["set-cookie"] == sent


def test_what_a_button_cannot_do_is_said_in_a_sentence() -> None:
    def page() -> None:
        from usage_analytics import server
        from usage_analytics.errors import NotAllowed

        assert server.say(NotAllowed("Only an owner can do this; ask one of them."))
        assert not server.say(ValueError("secret"))

    shown = AppTest.from_function(page, default_timeout=30).run()
    assert not shown.exception
    assert ["Only an owner can do this" in one.value for one in shown.error] == [True]


def test_a_websocket_passes_untouched() -> None:
    seen: list[Scope] = []

    async def app(scope: Scope, _receive: Receive, _send: Send) -> None:
        seen.append(scope)

    asyncio.run(SecurityHeaders(app)({"type": "websocket", "path": "/"}, None, None))
    assert [scope["type"] for scope in seen] == ["websocket"]


def test_the_health_check_says_what_a_page_would_not() -> None:
    assert asyncio.run(health(Request({"type": "http"}))).body == b'{"status":"ok"}'


def test_the_policy_names_no_other_host_and_allows_no_script_but_streamlits_own() -> None:
    policy = content_policy()
    assert "http" not in policy
    assert "unsafe-eval" not in policy
    assert "'unsafe-inline'" not in policy.split("script-src")[1].split(";")[0]
    page = (Path(st.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
    inline = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    for script in inline:
        assert base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() in policy


def test_the_settings_keep_the_dashboard_on_this_machine_and_quiet() -> None:
    known = server.settings()
    assert known["server.address"] == "127.0.0.1"
    assert known["server.allowedHosts"] == ["localhost", "127.0.0.1"]
    assert known["browser.gatherUsageStats"] is False
    assert known["client.showErrorDetails"] == "none"
    assert known["client.toolbarMode"] == "minimal"
    assert known["server.enableAgentApi"] is False


def test_the_fonts_are_ours_and_small(project: Path) -> None:
    config = tomllib.loads((project / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    for face in config["theme"]["fontFaces"]:
        file = project / "static" / face["url"].removeprefix("app/static/")
        assert file.stat().st_size < 150_000
    assert (project / "static" / "inter-LICENSE.txt").is_file()


@pytest.mark.parametrize(
    ("host", "status"), [("localhost:8501", 200), ("127.0.0.1:8501", 200), ("evil.example", 400), ("localhost.evil.example", 400)]
)
def test_a_name_that_is_not_this_machine_is_refused(host: str, status: int) -> None:
    chosen = next(one for one in server.app._user_middleware if one.cls is TrustedHostMiddleware)
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def hello(scope: Scope, receive: Receive, send: Send) -> None:
        await PlainTextResponse("hello")(scope, receive, send)

    scope = {"type": "http", "method": "GET", "path": "/media/x", "headers": [(b"host", host.encode())]}
    asyncio.run(chosen.cls(hello, *chosen.args, **chosen.kwargs)(scope, None, send))
    assert sent[0]["status"] == status
