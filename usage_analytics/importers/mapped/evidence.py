"""What the content of a table's columns decides about a mapping, and what it leaves open."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

import msgspec

from usage_analytics.events import Grain
from usage_analytics.importers.mapped import names
from usage_analytics.importers.mapped.amounts import written
from usage_analytics.importers.mapped.cells import tidy
from usage_analytics.importers.mapped.mapping import CACHE, COUNTS, TOKENS, Decimals, Mapping
from usage_analytics.importers.mapped.moments import ORDERS
from usage_analytics.importers.mapped.proposal import ColumnFacts, TableFacts

_ENGLISH: Final = frozenset("cost costs spend spent amount charge charges charged price total fee usd".split())


def decided(facts: TableFacts, mapping: Mapping) -> Mapping:
    """The mapping with what the content of its columns leaves no doubt about; what they leave open is None."""
    change = msgspec.structs.replace
    time = facts.column(mapping.source("occurred_at")[0])
    if time:
        whole = [order for order in ORDERS if time.numbered and time.orders.get(order, 0) == time.numbered]
        mapping = change(
            mapping,
            date_order=whole[0] if len(whole) == 1 else None,
            zone="UTC" if time.naive + time.serials and names.is_utc(time.label) else None,
            serial_dates=time.serials > 0 and not time.times,
            grain=grain_of(time, alone=len(mapping.source("occurred_at")) == 1),
        )
    numbers = [one for role in ("cost_usd", *COUNTS) for name in mapping.source(role) if (one := facts.column(name))]
    mapping = change(mapping, decimal=decimal_of(numbers))
    cost = facts.column(next(iter(mapping.source("cost_usd")), ""))
    if cost:
        mapping = change(mapping, currency=currency_of_amounts(facts, mapping, cost), amounts_in=names.unit_named(cost.label))
    scales = {
        scale
        for role in TOKENS
        for name in mapping.source(role)
        if (one := facts.column(name)) and (scale := names.scale_named(one.label))
    }
    ids = facts.column(next(iter(mapping.source("event_id")), ""))
    unique = True if ids and ids.distinct >= facts.rows and not ids.blank else None
    return change(mapping, tokens_in=scales.pop() if len(scales) == 1 else None, one_call_per_id=unique)


def decimal_of(columns: list[ColumnFacts]) -> Decimals | None:
    """The decimal sign that all numbers of a file allow; None where it makes no difference, where both do, or where they contradict."""
    points, commas = sum(one.points for one in columns), sum(one.commas for one in columns)
    if points and not commas:
        return "."
    return "," if commas and not points else None


def grain_of(time: ColumnFacts, *, alone: bool) -> Grain:
    """What a row stands for: a day or an hour where all times are on one, else a call."""
    if alone and time.days + time.serials >= time.rows:
        return "day"
    return "hour" if alone and time.hours >= time.rows > 10 else "call"


def currency_of_amounts(facts: TableFacts, mapping: Mapping, cost: ColumnFacts) -> str | None:
    """The currency of amounts that do not state one: as the column's name says, or dollars where nothing hints at another.

    A decimal comma, a name in another language or an unclear sign is such a hint: then it is asked for.
    """
    told = set(cost.currencies)
    if mapping.source("currency"):
        return None
    if named := names.currency_named(cost.label):
        return named
    if told - {"$"} or sum(cost.currencies.values()) >= cost.numbers:
        return "USD" if told == {"$"} else None
    if (
        facts.shown_in
        or mapping.decimal == ","
        or any(code for one in facts.columns for code in one.currencies if code not in ("USD", "$"))
    ):
        return None
    other = [names.currency_named(one.label) for one in facts.columns]
    english = set(names.words(cost.label)) & _ENGLISH
    return "USD" if english and not any(code not in (None, "USD") for code in other) else None


def cache_within(facts: TableFacts, rows: list[list[str]], mapping: Mapping) -> bool | None:
    """Whether input tokens include those of the cache: as the totals add up, or as a row shows that has more cache than input."""
    cached = [name for role in CACHE for name in mapping.source(role)]
    sent = next(iter(mapping.source("input_tokens")), None)
    if not cached or sent is None:
        return None
    answer = next(iter(mapping.source("output_tokens")), None)
    total = max(facts.columns, key=lambda one: names.score(names.TOTAL, one.label))
    has_total = names.score(names.TOTAL, total.label) > names.LEAST and total.name not in mapping.used
    votes: set[bool] = set()
    for row in rows:
        cell = dict(zip(facts.header, row, strict=True))
        cache = sum((_value(cell[name], mapping) for name in cached), Decimal(0))
        known = _value(cell[sent], mapping)
        if not cache:
            continue
        if cache > known:
            votes.add(False)
        elif has_total and answer:
            whole, base = _value(cell[total.name], mapping), known + _value(cell[answer], mapping)
            votes |= {True} if whole == base else {False} if whole == base + cache else set()
    return votes.pop() if len(votes) == 1 else None


def _value(cell: str, mapping: Mapping) -> Decimal:
    found = written(tidy(cell), tokens=True)
    return (found.value(mapping.decimal) if found else None) or Decimal(0)
