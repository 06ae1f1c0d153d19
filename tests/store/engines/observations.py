"""An archive of random observations that holds what engines disagree about: ties, nulls, Sundays, edges of days, months and clocks."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Final

import duckdb

from usage_analytics.archive import Archive, Entry, Line
from usage_analytics.events import OBSERVATION, PROMPT
from usage_analytics.store.schema import newest

FILES: Final = 3

# One row per observation. Ids repeat within and across sources, so that observations are merged and calls known twice; moments repeat, and
# lie at midnight, on the hour, on the night in which clocks change, and a microsecond beside these.
DRAWN: Final = """
create or replace temp table observation as
with drawn as (
    select
        i,
        hash(i, 1) % 1000 as kind,
        (hash(i, 2) % $ids::ubigint)::bigint as number,
        hash(i, 3) % 10 as when_kind,
        timestamp '2026-10-20 22:00:00' + to_hours((hash(i, 4) % (24 * 30))::integer) as hour
    from range($rows) as r (i)
),

placed as (
    select
        *,
        case
            when kind < 560 then 'claude_code'
            when kind < 600 then 'claude_print'
            when kind < 640 then 'claude_code_otel'
            when kind < 740 then 'openrouter'
            when kind < 940 then 'usage_events'
            when kind < 960 then 'cursor'
            when kind < 970 then 'claude_ai'
            when kind < 975 then 'console_cost'
            when kind < 980 then 'admin_usage'
            when kind < 985 then 'admin_cost'
            when kind < 990 then 'claude_code_users'
            when kind < 995 then 'openai_cost'
            else 'stats_cache'
        end as source,
        number // 37 as talk
    from drawn
)

