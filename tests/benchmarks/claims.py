"""What it costs to count each dollar once: CPU seconds of the stage at a million calls, and of a day's import into them.

python -m tests.benchmarks.claims [--calls 1000000]
"""

from __future__ import annotations

import argparse
import resource
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from tests.databases import NOW, new
from usage_analytics.events import OBSERVATION
from usage_analytics.store import Store, derivation
from usage_analytics.store.ledger import Batch, NewImport

DAYS = 60
CALLS = """
select
    0 as import_no, 'claude_code' as source, 'call' as grain, printf('msg_%012d', i + {first}) as event_id,
    printf('req_%012d', i + {first}) as request_id,
    timestamp '2026-09-01' + to_seconds((i + {first}) * 86400 * {days} // {calls}) as occurred_at,
    'claude_code' as app, 'talk ' || (i // 40) as conversation_id, 'claude-opus-5-5' as model, 'claude-opus-5-5' as model_raw,
    10 as input_tokens, 5000 as cache_read_tokens, 700 as cache_write_5m_tokens, 0 as cache_write_1h_tokens, 300 as output_tokens,
    true as output_is_final
from range({rows}) as t(i)
"""
BILL = """
select
    0 as import_no, 'console_cost' as source, 'day' as grain, 'day ' || i || ' ' || k as event_id,
    timestamp '2026-09-01' + to_days(i::integer) as occurred_at, 'claude_code_key_' || k as app, 'Claude Code' as project,
    'claude-opus-5-5' as model, 'Claude Opus 5.5' as model_raw, 40000000000 as reported_cost_nanos, 'billed' as reported_cost_kind
from range({days}) as t(i), range(5) as u(k)
"""


def main() -> None:
    """Print the CPU seconds of the stage beside those of the whole import."""
    options = argparse.ArgumentParser()
    options.add_argument("--calls", type=int, default=1_000_000)
    calls = options.parse_args().calls
    given = {"calls": calls, "days": DAYS}
    steps = {
        "all calls, no bill": CALLS.format(**given, first=0, rows=calls),
        "a bill of 60 days and 5 keys": BILL.format(**given),
        "one more day of calls": CALLS.format(**given, first=calls - calls // DAYS // 2, rows=calls // DAYS),
    }
    with tempfile.TemporaryDirectory() as folder:
        store = new(Path(folder))
        print(f"{'import':32}{'whole, CPU s':>14}{'claims, CPU s':>15}{'rows that count':>17}")
        for name, sql in steps.items():
            spent = [0.0]
            with timed(spent):
                before = cpu()
                take(store, sql)
                whole = cpu() - before
            print(f"{name:32}{whole:14.2f}{spent[0]:15.2f}{store.rows('events_total')[0]['events']:17,}")


def cpu() -> float:
    """CPU seconds of this process so far, all threads."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


@contextmanager
def timed(spent: list[float]) -> Iterator[None]:
    """Add up what the stage takes."""
    settle = derivation.settle

    def measured(connection: duckdb.DuckDBPyConnection) -> None:
        before = cpu()
        settle(connection)
        spent[0] += cpu() - before

    derivation.settle = measured
    try:
        yield
    finally:
        derivation.settle = settle


def take(store: Store, sql: str) -> None:
    """Import the rows of a query as one file."""
    with tempfile.TemporaryDirectory() as folder:
        columns = ", ".join(f"cast(null as {kind}) as {name}" for name, kind in OBSERVATION.items())
        query = f"select * from (select {columns} limit 0) union all by name ({sql})"
        duckdb.connect().execute(f"copy ({query}) to '{folder}/observation-0001.parquet' (format parquet)")
        store.add(Batch(Path(folder), (NewImport(0, "made", "made", 1, 0, 0, 0),)), NOW)


if __name__ == "__main__":
    main()
