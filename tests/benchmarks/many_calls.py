"""A database of a million calls of half a year, imported as any other: `python -m tests.benchmarks.many_calls FOLDER --shape team`.

team         some people and apps, each with conversations by day and jobs that run by themselves
agent        the same, where one agent of one account makes four calls in five
transcripts  sessions of Claude Code, their prompts apart from their calls, with subagents and refusals
"""

from __future__ import annotations

import argparse
import tempfile
import time
from datetime import datetime
from pathlib import Path
from typing import Final

import duckdb

from usage_analytics.store import Store
from usage_analytics.store.ledger import Batch, NewImport

UNTIL: Final = datetime(2026, 11, 20)
DAYS: Final = 182
SHAPES: Final = ("team", "agent", "transcripts")
CALLS_A_CONVERSATION: Final = 13.5

# A conversation begins by day, or is a job's and begins at its hour; the calls of a job are minutes apart.
CONVERSATIONS: Final = """
create or replace temp table conversation as
select
    i as number,
    hash(i, 1) % 10 < 2 as job,
    case when job then 1 + hash(i, 2) % 12 else greatest(1, floor(exp(2.6 + 1.0 * (
        (hash(i, 3) % 1000 + hash(i, 4) % 1000 + hash(i, 5) % 1000 + hash(i, 6) % 1000) / 1000.0 - 2
    ))))::bigint end::bigint as length,
    hash(i, 7) % $days as day,
    timestamp '2026-05-22' + to_days(day::integer) + case
        when job then to_hours((hash(i, 8) % 24)::integer) + to_seconds(hash(i, 9) % 60)
        else to_seconds(7 * 3600 + (hash(i, 8) % 20000) + (hash(i, 9) % 20000))
    end as begun,
    'person-' || least(hash(i, 10) % 8, hash(i, 11) % 8) as account,
    case
        when job then 'job-' || hash(i, 12) % 4
        when $transcripts then 'claude-code'
        else 'app-' || least(hash(i, 12) % 6, hash(i, 13) % 6)
    end as app,
    'project-' || least(hash(i, 14) % 20, hash(i, 15) % 20) as project,
    [
        'claude-opus-4-8', 'claude-sonnet-5-5', 'claude-sonnet-5', 'claude-haiku-5-5', 'claude-opus-5'
    ][1 + least(hash(i, 16) % 5, hash(i, 17) % 5)::integer] as model
from range($conversations) as r (i)
"""

CALLS: Final = """
insert into call
select
    number::varchar || '-' || place as event_id,
    begun + to_milliseconds((place * 45000 + hash(number, place) % 30000)::bigint) as occurred_at,
    app,
    account,
    project,
    if(job and number % 3 = 0, null, 'conversation-' || number) as conversation_id,
    if($transcripts and place % 9 in (4, 5), 'agent-' || number || '-' || place // 9, null) as agent_id,
    place,
    job,
    model,
    number
from conversation, range(1, length + 1) as p (place)
"""

AGENT: Final = """
insert into call
select
    'agent-' || i as event_id,
    timestamp '2026-05-22' + to_milliseconds((i * ($days * 86400000.0 / $agent_calls))::bigint + (hash(i) % 900)::bigint) as occurred_at,
    'heavy-agent' as app,
    'person-0' as account,
    'project-0' as project,
    if(hash(i // 400) % 3 = 0, null, 'loop-' || i // 400) as conversation_id,
    null as agent_id,
    1 + i % 400 as place,
    true as job,
    if(i // 20000 % 5 = 1, 'claude-sonnet-5', 'claude-haiku-5-5') as model,
    i as number
from range($agent_calls) as r (i)
"""

