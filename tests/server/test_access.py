"""Without sign-in, a request from another machine is refused, whatever let it through; with it, a cookie has to be ours."""

from __future__ import annotations

import asyncio

import pytest
from starlette.types import Message, Receive, Scope, Send

from tests.server.asked import client
from usage_analytics.control import access as people
from usage_analytics.server.access import Access
from usage_analytics.server.origins import SameOrigin


@pytest.fixture(autouse=True)
def nothing_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(people.WITHOUT_SIGN_IN, "")


@pytest.mark.parametrize("address", ["192.0.2.7", "2001:db8::7", "::ffff:192.0.2.7", "testclient"])
@pytest.mark.parametrize("path", ["/", "/media/x", "/_stcore/health", "/imports", "/rx", "/healthzx", "/healthz/x"])
def test_from_another_machine_nothing_is_answered(address: str, path: str) -> None:
    assert client(address).get(path).status_code == 403


def test_from_another_machine_health_and_links_are_answered() -> None:
    assert client("192.0.2.7").get("/healthz").status_code == 200
    assert "No report here" in client("192.0.2.7").get("/r/unknown").text


def test_who_said_so_in_as_many_words_is_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    for said, status in (("", 403), ("1", 403), ("true", 403), ("yes", 404)):
        monkeypatch.setenv(people.WITHOUT_SIGN_IN, said)
        assert client("192.0.2.7").get("/no-such-page").status_code == status


def closed(app: object, **scope: object) -> list[Message]:
    """What is sent to a websocket that asks to be opened."""
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    wanted = {"type": "websocket", "path": "/_stcore/stream", "headers": [(b"host", b"localhost:8501")], "query_string": b""}
    asyncio.run(app(wanted | scope, None, send))  # type: ignore[operator]
    return sent


async def opens(_scope: Scope, _receive: Receive, send: Send) -> None:
    await send({"type": "websocket.accept"})


def test_from_another_machine_no_websocket_is_opened() -> None:
    assert closed(Access(opens), client=("192.0.2.7", 1)) == [{"type": "websocket.close", "code": 1008}]
    assert closed(Access(opens), client=("127.0.0.1", 1)) == [{"type": "websocket.accept"}]


@pytest.mark.parametrize(
    ("origin", "opened"),
    [
        (b"http://localhost:8501", True),
        (b"https://LOCALHOST:8501", True),
        (None, True),
        (b"http://localhost:3000", False),
        (b"http://127.0.0.1:8501", False),
        (b"https://evil.example", False),
        (b"http://localhost:8501.evil.example", False),
        (b"http://localhost:8501@evil.example", False),
        (b"null", False),
        (b"", False),
    ],
)
def test_a_websocket_is_for_a_page_of_the_same_name_and_port(origin: bytes | None, opened: bool) -> None:
    headers = [(b"host", b"localhost:8501"), *([(b"origin", origin)] if origin is not None else [])]
    answered = closed(SameOrigin(opens), headers=headers)
    assert (answered == [{"type": "websocket.accept"}]) is opened
