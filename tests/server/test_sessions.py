"""A dashboard with all places taken says so, and those who are in stay in."""

from __future__ import annotations

import asyncio
from typing import Any

from usage_analytics.server.sessions import SessionCap

Message = dict[str, Any]


class Door:
    """A cap of three tabs, two of them from one address elsewhere; behind it is whoever holds a websocket until let go."""

    def __init__(self) -> None:
        self.let_go = asyncio.Event()
        self.cap = SessionCap(self.inside, most=3, most_of_one=2)

    async def inside(self, scope: Message, _receive: Any, send: Any) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.accept"})
            await self.let_go.wait()
        else:
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b"in"})

    async def asked(self, kind: str, address: str = "127.0.0.1", path: str = "/", accept: str = "text/html") -> list[Message]:
        heard: list[Message] = []

        async def send(message: Message) -> None:
            heard.append(message)

        scope = {"type": kind, "path": path, "client": (address, 1), "headers": [(b"accept", accept.encode())]}
        task = asyncio.create_task(self.cap(scope, lambda: None, send))  # type: ignore[arg-type]
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        if kind == "http":
            await task
        return heard


def test_the_next_tab_gets_a_page_that_says_so_and_a_place_that_is_free_is_given() -> None:
    async def scene() -> None:
        door = Door()
        assert [(await door.asked("websocket"))[0]["type"] for _ in range(4)] == ["websocket.accept"] * 3 + ["websocket.close"]
        start, body = await door.asked("http")
        assert start["status"] == 503
        assert (b"retry-after", b"30") in start["headers"]
        assert b"This dashboard is full" in body["body"]
        for path, accept in (("/healthz", "text/html"), ("/r/x", "text/html"), ("/static/a.js", "*/*"), ("/", "*/*")):
            assert (await door.asked("http", path=path, accept=accept))[0]["status"] == 200
        door.let_go.set()
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert (await door.asked("http"))[0]["status"] == 200
        assert not door.cap._open

    asyncio.run(scene())


def test_one_machine_elsewhere_does_not_take_all_places() -> None:
    async def scene() -> None:
        door = Door()
        there = [(await door.asked("websocket", "203.0.113.9"))[0]["type"] for _ in range(3)]
        assert there == ["websocket.accept", "websocket.accept", "websocket.close"]
        assert (await door.asked("http", "203.0.113.9"))[0]["status"] == 503
        assert (await door.asked("websocket", "203.0.113.10"))[0]["type"] == "websocket.accept"

    asyncio.run(scene())
