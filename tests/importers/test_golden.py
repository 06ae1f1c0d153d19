"""Drawn exports of every format, with everything odd that a line may hold, against what they came to when somebody last read it."""

from __future__ import annotations

import csv
import io
import json
import random
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any, Final

import pyarrow.parquet as pq

from tests.databases import Read, read
from tests.described import described
from tests.importers.conftest import Import, Imported
from tests.transcripts import SONNET, Line, call, notice, prompt, record, result, text, usage
from usage_analytics.events import TABLES

GOLDEN: Final = Path(__file__).with_name("golden")
MOST: Final = 10**12
Golden = Callable[[Path, str], None]


def told(rows: list[dict[str, Any]]) -> str:
    """Each row on a line, without what it does not say."""
    lines = [
        ", ".join(f"{name} {value}" for name, value in row.items() if value is not None and name != "import_no") for row in rows
    ]
    return "".join(f"{line}\n" for line in lines)


def rows_of(found: Read) -> list[dict[str, Any]]:
    """The rows of a transcript, table by table."""
    return [*found.observations, *found.prompts, *found.limits, *found.session_totals]


def all_of(found: Imported) -> str:
    """Every table of a file, its rows sorted, and the account of its lines."""
    tables = {
        name: [row for part in sorted(found.folder.glob(f"{name}-*.parquet")) for row in pq.read_table(part).to_pylist()]
        for name in TABLES
    }
    parts = [f"# {name}\n{''.join(sorted(told(rows).splitlines(keepends=True)))}" for name, rows in tables.items() if rows]
    return "".join(parts) + described(found.account)


# Claude Code


def usage_of(chance: random.Random) -> Line:
    """The counts of a line, in any of the forms in which clients have written them."""

    def some(*more: Any) -> Any:
        return chance.choice([None, 0, -5, chance.randint(1, 9), chance.randint(10, 90_000), *more])

    created = chance.choice([None, {}, {"ephemeral_5m_input_tokens": some(), "ephemeral_1h_input_tokens": some()}])
    passes = [
        {
            "type": chance.choice([None, "message", "message", "adviser", "compaction"]),
            "model": chance.choice([None, "claude-opus-5-5"]),
            "input_tokens": some(),
            "output_tokens": some(),
            "cache_read_input_tokens": some(),
            "cache_creation_input_tokens": some(),
            "cache_creation": chance.choice([None, {"ephemeral_5m_input_tokens": some(), "ephemeral_1h_input_tokens": some()}]),
        }
        for _ in range(chance.choice([0, 0, 0, 1, 2, 3]))
    ]
    found: Line = {
        "input_tokens": some(),
        "cache_creation_input_tokens": some(),
        "cache_read_input_tokens": some(),
        "cache_creation": created,
        "output_tokens": some(),
        "service_tier": chance.choice([None, "standard", "batch", "priority"]),
        "inference_geo": chance.choice([None, "us", "global", "elsewhere"]),
        "speed": chance.choice([None, "standard", "fast"]),
        "server_tool_use": chance.choice([None, {}, {"web_search_requests": some()}]),
        "iterations": passes or None,
    }
    if passes and chance.random() < 0.6:  # passes that add up
        whole = [one for one in passes if one["type"] in (None, "message")]
        for name in ("input_tokens", "cache_read_input_tokens", "output_tokens"):
            found[name] = sum(max(one[name] or 0, 0) for one in whole)
        short = [max((one["cache_creation_input_tokens"] or 0), 0) for one in whole]
        for one in passes:
            one["cache_creation"] = None
        found |= {"cache_creation_input_tokens": sum(short), "cache_creation": None}
    return found