OBSERVATIONS: Final = """
select
    0 as import_no,
    if($transcripts, 'claude_code', 'usage_events') as source,
    'call' as grain,
    event_id,
    if($transcripts, 'request-' || event_id, null) as request_id,
    if($transcripts, agent_id is not null, null) as is_sidechain,
    occurred_at,
    app,
    account,
    project,
    conversation_id,
    agent_id,
    if($transcripts, null, place)::bigint as message_index,
    case when $transcripts then null when job then 'headless' else 'interactive' end as run,
    case when $transcripts or hash(app) % 4 = 0 then null else not job and place % 6 = 1 end as human_prompt,
    case when not $transcripts then null when job then 'sdk-cli' else 'cli' end as entrypoint,
    if(hash(account) % 3 = 0 and not $transcripts, 'credits', if($transcripts, null, 'api')) as paid_from,
    model,
    model as model_raw,
    (hash(event_id, 1) % 400)::bigint as input_tokens,
    least(place, 90) * 1500 as cache_read_tokens,
    if(hash(account) % 3 = 0, (hash(event_id, 2) % 3000)::bigint, 0) as cache_write_5m_tokens,
    if(hash(account) % 3 = 0, 0, (hash(event_id, 2) % 3000)::bigint) as cache_write_1h_tokens,
    (hash(event_id, 3) % if(hash(event_id, 4) % 50 = 0, 9000, 900))::bigint as output_tokens,
    true as output_is_final,
    if(hash(event_id, 5) % 200 = 0, 'overloaded_error', null) as error
from call
"""

PROMPTS: Final = """
select
    0 as import_no,
    conversation_id,
    occurred_at - to_milliseconds(900) as occurred_at,
    if(job, 'sdk', 'human') as kind
from call
where $transcripts and place % 6 = 1 and agent_id is null and conversation_id is not null
"""

LIMITS: Final = """
select
    0 as import_no,
    'usage_events' as source,
    occurred_at + to_milliseconds(500) as occurred_at,
    app,
    account,
    conversation_id,
    if(hash(event_id, 6) % 3 = 0, 'balance', 'session') as gauge,
    occurred_at + interval 2 hour as resets_at,
    'rate_limit' as reason
from call
where hash(event_id, 7) % 4000 = 0
"""

BALANCES: Final = """
select
    0 as import_no,
    'prepaid' as document,
    timestamp '2026-05-22' + to_days((i * 7)::integer) as seen_at,
    'document' as dated_by,
    'USD' as currency,
    (20 + hash(i) % 60)::bigint * 1000000000 as balance_nanos,
    true as credits_enabled,
    true as reload_enabled,
    10000000000 as threshold_nanos,
    60000000000 as reload_to_nanos
from range($days // 7) as r (i)
"""


def write_parts(folder: Path, calls: int, shape: str) -> None:
    """Write what an import of that many calls would have staged."""
    connection = duckdb.connect(config={"memory_limit": "4GB"})
    agent_calls = calls * 4 // 5 if shape == "agent" else 0
    values = {
        "days": DAYS,
        "conversations": int((calls - agent_calls) / CALLS_A_CONVERSATION),
        "transcripts": shape == "transcripts",
        "agent_calls": agent_calls,
    }

    def run(sql: str, into: str = "") -> None:
        named = {name: value for name, value in values.items() if f"${name}" in sql}
        connection.execute(f"copy ({sql}) to '{folder / into}' (format parquet)" if into else sql, named)

    run(CONVERSATIONS)
    connection.execute(
        "create temp table call (event_id varchar, occurred_at timestamp, app varchar, account varchar, project varchar,"
        " conversation_id varchar, agent_id varchar, place bigint, job boolean, model varchar, number bigint)"
    )
    run(CALLS)
    if agent_calls:
        run(AGENT)
    tables = {"observation": OBSERVATIONS, "prompt": PROMPTS, "limit_seen": LIMITS, "balance_seen": BALANCES}
    for table, sql in tables.items():
        run(sql, f"{table}-0001.parquet")


def build(path: Path, calls: int, shape: str) -> int:
    """Write a database of about that many calls; returns how many there are."""
    store = Store(path)
    with tempfile.TemporaryDirectory() as folder:
        write_parts(Path(folder), calls, shape)
        one = NewImport(0, f"{shape}.jsonl", "usage_events", calls, 0, 0, 0)
        (added,) = store.add(Batch(Path(folder), (one,)), UNTIL)
    store.close()
    return added.events_new


def main() -> None:
    """Build one database and say how large it is."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--shape", choices=SHAPES, default="team")
    parser.add_argument("--calls", type=int, default=1_000_000)
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    begun = time.perf_counter()
    made = build(asked.folder / "usage.duckdb", asked.calls, asked.shape)
    print(f"{asked.shape}: {made:,} calls in {time.perf_counter() - begun:.0f} s, at {asked.folder}")


if __name__ == "__main__":
    main()
