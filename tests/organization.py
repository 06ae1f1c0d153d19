"""A made-up organization whose every call is known, exported in fifteen ways that overlap, leave gaps, shift zones and copy each other.

What it spent is known to the nano-dollar (`Organization.truth`), so whatever is imported of it, in whatever order, has one right total.

* Ann uses Claude Code on a key of her own: on a laptop (transcripts, telemetry), on a server (nothing but the bill), and from a program.
* Ben uses Claude Code on another key; only telemetry knows of it.
* A backend has a key, and a log of its own in another time zone, with a few days missing. Batches have a key, and nothing else.
* Cal is on a plan: the transcripts say so. Cursor and OpenRouter bill by themselves.
"""

from __future__ import annotations

import csv
import io
import json
import random
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, Final

OPUS, HAIKU = "claude-opus-5-5", "claude-haiku-4-5"
COUNTS: Final = ("fresh", "write_5m", "write_1h", "read", "output")
NANOS: Final = {OPUS: (4000, 5000, 8000, 200, 20_000), HAIKU: (1000, 1250, 2000, 100, 5000)}  # a token of each count
NAMES: Final = {OPUS: "Claude Opus 5.5", HAIKU: "Claude Haiku 4.5"}
TOKEN_TYPES: Final = ("input_no_cache", "input_cache_write_5m", "input_cache_write_1h", "input_cache_read", "output")
API_TYPES: Final = (
    "uncached_input_tokens",
    "cache_creation.ephemeral_5m_input_tokens",
    "cache_creation.ephemeral_1h_input_tokens",
    "cache_read_input_tokens",
    "output_tokens",
)
ANN, BEN = "claude_code_key_ann_ab12", "claude_code_key_ben_cd34"
WORKSPACE: Final = {ANN: "Claude Code", BEN: "Claude Code", "backend": "Default", "batches": "Default"}
KEY_IDS: Final = {ANN: "apikey_01Ann", BEN: "apikey_02Ben", "backend": "apikey_03Backend", "batches": "apikey_04Batches"}
WORKSPACE_IDS: Final = {"Claude Code": "wrkspc_01ClaudeCode", "Default": None}
BEGUN: Final = datetime(2026, 11, 2, tzinfo=UTC)
DAYS: Final = 6
UNBILLED: Final = DAYS - 1  # the last day is not in the cost report yet
AFTER: Final = datetime(2026, 11, 12, tzinfo=UTC)

Files = dict[str, bytes]


@dataclass(frozen=True)
class Call:
    """One request as it was: whose, where, when, and what it used."""

    number: int
    where: str  # laptop, server, program, ben, backend, batches, plan
    key: str | None
    at: datetime
    model: str
    counts: tuple[int, ...]

    @property
    def day(self) -> int:
        return (self.at - BEGUN).days

    @property
    def nanos(self) -> int:
        return sum(count * rate for count, rate in zip(self.counts, NANOS[self.model], strict=True))

    @property
    def session(self) -> str:
        return f"{self.where}-{self.day}"


@dataclass(frozen=True)
class Organization:
    """All calls, what Cursor and OpenRouter charged in nanos, and the exports of all of it by name."""

    calls: tuple[Call, ...]
    cursor: tuple[tuple[datetime, int], ...]
    openrouter: tuple[tuple[datetime, int], ...]
    files: Files = field(default_factory=dict)

    @property
    def truth(self) -> int:
        """What all of it cost, in nanos."""
        return sum(call.nanos for call in self.calls) + sum(nanos for _, nanos in (*self.cursor, *self.openrouter))

    def of(self, *places: str) -> list[Call]:
        return [call for call in self.calls if call.where in places]