def lines_of_calls(chance: random.Random, calls: int) -> list[Line]:
    """Calls of one to four lines: streamed, copied into another conversation, of subagents, without an id of their own."""
    found = []
    for number in range(calls):
        named = {
            "isSidechain": chance.choice([False, False, None, True]),
            "agentId": chance.choice([None, "a1"]),
            "entrypoint": chance.choice([None, "cli", "sdk-py", "claude-desktop", "of-next-year"]),
            "sessionId": chance.choice(["one", "two"]),
            "cwd": chance.choice([None, "/", "/home/robin/garden/", "C:\\work\\orchard"]),
            "version": chance.choice([None, "2.1.330"]),
            "model": chance.choice([SONNET, "claude-opus-5-5[1m]", "something-else", None]),
            "request": chance.choice(["same as name", "same as name", None]),
        }
        message = {"id": f"msg_{number}" if chance.random() < 0.9 else None}
        for line in range(chance.randint(1, 4)):
            own = dict(named)
            if chance.random() < 0.15:
                own |= {"sessionId": "elsewhere", "forkedFrom": {"sessionId": "one"}}
            if chance.random() < 0.1:
                own |= {"cwd": "/home/robin/shed", "isSidechain": True}
            content = chance.choice(
                [
                    "some words",
                    [{"type": "text", "text": "ä" * line}, {"type": "thinking", "thinking": "abc"}],
                    7,
                    [{"type": "tool_use", "name": "Read", "input": {"path": "x" * number}}],
                ]
            )
            found.append(
                call(
                    f"{number}",
                    chance.choice([0, 60 * number, 60 * number + line, 60 * number - line]),
                    stop=chance.choice([None, None, "end_turn"]),
                    content=content,
                    counts=usage_of(chance),
                    message=message,
                    costUSD=chance.choice([None, None, 0, 0.5, 1.25, -1, 1e9, 999_999_999.5]),
                    uuid=chance.choice([None, f"uuid-{number}-{line}"]),
                    **own,
                )
            )
    return found


def lines_that_cannot_be() -> list[Line]:
    """Counts and times at what is still possible, and beyond it; two lines of which one is possible."""
    later = [{"timestamp": f"{year}-06-01T00:00:00Z"} for year in (1969, 1970, 8999, 9000)]
    far = [call(f"year {number}", **one) for number, one in enumerate(later)]
    names = ("input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens", "output_tokens")
    counted = [
        call(f"much of {name} {over}", counts=usage(0, output=0) | {"cache_creation": None, name: MOST + over})
        for name, over in product(names, (-1, 0, 1))
    ]
    searched = call("searched", counts=usage() | {"server_tool_use": {"web_search_requests": MOST + 1}})
    passed = call("passed", counts=usage() | {"iterations": [{"type": "adviser", "input_tokens": MOST + 1}]})
    both = [call("both", 5, counts=usage(MOST + 1)), call("both", 6, counts=usage(17))]
    return [*far, *counted, searched, passed, *both, call("no time", timestamp=None)]


def notices(chance: random.Random) -> list[Line]:
    """What the client says in its own name: refusals by words, by status, by code; and what is none."""
    words = [
        "You've hit your session limit · resets 3pm",
        "You’ve reached your weekly limit",
        "You've hit your galactic limit",
        "Request rejected",
        "Claude AI usage limit reached|1793620800",
        "Now using extra usage",
        "Overloaded",
        "",
    ]
    found = []
    for number in range(120):
        quota = chance.choice(
            [
                None,
                None,
                {
                    "rateLimitType": chance.choice(["seven_day", "of next year", None]),
                    "resetsAt": chance.choice([None, 0, 1793620800.5, 1e30]),
                    "overageDisabledReason": chance.choice([None, "out_of_credits", "No code, but words"]),
                },
            ]
        )
        line = notice(
            chance.choice(words),
            number,
            quotaLimits=quota,
            error=chance.choice([None, None, "rate_limit", "billing_error", "overloaded", "unheard_of", "x" * 61]),
            apiErrorIsTransient=chance.choice([None, None, None, False, True]),
            entrypoint=chance.choice(["cli", "sdk-ts"]),
        )
        line["isApiErrorMessage"] = chance.choice([True, True, False, None])
        if chance.random() < 0.2:
            line["message"]["model"] = SONNET
        if chance.random() < 0.1:
            line["message"]["content"] = chance.choice(words)
        if chance.random() < 0.05:
            del line["timestamp"]
        found.append(line)
        shown = {"content": chance.choice(words), "subtype": chance.choice(["informational", "turn_duration"])}
        found.append(record("system", number, **shown, uuid=f"system-{number}"))
    return found


