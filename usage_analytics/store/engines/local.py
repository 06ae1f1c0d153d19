"""DuckDB on this machine: a database is made of the archive, beside the one that you use, and its tables are written."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from usage_analytics.archive import Archive
from usage_analytics.store.engines.written import WRITTEN
from usage_analytics.store.lease import Lease
from usage_analytics.store.opening import bring_up_to_date

if TYPE_CHECKING:
    from usage_analytics.store.engines import Work

COPY: Final = """
copy (select * from query_table($table)) to $folder (format parquet, compression zstd, file_size_bytes '256MB', file_extension 'parquet')
"""


def run_local(work: Work) -> Mapping[str, int]:
    """Derive and write every table; how many rows each has."""
    with tempfile.TemporaryDirectory(prefix="usage-analytics-") as name:
        folder = Path(name)
        kept = work.archive.folder
        if kept is None:
            kept = folder / "archive"
            work.archive.fetch(["ledger.jsonl", *(part.file for part in work.ledger.parts())], kept)
        lease = Lease(folder / "usage.duckdb")
        bring_up_to_date(lease, Archive(kept), work.rates, work.rules)
        rows = {}
        for table in WRITTEN:
            place = folder / "out" / table
            place.mkdir(parents=True)
            with lease.writing(folder) as connection:
                ((rows[table],),) = connection.execute(COPY, {"table": table, "folder": str(place)}).fetchall()
            work.out.send(table, place)
        return rows
