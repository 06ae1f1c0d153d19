"""Where an archive is derived as a whole: by DuckDB on this machine, or by a cluster where it is too large for one.

Both run the statements of `store/derivation/` and write the same Parquet: one folder a table, and `derived.json` when all of it is there.
The program's own database is never changed by it; `run --rollups` shows pages from what was written.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from usage_analytics.archive.ledger import Ledger
from usage_analytics.archive.ledger import read as read_ledger
from usage_analytics.errors import BadRequest
from usage_analytics.pricing.rates import Rate, rates_digest
from usage_analytics.store.authority import Rules
from usage_analytics.store.engines.places import Place
from usage_analytics.store.engines.written import Derived, finish, forget
from usage_analytics.store.schema import newest

LEDGER = "ledger.jsonl"
_SPARK = re.compile(r"sc://[^/\s]+(/.*)?")


@dataclass(frozen=True)
class Work:
    """An archive, where what is derived of it goes, and what it is derived by."""

    archive: Place
    ledger: Ledger
    out: Place
    rates: tuple[Rate, ...]
    rules: Rules


def derive_archive(engine: str, archive: str, out: str, rates: tuple[Rate, ...], rules: Rules) -> Derived:
    """Derive all of an archive and write it to `out`. `engine` is “duckdb” or the address of a Spark Connect server, sc://HOST:PORT.

    Raises BadRequest for a place without an archive, an engine that there is none of, or a server that doesn't answer.
    """
    place = Place.named(archive)
    content = place.read(LEDGER)
    if content is None:
        raise BadRequest(f"There is no archive in {archive}. Name the folder that has its {LEDGER}.")
    work = Work(place, read_ledger(content), Place.named(out), rates, rules)
    forget(work.out)
    if engine == "duckdb":
        from usage_analytics.store.engines.local import run_local

        rows = run_local(work)
    elif _SPARK.fullmatch(engine):
        from usage_analytics.store.engines.cluster import run_on_cluster

        rows = run_on_cluster(engine, work)
    else:
        raise BadRequest(
            f"“{engine}” isn't an engine. Write duckdb, or the address of a Spark Connect server like sc://HOST:15002."
        )
    told = Derived(newest(), rates_digest(rates), rules.digest, engine.partition(":")[0], dict(rows), work.ledger.damaged)
    finish(work.out, told)
    return told
