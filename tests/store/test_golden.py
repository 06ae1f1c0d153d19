"""Every derived table, view and query on a made-up fortnight, against what it came to when somebody last read it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any, Final

import pytest

from tests.databases import content, derived_again, rows
from tests.store.world import BEGUN, made
from usage_analytics.filters import Filters
from usage_analytics.store import Store

GOLDEN: Final = Path(__file__).with_name("golden")
QUERIES: Final = sorted(path.stem for path in (Path(__file__).parents[2] / "usage_analytics" / "store" / "queries").glob("*.sql"))
OWN_POOLS: Final = [
    {"app": "editor", "account": None, "pool": "api"},
    {"app": "desktop", "account": "ann", "pool": "credits"},
    {"app": "nightly", "account": None, "pool": "credits"},
    {"app": "nightly", "account": "ben", "pool": "plan"},
]
DAY: Final = timedelta(days=1)
MIDNIGHT: Final = datetime(2026, 10, 26)
FILTERS: Final = {
    "everything": Filters(grain="month"),
    "three days": Filters(MIDNIGHT, MIDNIGHT + 3 * DAY, grain="hour", zone="Europe/Berlin"),
    "from within an hour to one of a call": Filters(BEGUN + timedelta(hours=7.5), BEGUN + timedelta(hours=52), grain="day"),
    "two models, one without a name": Filters(models=("claude-opus-5-5", ""), grain="week"),
    "two apps": Filters(BEGUN, BEGUN + 9 * DAY, apps=("editor", "claude_code"), zone="America/New_York"),
    "no project or one": Filters(end=BEGUN + 11 * DAY, projects=("", "garden"), grain="week", zone="Asia/Tokyo"),
    "no account or one": Filters(BEGUN + 2 * DAY, accounts=("", "ben"), grain="day", zone="Asia/Kolkata"),
    "everything at once": Filters(
        MIDNIGHT,
        MIDNIGHT + 12 * DAY,
        ("claude-opus-5-5", "claude-opus-4-6"),
        ("claude_code", "nightly"),
        ("garden",),
        ("ann", ""),
    ),
}
PARAMETERS: Final[dict[str, list[Any]]] = {
    "by": ["model", "app", "project", "account", "run", "day"],
    "limit": [4, 1000],
    "long_from": [31],
    "short_to": [5],
    "own_pools": [OWN_POOLS],
    "keys": [["1", "2"]],
    "ids": [["event 3", "call 1.0", "nothing"]],
    "import_id": [4, 8],
    "imports": [[1, 7, 8], [11]],
    "batch": [2, 8],
    "conversation": ["talk 11", "nothing"],
}
WIDE: Final = {
    "background_calls": 60,
    "imports_calls": 60,
    "conversations_calls": 60,
    "savings_calls": 60,
}  # of what would fill pages, only so many rows
TIES: Final = {  # queries whose order leaves rows of one moment or amount as they come
    *(
        "balances",
        "blocks",
        "conversation",
        "conversations_calls",
        "credit_calls",
        "imports_calls",
        "imports_known",
        "imports_rejects",
        "limits",
    ),
    *("pools", "savings_calls", "sync_position"),
}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    found = made(tmp_path_factory.mktemp("world"))
    yield found
    found.close()


def cell(value: object) -> str:
    """A value as the goldens have it."""
    match value:
        case None:
            return "-"
        case datetime():
            return value.isoformat(sep=" ").removesuffix(":00")
        case float():
            return f"{value:.9g}"
        case list():
            return "+".join(map(cell, value))
        case _:
            return str(value)


def table(found: list[dict[str, Any]]) -> str:
    """Rows as lines of text, under the names of their columns."""
    if not found:
        return "(none)\n"
    return "".join(" | ".join(line) + "\n" for line in ([*found[0]], *([*map(cell, row.values())] for row in found)))


@pytest.mark.parametrize("query", QUERIES)
def test_every_query_answers_as_it_did(store: Store, golden: Callable[[Path, str], None], query: str, project: Path) -> None:
    sql = (project / "usage_analytics" / "store" / "queries" / f"{query}.sql").read_text(encoding="utf-8")
    named = {name: values for name, values in PARAMETERS.items() if f"${name}" in sql}
    filtered = any(f"${name}" in sql for name in ("start", "end", "models", "apps", "projects", "accounts"))
    said: dict[str, list[str]] = {}
    for words, filters in FILTERS.items() if filtered else [("everything", Filters())]:
        for values in product(*named.values()):
            given = dict(zip(named, values, strict=True))
            found = store.rows(query, filters, **given)
            heading = ", ".join([words, *(f"{name} {value}" for name, value in given.items() if len(named[name]) > 1)])
            if query in TIES:
                found.sort(key=repr)
            said.setdefault(table(named_anew(found)[-WIDE.get(query, 0) :]), []).append(f"## {heading}\n")
    golden(GOLDEN / f"{query}.txt", "".join("".join(headings) + text for text, headings in said.items()))


def named_anew(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows with every hash as a small number, in the order of what else is in them: a hash is of no matter, but which are the same."""
    hashes = {"tie", "source", "thread", "model", "key"}
    plain = [[value for name, value in row.items() if name not in hashes] for row in found]
    ordered = (
        [row for _, row in sorted(zip(map(repr, plain), found, strict=True), key=lambda pair: pair[0])]
        if hashed(found)
        else found
    )
    seen: dict[int, int] = {0: 0}
    return [
        {name: seen.setdefault(value, len(seen)) if is_hash(value) else value for name, value in row.items()} for row in ordered
    ]


