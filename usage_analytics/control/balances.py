"""Readings of the balance, and what was put on it: typed by a person, dated, and as editable as a table.

Amounts are in nanos of the account's currency, moments in naive UTC.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final, Literal

from usage_analytics.control.settings import SMALLEST_PURCHASE, check_code
from usage_analytics.errors import BadRequest

if TYPE_CHECKING:
    from usage_analytics.control import Control

Origin = Literal["typed", "account"]  # typed by a person, or read out of what the account itself said
_FORGET: Final = {
    "reading": "delete from balance_reading where reading_id = :number",
    "top-up": "delete from top_up where top_up_id = :number",
}


@dataclass(frozen=True, slots=True)
class Reading:
    """The balance at a moment. It may be below zero: a request is charged when it is done."""

    read_at: datetime
    nanos: int
    currency: str = "USD"
    account: str | None = None
    reading_id: int | None = None
    origin: Origin = "typed"


@dataclass(frozen=True, slots=True)
class TopUp:
    """Money put on the balance: what was paid (None is unknown, 0 a gift) and what was credited."""

    paid_at: datetime
    credited_nanos: int
    paid_nanos: int | None = None
    currency: str = "USD"
    account: str | None = None
    top_up_id: int | None = None


def readings(control: Control, until: datetime | None = None) -> tuple[Reading, ...]:
    """The typed readings in the order of time; none after a moment where one is given."""
    found = control.rows("select read_at, nanos, currency, account, reading_id from balance_reading order by read_at, reading_id")
    all_of_them = (Reading(datetime.fromisoformat(row[0]), *row[1:]) for row in map(tuple, found))
    return tuple(one for one in all_of_them if until is None or one.read_at <= until)


def top_ups(control: Control, until: datetime | None = None) -> tuple[TopUp, ...]:
    """What was put on the balance, in the order of time; nothing after a moment where one is given."""
    found = control.rows(
        "select paid_at, credited_nanos, paid_nanos, currency, account, top_up_id from top_up order by paid_at, top_up_id"
    )
    all_of_them = (TopUp(datetime.fromisoformat(row[0]), *row[1:]) for row in map(tuple, found))
    return tuple(one for one in all_of_them if until is None or one.paid_at <= until)


def add_reading(control: Control, reading: Reading) -> int:
    """Keep one reading; its number. The same moment again replaces it. Raises BadRequest."""
    check_code(reading.currency)
    with control.deciding() as connection:
        connection.execute(
            "delete from balance_reading where read_at = :at and account is :account",
            {"at": reading.read_at.isoformat(), "account": reading.account},
        )
        return int(connection.execute(_ADD_READING, _values(reading)).lastrowid or 0)


def add_top_up(control: Control, top_up: TopUp) -> int:
    """Keep one top-up; its number. Raises BadRequest."""
    _check(top_up)
    with control.deciding() as connection:
        return int(connection.execute(_ADD_TOP_UP, _values(top_up)).lastrowid or 0)


def replace_readings(control: Control, kept: Iterable[Reading]) -> None:
    """Keep exactly these readings, as an edited table has them. Raises BadRequest, and then keeps the old ones."""
    rows = list(kept)
    for one in rows:
        check_code(one.currency)
    with control.deciding() as connection:
        connection.execute("delete from balance_reading")
        connection.executemany(_ADD_READING, [_values(one) for one in rows])


def replace_top_ups(control: Control, kept: Iterable[TopUp]) -> None:
    """Keep exactly these top-ups, as an edited table has them. Raises BadRequest, and then keeps the old ones."""
    rows = list(kept)
    for one in rows:
        _check(one)
    with control.deciding() as connection:
        connection.execute("delete from top_up")
        connection.executemany(_ADD_TOP_UP, [_values(one) for one in rows])


def forget(control: Control, kind: str, number: int) -> None:
    """Forget one `reading` or `top-up`. Raises BadRequest for a number that there is not."""
    with control.deciding() as connection:
        if not connection.execute(_FORGET[kind], {"number": number}).rowcount:
            raise BadRequest(f"There is no {kind} {number}. List them with `usage-analytics balance`.")


_ADD_READING: Final = (
    "insert into balance_reading (reading_id, read_at, nanos, currency, account)"
    " values (:reading_id, :read_at, :nanos, :currency, :account)"
)
_ADD_TOP_UP: Final = (
    "insert into top_up (top_up_id, paid_at, paid_nanos, credited_nanos, currency, account)"
    " values (:top_up_id, :paid_at, :paid_nanos, :credited_nanos, :currency, :account)"
)


def _values(row: Reading | TopUp) -> dict[str, str | int | None]:
    values = {name: getattr(row, name) for name in row.__slots__}
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in values.items()}


def _check(top_up: TopUp) -> None:
    check_code(top_up.currency)
    if top_up.credited_nanos <= 0:
        raise BadRequest("This top-up adds nothing. Enter what was added to the balance, or delete the row.")
    if top_up.paid_nanos is not None and top_up.paid_nanos < 0:
        raise BadRequest("The paid amount is negative. Enter what the receipt says, or leave it empty.")
    if top_up.currency == "USD" and 0 < (top_up.paid_nanos or 0) < SMALLEST_PURCHASE:
        raise BadRequest("Credits cost at least $5. Enter the amount before tax from the receipt, or 0 for a gift.")
