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
from usage_analytics.store.own_rates import clear_own_prices, has_own_prices, set_own_prices

KINDS: Final = ("input", "cache_read", "cache_write_5m", "cache_write_1h", "output")
HEAD: Final = ("Model", "Tier", "Input", "Cache read", "Write 5 min", "Write 1 h", "Output")


def prices(options: Namespace) -> int:
    """Change the person's own prices if that is asked, then list the rates in force."""
    span = _moment(asked.span(options))
    database = asked.database(options)
    if options.own_prices:
        set_own_prices(database, Path(options.own_prices).expanduser())
    elif options.clear:
        clear_own_prices(database)
    changing = options.own_prices or options.clear
    with asked.writing(options) if changing else asked.reading(options) as store:
        rows = store.rows("prices", span)
    own = has_own_prices(database)
    if options.json:
        answer.write_json({"own_prices": own, "prices": [_row(row) for row in rows]})
    else:
        print(f"US dollars per million tokens, {'your own over the list prices' if own else 'list prices'}\n")
        answer.write_table(HEAD, [_cells(row) for row in rows], words=2)
    return 0


def _moment(span: Filters) -> Filters:
    """The span, or where it has no beginning the moment at its end: now, or as of then."""
    if span.start:
        return span
    end = span.end or datetime.now(UTC).replace(tzinfo=None)
    return Filters(start=end, end=end + timedelta(microseconds=1))


def _row(rate: dict[str, Any]) -> dict[str, object]:
    return {
        "model": rate["model"],
        "from": None if rate["effective_from"] == ALWAYS else answer.time(rate["effective_from"]),
        "to": None if rate["effective_to"] == FOREVER else answer.time(rate["effective_to"]),
        "tier": rate["tier"],
        "above_tokens": rate["above_tokens"],
        **{f"{kind}_usd_per_million": f"{_usd(rate, kind):f}" for kind in KINDS},
        "web_search_usd": answer.money(rate["web_search_nanos"]),
        "surcharges": rate["surcharges"],
    }


def _usd(rate: dict[str, Any], kind: str) -> Decimal:
    return (Decimal(rate[f"{kind}_picos"]) / PICOS_PER_USD_A_MILLION).normalize()


def _cells(rate: dict[str, Any]) -> list[str]:
    above = f", over {fmt.tokens(rate['above_tokens'])}" if rate["above_tokens"] else ""
    amounts = [fmt.dollars(_usd(rate, kind) * 1_000_000_000) for kind in KINDS]
    return [fmt.name(display_name(rate["model"])), f"{rate['tier']}{above}", *amounts]