def made(seed: int, calls_a_day: int = 4) -> Organization:
    """An organization of its own for each seed."""
    chance = random.Random(seed)
    keys = {"laptop": ANN, "server": ANN, "program": ANN, "ben": BEN, "backend": "backend", "batches": "batches", "plan": None}
    calls = []
    for where, key in keys.items():
        for day in range(DAYS):
            # some of it within minutes of midnight, which is another day in other zones
            moments = sorted(
                chance.choice([chance.uniform(0, 86_399), chance.uniform(82_000, 86_399)]) for _ in range(calls_a_day)
            )
            for second in moments:
                model = chance.choice([OPUS, OPUS, HAIKU])
                fresh, write, read, output = (chance.randint(1, most) for most in (900, 20_000, 150_000, 3000))
                counts = (fresh, 0, write, read, output) if where == "plan" else (fresh, write, 0, read, output)
                at = BEGUN + timedelta(days=day, milliseconds=int(second * 1000))
                calls.append(Call(len(calls), where, key, at, model, counts))
    cursor = tuple((BEGUN + timedelta(hours=7 * hour), chance.randint(1, 400) * 10_000_000) for hour in range(9))
    openrouter = tuple((BEGUN + timedelta(hours=11 * hour), chance.randint(1, 900_000) * 1000) for hour in range(9))
    found = Organization(tuple(calls), cursor, openrouter)
    for name, export in EXPORTS.items():
        made_of = export(found)
        assert made_of, name
        found.files.update(made_of)
    return found