def prompts(chance: random.Random) -> list[Line]:
    """Prompts and what looks like one."""
    found = [record("system", 3, subtype="scheduled_task_fire"), result(4)]
    said = [
        "words",
        "<command-name>/clear",
        "  <system-reminder>",
        "<task-notification>done",
        "",
        [{"type": "text", "text": "words"}],
        [{"type": "tool_result", "content": "x"}],
        [{"type": "tool_result", "content": "x"}, {"type": "text", "text": "and words"}],
        [{"type": "image"}],
        5,
    ]
    found += [
        prompt(
            number,
            chance.choice(said),
            uuid=f"prompt-{number}",
            isMeta=chance.choice([None, None, True]),
            isCompactSummary=chance.choice([None, None, None, True]),
            isSidechain=chance.choice([False, False, False, True]),
            turnOrigin=chance.choice([None, None, "human", "scheduled", "peer", "new"]),
            entrypoint=chance.choice([None, "cli", "sdk-py"]),
            promptSource=chance.choice([None, None, "typed", "sdk", "system"]),
            origin=chance.choice([None, None, {"kind": "human"}, {}]),
            sessionId=chance.choice(["one", "one", None]),
        )
        for number in range(90)
    ]
    return found


def totals() -> list[Line]:
    """What a client says that its sessions have cost."""
    used = {"inputTokens": 5, "outputTokens": 7, "cacheReadInputTokens": 0, "cacheCreationInputTokens": None, "costUSD": 0.25}
    by_model = {
        SONNET: used,
        "": used,
        "opus-5": used | {"inputTokens": MOST},
        "opus-4.6": used | {"outputTokens": MOST + 1},
        "haiku": used | {"outputTokens": -1},
    }
    first = record("cost-state", 1, modelUsage={SONNET: used}, startTime=1793620800000.0)
    return [
        first,
        first | {"modelUsage": by_model},
        first | {"sessionId": "two", "startTime": None},
        first | {"sessionId": "", "type": "cost-state"},
        first | {"sessionId": "three", "modelUsage": {}},
        first | {"sessionId": "four", "type": "other"},
    ]


def test_a_transcript_with_everything_odd_comes_to_what_it_did(golden: Golden) -> None:
    chance = random.Random(2)
    lines = [*lines_of_calls(chance, 110), *lines_that_cannot_be(), *notices(chance), *prompts(chance), *totals()]
    content = text(*lines)
    rows = content.splitlines(keepends=True)
    damaged = b"".join(
        (
            *rows[:40],
            b"\n",
            rows[40][:-1],
            *rows[41:60],
            b"\0\0",
            rows[60],
            rows[61][:30],
            b"\n",
            b"[1]\n",
            b'"word"\n',
            *rows[62:120],
        )
    )
    parts = {
        "whole": read(content),
        "damaged": read(damaged),
        "cut off": read(content[:-20]),
        "of an agent": read(b"".join(rows[:30]), "agent-ab12.jsonl"),
        "read on": read(b"".join(rows[:9]) + rows[9][:-9], offset=len(rows[0]), whole=False),
        "read on behind a newline": read(b"".join(rows[:9]) + rows[9][:-1], offset=len(rows[0]) - 1, whole=False),
    }
    golden(
        GOLDEN / "claude_code.txt",
        "".join(f"## {name}\n{told(rows_of(found))}{described(found.account)}" for name, found in parts.items()),
    )


# What an account says of itself


def amount(chance: random.Random) -> Any:
    return chance.choice([None, -1, 0, 500, 4267.5, "1500", "many", True, 10**9, 10**9 + 1, -250])


def documents(chance: random.Random) -> list[Any]:
    """Documents of every kind, under old names and new ones, with amounts that cannot be, at every depth."""
    found: list[Any] = []

    def some(**fields: Any) -> Line:
        return {name: value for name, value in fields.items() if chance.random() < 0.75}

    for _ in range(22):
        currency = {"currency": chance.choice(["USD", "jpy", "EURO", "é12", 5, None])}
        money = some(amount_minor=amount(chance), exponent=chance.choice([None, 0, 2, 3, 9, 10, -1, 2.5]), **currency)
        resets = chance.choice(
            ["2026-11-20T21:00:00+01:00", "2026-11-20", 1_793_620_800, 1_793_620_800_000, 1e9, 1e11, "soon", True, None]
        )
        window = chance.choice([{}, some(utilization=chance.choice([0, 61.5, -1, "7", None]), percent=12, resets_at=resets)])
        found.append(
            {"five_hour": window, "seven_day": window}
            | some(
                extra_usage=some(
                    is_enabled=chance.choice([True, False, "yes"]),
                    monthly_limit=amount(chance),
                    used_credits=amount(chance),
                    decimal_places=chance.choice([None, 0, 2, 4]),
                    disabled_reason=chance.choice([None, "out_of_credits", "other"]),
                    **currency,
                ),
                spend={"limit": money, "used": some(amount_minor=amount(chance), exponent=2, **currency)},
                limits=[{"kind": "session", "percent": 9}, {"kind": "weekly_all", "percent": 8, "resets_at": resets}, 5],
                seen_at=resets,
            )
        )
        reload = some(
            enabled=chance.choice([True, False, None]),
            threshold_in_minor_units=amount(chance),
            threshold_cents=300,
            reload_to_in_minor_units=amount(chance),
            reload_to_cents=1800,
            reload_amount=amount(chance),
        )
        found.append(
            {"amount": amount(chance), "balance": {"money": money}, **currency}
            | some(
                auto_reload_settings=reload,
                last_paid_purchase_cents=amount(chance),
                expiry_policy_months=chance.choice([12, 0, 1_000_000, 1_000_001, 1.5]),
            )
        )
        found.append({"auto_reload_settings": {"threshold_cents": 500, "reload_amount": 1500, "enabled": True}})
        found.append(
            {"monthly_credit_limit": amount(chance), "used_credits": amount(chance), **currency}
            | some(is_enabled=True, out_of_credits=chance.choice([True, False, "no"]))
        )
        found.append(
            some(
                bundles=[currency | {"credit_minor_units": 5}],
                bundle_monthly_cap_minor_units=amount(chance),
                expiry_policy_months=6,
            )
        )
    return found


