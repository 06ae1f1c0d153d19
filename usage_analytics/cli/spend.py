"""`spend`: what was spent, by one property of the calls."""

from __future__ import annotations

from argparse import Namespace
from datetime import date
from typing import Final

from usage_analytics import format as fmt
from usage_analytics.answers import spend as answers
from usage_analytics.answers.spend import Spend, Spent
from usage_analytics.cli import answer, asked
from usage_analytics.pricing.models import display_name

HEAD: Final = ("Calls", "Input", "Cache read", "Write 5 min", "Write 1 h", "Output", "Cost", "Share")
COUNTS: Final = (
    "calls",
    "input_tokens",
    "cache_read_tokens",
    "cache_write_5m_tokens",
    "cache_write_1h_tokens",
    "output_tokens",
)


def spend(options: Namespace) -> int:
    """Print what was spent, as JSON or as a table; of all time where no dates are named."""
    with asked.reading(options) as store:
        found = answers.answer(asked.exact(options, store), options.by)
    if options.json:
        answer.write_json(as_json(found, options.by.replace("-", "_")))
    else:
        write_for_people(found, options.by, dated=bool(options.start or options.end))
    return 0


def as_json(found: Spend, by: str) -> dict[str, object]:
    """The answer in the shape that programs rely on; `from` and `to` are the range asked for, else the first and last call."""
    return {
        "from": answer.time(found.start),
        "to": answer.time(found.end),
        "calls": found.calls,
        "cost_usd": answer.money(found.recorded_nanos),
        "estimated_cost_usd": answer.money(found.estimated_cost_nanos),
        "unpriced_calls": found.unpriced_calls,
        **guessed(found),
        "rows": [
            {
                by: group.name,
                **{name: getattr(group, name) for name in COUNTS},
                "cost_usd": answer.money(group.recorded_nanos),
                "estimated_cost_usd": answer.money(group.estimated_cost_nanos),
                "unpriced_calls": group.unpriced_calls,
                **guessed(group),
            }
            for group in found.groups
        ],
        **answer.said(found.headline, found.figures),
    }


def guessed(part: Spend | Spent) -> dict[str, object]:
    """How many calls have estimated tokens, and between what bounds these calls cost; the tokens beside it include them."""
    low, high = (
        answer.money(nanos) if part.guessed_calls else None for nanos in (part.guessed_low_nanos, part.guessed_high_nanos)
    )
    return {"estimated_token_calls": part.guessed_calls, "estimated_token_cost_usd": {"low": low, "high": high}}


def write_for_people(found: Spend, by: str, *, dated: bool) -> None:
    """A sentence with the range and the total, then a table; what is unpriced or estimated is said."""
    if not found.groups:
        print(found.headline.lead if dated else answer.NOTHING_YET)
        return
    first, last = min(group.first_at for group in found.groups), max(group.last_at for group in found.groups)
    days = fmt.days(first.date(), last.date())
    print(f"{days if dated else f'All time, {days}'}: {fmt.plural(found.calls or 0, 'call')}, {fmt.dollars(found.cost_nanos)}")
    if found.guessed_calls:
        nanos = (found.cost_nanos or 0) - (found.recorded_nanos or 0)
        print(fmt.estimate(found.guessed_calls, nanos, found.guessed_low_nanos, found.guessed_high_nanos))
    if found.estimated_cost_nanos != found.cost_nanos:
        print(f"{fmt.dollars(found.estimated_cost_nanos)} including an estimate for output that the logs don't show")
    if found.unpriced_calls:
        print(f"{fmt.plural(found.unpriced_calls, 'call')} unpriced and not included")
    print()
    head = [by.replace("-", " ").capitalize(), *HEAD]
    rows = []
    for group in found.groups:
        calls, *tokens = (getattr(group, name) for name in COUNTS)
        share = fmt.percent(group.cost_nanos / found.cost_nanos) if found.cost_nanos and group.cost_nanos is not None else ""
        name = "no conversation" if by == "conversation-length" else fmt.NONE
        if group.name is not None:
            text = display_name(group.name) if by == "model" else group.name
            name = fmt.day(date.fromisoformat(group.name)) if by == "day" else fmt.name(text, longest=40)
        rows.append([name, fmt.count(calls), *map(fmt.tokens, tokens), fmt.dollars(group.cost_nanos), share])
    answer.write_table(head, rows)
