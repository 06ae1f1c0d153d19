"""A database for pages of what `derive` wrote: roll-ups are loaded into it, single calls are read from the Parquet beside it."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path
from typing import Final

from usage_analytics.archive import NoArchive
from usage_analytics.errors import BadRequest
from usage_analytics.pricing.rates import Rate
from usage_analytics.store import shown
from usage_analytics.store.authority import Rules
from usage_analytics.store.engines.places import Place
from usage_analytics.store.engines.written import NAME, WRITTEN, what_is_in
from usage_analytics.store.lease import Lease
from usage_analytics.store.location import staging_folder
from usage_analytics.store.opening import bring_up_to_date
from usage_analytics.store.schema import newest

# What lies together is read together: by which column each table is sorted.
SORTED: Final = {
    "rollup_half_hour": "half_hour",
    "rollup_value": "day",
    "rollup_conversation": "first_day",
    "rollup_conversation_part": "day",
    "rollup_message_position": "day",
    "prompt": "occurred_at",
}


def database_of(uri: str, under: Path, rates: tuple[Rate, ...], rules: Rules) -> Path:
    """A database that shows what lies at `uri`, in a folder of its own below `under`; made again when that was derived again.

    What is decided on its pages is kept beside it. Raises BadRequest where nothing was derived, or by another version.
    """
    place = Place.named(uri)
    told = what_is_in(place)
    if told.schema != newest():
        raise BadRequest(f"{uri} was derived by another version of usage-analytics. Run “usage-analytics derive” again.")
    folder = under / "rollups" / hashlib.sha256(place.uri.encode()).hexdigest()[:12]
    path, marker, content = folder / "usage.duckdb", folder / shown.NAME, place.read(NAME) or b""
    if path.exists() and marker.exists() and marker.read_bytes() == content:
        return path
    draft = staging_folder(path)
    try:
        files = folder / f"derived-{draft.name.removeprefix('.staging-')}"
        place.fetch(WRITTEN, files)
        lease = Lease(draft / path.name)
        bring_up_to_date(lease, NoArchive(draft), rates, rules)
        with lease.writing(folder) as connection:
            for table in WRITTEN:
                found = {"files": f"{files}/{table}/*.parquet"}
                if table == "call":
                    columns = ", ".join(
                        row[0] for row in connection.execute("select column_name from (describe call)").fetchall()
                    )
                    quoted = found["files"].replace("'", "''")
                    connection.execute(f"create or replace view call as select {columns} from read_parquet('{quoted}')")  # noqa: S608
                else:
                    order = f" order by {SORTED[table]}" if table in SORTED else ""
                    connection.execute(f"insert into {table} by name select * from read_parquet($files){order}", found)  # noqa: S608
        if place.read(NAME) != content:
            raise BadRequest(f"{uri} is being derived again. Try again when that's done.")
        lease.path.replace(path)
        marker.write_bytes(content)
        for old in folder.glob("derived-*"):
            if old != files:
                shutil.rmtree(old, ignore_errors=True)
        return path
    finally:
        shutil.rmtree(draft, ignore_errors=True)
