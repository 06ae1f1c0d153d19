"""One row of a table as a usage event, by a mapping: exactly, or rejected with the reason."""

from __future__ import annotations

import re
from collections.abc import Mapping as Cells
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Final

from usage_analytics.importers.mapped.amounts import column_currency, written
from usage_analytics.importers.mapped.cells import NOTHING, tidy
from usage_analytics.importers.mapped.mapping import COUNTS, UNITS, Decimals, Mapping
from usage_analytics.importers.mapped.moments import NoSuchTime, moment, zone_of
from usage_analytics.importers.mapped.totals import is_total
from usage_analytics.importers.usage_events.columns import KNOWN

MOST_DOLLARS: Final = Decimal(10**9)
MOST_TOKENS: Final = Decimal(10**15)
_NANO: Final = Decimal("0.000000001")
_NAMES: Final = tuple(name for name in KNOWN if name not in ("occurred_at", "cost_usd", *COUNTS, "message_index"))
_DOLLARS: Final = frozenset({"USD", "CAD", "AUD", "NZD", "HKD", "SGD", "TWD", "MXN"})


class Unclear(ValueError):
    """A row that cannot be read exactly. The message is the reason, for people, and holds nothing of the row."""


@dataclass(frozen=True, slots=True)
class Amount:
    """Money as it is written: in whole units of its own currency."""

    value: Decimal
    currency: str


@dataclass(slots=True)
class Event:
    """A row as usage events state it (`says`), the moment, and the amount in its own currency."""

    at: datetime
    says: dict[str, str]
    amount: Amount | None = None
    dollars: Decimal | None = None
    tokens: int | None = None
    own: list[str] = field(default_factory=list)  # what makes the row itself


class RowReader:
    """Reads rows by one mapping. `header` are the table's columns as compared."""

    def __init__(self, mapping: Mapping, header: tuple[str, ...]) -> None:
        self._mapping = mapping
        self._zone: tzinfo | None = zone_of(mapping.zone) if mapping.zone else None
        self._names = {role: mapping.source(role)[0] for role in _NAMES if mapping.source(role)}
        if mapping.one_call_per_id is False:
            self._names.pop("event_id", None)
        self._constants = {role: value for role, value in mapping.constants.items() if role not in mapping.columns}
        self._counts = {role: mapping.source(role)[0] for role in (*COUNTS, "message_index") if mapping.source(role)}
        read = mapping.used if mapping.one_call_per_id is not False else mapping.used - set(mapping.source("event_id"))
        self.others = tuple(column for column in header if column not in read)
        self._identifying = [column for column in self.others if column in set(mapping.identity or mapping.header)]

    def event(self, cells: Cells[str, str]) -> Event:
        """The event of a row. Raises Unclear."""
        at = self._moment(cells)
        if any(map(is_total, cells.values())):
            raise Unclear("The row is named like a total; rename it if it is none.")
        values = self._constants | {role: value for role, column in self._names.items() if (value := stated(cells[column]))}
        event = Event(at, values)
        values["occurred_at"] = f"{at.isoformat()}Z"
        if column := next(iter(self._mapping.source("cost_usd")), None):
            event.amount = self._amount(cells, column)
        counts = {role: whole(cells[column], role, self._mapping) for role, column in self._counts.items()}
        self._apart(counts)
        values |= {role: str(count) for role, count in counts.items() if count is not None}
        known = [count for role, count in counts.items() if count is not None and role in COUNTS and role != "web_searches"]
        event.tokens = sum(known) if known else None
        if event.amount is None and not known:
            raise Unclear("The row states neither a cost nor tokens.")
        event.own = [f"{role}={values[role]}" for role in sorted(values)]
        event.own += [f"{column}={value}" for column in self._identifying if (value := cells[column].strip())]
        if event.amount is not None:
            event.dollars = self._dollars(event.amount)
            values["cost_usd"] = f"{event.dollars:f}"
            event.own.append(f"amount={event.amount.value.normalize():f} {event.amount.currency}")
        return event

    def _moment(self, cells: Cells[str, str]) -> datetime:
        first, *second = [tidy(cells[column]) for column in self._mapping.source("occurred_at")]
        if first.lower() in NOTHING:
            raise Unclear("The time is empty; every row needs one.")
        clock = f"{second[0]}:00" if second and re.fullmatch(r"\d{1,2}", second[0]) else "".join(second)  # a bare hour, too
        text = f"{first} {clock}".strip()
        found = moment(text)
        if found is None or (found.serial and not self._mapping.serial_dates):
            raise Unclear("The time is not one that we can read, such as 2026-11-01 09:30.")
        try:
            return found.at(self._mapping.date_order, self._zone)
        except NoSuchTime as reason:
            raise Unclear(str(reason)) from None

    def _amount(self, cells: Cells[str, str], column: str) -> Amount | None:
        cell = tidy(cells[column])
        if cell.lower() in NOTHING:
            return None
        found = written(cell)
        if found is None:
            raise Unclear("The cost is not a number.")
        value = exact(cell, found.value(self._mapping.decimal), self._mapping.decimal, "The cost")
        unit = UNITS["cents"] if found.cents else UNITS[self._mapping.amounts_in or "units"]
        if found.exponent > 0:
            raise Unclear("The cost is written with an exponent, as a program does that has rounded it; export it in full.")
        if found.negative and value:
            raise Unclear("The cost is negative: a refund or a credit, not a call.")
        told = next(iter(self._mapping.source("currency")), None)
        amount = Amount(value * unit, currency_of(found.currency, tidy(cells[told]) if told else "", self._mapping.currency))
        if amount.value >= MOST_DOLLARS:
            raise Unclear("The cost is a billion or more; no call costs that.")
        return amount

    def _dollars(self, amount: Amount) -> Decimal:
        if amount.currency == "USD":
            rate = Decimal(1)
        elif amount.currency in self._mapping.rates:
            rate = Decimal(self._mapping.rates[amount.currency])
        else:
            raise Unclear(f"The cost is in {amount.currency}, and the mapping has no rate for it; add what one is in US dollars.")
        return (amount.value * rate).quantize(_NANO, ROUND_HALF_EVEN)

    def _apart(self, counts: dict[str, int | None]) -> None:
        """Make input tokens those that were neither read from nor written to the cache."""
        cached = [counts.get(role) or 0 for role in ("cache_read_tokens", "cache_write_5m_tokens", "cache_write_1h_tokens")]
        sent = counts.get("input_tokens")
        if not any(cached) or sent is None or self._mapping.input_includes_cache is False:
            return
        if self._mapping.input_includes_cache is None:
            raise Unclear("The mapping does not say whether input tokens include those of the cache; choose.")
        if sent < sum(cached):
            raise Unclear("The row has fewer input tokens than cache tokens, and the mapping says that input includes them.")
        counts["input_tokens"] = sent - sum(cached)


