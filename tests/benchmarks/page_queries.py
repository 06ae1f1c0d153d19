"""How long the pages' queries take on many events, straight from the store, beside the same question asked of the raw calls.

The events are one organisation's two years: conversations of very different lengths, each of one app, project, account and model.
"""

from __future__ import annotations

import argparse
import re
import statistics
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import duckdb

from usage_analytics.filters import Filters
from usage_analytics.store import Store, _query
from usage_analytics.store.derivation import run

BEGUN: Final = datetime(2024, 11, 22)
DAYS: Final = 730
CALLS_A_CONVERSATION: Final = 10
ELSEWHERE: Final = {
    "imports",
    "imports_calls",
    "rejects",
    "sync_position",
    "prices",
    "events_total",
}  # not a page's, or not of events
OWN: Final[dict[str, object]] = {
    "short_to": 15,
    "long_from": 61,
    "by": "model",
    "at_least": 0,
    "limit": 50,
    "batch": 1,
    "imports": [1],
    "ids": ["1-1"],
    "own_pools": [],
    "dear": ["model-0"],
    "cheaper": ["model-1"],
    "simple_output": 300,
    "simple_prompt": 20_000,
    "long_output": 4_000,
}

MAKE: Final = """
insert into call by name
with
conversation as (
    select
        i as number,
        timestamp '2024-11-22' + to_seconds((hash(i) % ($days * 86400))::bigint) as begun,
        -- lengths as real ones: many short, few very long, ten calls on average
        greatest(1, floor(exp(1.5 + 1.2 * sqrt(-2 * ln(((hash(i, 1) % 999983) + 1) / 999984.0))
            * cos(2 * pi() * ((hash(i, 2) % 999983) / 999983.0)))))::bigint as length,
        'model-' || (least(hash(i, 3) % 12, hash(i, 4) % 12))::varchar as model,
        'app-' || (least(hash(i, 5) % 40, hash(i, 6) % 40))::varchar as app,
        'project-' || (least(hash(i, 7) % 60, hash(i, 8) % 60))::varchar as project,
        'person-' || (hash(i, 9) % 25)::varchar as account
    from range($conversations) as r (i)
)
select
    'usage_events' as source,
    number || '-' || place as event_id,
    '' as part,
    1 as import_id,
    'call' as grain,
    begun + to_seconds(place * (20 + (hash(number, place) % 200)::bigint)) as occurred_at,
    app,
    account,
    project,
    number::varchar as conversation_id,
    place as message_index,
    case when hash(number, 10) % 5 = 0 then 'headless' else 'interactive' end as run,
    place % 6 = 1 as human_prompt,
    model,
    (hash(number, place, 1) % 40)::bigint as input_tokens,
    place * 1500 as cache_read_tokens,
    0::bigint as cache_write_5m_tokens,
    (hash(number, place, 2) % 3000)::bigint as cache_write_1h_tokens,
    (hash(number, place, 3) % 1500)::bigint as output_tokens,
    false as output_is_estimated,
    (hash(number, place, 3) % 1500)::bigint as estimated_output_tokens,
    (place * 300000 + hash(number, place, 4) % 40000000)::bigint as cost_nanos,
    (place * 300000 + hash(number, place, 4) % 40000000)::bigint as estimated_cost_nanos,
    false as counted_elsewhere,
    place * 300000 as resend_nanos,
    45.0 as active_seconds,
    occurred_at::date as day
from conversation, range(1, length + 1) as p (place)
order by occurred_at
"""


def build(path: Path, events: int) -> tuple[int, float]:
    """Write a database of about that many calls, and its roll-ups. Returns the calls, and the seconds that the roll-ups took."""
    store = Store(path)
    store.rows("events_total")
    store.close()
    connection = duckdb.connect(str(path), config={"memory_limit": "6GB"})
    connection.execute(MAKE, {"conversations": events // CALLS_A_CONVERSATION, "days": DAYS})
    made = connection.execute("select count(*) from call").fetchall()[0][0]
    run(connection, "scope_all")
    connection.execute(
        "create or replace temp table touched_day as select distinct date_trunc('day', occurred_at) as day from call"
    )
    begun = time.perf_counter()
    run(connection, "rollup")
    seconds = time.perf_counter() - begun
    connection.execute("checkpoint")
    connection.close()
    return made, seconds


def measure(store: Store, query: str, filters: Filters, rounds: int) -> float:
    """Milliseconds of one query: the median of several rounds."""
    own = {name: OWN[name] for name in re.findall(r"\$(\w+)", _query(query)) if name in OWN}
    times = []
    for _ in range(rounds):
        begun = time.perf_counter()
        store.frame(query, filters, **own)
        times.append((time.perf_counter() - begun) * 1000)
    return statistics.median(times)


def main() -> None:
    """Build the database and print a line a query."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=10_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--database", type=Path, help="where it is built, or lies from an earlier run")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = asked.database or Path(folder) / "usage.duckdb"
        if not path.exists():
            made, seconds = build(path, asked.events)
            print(f"{made:,} calls, {path.stat().st_size / 1e6:,.0f} MB; roll-ups of everything in {seconds:.1f} s")
        store = Store(path)
        everything = Filters(start=BEGUN, end=BEGUN + timedelta(days=DAYS + 30))
        month = Filters(start=BEGUN + timedelta(days=DAYS - 30), end=BEGUN + timedelta(days=DAYS + 30), zone="Europe/Berlin")
        kept = Filters(start=everything.start, end=everything.end, models=("model-2",), projects=("project-3", "project-4"))
        print(f"{'query':34}{'all':>10}{'30 days':>10}{'filtered':>10}   ms, median of {asked.rounds}")
        slowest = 0.0
        for file in sorted((Path(__file__).parents[2] / "usage_analytics/store/queries").glob("*.sql")):
            if file.stem in ELSEWHERE or file.stem == "spend":
                continue
            times = [measure(store, file.stem, filters, asked.rounds) for filters in (everything, month, kept)]
            slowest = max(slowest, *times)
            print(f"{file.stem:34}" + "".join(f"{one:10.0f}" for one in times))
        raw = measure(store, "spend", everything, asked.rounds)
        print(f"{'by model, of the raw calls':34}{raw:10.0f}\nslowest page query: {slowest:.0f} ms")
        store.close()


if __name__ == "__main__":
    main()
