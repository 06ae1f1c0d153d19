"""Imports of usage events of growing size, and one day's transcripts added to each: CPU seconds, wall seconds and peak memory.

    python -m tests.benchmarks.usage_events_import --rows 1000000 3000000 10000000

CPU seconds are those of the whole process tree. Twice the rows should cost twice the time: anything above says where memory ran out.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

import duckdb

from tests.benchmarks.transcript_import import Run, Tool, measure
from tests.benchmarks.transcript_tree import write_tree

# A year of 40 apps, in order of time; conversations of about 25 calls, whose prompts grow; a tenth of the calls belong to none.
EVENTS = """
copy (
    select
        strftime(timestamp '2025-10-01' + to_microseconds(i * (31536000000000 // $rows)), '%Y-%m-%dT%H:%M:%S.%fZ') as occurred_at,
        'app-' || (hash(i // 25) % 40) as app,
        (['claude-opus-5-5', 'claude-sonnet-5-5', 'claude-haiku-4-5', 'claude-sonnet-4-5'])[(1 + hash(i // 25, 1) % 4)::bigint] as model,
        hash(i, 2) % 400 as input_tokens,
        1000 * (i % 25) + hash(i, 3) % 900 as cache_read_tokens,
        hash(i, 4) % 3000 as cache_write_5m_tokens,
        0 as cache_write_1h_tokens,
        hash(i, 5) % 1200 as output_tokens,
        'call_' || lpad(to_hex(hash(i, 6)), 16, '0') as event_id,
        'member-' || (hash(i // 25, 7) % 12) as account,
        'project-' || (hash(i // 25, 8) % 60) as project,
        case when hash(i // 25, 9) % 10 > 0 then lpad(to_hex(hash(i // 25, 10)), 16, '0') end as conversation_id,
        (['interactive', 'headless', 'scheduled'])[(1 + hash(i // 25, 11) % 3)::bigint] as run
    from range($rows) as t (i)
) to '{file}' (header, delimiter ',')
"""


def write_events(file: Path, rows: int) -> None:
    """Write so many usage events as CSV, the same ones each time."""
    with duckdb.connect() as connection:
        connection.execute(EVENTS.replace("{file}", str(file)).replace("$rows", str(rows)))


def imported(paths: list[Path], database: Path) -> Run:
    """One `import` process from its start to its end."""
    command = [sys.executable, "-m", "usage_analytics", "import", *map(str, paths), "--db", str(database), "--json"]
    return measure(Tool("import", command, {"TZ": "UTC"}, lambda: None))


def main() -> None:
    """Print a line a size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[1_000_000, 3_000_000])
    parser.add_argument("--folder", type=Path, help="where to work; a folder of its own that is removed")
    asked = parser.parse_args()
    print(f"{'rows':>12}{'wall s':>9}{'cpu s':>9}{'peak MiB':>10}{'db MB':>8}{'archive MB':>12}   a day more: wall s, cpu s, MiB")
    with tempfile.TemporaryDirectory(dir=asked.folder) as name:
        folder = Path(name)
        write_tree(folder / "day", total_bytes=8_000_000, files=30)
        for rows in asked.rows:
            file, database = folder / f"{rows}.csv", folder / str(rows) / "usage.duckdb"
            write_events(file, rows)
            run = imported([file], database)
            file.unlink()
            more = imported([folder / "day"], database)
            archive = sum(one.stat().st_size for one in (database.parent / "archive").rglob("*.parquet")) / 1e6
            size = database.stat().st_size / 1e6
            print(
                f"{rows:12,}{run.wall:9.1f}{run.cpu:9.1f}{run.peak:10.0f}{size:8.0f}{archive:12.0f}"
                f"   {more.wall:.2f}, {more.cpu:.2f}, {more.peak:.0f}",
                flush=True,
            )
            shutil.rmtree(database.parent)


if __name__ == "__main__":
    main()
