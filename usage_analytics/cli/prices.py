"""`prices`: the rates in force, and the person's own laid over them."""

from __future__ import annotations

from argparse import Namespace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from usage_analytics import format as fmt
from usage_analytics.cli import answer, asked
from usage_analytics.filters import Filters
from usage_analytics.pricing.models import display_name
from usage_analytics.pricing.rates import ALWAYS, FOREVER, PICOS_PER_USD_A_MILLION
from usage_analytics.store.own_rates import (
    assumed_for,
    clear_own_prices,
    has_own_prices,
    set_assumed_model,
    set_own_prices,
    set_profile,
)

KINDS: Final = ("input", "cache_read", "cache_write_5m", "cache_write_1h", "output")
HEAD: Final = ("Model", "Tier", "Input", "Cache read", "Write 5 min", "Write 1 h", "Output")


def prices(options: Namespace) -> int:
    """Change the person's own prices if that is asked, then list the rates in force."""
    span = asked.span(options)
    if not span.start:  # the rates at one moment: now, or as of then
        end = span.end or datetime.now(UTC).replace(tzinfo=None)
        span = Filters(start=end, end=end + timedelta(microseconds=1))
    database = asked.database(options)
    if options.own_prices:
        set_own_prices(database, Path(options.own_prices).expanduser())
    elif options.clear:
        clear_own_prices(database)
    elif options.assume:
        set_assumed_model(database, options.assume)
    elif options.same_as:
        set_profile(database, *options.same_as)
    changing = options.own_prices or options.clear or options.assume or options.same_as
    with asked.writing(options) if changing else asked.reading(options) as store:
        rows = store.rows("prices", span)
    own = has_own_prices(database)
    if options.json:
        answer.write_json(
            {
                "own_prices": own,
                "assumed_model": assumed_for(database),
                "prices": [
                    {
                        "model": row["model"],
                        "from": None if row["effective_from"] == ALWAYS else answer.time(row["effective_from"]),
                        "to": None if row["effective_to"] == FOREVER else answer.time(row["effective_to"]),
                        **{name: row[name] for name in ("tier", "above_tokens")},
                        **{f"{kind}_usd_per_million": f"{_usd(row, kind):f}" for kind in KINDS},
                        "web_search_usd": answer.money(row["web_search_nanos"]),
                        "surcharges": row["surcharges"],
                    }
                    for row in rows
                ],
            }
        )
    else:
        print(f"US dollars per million tokens, {'your own prices first' if own else 'list prices'}")
        print(f"Calls without a model name are priced as {display_name(assumed_for(database))}\n")
        table = []
        for row in rows:
            above = f", over {fmt.tokens(row['above_tokens'])}" if row["above_tokens"] else ""
            amounts = [fmt.dollars(_usd(row, kind) * 1_000_000_000) for kind in KINDS]
            table.append([fmt.name(display_name(row["model"])), f"{row['tier']}{above}", *amounts])
        answer.write_table(HEAD, table, words=2)
    return 0


def _usd(rate: dict[str, Any], kind: str) -> Decimal:
    return (Decimal(rate[f"{kind}_picos"]) / PICOS_PER_USD_A_MILLION).normalize()
