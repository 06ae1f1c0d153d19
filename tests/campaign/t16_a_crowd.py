"""A hundred tabs are served; the next one gets a page that says so, and slow or silent visitors stop nobody."""

from __future__ import annotations

import os
import socket
import time
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from websockets.exceptions import InvalidStatus

from tests.campaign.frame import Result, all_of, answer, by_tests, holds
from tests.campaign.serving import dashboard
from tests.server.tab import opened
from tests.transcripts import call, prompt, write

PROMISES = ""
MOST = 100
SLOW = 200
PAGE_SECONDS = 5.0


def check(where: Path) -> Result:
    """Opens 200 connections that send a byte now and then, then 100 tabs, then one more; closes one and tries again; times a page."""
    answer("import", write(where / "a.jsonl", prompt(), *[call(f"a{one}", one) for one in range(50)]), db=where / "usage.duckdb")
    with dashboard(where, env={"USAGE_ANALYTICS_NOW": "2026-11-02T20:00"}) as served, ExitStack() as crowd:
        slow = [crowd.enter_context(socket.create_connection(("localhost", urlsplit(served.url).port or 0))) for _ in range(SLOW)]
        for number, one in enumerate(slow):
            one.sendall(
                b"GET / HTTP/1.1\r\nHost: local"
                if number % 2
                else b"POST /r/x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nx"
            )
        http = crowd.enter_context(httpx.Client(timeout=60, headers={"Accept": "text/html"}))
        tabs = ExitStack()
        first = crowd.enter_context(opened(served.url, http))
        first.run()
        for _ in range(MOST - 1):
            tabs.enter_context(opened(served.url, http))
        begun = time.monotonic()
        assert first.run("models").messages
        seconds = time.monotonic() - begun
        with pytest.raises(InvalidStatus) as refused, opened(served.url, http):
            pass
        assert refused.value.response.status_code == 403
        full = http.get(served.url)
        assert (full.status_code, "This dashboard is full" in full.text) == (503, True)
        assert "script" not in full.text
        assert http.get(f"{served.url}/healthz").status_code == 200
        memory = served.memory
        tabs.close()
        time.sleep(1)
        assert http.get(served.url).status_code == 200
        with opened(served.url, http) as tab:
            assert tab.run().messages
        assert "Traceback" not in served.said, served.said[-1500:]
    limit = PAGE_SECONDS * max(1.0, os.getloadavg()[0] / 2)
    assert seconds < limit, f"a page took {seconds:.1f} s"
    known = by_tests(where, "tests/server/test_sessions.py", "tests/server/test_limits.py")
    return all_of(holds(f"{MOST} tabs and {SLOW} slow clients: a page in {seconds:.1f} s, {memory >> 20} MB"), known)
