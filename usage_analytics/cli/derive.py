"""`derive`: calls and roll-ups of a whole archive as Parquet, made by DuckDB here or by a cluster."""

from __future__ import annotations

import time
from argparse import Namespace

from usage_analytics import format as fmt
from usage_analytics.archive import archive_beside
from usage_analytics.cli import answer, asked


def derive(options: Namespace) -> int:
    """Derive an archive and write what follows from it. 1 when lines of its ledger had to be left out."""
    from usage_analytics.store.authority import rules_for
    from usage_analytics.store.engines import derive_archive
    from usage_analytics.store.own_rates import rates_for

    database = asked.database(options)
    source = options.source or str(archive_beside(database))
    begun = time.monotonic()
    made = derive_archive(options.engine, source, options.out, rates_for(database), rules_for(database))
    seconds = round(time.monotonic() - begun, 1)
    if options.json:
        told = {"engine": made.engine, "seconds": seconds, "rows": made.rows, "left_out": list(made.left_out)}
        answer.write_json(told)
    else:
        calls, hours = fmt.plural(made.rows["call"], "call"), fmt.plural(made.rows["rollup_half_hour"], "row")
        print(f"Wrote {calls} and their roll-ups ({hours} by the hour) to {options.out}.")
    for line in () if options.json else made.left_out:
        answer.complain(f"Left out: line {line} of the ledger is damaged.")
    return 1 if made.left_out else 0
