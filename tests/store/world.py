"""A made-up fortnight that holds every doubt the store settles: two witnesses of one call, copies, subagents, buckets that overlap.

It is the same on every run. Most of it is drawn, so that no two columns agree by accident; what a draw would rarely hit is written out.
"""

from __future__ import annotations

import atexit
import random
import shutil
import tempfile
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final

from tests.databases import NOW, new
from usage_analytics.importers.sink import Sink
from usage_analytics.store import Store
from usage_analytics.store.ledger import Batch, NewImport, SyncPosition

BEGUN: Final = datetime(2026, 10, 24, 22)  # two hours later, clocks in Berlin go back; on the Sunday after, those in New York
MODELS: Final = ("claude-opus-4-6", "claude-opus-5-5", "claude-haiku-5-5", "claude-sonnet-5-5", "no-such-model", None)
GAPS: Final = (0, 4, 59, 299, 300, 599, 600, 601, 3600, 3601, 9000, 90_000)
TOKENS: Final = (None, 0, 1, 70, 4000, 30_000, 120_000)
BATCHES: Final = ((0, 1, 3), (2, 4, 5), (6, 7), (8, 9), (10, 11, 12, 13))
LENGTHS: Final = (1, 4, 5, 6, 15, 16, 30, 31, 60, 61, 120, 121)

Row = dict[str, Any]
Rows = dict[str, list[Row]]


def made(folder: Path) -> Store:
    """The store after all of it was imported, a few files at a time, and two of the files undone."""
    shutil.copytree(_first(), folder, dirs_exist_ok=True)
    return Store(folder / "usage.duckdb")