select
    (i % $files)::integer as import_no,
    source,
    case
        when source in ('console_cost', 'admin_cost', 'openai_cost', 'claude_code_users', 'stats_cache') then 'day'
        when source = 'admin_usage' then case when hash(i, 5) % 2 = 0 then 'hour' else 'day' end
        else 'call'
    end as grain,
    case when grain = 'call' then 'msg_' || lpad(number::varchar, 12, '0') else source || ' ' || (i // 2)::varchar end as event_id,
    case when grain = 'call' and hash(i, 6) % 3 > 0 then 'req_' || (number * 2 + (hash(i, 7) % 20 = 0)::integer)::varchar end as request_id,
    case hash(i, 8) % 5 when 0 then true when 1 then null else false end as is_sidechain,
    case hash(i, 9) % 7 when 0 then true when 1 then null else false end as is_copy,
    case
        when grain = 'day' then date_trunc('day', hour)
        when grain = 'hour' then hour
        when when_kind < 3 then hour
        when when_kind = 3 then date_trunc('day', hour)
        when when_kind = 4 then hour - interval 1 microsecond
        when when_kind = 5 then hour + to_seconds((hash(number, 10) % 3600)::bigint)
        else hour + to_microseconds((hash(i, 11) % 3600000000)::bigint)
    end as occurred_at,
    case
        when source = 'console_cost' then 'claude_code_key_' || hash(i, 12) % 3
        when source in ('admin_usage', 'admin_cost') then 'apikey_' || hash(i, 12) % 3
        when source = 'openai_cost' then 'All products'
        when starts_with(source, 'claude_code') then 'claude_code'
        else 'app ' || hash(i, 12) % 5
    end as app,
    case hash(i, 13) % 4 when 0 then 'ann' when 1 then 'ben' when 2 then 'Zoë' end as account,
    case hash(i, 14) % 4 when 0 then 'garden' when 1 then 'Claude Code' when 2 then '' end as project,
    case when grain = 'call' and hash(talk, 15) % 6 > 0 then 'talk ' || talk end as conversation_id,
    case when conversation_id is not null and hash(number, 16) % 5 = 0 then 'agent ' || number % 3 end as agent_id,
    case when source = 'usage_events' and hash(i, 17) % 2 = 0 then (1 + hash(i, 18) % 700)::bigint end as message_index,
    case hash(i, 19) % 9 when 0 then 'ci' when 1 then 'headless' when 2 then 'interactive' end as run,
    case hash(i, 20) % 9 when 0 then true when 1 then false end as human_prompt,
    case hash(i, 21) % 6 when 0 then 'cli' when 1 then 'sdk-py' when 2 then 'claude-code-github-action' when 3 then 'my_trigger' end
        as entrypoint,
    case hash(i, 22) % 6
        when 0 then '2.1.42' when 1 then '2.1.9' when 2 then '2.1.100' when 3 then '3.0.0-beta.1' when 4 then '1.0.88'
    end as version,
    case hash(i, 23) % 8
        when 0 then 'claude-opus-5-5' when 1 then 'claude-sonnet-5-5' when 2 then 'claude-haiku-5-5' when 3 then 'claude-opus-4-6'
        when 4 then 'claude-sonnet-4-5' when 5 then 'no-such-model'
    end as model,
    case when hash(i, 24) % 5 = 0 then 'us.anthropic.' || model else model end as model_raw,
    case hash(i, 25) % 6 when 0 then null when 1 then 0 when 2 then 250000 else (hash(i, 26) % 20000)::bigint end as input_tokens,
    case hash(i, 27) % 6 when 0 then null when 1 then 0 else (hash(i, 28) % 190000)::bigint end as cache_read_tokens,
    case hash(i, 29) % 6 when 0 then null when 1 then 0 else (hash(i, 30) % 9000)::bigint end as cache_write_5m_tokens,
    case hash(i, 31) % 6 when 0 then (hash(i, 32) % 9000)::bigint when 1 then 0 end as cache_write_1h_tokens,
    case hash(i, 33) % 6 when 0 then null when 1 then 0 else (hash(i, 34) % 9000)::bigint end as output_tokens,
    case hash(i, 35) % 5 when 0 then false when 1 then true end as output_is_final,
    case when output_is_final is false then [{'line': (i % 7)::bigint, 'chars': (hash(i, 36) % 40000)::bigint}] end as unfinished,
    case hash(i, 37) % 9 when 0 then 1 when 1 then 12 when 2 then 0 end::bigint as web_searches,
    case hash(i, 38) % 20 when 0 then 'fast' when 1 then 'standard' end as speed,
    case hash(i, 39) % 20 when 0 then 'us' end as geo,
    case hash(i, 40) % 20 when 0 then true when 1 then false end as batch,
    case when hash(i, 41) % 15 = 0 then [
        {'input_tokens': (hash(i, 42) % 300000)::bigint, 'cache_read_tokens': input_tokens, 'cache_write_5m_tokens': null::bigint,
         'cache_write_1h_tokens': 0::bigint, 'output_tokens': (hash(i, 43) % 900)::bigint},
        {'input_tokens': null::bigint, 'cache_read_tokens': 210000::bigint, 'cache_write_5m_tokens': 7::bigint,
         'cache_write_1h_tokens': null::bigint, 'output_tokens': output_tokens}
    ] end as iterations,
    case when source = 'claude_ai' then [
        {'input_tokens': 10::bigint, 'cache_read_tokens': null::bigint, 'cache_write_5m_tokens': null::bigint,
         'cache_write_1h_tokens': null::bigint, 'output_tokens': 5::bigint},
        {'input_tokens': (hash(i, 44) % 90000)::bigint, 'cache_read_tokens': 0::bigint, 'cache_write_5m_tokens': null::bigint,
         'cache_write_1h_tokens': null::bigint, 'output_tokens': 90::bigint}
    ] end as estimates,
    case when grain <> 'call' or hash(i, 45) % 8 = 0 then (hash(i, 46) % 5000000000)::bigint end as reported_cost_nanos,
    case when reported_cost_nanos is not null then case when grain <> 'call' or hash(i, 47) % 2 = 0 then 'billed' else 'estimate' end end
        as reported_cost_kind,
    case hash(i, 48) % 30 when 0 then 'plan' when 1 then 'credits' when 2 then 'api' end as paid_from,
    case when hash(i, 49) % 50 = 0 then 'overloaded' end as error,
    case when grain <> 'call' and hash(i, 50) % 3 = 0 then '{"long_context": true, "word": "Zoë"}' end as extra,
    case when source = 'admin_usage' then timestamp '2026-11-20' + to_hours((i % 5)::integer) end as stated_at,
    case when stated_at is not null then hash(i, 51) % 10 = 0 end as is_whole_bucket
from placed
"""

ASKED: Final = """
create or replace temp table prompt as
select
    (i % $files)::integer as import_no,
    case when hash(i, 1) % 9 > 0 then 'talk ' || hash(i, 2) % ($rows // 46)::ubigint end as conversation_id,
    timestamp '2026-10-20 22:00:00' + to_hours((hash(i, 3) % (24 * 30))::integer)
        + to_microseconds(case when hash(i, 4) % 2 = 0 then 0 else (hash(i, 5) % 3600000000)::bigint end) as occurred_at,
    ['human', 'sdk', 'scheduled', 'auto', 'present'][1 + (hash(i, 6) % 5)::integer] as kind,
    null::varchar as account
from range($rows // 5) as r (i)
"""


def write_archive(folder: Path, rows: int, *, ids: int | None = None, backwards: bool = False) -> Archive:
    """An archive of so many random observations of so many calls, and a fifth as many prompts; the same on every run.

    `backwards` names its parts in the opposite order, so that rows of one source come before or after those of another.
    """
    archive, staged = Archive(folder / "archive"), folder / "staged"
    staged.mkdir(parents=True)
    with duckdb.connect() as connection:
        for table, drawn, columns in (("observation", DRAWN, OBSERVATION), ("prompt", ASKED, PROMPT)):
            given = {"rows": rows, "files": FILES, "ids": ids or rows * 4 // 5}
            connection.execute(drawn, {name: value for name, value in given.items() if f"${name}" in drawn})
            wanted = ", ".join(f"{name}::{kind} as {name}" for name, kind in columns.items())
            connection.execute(f"copy (select {wanted} from {table}) to '{staged}/{table}-0.parquet' (format parquet)")
    named = [(number, f"made-{number}", "made_up") for number in range(FILES)]
    moment = datetime(2026, 11, 21)
    with archive.locked():
        parts = archive.draft("made", staged, named)[:: -1 if backwards else 1]
        entries = tuple(
            Entry(uid, number + 1, 1, f"file {number}", "made_up", moment, rows, rows, 0, 0, 0, 0) for number, uid, _ in named
        )
        with archive.entering(Line("made", moment, newest(), imports=entries, parts=parts)):
            pass
    return archive