def stamp(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def lines(rows: Iterable[dict[str, Any]]) -> bytes:
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def table(header: Iterable[str], rows: Iterable[Iterable[object]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([list(header), *map(list, rows)])
    return text.getvalue().encode()


def usage(call: Call) -> dict[str, Any]:
    """The counts as Claude's API writes them."""
    fresh, write_5m, write_1h, read, output = call.counts
    lifetimes = {"ephemeral_5m_input_tokens": write_5m, "ephemeral_1h_input_tokens": write_1h}
    writes = {"cache_creation_input_tokens": write_5m + write_1h, "cache_creation": lifetimes}
    return {"input_tokens": fresh, "cache_read_input_tokens": read, "output_tokens": output, "service_tier": "standard"} | writes


def transcripts(found: Organization) -> Files:
    """One file a session; every fifth output is unfinished; a session was gone on with elsewhere, which copied its lines."""
    files, sessions = {}, defaultdict(list)
    for call in found.of("laptop", "program", "plan"):
        counts = usage(call)
        unfinished = call.where == "laptop" and call.number % 5 == 0
        if unfinished:
            counts["output_tokens"] = 1
        message = {"id": f"msg_{call.number:06d}", "role": "assistant", "model": call.model, "usage": counts, "type": "message"}
        message |= {"content": [{"type": "text", "text": "."}], "stop_reason": None if unfinished else "end_turn"}
        sessions[call.session].append(
            {
                "type": "assistant", "uuid": f"line-{call.number}", "parentUuid": None, "isSidechain": False, "userType": "external",
                "cwd": "/home/ann/garden", "sessionId": call.session, "version": "2.1.330", "timestamp": stamp(call.at),
                "entrypoint": "sdk-cli" if call.where == "program" else "cli", "requestId": f"req_{call.number:06d}", "message": message,
            }
        )  # fmt: skip
    for session, rows in sessions.items():
        if session not in ("laptop-3", "program-3"):  # cleaned up
            files[f"{session}.jsonl"] = lines(rows)
    copied = [row | {"sessionId": "fork", "forkedFrom": {"sessionId": "laptop-1"}} for row in sessions["laptop-1"]]
    return files | {"fork.jsonl": lines(copied)}


def attribute(name: str, value: object) -> dict[str, Any]:
    kind = {int: "intValue", float: "doubleValue"}.get(type(value), "stringValue")
    return {"key": name, "value": {kind: str(value) if kind == "intValue" else value}}


def telemetry(found: Organization) -> Files:
    """Claude Code's own events on the laptop, from the second day on, and of Ben."""
    records = []
    for call in found.of("laptop", "ben"):
        if call.where == "laptop" and call.day < 1:
            continue
        fresh, write_5m, write_1h, read, output = call.counts
        told = {
            "event.name": "api_request", "session.id": call.session, "model": call.model, "request_id": f"req_{call.number:06d}",
            "input_tokens": fresh, "output_tokens": output, "cache_read_tokens": read, "cache_creation_tokens": write_5m + write_1h,
            "cost_usd": call.nanos / 1e9, "duration_ms": 900, "app.entrypoint": "cli", "query_source": "repl_main_thread",
        }  # fmt: skip
        attributes = [attribute(name, value) for name, value in told.items()]
        at = str(int(call.at.timestamp() * 1000)) + "000000"
        records.append({"timeUnixNano": at, "body": {"stringValue": "claude_code.api_request"}, "attributes": attributes})
    scope = {"scope": {"name": "com.anthropic.claude_code.events"}, "logRecords": records}
    return {"telemetry.jsonl": lines([{"resourceLogs": [{"resource": {"attributes": []}, "scopeLogs": [scope]}]}])}


def printed(found: Organization) -> Files:
    """What `claude -p --output-format stream-json` wrote, session by session."""
    files: Files = {}
    for day in range(DAYS):
        calls = [call for call in found.of("program") if call.day == day]
        session = {"session_id": calls[0].session}
        init = {"type": "system", "subtype": "init", "cwd": "/home/ann/garden", "model": OPUS, "claude_code_version": "2.1.330"}
        rows: list[dict[str, Any]] = [init | session]
        for call in calls:
            message = {"id": f"msg_{call.number:06d}", "model": call.model, "role": "assistant", "stop_reason": "end_turn"}
            message |= {"content": [{"type": "text", "text": "."}], "usage": usage(call)}
            rows.append({"type": "assistant", "message": message, "timestamp": stamp(call.at)} | session)
        files[f"printed-{day}.jsonl"] = lines(rows)
    return files


def sums(calls: Iterable[Call], width: str) -> dict[tuple[str, str, str], list[int]]:
    """Counts by bucket (as the Console writes it), key and model."""
    found: dict[tuple[str, str, str], list[int]] = defaultdict(lambda: [0] * 5)
    for call in calls:
        if call.key:
            into = found[call.at.strftime(width), call.key, call.model]
            into[:] = [one + more for one, more in zip(into, call.counts, strict=True)]
    return found


def console_tokens(found: Organization) -> Files:
    """The Console's token export by day, and two days by hour."""
    header = (
        "usage_date_utc", "model_version", "api_key", "workspace", "usage_type", "context_window", "usage_input_tokens_no_cache",
        "usage_input_tokens_cache_write_5m", "usage_input_tokens_cache_write_1h", "usage_input_tokens_cache_read", "usage_output_tokens",
        "web_search_count", "inference_geo", "speed",
    )  # fmt: skip

    def export(calls: Iterable[Call], width: str) -> bytes:
        rows = [
            (at, model, key, WORKSPACE[key], "standard", "≤ 200k", *counts, 0, "not_available", "")
            for (at, key, model), counts in sorted(sums(calls, width).items())
        ]
        return table(header, rows)

    files = {"claude_api_tokens_2026_11.csv": export(found.calls, "%Y-%m-%d")}
    for day in (1, 4):
        name = f"claude_api_tokens_2026_11_{2 + day:02d}.csv"
        files[name] = export([call for call in found.calls if call.day == day], "%Y-%m-%d %H:00")
    return files


def console_cost(found: Organization) -> Files:
    """The Console's cost export: each row rounded to the cent."""
    header = (
        "usage_date_utc", "model", "workspace", "api_key", "usage_type", "context_window", "token_type", "cost_usd", "list_price_usd",
        "cost_type", "inference_geo", "speed",
    )  # fmt: skip
    rows = []
    for (day, key, model), counts in sorted(sums((one for one in found.calls if one.day < UNBILLED), "%Y-%m-%d").items()):
        for kind, count, rate in zip(TOKEN_TYPES, counts, NANOS[model], strict=True):
            usd = f"{round(count * rate / 1e7) / 100:.2f}"
            rows.append(
                (day, NAMES[model], WORKSPACE[key], key, "message", "≤ 200k", kind, usd, usd, "token", "not_available", "")
            )
    return {"claude_api_cost_2026_11_02_to_2026_11_06.csv": table(header, rows)}


def day_buckets(rows: dict[str, list[dict[str, Any]]]) -> bytes:
    data = [
        {
            "starting_at": f"{day}T00:00:00Z",
            "ending_at": f"{(datetime.fromisoformat(day) + timedelta(days=1)).date()}T00:00:00Z",
            "results": results,
        }
        for day, results in sorted(rows.items())
    ]
    return json.dumps({"data": data, "has_more": False, "next_page": None}).encode()


def admin_usage(found: Organization) -> Files:
    """The Admin API's usage report by day and key, with ids for names."""
    days: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for (day, key, model), (fresh, write_5m, write_1h, read, output) in sums(found.calls, "%Y-%m-%d").items():
        days[day].append(
            {
                "account_id": None, "api_key_id": KEY_IDS[key], "workspace_id": WORKSPACE_IDS[WORKSPACE[key]], "model": model,
                "service_account_id": None, "service_tier": "standard", "context_window": "0-200k", "inference_geo": "not_available",
                "uncached_input_tokens": fresh, "cache_read_input_tokens": read, "output_tokens": output,
                "cache_creation": {"ephemeral_1h_input_tokens": write_1h, "ephemeral_5m_input_tokens": write_5m},
                "server_tool_use": {"web_search_requests": 0},
            }
        )  # fmt: skip
    return {"usage.json": day_buckets(days)}


def cents(nanos: int) -> str:
    whole, part = divmod(nanos, 10_000_000)
    return f"{whole}.{part:07d}".rstrip("0").rstrip(".")


def admin_cost(found: Organization) -> Files:
    """The Admin API's cost report: exact, by workspace, and without keys."""
    amounts: dict[tuple[str, str, str, str], int] = defaultdict(int)
    for call in found.calls:
        if call.key and call.day < UNBILLED:
            for kind, count, rate in zip(API_TYPES, call.counts, NANOS[call.model], strict=True):
                amounts[call.at.strftime("%Y-%m-%d"), WORKSPACE[call.key], call.model, kind] += count * rate
    days: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for (day, workspace, model, kind), nanos in sorted(amounts.items()):
        days[day].append(
            {
                "currency": "USD", "amount": cents(nanos), "workspace_id": WORKSPACE_IDS[workspace], "cost_type": "tokens",
                "description": f"{NAMES[model]} Usage - {kind}", "context_window": "0-200k", "model": model, "service_tier": "standard",
                "token_type": kind, "inference_geo": "global",
            }
        )  # fmt: skip
    return {"cost.json": day_buckets(days)}


def users(found: Organization) -> Files:
    """Claude Code Analytics: each key's day, its cost in whole cents."""
    data = []
    for (day, key, model), (fresh, write_5m, write_1h, read, output) in sorted(sums(found.calls, "%Y-%m-%d").items()):
        if WORKSPACE[key] == "Claude Code":
            nanos = sum(n * rate for n, rate in zip((fresh, write_5m, write_1h, read, output), NANOS[model], strict=True))
            used = {
                "model": model,
                "tokens": {"input": fresh, "output": output, "cache_read": read, "cache_creation": write_5m + write_1h},
                "estimated_cost": {"currency": "USD", "amount": round(nanos / 1e7)},
            }
            actor = {"type": "api_actor", "api_key_name": key}
            about = {
                "date": f"{day}T00:00:00Z",
                "actor": actor,
                "customer_type": "api",
                "is_remote": False,
                "terminal_type": "vscode",
            }
            data.append(about | {"core_metrics": {"num_sessions": 1}, "tool_actions": {}, "model_breakdown": [used]})
    return {"users.json": json.dumps({"data": data, "has_more": False}).encode()}


def gateway(found: Organization) -> Files:
    """The backend's own log, on a clock two hours ahead, with the third day missing."""
    zone = timezone(timedelta(hours=2))
    header = (
        "occurred_at", "app", "model", "input_tokens", "cache_write_5m_tokens", "cache_write_1h_tokens", "cache_read_tokens",
        "output_tokens", "event_id",
    )  # fmt: skip
    rows = [
        (call.at.astimezone(zone).isoformat(timespec="milliseconds"), "shop", call.model, *call.counts, f"msg_{call.number:06d}")
        for call in found.of("backend")
        if call.day != 2
    ]
    return {"shop-log.csv": table(header, rows)}


def cursor(found: Organization) -> Files:
    """Cursor's own bill, and the same export a second time with fewer rows."""
    header = (
        "Date", "Kind", "Model", "Max Mode", "Input (w/ Cache Write)", "Input (w/o Cache Write)", "Cache Read", "Output Tokens",
        "Total Tokens", "Cost",
    )  # fmt: skip
    rows = [
        (stamp(at), "On-Demand", "claude-4.5-opus-high-thinking", "No", 10, 20, 30, 40, 100, f"${nanos / 1e9:.2f}")
        for at, nanos in found.cursor
    ]
    return {"usage-events-2026-11-06.csv": table(header, rows), "usage-events-2026-11-04.csv": table(header, rows[:5])}


def analytics(found: Organization) -> Files:
    """The newer Analytics API: what Claude Code cost, by product and model, for two days."""
    amounts: dict[tuple[str, str, str], int] = defaultdict(int)
    for call in found.calls:
        if call.key and call.day < 2:
            product = "claude_code" if WORKSPACE[call.key] == "Claude Code" else "messages_api"
            amounts[call.at.strftime("%Y-%m-%d"), product, call.model] += call.nanos
    data = [
        {
            "starting_at": f"{day}T00:00:00Z", "ending_at": f"{(datetime.fromisoformat(day) + timedelta(days=1)).date()}T00:00:00Z",
            "group": {"product": product, "model": model},
            "cost": {"amount": cents(nanos), "list_amount": cents(nanos), "currency": "USD", "requests": 9},
        }
        for (day, product, model), nanos in sorted(amounts.items())
    ]  # fmt: skip
    return {"analytics.json": json.dumps({"data": data, "has_more": False}).encode()}


def litellm(found: Organization) -> Files:
    """A proxy's log of the backend's calls, under ids of its own, with its own guess of what they cost."""
    header = (
        "request_id", "call_type", "spend", "total_tokens", "prompt_tokens", "completion_tokens", "startTime", "endTime", "model",
        "custom_llm_provider", "metadata", "status",
    )  # fmt: skip
    rows = []
    for call in found.of("backend"):
        fresh, write_5m, write_1h, read, output = call.counts
        sent, at = fresh + write_5m + write_1h + read, call.at.strftime("%Y-%m-%d %H:%M:%S.%f")
        used = {"cache_read_input_tokens": read, "cache_creation_input_tokens": write_5m + write_1h}
        told = json.dumps({"user_api_key_alias": "proxy", "usage_object": used})
        counts = (f"{call.nanos / 1e9:.9f}", sent + output, sent, output)
        rows.append((f"chatcmpl-{call.number:06d}", "acompletion", *counts, at, at, call.model, "anthropic", told, "success"))
    return {"LiteLLM_SpendLogs.csv": table(header, rows)}


def openrouter(found: Organization) -> Files:
    """OpenRouter's log of generations, with the first day missing, and its activity by day."""
    model, days = "anthropic/claude-4.5-haiku-20251001", defaultdict(int)
    for at, nanos in found.openrouter:
        days[at.strftime("%Y-%m-%d")] += nanos
    header = (
        "generation_id",
        "created_at",
        "cost_total",
        "tokens_prompt",
        "tokens_completion",
        "tokens_cached",
        "model_permaslug",
    )
    rows = [
        (f"gen-{number:010d}-x", at.strftime("%Y-%m-%d %H:%M:%S.000"), f"{nanos / 1e9:.9f}", 100, 20, 30, model)
        for number, (at, nanos) in enumerate(found.openrouter)
        if at >= BEGUN + timedelta(days=1)
    ]
    daily = [(day, model, f"{nanos / 1e9:.9f}", 0, 3, 300, 60, 0) for day, nanos in sorted(days.items())]
    words = ("Date", "Slug", "Usage", "BYOK Usage", "Requests", "Prompt Tokens", "Completion Tokens", "Reasoning Tokens")
    return {"openrouter_activity.csv": table(header, rows), "openrouter_daily.csv": table(words, daily)}


def team_spend(found: Organization) -> Files:
    """What the plan's seats spent in the whole range: a total to compare with, and no day of it."""
    header = ("user_email", "account_uuid", "product", "model", "total_requests", "total_net_spend_usd", "total_gross_spend_usd")
    spent = sum(call.nanos for call in found.of("plan")) / 1e9
    rows = [("cal@garden.example", "0c", "Claude Code", OPUS, 24, f"{spent:.2f}", f"{spent:.2f}")]
    return {"spend-report-2026-11-02-to-2026-11-07.csv": table(header, rows)}


EXPORTS: Final[dict[str, Callable[[Organization], Files]]] = {
    "transcripts": transcripts,
    "telemetry": telemetry,
    "claude -p": printed,
    "Console tokens": console_tokens,
    "Console cost": console_cost,
    "Admin API usage": admin_usage,
    "Admin API cost": admin_cost,
    "Claude Code Analytics": users,
    "own log": gateway,
    "Cursor": cursor,
    "Analytics API cost": analytics,
    "LiteLLM": litellm,
    "OpenRouter": openrouter,
    "Team spend report": team_spend,
}