def is_hash(value: object) -> bool:
    return isinstance(value, int) and abs(value) > 10**15


def hashed(found: list[dict[str, Any]]) -> bool:
    return any(is_hash(value) for row in found for value in row.values())


SOUGHT: Final = {
    "call": "select * exclude (day) from call where app <> 'lengths' order by source, event_id, part",
    "rollup_half_hour": "select * from rollup_half_hour order by all",
    "rollup_value": "select * from rollup_value order by all",
    "rollup_message_position": "select * from rollup_message_position order by all",
    "rollup_conversation": "select * exclude (key) from rollup_conversation order by conversation_id",
    "rollup_conversation_part": """
        select w.conversation_id, p.* exclude (key)
        from rollup_conversation_part as p left join rollup_conversation as w using (key)
        order by all
    """,
    "event": "select * from event where app not in ('lengths', 'console') and hour(occurred_at) % 3 = 0 order by occurred_at, event_id",
    "conversation": "select * exclude (source) from conversation order by conversation_id",
    "observed": "select 'prompt' as seen, count(*) from prompt union all select 'limit', count(*) from limit_seen "
    "union all select 'balance', count(*) from balance_seen union all select 'total', count(*) from session_total "
    "union all select 'range', count(*) from range_total "
    "union all select 'reject', count(*) from reject union all select 'observation', count(*) from observation order by all",
}


@pytest.mark.parametrize("name", SOUGHT)
def test_every_derived_table_and_view_is_as_it_was(store: Store, golden: Callable[[Path, str], None], name: str) -> None:
    golden(GOLDEN / f"{name}.table.txt", table(rows(store, SOUGHT[name])))


def test_who_paid_is_judged_by_what_came_before_the_moment_alone(store: Store, golden: Callable[[Path, str], None]) -> None:
    asked = (
        "select pool, reason, app, account, count(*) as calls, sum(cost_nanos)::bigint as nanos from payment({}, '{}'::timestamp)"
    )
    found = [
        f"## {moment}\n"
        + table(rows(store, asked.format(OWN_POOLS, moment).replace("None", "null") + " group by all order by all"))
        for moment in (BEGUN, BEGUN + DAY, BEGUN + 3 * DAY, BEGUN + 30 * DAY)
    ]
    golden(GOLDEN / "payment.macro.txt", "".join(found))


def test_made_file_by_file_and_partly_undone_it_is_what_all_at_once_makes(store: Store) -> None:
    before = content(store)
    derived_again(store)
    assert content(store) == before