def test_what_accounts_say_comes_to_what_it_did(imported: Import, golden: Golden) -> None:
    chance = random.Random(3)
    every = documents(chance)
    nested: Any = every[0]
    for _ in range(5):
        nested = chance.choice([[nested, every[1]], {"inner": nested, "timestamp": "2026-11-01T00:00:00Z"}])
    deep: Any = {"list": [[[every[2]]]], "objects": {"a": {"b": {"c": every[2]}, "d": every[2]}}, "as_of": "2026-11-02"}
    lists = [[[[every[4]], every[4]]]]
    contents = [
        every,
        {"a": {"b": {"c": {"d": every[0]}}}, "b": every[3]},
        [[[every[3]]]],
        [nested, every[3]],
        deep,
        [lists, every[3]],
    ]
    found = [
        all_of(imported(json.dumps(one, indent=number % 2 or None), f"{number}.json")) for number, one in enumerate(contents)
    ]
    golden(GOLDEN / "account_json.txt", "##\n".join(found))


# The Console's exports


def table(columns: tuple[str, ...], rows: list[tuple[Any, ...]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerows([columns, *rows])
    return out.getvalue()


def test_the_consoles_exports_come_to_what_they_did(imported: Import, golden: Golden, project: Path) -> None:
    chance = random.Random(4)
    days = ["2026-02-12", "2026-02-12 00:00", "2026-02-13T00:00Z", "2026-02-30", "12.02.2026"]
    common = [
        (
            chance.choice(days),
            chance.choice(["claude-opus-4-6", "Claude Haiku 5.5", "--", ""]),
            chance.choice(["", "key", "claude_code_key_ann"]),
            chance.choice(["Default", "--"]),
            chance.choice(["standard", "batch", "message", ""]),
            chance.choice(["≤ 200k", "> 200k", "200k-1M", "200K-1M", "--", ""]),
            chance.choice(["us", "global", "not_available", ""]),
            chance.choice(["standard", "fast", ""]),
        )
        for _ in range(60)
    ]
    names = ("usage_date_utc", "model_version", "api_key", "workspace", "usage_type", "context_window", "inference_geo", "speed")
    counted = (
        "usage_input_tokens_no_cache",
        "usage_input_tokens_cache_read",
        "usage_input_tokens_cache_write_5m",
        "usage_input_tokens_cache_write_1h",
        "usage_output_tokens",
        "web_search_count",
        "team",
    )
    counts = [
        (*(chance.choice(["", "--", 0, 7, 1200, "12.5", -3]) for _ in range(6)), chance.choice(["red", ""])) for _ in common
    ]
    rows = [row + more for row, more in zip(common, counts, strict=True)]
    clean = [row[:8] + tuple("" if value in ("12.5", -3) else value for value in row[8:]) for row in rows if row[0] in days[:3]]
    tokens = {
        "claude_api_tokens_2026_02.csv": clean,
        "odd.csv": rows,
        "claude_api_tokens_2026_02_12_15h_UTC.csv": clean[:9],
        "hours.csv": [("2026-02-12 15:00", *row[1:]) for row in clean[:5]],
        "minutes.csv": [("2026-02-12 15:07:00", *row[1:]) for row in clean[:5]],
    }
    found = [f"## {name}\n{all_of(imported(table(names + counted, rows), name))}" for name, rows in tokens.items()]
    money = [chance.choice(["0.09", "$3", "1,234.50", "1,234", "1234567890", "-1", "", "0.00", "7.123456789012"]) for _ in common]
    priced = [(*row, chance.choice(["output", "input_no_cache"]), "token", cost) for row, cost in zip(common, money, strict=True)]
    cost_names = (names[0], "model", *names[2:], "token_type", "cost_type", "cost_usd")
    found.append(f"## cost\n{all_of(imported(table(cost_names, priced), 'cost.csv'))}")
    fixtures = sorted((project / "tests" / "fixtures" / "console").glob("*.csv"))
    found += [f"## {path.name}\n{all_of(imported(path))}" for path in fixtures]
    golden(GOLDEN / "console.txt", "".join(found))


# Usage events

ODD: Final[dict[str, list[str]]] = {
    "occurred_at": [
        "2026-11-02T09:00:00Z",
        "2026-11-02",
        "2026-11-02 10:30:00,5+01:00",
        "2026-11-02T09:00",
        "1793620800",
        "2026-02-30",
        "",
        "soon",
    ],
    "app": ["bot", "bot", "editor", "x" * 200, "x" * 201, ""],
    "model": ["claude-opus-5-5", "cursor/claude-4.6-opus-fast", "something-else", ""],
    "cost_usd": ["", "0.03", "$1,234.50", "1,234", "8e-06", "1e5", ".5", "-1", "0.0000000004", "0.00000000045", "999999999.9"],
    "input_tokens": ["", "0", "1200", "1200.0", "1.000", "123456789012345", "1234567890123456", "-1"],
    "cache_read_tokens": ["", "45000"],
    "cache_write_1h_tokens": ["", "7"],
    "output_tokens": ["", "850"],
    "web_searches": ["", "2"],
    "speed": ["", "standard", "Normal", "FAST"],
    "geo": ["", "US", "not_available"],
    "batch": ["", "true", "0", "YES", "perhaps"],
    "event_id": ["", "", "id-1", "id-2"],
    "account": ["", "ann"],
    "conversation_id": ["", "c-1"],
    "message_index": ["", "3"],
    "run": ["", "CI", "interactive", "by hand"],
    "human_prompt": ["", "no", "1", "maybe"],
    "error": [
        "",
        "",
        "timeout",
        "rate_limit",
        "out_of_credits",
        "Request timed out after 30 s of waiting",
        "You are out of extra usage today, sorry",
        "Server overloaded, do try again",
        "Too many requests were made just now",
        "Something else went wrong here today",
        "You've hit your weekly limit",
    ],
    "paid_from": ["", "plan", "API", "my card"],
    "region": ["", "eu-1", "a b c", "a b c d", "x" * 64, "x" * 65, "{1}"],
    "prompt_text": ["", "words"],
}


def test_usage_events_come_to_what_they_did(imported: Import, golden: Golden) -> None:
    chance = random.Random(5)
    plain = {name: values[:2] for name, values in ODD.items()}
    rows = [
        {name: chance.choice(values if chance.random() < 0.25 else plain[name]) for name, values in ODD.items()}
        for _ in range(140)
    ]
    sheet = table(tuple(ODD), [tuple(row.values()) for row in rows])
    typed = [
        {name: json.loads(value) if value.isdigit() and value[0] != "0" else value or None for name, value in row.items()}
        for row in rows[:90]
    ]
    lines = [json.dumps({name: value for name, value in row.items() if value is not None}) for row in typed]
    broken = [
        *lines[:20],
        "",
        "\0\0" + lines[20],
        lines[21] + lines[22],
        lines[23][:40],
        "[1]",
        '{"occurred_at": ["x"], "app": "bot"}',
        "words",
        "words}",
        '{"app": 1,, "occurred_at": 2}',
        '{"APP": "a", "app": "b", "occurred_at": "2026-11-02"}',
        *lines[24:40],
    ]
    found = {
        "csv": all_of(imported(sheet, "events.csv")),
        "json lines": all_of(imported("\n".join(lines) + "\n", "events.jsonl")),
        "broken lines": all_of(imported("\n".join(broken), "broken.jsonl")),
    }
    golden(GOLDEN / "usage_events.txt", "".join(f"## {name}\n{text}" for name, text in found.items()))
