"""Asking the organization APIs: every window whole and once, whatever the server does meanwhile; and the key shows nowhere."""

from __future__ import annotations

import logging
import pickle
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from tests.organization_server import ANALYTICS, COST, KEY, USAGE, Answer, Asked, Fault, World, good, refused, serving
from usage_analytics.errors import BadRequest, NotRead
from usage_analytics.sources.organization import reports
from usage_analytics.sources.organization.connection import Connection, NotOffered, Patience
from usage_analytics.sources.organization.key import VARIABLE, Key, find_key, without_keys
from usage_analytics.sources.organization.pages import organization, read_window
from usage_analytics.sources.organization.reports import Window, windows

FAST = Patience(answer=0.4, whole=1.0, first_wait=0.005, longest_wait=0.02, tries=4)
OCTOBER = Window(date(2026, 10, 1), date(2026, 11, 1))


def world(fault: Fault | None = None) -> World:
    days = [date(2026, 10, 1) + timedelta(days=number) for number in range(31)]
    return World(tokens={day: {"apikey_1": day.day, "apikey_2": 100} for day in days}, fault=fault)


def on(path: str, *numbers: int, give: Answer | None = None, act: Fault | None = None) -> Fault:
    """A fault at the given requests for a place, counted from 0."""

    def fault(asked: Asked) -> Answer | None:
        if asked.path != path or (numbers and asked.number not in numbers):
            return None
        return act(asked) if act else give

    return fault


def hang_up(asked: Asked) -> Answer:
    """Close the connection in the middle of an answer that promised more."""
    asked.handler.wfile.write(b'HTTP/1.1 200 OK\r\ncontent-length: 5000\r\n\r\n{"data": [')
    asked.handler.connection.close()
    return 0, {}, b""


def drip(asked: Asked) -> Answer:
    """Answer a byte at a time, longer than anybody should wait."""
    asked.handler.wfile.write(b"HTTP/1.1 200 OK\r\ncontent-length: 5000\r\n\r\n")
    for _ in range(60):
        try:
            asked.handler.wfile.write(b" ")
            asked.handler.wfile.flush()
        except OSError:
            break
        time.sleep(0.05)
    return 0, {}, b""


def sleep(asked: Asked) -> Answer:
    time.sleep(0.6)
    asked.handler.connection.close()
    return 0, {}, b""


# Each is met once or twice, and then the server behaves: the window has to come out whole.
PASSING: dict[str, Fault] = {
    "too many requests, wait": on(USAGE, 1, give=refused(429, "rate_limit_error", retry_after="0.05")),
    "too many requests, wait until": on(
        USAGE, 1, give=refused(429, "rate_limit_error", retry_after="Fri, 20 Nov 2026 12:00:00 GMT")
    ),
    "too many requests, no word how long": on(USAGE, 1, 2, give=refused(429, "rate_limit_error")),
    "server fault": on(USAGE, 0, 2, 3, give=refused(500, "api_error")),
    "gateway fault": on(USAGE, 0, give=(502, {}, b"<html>Bad gateway</html>")),
    "overloaded": on(USAGE, 1, 3, give=refused(529, "overloaded_error")),
    "no answer": on(USAGE, 2, act=sleep),
    "an answer that drips": on(USAGE, 2, act=drip),
    "a connection that breaks off": on(USAGE, 1, act=hang_up),
    "JSON that is cut off": on(USAGE, 1, give=(200, {}, b'{"data": [{"starting_at": "2026-10')),
    "an empty answer": on(USAGE, 3, give=(200, {}, b"")),
    "a page of a proxy": on(USAGE, 0, give=(200, {"content-type": "text/html"}, b"<html>Sign in</html>")),
    "a cursor that expired": on(USAGE, 2, give=refused(410, "gone")),
    "a cursor that expired twice": on(USAGE, 2, 5, give=refused(410, "gone")),
    "a page token that comes again": on(USAGE, 2, give=good({"data": [], "has_more": True, "next_page": "page_7"})),
    "more pages and no token": on(USAGE, 1, give=good({"data": [], "has_more": True, "next_page": None})),
    "the same page again under another token": on(
        USAGE,
        1,
        2,
        give=good({"data": [{"starting_at": "2026-10-01T00:00:00Z"}], "has_more": True, "next_page": "page_14"}),
    ),
}


