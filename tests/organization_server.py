"""A stand-in for the organization APIs on this machine: it answers from a truth that tests may change, and misbehaves on request."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

KEY: Final = "sk-ant-admin01-kanarienvogel-0123456789abcdef-Wxyz"
USAGE: Final = "/v1/organizations/usage_report/messages"
COST: Final = "/v1/organizations/cost_report"
CLAUDE_CODE: Final = "/v1/organizations/usage_report/claude_code"
ANALYTICS: Final = "/v1/organizations/analytics/"
GARDEN: Final = {"id": "0f1e2d3c-0000-4000-8000-000000000001", "name": "Garden Ltd", "type": "organization"}

Answer = tuple[int, dict[str, str], bytes]
Fault = Callable[["Asked"], Answer | None]


@dataclass
class Asked:
    """One request: where, with which parameters, and how many came before it for the same place."""

    path: str
    parameters: list[tuple[str, str]]
    headers: dict[str, str]
    number: int
    handler: BaseHTTPRequestHandler

    def one(self, name: str) -> str | None:
        return dict(self.parameters).get(name)


@dataclass
class World:
    """What the server knows and does. `tokens` and `cents` are by day; `clock` is its time."""

    tokens: dict[date, dict[str, int]] = field(default_factory=dict)  # key id: output tokens
    cents: dict[date, dict[str, str]] = field(default_factory=dict)  # description: amount
    people: dict[date, dict[str, int]] = field(default_factory=dict)  # email address: output tokens
    clock: datetime = datetime(2026, 11, 20, 12, tzinfo=UTC)
    page_days: int = 7  # how many days a page holds
    fault: Fault | None = None
    not_offered: tuple[str, ...] = ()
    asked: list[Asked] = field(default_factory=list)

    def total_tokens(self) -> int:
        return sum(sum(day.values()) for day in self.tokens.values())

    def answer(self, asked: Asked) -> Answer:
        if (found := self.fault(asked)) is not None if self.fault else False:
            return found
        if asked.headers.get("x-api-key") != KEY:
            return refused(401, "authentication_error")
        if any(asked.path.startswith(place) for place in self.not_offered):
            return refused(403, "permission_error")
        if asked.path == "/v1/organizations/me":
            return good(GARDEN)
        if asked.path in ("/v1/organizations/api_keys", "/v1/organizations/workspaces"):
            kind = "apikey" if "keys" in asked.path else "wrkspc"
            listed = [{"id": f"{kind}_{number}", "name": f"{kind}-name-{number}", "type": kind} for number in (1, 2)]
            return good({"data": listed, "has_more": False, "first_id": listed[0]["id"], "last_id": listed[1]["id"]})
        if asked.path == CLAUDE_CODE:
            return good(self._people(asked))
        if asked.path.startswith(ANALYTICS):
            return good(self._analytics(asked))
        if asked.path in (USAGE, COST):
            return good(self._buckets(asked))
        return refused(404, "not_found_error")

    def _days(self, asked: Asked) -> tuple[list[date], str | None]:
        """The days of a page, and the token of the next; a window may not reach beyond tomorrow."""
        start, end = (datetime.fromisoformat(asked.one(name) or "") for name in ("starting_at", "ending_at"))
        assert end <= self.clock + timedelta(days=1), "asked for the future"
        assert timedelta() < end - start <= timedelta(days=31), "asked for too much at once"
        first = start.date() + timedelta(days=int((asked.one("page") or "page_0").removeprefix("page_")))
        last = min(first + timedelta(days=self.page_days), end.date())
        following = f"page_{(last - start.date()).days}" if last < end.date() else None
        return [first + timedelta(days=number) for number in range((last - first).days)], following

    def _buckets(self, asked: Asked) -> dict[str, Any]:
        days, following = self._days(asked)
        data = []
        for day in days:
            if asked.path == USAGE:
                results: list[dict[str, Any]] = [
                    {"api_key_id": key, "workspace_id": "wrkspc_1", "model": "claude-opus-5-5", "service_tier": "standard"}
                    | {"account_id": None, "service_account_id": None, "context_window": "0-200k", "inference_geo": "global"}
                    | {"uncached_input_tokens": 10, "cache_read_input_tokens": 0, "output_tokens": count}
                    | {"cache_creation": {"ephemeral_1h_input_tokens": 0, "ephemeral_5m_input_tokens": 0}}
                    | {"server_tool_use": {"web_search_requests": 0}}
                    for key, count in self.tokens.get(day, {}).items()
                ]
            else:
                results = [
                    {"currency": "USD", "amount": amount, "workspace_id": "wrkspc_1", "description": description}
                    | {"cost_type": "tokens", "context_window": "0-200k", "model": "claude-opus-5-5", "service_tier": "standard"}
                    | {"token_type": "output_tokens", "inference_geo": "global"}
                    for description, amount in self.cents.get(day, {}).items()
                ]
            data.append({"starting_at": stamp(day), "ending_at": stamp(day + timedelta(days=1)), "results": results})
        return {"data": data, "has_more": following is not None, "next_page": following}

    def _people(self, asked: Asked) -> dict[str, Any]:
        day = date.fromisoformat(asked.one("starting_at") or "")
        data = [
            {"date": stamp(day), "actor": {"type": "user_actor", "email_address": person}, "organization_id": GARDEN["id"]}
            | {"customer_type": "subscription", "subscription_type": "team", "is_remote": False, "terminal_type": "vscode"}
            | {"core_metrics": {"num_sessions": 1}, "tool_actions": {}}
            | {
                "model_breakdown": [
                    {"model": "claude-opus-5-5", "estimated_cost": {"currency": "USD", "amount": 1}}
                    | {"tokens": {"input": 1, "output": count, "cache_read": 0, "cache_creation": 0}}
                ]
            }
            for person, count in self.people.get(day, {}).items()
        ]
        return {"data": data, "has_more": False, "next_page": None}

    def _analytics(self, asked: Asked) -> dict[str, Any]:
        """Rows of the newer API: a page ends after two rows, in the middle of a day if need be."""
        assert asked.headers.get("anthropic-beta") == "analytics-usage-cost-2026-08-24"
        start, end = (datetime.fromisoformat(asked.one(name) or "").date() for name in ("starting_at", "ending_at"))
        is_cost = asked.path.endswith("cost")
        stated: dict[date, dict[str, Any]] = dict(self.cents if is_cost else self.tokens)
        rows = []
        for day in sorted(stated):
            for name, value in stated[day].items() if start <= day < end else ():
                group = {
                    "api_key_id": "apikey_1" if is_cost else name,
                    "product": "claude_code",
                    "model": "claude-opus-5-5",
                    "actor": None,
                }
                said: dict[str, Any] = {"usage": {"uncached_input_tokens": 10, "output_tokens": value, "requests": 1}}
                if is_cost:
                    said = {"cost": {"amount": value, "list_amount": value, "currency": "USD", "requests": 1}}
                rows.append({"starting_at": stamp(day), "ending_at": stamp(day + timedelta(days=1)), "group": group} | said)
        at = int((asked.one("page") or "page_0").removeprefix("page_"))
        more = at + 2 < len(rows)
        return {"data": rows[at : at + 2], "has_more": more, "next_page": f"page_{at + 2}" if more else None}


def stamp(day: date) -> str:
    return f"{day.isoformat()}T00:00:00Z"


def good(document: object) -> Answer:
    return 200, {"content-type": "application/json"}, json.dumps(document).encode()


def refused(status: int, kind: str, **headers: str) -> Answer:
    said = {"type": "error", "error": {"type": kind, "message": "said by the stand-in"}}
    return status, {name.replace("_", "-"): value for name, value in headers.items()}, json.dumps(said).encode()


def on_path(path: str, answer: Answer) -> Fault:
    """A fault at every request for a place."""
    return lambda asked: answer if asked.path == path else None


@contextmanager
def serving(world: World) -> Iterator[str]:
    """The address at which the stand-in answers."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            headers = {name.lower(): value for name, value in self.headers.items()}
            number = sum(one.path == parts.path for one in world.asked)
            asked = Asked(parts.path, parse_qsl(parts.query), headers, number, self)
            world.asked.append(asked)
            status, said, content = world.answer(asked)
            if status == 0:  # the fault has dealt with it
                self.close_connection = True
                return
            self.send_response_only(status)
            self.send_header("date", format_datetime(world.clock, usegmt=True))
            for name, value in ({"content-length": str(len(content))} | said).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Nothing: the tests' output is theirs."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
