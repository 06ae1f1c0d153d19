"""`spend`: what was spent, by one property of the calls."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, Final

from usage_analytics import format as fmt
from usage_analytics.cli import answer, asked
from usage_analytics.filters import Filters
from usage_analytics.pricing.models import display_name
from usage_analytics.store import Store

HEAD: Final = ("Calls", "Input", "Cache read", "Write 5 min", "Write 1 h", "Output", "Cost", "Share")
NO_CALLS: Final = "There are no calls in this span; “usage-analytics imports” shows what was read."


@dataclass(frozen=True, slots=True)
class Spent:
    """What one group of calls used and cost; None is unknown. Costs in nano-dollars, times naive UTC."""

    name: str | None
    calls: int | None
    unpriced_calls: int
    input_tokens: int | None
    cache_read_tokens: int | None
    cache_write_5m_tokens: int | None
    cache_write_1h_tokens: int | None
    output_tokens: int | None
    cost_nanos: int | None
    estimated_cost_nanos: int | None
    first_at: datetime
    last_at: datetime


def spend(options: Namespace) -> int:
    """Print what was spent, as JSON or as a table."""
    within = asked.span(options)
    with asked.reading(options) as store:
        groups = spent(store, options.by, within)
    if options.json:
        answer.write_json(as_json(groups, options.by, within))
    else:
        write_for_people(groups, options.by, within)
    return 0


def spent(store: Store, by: str, within: Filters) -> list[Spent]:
    """The groups of calls within the span, the dearest first; days and lengths in their order."""
    if by == "conversation-length":
        rows = store.rows("spend_by_conversation_length", within)
    else:
        rows = store.rows("spend", within, by=by)
    known = [field.name for field in fields(Spent)]
    return [Spent(**{name: row[name] for name in known}) for row in rows]


def as_json(groups: Sequence[Spent], by: str, within: Filters) -> dict[str, object]:
    """The answer in the shape that programs rely on; `from` and `to` are the span asked for, else the first and last call."""
    return {
        "from": answer.time(within.start or min((group.first_at for group in groups), default=None)),
        "to": answer.time(within.end or max((group.last_at for group in groups), default=None)),
        "calls": total(groups, lambda group: group.calls),
        "cost_usd": answer.money(total(groups, lambda group: group.cost_nanos)),
        "estimated_cost_usd": answer.money(total(groups, lambda group: group.estimated_cost_nanos)),
        "unpriced_calls": sum(group.unpriced_calls for group in groups),
        "rows": [_row(group, by.replace("-", "_")) for group in groups],
    }


def _row(group: Spent, column: str) -> dict[str, Any]:
    return {
        column: group.name,
        "calls": group.calls,
        "input_tokens": group.input_tokens,
        "cache_read_tokens": group.cache_read_tokens,
        "cache_write_5m_tokens": group.cache_write_5m_tokens,
        "cache_write_1h_tokens": group.cache_write_1h_tokens,
        "output_tokens": group.output_tokens,
        "cost_usd": answer.money(group.cost_nanos),
        "estimated_cost_usd": answer.money(group.estimated_cost_nanos),
        "unpriced_calls": group.unpriced_calls,
    }


def total(groups: Sequence[Spent], measure: Callable[[Spent], int | None]) -> int | None:
    """The sum of what is known; None when there is something and nothing of it is known."""
    known = [amount for amount in map(measure, groups) if amount is not None]
    return sum(known) if known or not groups else None


def write_for_people(groups: Sequence[Spent], by: str, within: Filters) -> None:
    """A sentence with the total, then a table; what is unpriced or estimated is said."""
    if not groups:
        print(NO_CALLS if within.start or within.end else answer.NOTHING_YET)
        return
    cost = total(groups, lambda group: group.cost_nanos)
    estimated = total(groups, lambda group: group.estimated_cost_nanos)
    span = fmt.days(min(group.first_at for group in groups).date(), max(group.last_at for group in groups).date())
    print(f"{span}: {fmt.plural(total(groups, lambda group: group.calls) or 0, 'call')}, {fmt.dollars(cost)}")
    if estimated != cost:
        print(f"{fmt.dollars(estimated)} with an estimate for the outputs that the logs left unfinished")
    if unpriced := sum(group.unpriced_calls for group in groups):
        print(f"{fmt.plural(unpriced, 'call')} without a price, not in these amounts")
    print()
    answer.write_table(
        [by.replace("-", " ").capitalize(), *HEAD],
        [_cells(group, by, cost) for group in groups],
    )


def _cells(group: Spent, by: str, cost: int | None) -> list[str]:
    tokens = (
        group.input_tokens,
        group.cache_read_tokens,
        group.cache_write_5m_tokens,
        group.cache_write_1h_tokens,
        group.output_tokens,
    )
    share = fmt.percent(group.cost_nanos / cost) if cost and group.cost_nanos is not None else ""
    return [_label(group.name, by), fmt.count(group.calls), *map(fmt.tokens, tokens), fmt.dollars(group.cost_nanos), share]


def _label(name: str | None, by: str) -> str:
    if name is None:
        return "no conversation" if by == "conversation-length" else fmt.NONE
    if by == "day":
        return fmt.day(date.fromisoformat(name))
    return fmt.name(display_name(name) if by == "model" else name, longest=40)
