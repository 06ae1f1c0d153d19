"""What a mapping leaves open about a table, each with what an answer would mean for the rows that are there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any, Final

import msgspec

from usage_analytics.errors import BadRequest
from usage_analytics.importers.mapped.amounts import written
from usage_analytics.importers.mapped.cells import tidy
from usage_analytics.importers.mapped.checks import checked
from usage_analytics.importers.mapped.mapping import CACHE, CODES, COUNTS, TOKENS, Mapping
from usage_analytics.importers.mapped.moments import NoSuchTime, moment, zone_of
from usage_analytics.importers.mapped.proposal import Choice, ColumnFacts, Question, Suggestion

RATE: Final = "rate "  # a question about the rate of one currency is about this and its code
_ORDERS: Final = {"dmy": "Day first", "mdy": "Month first", "ymd": "Year first"}


def answered(mapping: Mapping, about: str, value: Any) -> Mapping:
    """The mapping with one question answered. Raises BadRequest."""
    if about == "cost_column":
        return checked(msgspec.structs.replace(mapping, columns=mapping.columns | {"cost_usd": value}, cost_chosen=True))
    if about.startswith(RATE):
        return checked(msgspec.structs.replace(mapping, rates=mapping.rates | {about.removeprefix(RATE): str(value).strip()}))
    try:
        plain = msgspec.to_builtins(mapping) | {about: value}
        return checked(msgspec.convert(plain, Mapping))
    except msgspec.ValidationError as error:
        raise BadRequest("This answer is not one of the choices. Choose one of them.") from error


def _order(table: Suggestion, mapping: Mapping, _: str | None) -> Iterator[Question]:
    """Which number of a date is the day: asked where a date could be two days, and where dates contradict each other."""
    time = _column(table, mapping, "occurred_at")
    known = [order for order in _ORDERS if time and time.orders.get(order)]
    if time is None or mapping.date_order or not known:
        return
    example = time.order_example or "03/04/2026"
    choices = []
    for order in sorted(known, key=lambda one: -time.orders[one]):
        day = (moment(example) or moment("2026-01-01")).day(order)  # type: ignore[union-attr,arg-type]
        first, last = (date.fromisoformat(one) for one in time.spans[order])
        means = f"{_ORDERS[order]}: {example.split(' ')[0]} is {_day(day)}. Days from {_day(first)} to {_day(last)}."
        choices.append(Choice(order, means, time.orders[order]))
    yield Question("date_order", f"Is the day or the month first in “{time.label}”?", choices)


def _zone(table: Suggestion, mapping: Mapping, own: str | None) -> Iterator[Question]:
    """Whose clock it was: asked where a time has no offset."""
    time = _column(table, mapping, "occurred_at")
    if time is None or mapping.zone or not time.naive + time.serials:
        return
    example = time.naive_example or next(iter(time.examples), "")
    choices = []
    for name in dict.fromkeys(["UTC", *([own] if own else []), "Europe/Berlin", "America/New_York", "America/Los_Angeles"]):
        found = moment(example)
        try:
            shown = found.at(mapping.date_order or (found.orders or (None,))[0], zone_of(name)) if found else None
        except NoSuchTime:
            shown = None
        means = f"{name}: {example} is {_day(shown.date())}, {shown:%H:%M} UTC." if shown else f"{name}."
        choices.append(Choice(name, means, time.naive + time.serials))
    yield Question("zone", f"“{time.label}” has no time zone. Where was the file written?", choices, "zone")


def _decimal(table: Suggestion, mapping: Mapping, _: str | None) -> Iterator[Question]:
    """Which sign is the decimal sign: asked where a number could be two, or where numbers contradict each other."""
    columns = [one for role in ("cost_usd", *COUNTS) if (one := _column(table, mapping, role))]
    points, commas, either = (sum(getattr(one, name) for one in columns) for name in ("points", "commas", "either"))
    if mapping.decimal or not (either or (points and commas)):
        return
    example = next((one.either_example for one in columns if one.either_example), "1.234")
    found = written(tidy(example), tokens=True)
    choices = []
    for sign, name, sure in ((".", "Decimal point", points), (",", "Decimal comma", commas)):
        value = found.value(sign) if found else None  # type: ignore[arg-type]
        sums = ", ".join(f"{one.label} adds up to {_plain(one.sums.get(sign))}" for one in columns[:2])
        means = f"{name}: {example} is {_plain(value)}. {sums}."
        choices.append(Choice(sign, means, sure + either))
    yield Question("decimal", "Which sign is the decimal sign?", choices)


def _tokens(table: Suggestion, mapping: Mapping, _: str | None) -> Iterator[Question]:
    """Whether tokens are counted in thousands: asked where a count is no whole number and has no suffix."""
    columns = [one for role in TOKENS if (one := _column(table, mapping, role))]
    broken = [one for one in columns if one.fractions > one.suffixed]
    if mapping.tokens_in or not broken:
        return
    example = next(iter(broken[0].examples), "12.3")
    rows = sum(one.fractions for one in broken)
    yield Question(
        "tokens_in",
        f"“{broken[0].label}” has decimals, such as {example}. What does it count in?",
        [
            Choice(1_000, "Thousands of tokens.", rows),
            Choice(1_000_000, "Millions of tokens.", rows),
            Choice(1, "Single tokens: rows with decimals are left out.", rows),
        ],
    )


def _cache(table: Suggestion, mapping: Mapping, _: str | None) -> Iterator[Question]:
    """Whether input tokens include those of the cache: they would be counted twice."""
    cached = [one for role in CACHE if (one := _column(table, mapping, role)) and any(map(Decimal, one.sums.values()))]
    sent = _column(table, mapping, "input_tokens")
    if mapping.input_includes_cache is not None or not cached or sent is None:
        return
    yield Question(
        "input_includes_cache",
        f"Does “{sent.label}” include the tokens of “{cached[0].label}”?",
        [
            Choice(False, "No: they are counted beside each other, as in Anthropic's own exports.", cached[0].rows),
            Choice(True, "Yes: the cached part is taken out of it, as in OpenAI's exports.", cached[0].rows),
        ],
    )


def _currency(table: Suggestion, mapping: Mapping, _: str | None) -> Iterator[Question]:
    """The currency of amounts that do not say theirs."""
    cost = _column(table, mapping, "cost_usd")
    unsaid = cost.numbers - sum(cost.currencies.values()) if cost else 0
    if cost is None or mapping.currency or mapping.source("currency") or unsaid <= 0:
        return
    likely = [code for code in (*table.facts.shown_in, *cost.currencies) if code in CODES]
    choices = [Choice(code, f"{code}.", unsaid) for code in dict.fromkeys([*likely, "USD", "EUR", "GBP", "CHF"])]
    yield Question("currency", f"“{cost.label}” doesn't say its currency. Which is it?", choices, "currency")


def _paid(table: Suggestion, mapping: Mapping, _: str | None) -> Iterator[Question]:
    """Which of several columns is what was paid."""
    cost = _column(table, mapping, "cost_usd")
    if mapping.cost_chosen is not False or cost is None:
        return
    found = [one for name in table.costs if (one := table.facts.column(name))]
    sign = mapping.decimal or "."
    choices = [Choice(one.name, f"{one.label}: adds up to {_plain(one.sums.get(sign))}.", one.numbers) for one in found]
    yield Question("cost_column", f"Several columns hold amounts that differ. Is “{cost.label}” what you paid?", choices)


def _rates(table: Suggestion, mapping: Mapping, _: str | None) -> Iterator[Question]:
    """What one of each other currency is in US dollars."""
    cost = _column(table, mapping, "cost_usd")
    codes = {code if code != "$" else mapping.currency or "USD" for code in cost.currencies} if cost else set()
    if cost and mapping.currency and sum(cost.currencies.values()) < cost.numbers:
        codes.add(mapping.currency)
    if named := _column(table, mapping, "currency"):
        codes |= {"USD" if code == "$" else code for code in named.codes}
    for code in sorted(codes - {"USD"} - mapping.rates.keys()):
        yield Question(f"{RATE}{code}", f"Amounts are in {code}. What is 1 {code} in US dollars?", [], "rate")


def _ids(table: Suggestion, mapping: Mapping, _: str | None) -> Iterator[Question]:
    """Whether rows that share an id are one call."""
    ids = _column(table, mapping, "event_id")
    if mapping.one_call_per_id is not None or ids is None:
        return
    shared = table.facts.rows - ids.distinct
    yield Question(
        "one_call_per_id",
        f"{shared:,} rows share “{ids.label}” with another row. Are they the same call?",
        [
            Choice(True, "Yes: rows with the same id are one call, with the largest count of each.", ids.rows),
            Choice(False, "No: each row is a call of its own.", ids.rows),
        ],
    )


_ASKED: Final[tuple[Callable[[Suggestion, Mapping, str | None], Iterator[Question]], ...]] = (
    _order,
    _zone,
    _decimal,
    _tokens,
    _cache,
    _currency,
    _paid,
    _rates,
    _ids,
)


def questions(table: Suggestion, mapping: Mapping, zone: str | None = None) -> list[Question]:
    """What has to be answered before the table is read; `zone` is the person's own, to be offered."""
    return [question for ask in _ASKED for question in ask(table, mapping, zone)]


def _column(table: Suggestion, mapping: Mapping, role: str) -> ColumnFacts | None:
    return table.facts.column(next(iter(mapping.source(role)), ""))


def _day(day: date | None) -> str:
    return f"{day:%B} {day.day}, {day.year}" if day else "no day"


def _plain(number: Decimal | str | None) -> str:
    if number is None:
        return "no number"
    value = Decimal(number)
    return f"{value:,.2f}".rstrip("0").rstrip(".") if value == round(value, 2) else f"{value.normalize():,f}"


def understood(about: str, text: str) -> str | int | bool:
    """An answer that was typed, as the value of its field."""
    if about in ("input_includes_cache", "one_call_per_id", "serial_dates") and text.lower() in ("true", "yes", "false", "no"):
        return text.lower() in ("true", "yes")
    return int(text) if about == "tokens_in" and text.isdigit() else text
