"""What is too large or comes too often is refused early, and costs nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from usage_analytics.server.limits import LARGEST_BODY, UPLOADS, RateLimits, RequestLimits

MB = 1024 * 1024


def answer(app: ASGIApp, chunks: Iterator[bytes], **scope: object) -> tuple[int, int]:
    """The status of the answer, and how many bytes were taken until it came. The body has no length of its own accord."""
    sent: list[Message] = []
    taken = 0

    async def receive() -> Message:
        nonlocal taken
        chunk = next(chunks, None)
        taken += len(chunk or b"")
        return {"type": "http.request", "body": chunk or b"", "more_body": chunk is not None}

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(app({"type": "http", "method": "POST", "path": "/", "headers": []} | scope, receive, send))
    statuses = [message["status"] for message in sent if message["type"] == "http.response.start"]
    assert len(statuses) == 1
    return statuses[0], taken


async def reads(scope: Scope, receive: Receive, send: Send) -> None:
    """A route that reads all there is, and answers."""
    size = len(await Request(scope, receive).body())
    await PlainTextResponse(str(size))(scope, receive, send)


async def survives(scope: Scope, receive: Receive, send: Send) -> None:
    """A route that makes the best of a body that breaks off."""
    try:
        await Request(scope, receive).body()
        await PlainTextResponse("read")(scope, receive, send)
    except Exception:  # noqa: BLE001
        await PlainTextResponse("broken", 500)(scope, receive, send)


async def answers_first(scope: Scope, receive: Receive, send: Send) -> None:
    """A route that answers before it reads."""
    await PlainTextResponse("early")(scope, receive, send)
    while (message := await receive()).get("more_body"):
        assert message["type"] == "http.request"


def endless(size: int = 16 * 1024) -> Iterator[bytes]:
    while True:
        yield b"x" * size


@pytest.mark.parametrize("length", [LARGEST_BODY + 1, 10**12])
def test_a_body_that_says_it_is_too_large_is_not_even_read(length: int) -> None:
    headers = [(b"content-length", str(length).encode())]
    assert answer(RequestLimits(reads, 200), endless(), headers=headers) == (413, 0)


@pytest.mark.parametrize("length", [b"-1", b"1e3", b"", b"12, 12", "٣".encode()])
def test_a_length_that_is_no_number_is_refused(length: bytes) -> None:
    assert answer(RequestLimits(reads, 200), endless(), headers=[(b"content-length", length)]) == (400, 0)


@pytest.mark.parametrize("route", [survives, reads])
def test_a_body_that_grows_too_large_without_saying_so_is_cut_short(route: ASGIApp) -> None:
    status, taken = answer(RequestLimits(route, 200), endless())
    assert status == 413
    assert taken <= LARGEST_BODY + 16 * 1024


def test_a_body_that_grows_after_the_answer_is_read_no_further() -> None:
    status, taken = answer(RequestLimits(answers_first, 200), endless())
    assert status == 200
    assert taken <= LARGEST_BODY + 16 * 1024


def test_a_body_that_fits_arrives_whole() -> None:
    assert answer(RequestLimits(reads, 200), iter([b"x" * LARGEST_BODY])) == (200, LARGEST_BODY)


def test_an_upload_may_be_as_large_as_the_settings_say_and_no_larger() -> None:
    limited = RequestLimits(reads, 2)
    fits = iter([b"x" * MB] * 2)
    assert answer(limited, fits, path=f"{UPLOADS}session/file") == (200, 2 * MB)
    status, taken = answer(limited, endless(MB // 4), path=f"{UPLOADS}session/file")
    assert status == 413
    assert taken <= 3.5 * MB
    headers = [(b"content-length", str(4 * MB).encode())]
    assert answer(limited, endless(), path=f"{UPLOADS}session/file", headers=headers) == (413, 0)


def test_an_address_or_headers_that_are_too_long_are_refused() -> None:
    limited = RequestLimits(reads, 200)
    assert answer(limited, iter([]), query_string=b"x" * 9000)[0] == 414
    assert answer(limited, iter([]), raw_path=b"/" + b"x" * 9000)[0] == 414
    assert answer(limited, iter([]), headers=[(b"cookie", b"x" * 40_000)])[0] == 431
    assert answer(limited, iter([]), headers=[(b"cookie", b"x" * 12_000)])[0] == 200


def test_each_address_has_a_rate_of_its_own_and_a_minute_clears_it() -> None:
    moment = [0.0]
    limited = RateLimits(reads, {"/r/": 2}, clock=lambda: moment[0])

    def ask(address: str = "192.0.2.1", path: str = "/r/x") -> int:
        return answer(limited, iter([]), path=path, client=(address, 1))[0]

    assert [ask(), ask(), ask()] == [200, 200, 429]
    assert ask("192.0.2.2") == 200
    assert [ask(path="/reports") for _ in range(5)] == [200] * 5
    moment[0] = 61
    assert ask() == 200


def test_the_addresses_of_one_network_of_ipv6_are_one_persons() -> None:
    limited = RateLimits(reads, {"/r/": 1}, clock=lambda: 0)

    def ask(address: str) -> int:
        return answer(limited, iter([]), path="/r/x", client=(address, 1))[0]

    assert [ask("2001:db8::1"), ask("2001:db8::2"), ask("2001:db8:0:1::1")] == [200, 429, 200]
    assert [ask("::ffff:192.0.2.1"), ask("::ffff:192.0.2.2")] == [200, 200]


def test_a_websocket_passes_untouched() -> None:
    seen: list[Scope] = []

    async def app(scope: Scope, _receive: Receive, _send: Send) -> None:
        seen.append(scope)

    scope = {"type": "websocket", "path": "/r/", "query_string": b"x" * 9000, "headers": []}
    for limited in (RequestLimits(app, 1), RateLimits(app, {"/r/": 0})):
        asyncio.run(limited(scope, None, None))
    assert seen == [scope, scope]
