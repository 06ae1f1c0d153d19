"""Values of JSON documents as we keep them: moments, counts and amounts. What isn't clearly one of them is None."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from itertools import chain
from typing import Any, Final

from usage_analytics.importers.sink import Sink

MOST_TOKENS: Final = 10**12  # a call that claims more is not a call
MOST_DOLLARS: Final = 10**9
_NANO_DIGITS: Final = 9
FIRST_YEAR, LAST_YEAR = 1970, 9000


def moment(value: object) -> datetime | None:
    """Return a time as naive UTC: ISO 8601, or seconds, milliseconds, microseconds or nanoseconds since 1970."""
    try:
        if isinstance(value, str) and not value.strip().isdigit():
            stated = datetime.fromisoformat(value.strip())
            stated = stated.astimezone(UTC).replace(tzinfo=None) if stated.tzinfo else stated
        elif isinstance(value, int | float | str) and not isinstance(value, bool):
            number = Decimal(str(value).strip())
            if not number.is_finite():  # dividing the infinite would never end
                return None
            while number > 10**11:  # finer than seconds
                number /= 1000
            if number <= 0:  # the standard's word for unknown
                return None
            stated = datetime.fromtimestamp(float(number), UTC).replace(tzinfo=None)
        else:
            return None
    except (ValueError, OverflowError, OSError, InvalidOperation):
        return None
    return stated if FIRST_YEAR <= stated.year < LAST_YEAR else None


def count(value: object) -> int | None:
    """Return a whole number from 0 to a trillion, also where it is written as text."""
    number = _number(value)
    return int(number) if number is not None and 0 <= number <= MOST_TOKENS and number == int(number) else None


def nanos(dollars: object) -> int | None:
    """Return dollars as whole nano-dollars."""
    number = _number(dollars)
    return round(number.scaleb(_NANO_DIGITS)) if number is not None and 0 <= number < MOST_DOLLARS else None


def word(value: object) -> str | None:
    """Return a text without padding; None if it is empty or no text."""
    return value.strip() or None if isinstance(value, str) else None


def inner(value: object, *keys: str) -> dict[str, Any]:
    """Return the object at the end of these keys; an empty one if there is none."""
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def objects(value: object) -> list[dict[str, Any]]:
    """Return the objects of a list; none where it is no list."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def add_rows(sink: Sink, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Hand rows to the sink; what a row doesn't state is null."""
    if rows:
        columns = dict.fromkeys(chain.from_iterable(rows))
        sink.add(table, {column: [row.get(column) for row in rows] for column in columns})


def _number(value: object) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
