"""A page on the web can't read or steer your dashboard, even if it points its own name at your machine."""

from __future__ import annotations

import socket
from pathlib import Path
from urllib.parse import urlsplit

from tests.campaign.frame import Result, all_of, by_tests, holds
from tests.campaign.serving import dashboard

PROMISES = ""
KEY = "dGhlIHNhbXBsZSBub25jZQ=="
PATHS = (
    "/",
    "/healthz",
    "/r/x",
    "/media/x",
    "/_stcore/health",
    "/_stcore/host-config",
    "/imports",
    "/%2e%2e/",
    "//evil.example/",
)


def check(where: Path) -> Result:
    """Speaks raw HTTP and websockets with foreign Host and Origin headers, several at once, none, and smuggled ones."""
    with dashboard(where) as served:
        port = int(urlsplit(served.url).port or 0)
        local = f"localhost:{port}"
        asked = 0
        for path in PATHS:
            for host in (
                "evil.example",
                f"evil.example:{port}",
                "localhost.evil.example",
                f"{local}\r\nHost: evil.example",
                "127.0.0.1.nip.io",
            ):
                assert status(port, f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n") in (400, 403, 404), (
                    path,
                    host,
                )
                asked += 1
        for host, origin in (
            (local, "http://evil.example"),
            (local, "null"),
            (local, f"http://localhost:{port + 1}"),
            (local, f"http://{local}.evil.example"),
            (f"evil.example:{port}", f"http://evil.example:{port}"),
        ):
            upgrade = (
                f"GET /_stcore/stream HTTP/1.1\r\nHost: {host}\r\nOrigin: {origin}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {KEY}\r\n\r\n"
            )
            assert status(port, upgrade) in (400, 403), (host, origin)
            asked += 1
        for path in ("/v1/logs", "/v1/metrics"):
            for said in ("Origin: http://evil.example", "Origin: null", f"Origin: http://{local}", "Sec-Fetch-Site: cross-site"):
                body = f"{said}\r\nContent-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{{}}"
                assert status(port, f"POST {path} HTTP/1.1\r\nHost: {local}\r\n{body}") == 403, (path, said)
                asked += 1
        for smuggled in (
            f"GET / HTTP/1.1\r\nHost: {local}\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /x HTTP/1.1\r\n\r\n",
            "GET / HTTP/1.1\r\n\r\n",
            f"GET / HTTP/1.1\r\nHost : {local}\r\n\r\n",
        ):
            assert status(port, smuggled) in (200, 400)
            asked += 1
        assert status(port, f"GET /healthz HTTP/1.1\r\nHost: {local}\r\nConnection: close\r\n\r\n") == 200
    known = by_tests(
        where,
        "tests/server/test_access.py",
        "tests/server/test_server.py",
        "tests/server/test_team.py",
        "tests/server/test_telemetry.py",
        only="web_page or browser or pointed or websocket or another_site or not_this_machine",
    )
    return all_of(holds(f"{asked} raw requests refused"), known)


def status(port: int, request: str) -> int:
    """The status of the answer; 400 where the connection is closed without one."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as raw:
        raw.sendall(request.encode())
        line = raw.recv(200).split(b"\r\n")[0].split()
    return int(line[1]) if len(line) > 1 else 400