@pytest.mark.parametrize("name", PASSING)
def test_what_passes_costs_nothing_of_a_window(name: str) -> None:
    known = world(PASSING[name])
    with serving(known) as address, Connection(Key(KEY, "test"), FAST, address) as connection:
        found = read_window(connection, reports.USAGE, OCTOBER)
    days = [bucket["starting_at"] for page in found.pages for bucket in page]
    if "same page again" not in name:
        assert days == sorted(set(days))
    assert sum(row["output_tokens"] for page in found.pages for bucket in page for row in bucket.get("results", ())) == (
        known.total_tokens()
    )
    assert len(known.asked) > 5, "the fault was never met"


LASTING: dict[str, tuple[Fault, str]] = {
    "a key that is not accepted": (on(USAGE, give=refused(401, "authentication_error")), "refused the Admin key"),
    "a redirect elsewhere": (on(USAGE, give=(302, {"location": "https://elsewhere.example/"}, b"")), "redirect"),
    "a fault that stays": (on(USAGE, give=refused(500, "api_error")), "status 500"),
    "pages that lead nowhere": (on(USAGE, give=good({"data": [], "has_more": True, "next_page": "page_7"})), "losing its place"),
    "a cursor that always expires": (on(USAGE, give=refused(410, "gone")), "losing its place"),
    "a wait of an hour": (on(USAGE, give=refused(429, "rate_limit_error", retry_after="3600")), "wait 60 min"),
    "a refusal": (on(USAGE, give=refused(400, "invalid_request_error")), "status 400"),
    "something else": (on(USAGE, give=good([1, 2])), "isn't a report"),
    "no data": (on(USAGE, give=good({"hello": 1})), "something else"),
    "an answer that never comes": (on(USAGE, act=hang_up), "disconnected"),
}


@pytest.mark.parametrize("name", LASTING)
def test_what_lasts_is_one_sentence_without_the_key(name: str) -> None:
    fault, words = LASTING[name]
    with (
        serving(world(fault)) as address,
        Connection(Key(KEY, "test"), FAST, address) as connection,
        pytest.raises(NotRead, match=words) as caught,
    ):
        read_window(connection, reports.USAGE, OCTOBER)
    chain: list[BaseException] = [caught.value]
    while before := chain[-1].__cause__ or chain[-1].__context__:
        chain.append(before)
    assert not any("kanarienvogel" in repr(one) for one in chain)
    assert str(caught.value).endswith(".")


def test_a_server_that_cannot_be_reached_is_one_sentence() -> None:
    with serving(world()) as address:
        pass
    with Connection(Key(KEY, "test"), FAST, address) as connection, pytest.raises(NotRead, match="can't be reached"):
        connection.get("/v1/organizations/me")


def test_the_servers_clock_counts_where_this_machines_is_off() -> None:
    known = world()
    known.clock = datetime(2031, 5, 4, 3, tzinfo=UTC)
    with serving(known) as address, Connection(Key(KEY, "test"), FAST, address) as connection:
        connection.get("/v1/organizations/me")
        assert abs(connection.now - datetime(2031, 5, 4, 3)) < timedelta(seconds=5)


def test_keys_and_workspaces_are_called_by_their_names_where_the_key_may_ask() -> None:
    known = world()
    with serving(known) as address, Connection(Key(KEY, "test"), FAST, address) as connection:
        found = organization(connection)
        assert (found.name, found.names["apikey_2"], found.names["wrkspc_1"]) == ("Garden Ltd", "apikey-name-2", "wrkspc-name-1")
        known.not_offered = ("/v1/organizations/",)
        assert organization(connection).names == {}
        with pytest.raises(NotOffered):
            connection.get(COST)


def test_a_window_of_the_analytics_api_is_whole_though_pages_end_within_a_day() -> None:
    known = world()
    with serving(known) as address, Connection(Key(KEY, "test"), FAST, address) as connection:
        found = read_window(connection, reports.ANALYTICS_USAGE, OCTOBER)
    rows = [row for page in found.pages for row in page]
    assert sum(row["usage"]["output_tokens"] for row in rows) == known.total_tokens()
    asked = [one for one in known.asked if one.path.startswith(ANALYTICS)]
    assert len(asked) == 31
    assert ("order_by", "time") in asked[0].parameters