def stated(cell: str) -> str:
    """Return a cell as a name; empty if the cell is."""
    text = cell.strip()
    return "" if text.lower() in NOTHING else text


def exact(cell: str, value: Decimal | None, decimal: Decimals | None, what: str) -> Decimal:
    """The value of a number that is one in this reading. Raises Unclear."""
    if value is not None:
        return value
    if decimal is None and re.search(r"\d[.,]\d", cell):
        raise Unclear(f"{what} could mean two numbers, such as 1.234; choose the decimal sign of the file.")
    other = "comma" if decimal == "." else "point"
    raise Unclear(f"{what} is not a number in the notation of the file; it may have been written with a decimal {other}.")


def whole(cell: str, role: str, mapping: Mapping) -> int | None:
    """A count of tokens, in whole numbers: also 12.3k, and 12.3 where the mapping counts in thousands. Raises Unclear."""
    text = tidy(cell)
    if text.lower() in NOTHING:
        return None
    found = written(text, tokens=True)
    what = role
    if found is None or found.currency or found.cents:
        raise Unclear(f"{what} is not a number.")
    if found.exponent > 0:
        raise Unclear(f"{what} is written with an exponent, as a program does that has rounded it; export it in full.")
    scale = (mapping.tokens_in or 1) if found.scale == 1 else 1
    value = exact(text, found.value(mapping.decimal), mapping.decimal, what)
    if scale == found.scale == 1 and re.fullmatch(r"[1-9]\d{0,2}([.,])\d{3}", found.digits) and len(found.decimals) == 2:
        grouped = found.value("," if "." in found.digits else ".")
        if grouped != value:  # a count has no decimals: 1.000 among numbers with a decimal point is one or a thousand
            raise Unclear(f"{what} could mean two numbers, such as 1.000; write it without separators.")
    value *= scale
    if value < 0:
        raise Unclear(f"{what} is negative.")
    if value != value.to_integral_value():
        raise Unclear(f"{what} is not a whole number; if it counts in thousands, the mapping should say so.")
    if value >= MOST_TOKENS:
        raise Unclear(f"{what} is larger than any count of tokens can be.")
    return int(value)


def currency_of(cell: str | None, column: str, mapping: str | None) -> str:
    """The currency of an amount, by its own sign, by the column that names it, else by the mapping. Raises Unclear."""
    named = column_currency(column)
    if column and column.lower() not in NOTHING and named is None:
        raise Unclear("The currency is not one that we know; write its three letters, like EUR.")
    for told in filter(None, (named, mapping if cell in (None, "$") else None)):
        if cell in (None, told) or (cell == "$" and told in _DOLLARS) or told == "$":
            return "USD" if told == "$" else told
        raise Unclear("The cost has the sign of one currency, and the row or the mapping names another.")
    if cell is None:
        raise Unclear("The cost does not say its currency; choose it in the mapping.")
    return "USD" if cell == "$" else cell