@cache
def _first() -> Path:
    """The folder of the first such store of this process: making one takes two seconds, copying it none."""
    folder = Path(tempfile.mkdtemp(prefix="world-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    store = new(folder)
    rows = dict(enumerate(files()))
    added = [one for numbers in BATCHES for one in import_files(store, {number: rows[number] for number in numbers})]
    store.undo([added[2], added[9]])
    store.close()
    return folder


def import_files(store: Store, files: dict[int, Rows]) -> list[int]:
    """Import files in one batch; their import ids."""
    with tempfile.TemporaryDirectory() as folder:
        sink = Sink(Path(folder))
        for order, rows in enumerate(files.values()):
            sink.begin(order)
            for table, found in rows.items():
                for row in found:
                    sink.add(table, {name: [value] for name, value in row.items()})
        sink.flush()
        entries = tuple(entry(order, number, rows) for order, (number, rows) in enumerate(files.items()))
        added = store.add(Batch(Path(folder), entries), NOW + timedelta(minutes=min(files)))
        return [one.import_id for one in added]


def entry(order: int, number: int, rows: Rows) -> NewImport:
    """What the ledger says of a file."""
    lines = sum(map(len, rows.values())) + number
    rejects = tuple((None if line == 2 else line, "not JSON") for line in range(number % 4))
    counts = (lines, number, number % 2, number % 4)
    return NewImport(order, f"file-{number}", "made_up", *counts, rejects, f"{number:x}", sync_position(number))


def sync_position(number: int) -> SyncPosition | None:
    """Where a file lies: one read on twice, one with a gap, one read anew from its beginning, and files that are not in place."""
    spans = {
        0: ("a", 0, 100), 1: ("a", 100, 250), 3: ("b", 0, 40), 4: ("b", 60, 90), 5: ("c", 0, 500), 6: ("c", 500, 700),
        7: ("c", 0, 300), 8: ("d", 0, 10), 9: ("d", 10, 20), 10: ("d", 20, 30), 11: ("a", 180, 260), 12: ("e", 5, 9),
    }  # fmt: skip
    if number not in spans:
        return None
    name, start, end = spans[number]
    return SyncPosition(f"/logs/{name}", 70 + number % 3, end + 5, 1000 - number, start, end, f"mark {number}")


def files() -> list[Rows]:
    """The rows of every file, table by table."""
    chance = random.Random(20261024)
    logged = [row for number in range(14) for row in transcript(chance, number)]
    stated = [event(chance, number) for number in range(70)]
    every = apart(logged + stated)
    parts: list[Rows] = [{"observation": every[number::5]} for number in range(5)]
    parts += [{"observation": [witness(chance, row) for row in every if chance.random() < 0.3]} for _ in range(3)]
    apart([row for part in parts for row in part["observation"]])
    parts.append({"observation": buckets()})
    parts.append({"observation": [row for row in logged if row["conversation_id"] in {"talk 0", "talk 3"}]})
    parts.append({"observation": [row for length in LENGTHS for row in long_talk(length)]})
    parts.append({"observation": requests()})
    parts.append({"prompt": prompts(chance, logged)})
    parts.append({"limit_seen": limits(chance, logged), "balance_seen": balances(chance), "session_total": totals()})
    parts[2]["prompt"] = prompts(chance, logged[:20])
    for row in logged[::9]:  # asked by two at the same moment
        asked = {"conversation_id": row["conversation_id"], "occurred_at": row["occurred_at"]}
        parts[12]["prompt"] += [asked | {"kind": kind} for kind in ("human", "auto")]
    free = {
        "source": "usage_events",
        "grain": "call",
        "event_id": "free",
        "occurred_at": BEGUN + timedelta(days=3),
        "app": "free",
    }
    turn = {"event_id": "when a price changes", "occurred_at": datetime(2026, 10, 7), "model": "claude-sonnet-5-5"}
    parts[11]["observation"].append(free | turn | {"cache_read_tokens": 50_000, "output_tokens": 300, "paid_from": "api"})
    parts[11]["observation"].append(free | {"model": "claude-opus-5-5", "input_tokens": 0, "paid_from": "credits"})
    parts[9]["limit_seen"] = parts[13]["limit_seen"][:4]
    parts[9]["balance_seen"] = parts[13]["balance_seen"][:3]
    parts[13]["range_total"] = range_totals()
    parts[9]["range_total"] = parts[13]["range_total"][:2]
    return parts


def apart(called: list[Row]) -> list[Row]:
    """The calls, no two of them at the same moment: which of two comes first is then nobody's guess."""
    taken: dict[datetime, str] = {}
    for row in called:
        while taken.setdefault(row["occurred_at"], row["event_id"]) != row["event_id"]:
            row["occurred_at"] += timedelta(milliseconds=1)
    return called


def counts(chance: random.Random) -> Row:
    """Token counts of any kind, with gaps."""
    kinds = ("input", "cache_read", "cache_write_5m", "cache_write_1h", "output")
    return {f"{kind}_tokens": count + chance.randint(0, 9) if (count := chance.choice(TOKENS)) else count for kind in kinds}


def unusual(chance: random.Random) -> Row:
    """What changes a price: speed, place, batch, web searches, an unfinished output."""
    final = chance.choice([None, True, True, False])
    shown = [{"line": chance.randint(1, 3), "chars": chance.choice([0, 31, 4000, 40_000])} for _ in range(2)]
    return {
        "output_is_final": final,
        "unfinished": shown if final is False else None,
        "web_searches": chance.choice([None, None, 0, 3]),
        "speed": chance.choice([None, None, None, "standard", "fast"]),
        "geo": chance.choice([None, None, "us"]),
        "batch": chance.choice([None, None, False, True]),
    }


def transcript(chance: random.Random, number: int) -> list[Row]:
    """The calls of a conversation of Claude Code and of its subagents."""
    moment = BEGUN + timedelta(hours=17 * number, minutes=chance.randint(0, 59))
    label = {
        "version": chance.choice(["2.1.41", "2.1.42", "2.0.99", "3.0", "1.99", None]),
        "entrypoint": chance.choice([None, "cli", "cli", "sdk-py", "claude-code-github-action", "desktop_trigger"]),
        "account": chance.choice(["ann", "ben", None]),
        "project": chance.choice(["garden", "orchard", None]),
        "model": chance.choice(MODELS[:4]),
    }
    found = []
    for turn in range(chance.choice([1, 2, 5, 9, 14])):
        moment += timedelta(seconds=chance.choice(GAPS))
        agent = chance.choice([None, None, None, "agent 1", "agent 2"]) if turn else None
        model = chance.choice(MODELS) if chance.random() < 0.2 else label["model"]
        called = {
            "source": "claude_code", "grain": "call", "event_id": f"call {number}.{turn}", "request_id": f"request {number}.{turn}",
            "is_sidechain": agent is not None, "occurred_at": moment, "app": chance.choice(["claude_code", "claude_code", "desktop"]),
            "conversation_id": f"talk {number}", "agent_id": agent, **label, "model": model, "model_raw": model and f"{model}-raw",
            **counts(chance), **unusual(chance),
            "reported_cost_nanos": chance.choice([None, None, chance.randint(10**6, 10**7)]), "reported_cost_kind": "estimate",
            "paid_from": chance.choice([None, None, None, "plan", "api"]), "error": chance.choice([None, None, None, "overloaded"]),
        }  # fmt: skip
        if model == "claude-haiku-5-5" and not called["speed"] and chance.random() < 0.6:
            passes = [counts(chance) for _ in range(2)]
            called["iterations"] = passes
            called |= {name: sum(one[name] or 0 for one in passes) for name in passes[0]}
        if chance.random() < 0.15:
            called["human_prompt"] = chance.random() < 0.5
        found.append(called)
    return found


def event(chance: random.Random, number: int) -> Row:
    """A call as another tool states it."""
    conversation = chance.choice([None, None, "elsewhere", "abroad", f"short {number // 6}"])
    model = chance.choice(MODELS)
    reported = chance.choice([None, None, "billed", "estimate"])
    return {
        "source": "usage_events", "grain": "call", "event_id": f"event {number}",
        "occurred_at": BEGUN + timedelta(hours=chance.choice([number, 2 * number, 26])),
        "app": chance.choice(["editor", "editor", "nightly", "desktop"]), "account": chance.choice(["ann", "ben", None]),
        "project": chance.choice(["garden", "orchard", None]), "conversation_id": conversation,
        "message_index": chance.choice([None, 0, 1, number % 30 + 1]), "model": model, "model_raw": model,
        "run": chance.choice(["interactive", "headless", "scheduled", "subagent", "ci", None]),
        "human_prompt": chance.choice([None, True, False]), **counts(chance), **unusual(chance),
        "reported_cost_nanos": reported and 1_000_000 * number, "reported_cost_kind": reported,
        "paid_from": chance.choice([None, None, "plan", "credits", "api", "api"]), "error": chance.choice([None, None, "refused"]),
        "extra": chance.choice([None, '{"team": "red"}', '{"team": "blue"}']),
    }  # fmt: skip


def witness(chance: random.Random, row: Row) -> Row:
    """The same call as another file has it: any of its columns may differ."""
    other = {
        "occurred_at": row["occurred_at"] + timedelta(seconds=chance.choice([-3600, -90_000, -7, 7, 3600, 90_000])),
        "is_sidechain": chance.choice([None, True, False]),
        "is_copy": chance.choice([None, True, False]),
        "request_id": chance.choice([None, row.get("request_id")]),
        "message_index": chance.choice([None, 2, 8, 33]),
        "run": chance.choice(["interactive", "headless", "scheduled", None]),
        "human_prompt": chance.choice([None, True, False]),
        "app": chance.choice(["claude_code", "nightly", "apricot"]),
        "account": chance.choice(["ann", "zoe", None]),
        "project": chance.choice(["garden", "allotment", None]),
        "conversation_id": chance.choice([row["conversation_id"], "talk 1", "abroad", None]),
        "agent_id": chance.choice([row.get("agent_id"), "agent 1", None]),
        "version": chance.choice(["2.1.42", "9", None]),
        "entrypoint": chance.choice(["cli", "sdk-ts", None]),
        "model_raw": chance.choice(["claude-opus-4-6", "zeta", None]),
        "reported_cost_nanos": chance.choice([None, 1, 9_000_000_000 + chance.randint(0, 10**6)]),
        "reported_cost_kind": chance.choice([None, "billed", "estimate"]),
        "paid_from": chance.choice([None, "plan", "credits", "api"]),
        "error": chance.choice([None, "overloaded", "timeout"]),
        "extra": chance.choice([None, '{"team": "green"}']),
        **counts(chance),
        **unusual(chance),
    }
    if row.get("iterations"):
        other |= {"iterations": chance.choice([None, [counts(chance)] * 2])}
    return row | {name: value for name, value in other.items() if chance.random() < 0.35}


def requests() -> list[Row]:
    """Calls that share an id: two requests that are two calls, a replay of one of them, a copy without a request, and a lone pair."""
    base = {
        "source": "claude_code",
        "grain": "call",
        "app": "claude_code",
        "conversation_id": "shared",
        "model": "claude-opus-5-5",
    }
    later = [BEGUN + timedelta(days=6, minutes=minute) for minute in range(9)]
    alike = base | {"occurred_at": later[8], "input_tokens": 11}
    told = [
        {"event_id": "one id", "request_id": "r2", "occurred_at": later[0], "input_tokens": 5, "output_tokens": 50},
        {"event_id": "one id", "request_id": "r1", "occurred_at": later[1], "input_tokens": 7, "output_tokens": 20},
        {"event_id": "one id", "request_id": "r3", "occurred_at": later[2], "is_sidechain": True, "output_tokens": 90},
        {"event_id": "one id", "request_id": None, "occurred_at": later[3], "is_copy": True, "output_tokens": 70},
        {"event_id": "a pair", "request_id": "r4", "occurred_at": later[5], "input_tokens": 5, "output_tokens": 1},
        {"event_id": "a pair", "request_id": "r5", "occurred_at": later[4], "is_sidechain": True, "output_tokens": 9},
    ]
    # each pair differs in one thing only, which decides whose words are kept
    differences: list[tuple[str, Any, Any]] = [
        ("is_sidechain", None, True), ("is_copy", False, True), ("conversation_id", "talk 1", None), ("agent_id", None, "agent 1"),
        ("request_id", "r6", None), ("app", "apricot", "banana"), ("project", "garden", None), ("model_raw", "x", None),
        ("account", "ann", None), ("version", "1", None), ("entrypoint", "cli", None), ("occurred_at", later[7], later[8]),
    ]  # fmt: skip
    for order, (name, *values) in enumerate(differences):
        for number, value in enumerate(values):
            one = alike | {"event_id": f"by {name}", "app": f"kept {number}", "model_raw": f"kept {number}"} | {name: value}
            told.append(one | {"occurred_at": one["occurred_at"] + timedelta(seconds=order)})
    return [base | row for row in told]


def long_talk(length: int) -> list[Row]:
    """A conversation of so many calls, each with its place."""
    begun = BEGUN + timedelta(days=12, hours=length % 5)
    return [
        {
            "source": "usage_events", "grain": "call", "event_id": f"long {length}.{turn}", "occurred_at": begun + timedelta(minutes=turn),
            "app": "lengths", "conversation_id": f"long {length}", "message_index": turn + 1, "run": "headless",
            "model": "claude-opus-5-5", "input_tokens": 100 + turn, "cache_read_tokens": 50 * turn, "output_tokens": 40 * turn,
        }
        for turn in range(length)
    ]  # fmt: skip


def buckets() -> list[Row]:
    """Sums that overlap: by minute, hour and day, billed and at list price, and of Claude Code beside its own transcripts."""
    found = []

    def add(source: str, grain: str, hours: float, tokens: int | None, billed: int | None = None, **more: Any) -> None:
        model = "claude-haiku-5-5"
        found.append(
            {
                "source": source, "grain": grain, "event_id": f"bucket {len(found)}", "occurred_at": BEGUN + timedelta(hours=hours),
                "app": "console", "account": "ann", "model": model, "input_tokens": tokens, "reported_cost_nanos": billed,
                "reported_cost_kind": None if billed is None else "billed",
            }
            | more
        )  # fmt: skip

    for minute in range(3):  # as much as the hour, which has less than the day
        add("console_tokens", "minute", 50 + minute / 60, 1000, output_tokens=7, cache_read_tokens=5)
    add("console_tokens", "hour", 50, 3000, output_tokens=21, cache_read_tokens=15)
    add("console_tokens", "day", 26, 2999, cache_write_5m_tokens=8, cache_write_1h_tokens=2, batch=True, geo="us")
    for hour in range(2):  # less than the day
        add("console_tokens", "hour", 74 + hour, 100, speed="fast", project="orchard")
    add("console_tokens", "day", 74, 201, speed="fast", project="orchard")
    for hour, part in enumerate((None, 5, 6)):
        add("console_tokens", "hour", 98 + hour, part, account=None, model=None, cache_write_1h_tokens=3, cache_write_5m_tokens=1)
    add("console_tokens", "day", 98, 11, account=None, model=None, cache_write_1h_tokens=9, cache_write_5m_tokens=2)
    add("console_tokens", "day", 122, 5_000_000, extra='{"long_context": "true"}')
    for hour in range(2):  # money in finer and coarser buckets, without tokens
        add("console_cost", "hour", 146 + hour, None, 700, project="garden", app="key")
    add("console_cost", "day", 146, None, 1400, project="garden", app="key")
    add("console_tokens", "day", 146, 900, project="garden", app="key")  # billed too: counted elsewhere
    add("console_tokens", "day", 146, 900, project="garden", app="another key")
    add("console_tokens", "day", 170, 900, project="garden", app="key")
    add("console_tokens", "day", 146, 900, project="garden", app="key", model="claude-opus-5-5")
    add("console_tokens", "day", 146, 900, app="key")
    # days on which the Console's key of Claude Code says what the transcripts say, within a tenth, and days on which it says more
    for day, listed in enumerate((1_000_000_000, 909_100_000, 909_000_000, 1_111_100_000, 1_111_200_000, 0)):
        moment = 24 * (day + 15) + 4
        add(
            "console_cost",
            "day",
            moment,
            None,
            listed,
            **({"project": "Claude Code"} if day == 0 else {"app": "claude_code_key_ann"}),
            model="claude-opus-5-5",
        )
        add("claude_code", "call", moment + 1, None, app="claude_code", model="claude-opus-5-5", output_tokens=50_000)
        add("usage_events", "call", moment + 1, None, app="claude_code_key_ann", model="claude-opus-5-5", output_tokens=30)
    return found


def prompts(chance: random.Random, logged: Iterable[Row]) -> list[Row]:
    """What led to the calls: people, tools, schedules; at, before and after them."""
    return [
        {
            "conversation_id": row["conversation_id"],
            "occurred_at": row["occurred_at"] + timedelta(seconds=chance.choice([-1000, -3, -1, 0, 0, 2])),
            "kind": chance.choice(["human", "human", "sdk", "scheduled", "auto"]),
        }
        for row in logged
        if chance.random() < 0.4
    ]


def limits(chance: random.Random, logged: list[Row]) -> list[Row]:
    """Refusals and notices that work went on from credits; some are seen twice."""
    found = []
    for row in chance.sample(logged, 24):
        moment = row["occurred_at"] + timedelta(seconds=chance.choice([-4000, -1, 0, 1]))
        found.append(
            {
                "source": chance.choice(["claude_code", "claude_code", "usage_events"]), "occurred_at": moment,
                "app": chance.choice([row["app"], "editor", None]), "account": chance.choice([row["account"], "ann", None]),
                "conversation_id": chance.choice([row["conversation_id"], row["conversation_id"], None]),
                "gauge": chance.choice(["session", "weekly", "credits_started", "credits_started"]),
                "resets_at": chance.choice([None, moment + timedelta(hours=2), moment + timedelta(minutes=1)]),
                "reason": chance.choice([None, "out of usage"]),
            }
        )  # fmt: skip
    return found + found[:5]


def balances(chance: random.Random) -> list[Row]:
    """What the account said of itself; one of the documents twice."""
    found: list[Row] = [
        {
            "document": chance.choice(["usage", "prepaid"]), "seen_at": BEGUN + timedelta(hours=30 * number),
            "dated_by": chance.choice(["document", "file"]), "account": chance.choice(["ann", None]), "currency": "USD",
            "balance_nanos": 10**9 * (40 - number), "out_of_credits": chance.choice([None, False]), "session_percent": 7.5 * number,
        }
        for number in range(8)
    ]  # fmt: skip
    return [*found, found[2]]


def totals() -> list[Row]:
    """What a client says that a session has cost."""
    return [{"conversation_id": "talk 0", "started_at": BEGUN, "model": "claude-opus-5-5", "reported_cost_nanos": 10**9}]


def range_totals() -> list[Row]:
    """What an export says that a fortnight came to: a row for each of two users and models, and one that names neither."""
    whom = [("ann", "claude-opus-5-5"), ("ann", "claude-haiku-5-5"), ("ben", "claude-opus-5-5"), (None, None)]
    return [
        {
            "source": "team_spend", "total_id": f"fortnight {person} {model}", "starts_at": BEGUN, "ends_at": BEGUN + timedelta(days=14),
            "person": person, "model": model, "model_raw": model, "requests": 10 * number, "output_tokens": 900 * number,
            "reported_cost_nanos": 10**9 * number, "reported_cost_kind": "billed",
        }
        for number, (person, model) in enumerate(whom)
    ]  # fmt: skip