def test_only_https_is_spoken_but_with_this_machine() -> None:
    for address in (
        "http://api.anthropic.com",
        "ftp://localhost",
        "https://",
        "https://me:secret@example.com",
        "https://a.example?x=1",
    ):
        with pytest.raises(BadRequest, match="https"):
            Connection(Key(KEY, "test"), FAST, address)


@pytest.fixture
def logged() -> Iterator[list[str]]:
    """What handlers of the root logger are given while a test runs."""
    seen: list[str] = []

    class Keeper(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            seen.append(self.format(record))

    keeper, root, level = Keeper(), logging.getLogger(), logging.getLogger().level
    root.addHandler(keeper)
    root.setLevel(logging.DEBUG)
    yield seen
    root.removeHandler(keeper)
    root.setLevel(level)


def test_no_log_and_no_text_shows_the_key(logged: list[str]) -> None:
    with serving(world(PASSING["server fault"])) as address, Connection(Key(KEY, "test"), FAST, address) as connection:
        read_window(connection, reports.USAGE, OCTOBER)
    logging.getLogger("elsewhere").warning("the key is %s", KEY)
    try:
        int(KEY)
    except ValueError:
        logging.getLogger("elsewhere").exception("it failed")
    assert len(logged) > 2
    assert not any("kanarienvogel" in line for line in logged)
    key = Key(KEY, "test")
    assert (repr(key), str(key), f"{key}") == ("…Wxyz",) * 3
    assert without_keys(f"a {KEY} b") == "a sk-ant-… b"
    with pytest.raises(TypeError):
        pickle.dumps(key)


def test_the_key_is_in_no_address() -> None:
    known = world()
    with serving(known) as address, Connection(Key(KEY, "test"), FAST, address) as connection:
        read_window(connection, reports.USAGE, OCTOBER)
    assert all(one.headers["x-api-key"] == KEY for one in known.asked)
    assert not any("kanarienvogel" in f"{one.path}{one.parameters}" for one in known.asked)


def test_a_key_comes_from_the_environment_and_has_to_be_an_admin_key() -> None:
    assert find_key({}) is None
    found = find_key({VARIABLE: f" {KEY}\n"})
    assert found is not None
    assert (found.reveal(), found.where) == (KEY, VARIABLE)
    for wrong in ("sk-ant-api03-" + "x" * 40, "sk-ant-oat01-" + "x" * 40, "short", "sk-ant-admin01 " + "x" * 30 + "\nhost: evil"):
        with pytest.raises(BadRequest, match="Admin key") as caught:
            find_key({VARIABLE: wrong})
        assert "xxxx" not in str(caught.value)


def test_the_first_sync_goes_back_a_year_and_the_next_ones_a_few_days() -> None:
    now = datetime(2026, 11, 20, 12)
    first = windows(reports.USAGE, (), now)
    assert (first[0].start, first[-1].end) == (date(2025, 11, 22), date(2026, 11, 21))
    assert all(one.end == following.start for one, following in pairwise(first))
    assert all((one.end - one.start).days <= 31 for one in first)
    assert windows(reports.USAGE, first, now) == (Window(date(2026, 11, 17), date(2026, 11, 21)),)
    assert windows(reports.ANALYTICS_COST, (), now)[0].start == date(2026, 1, 1)


def test_a_month_is_read_once_more_when_it_is_over() -> None:
    read = [*windows(reports.USAGE, (), datetime(2026, 11, 20, 12))]
    december = datetime(2026, 12, 1, 6)
    again = windows(reports.USAGE, read, december)
    assert again == (Window(date(2026, 11, 1), date(2026, 12, 1)), Window(date(2026, 12, 1), date(2026, 12, 2)))
    assert windows(reports.USAGE, [*read, *again], december) == (
        Window(date(2026, 11, 28), date(2026, 12, 1)),
        Window(date(2026, 12, 1), date(2026, 12, 2)),
    )


def test_a_gap_is_read_again_from_its_beginning() -> None:
    read = [one for one in windows(reports.USAGE, (), datetime(2026, 11, 20, 12)) if one.start != date(2026, 3, 1)]
    assert windows(reports.USAGE, read, datetime(2026, 11, 21, 12))[0].start <= date(2026, 3, 1)
