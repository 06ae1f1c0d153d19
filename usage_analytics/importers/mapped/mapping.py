"""A mapping: what a table's columns mean, and how its numbers and times are written. It is stored and shared as JSON."""

from __future__ import annotations

from decimal import Decimal
from typing import Final, Literal

import msgspec

from usage_analytics.events import Grain

Decimals = Literal[".", ","]
Order = Literal["ymd", "dmy", "mdy"]
AmountsIn = Literal["units", "cents", "thousandths", "millicents", "micros", "nanos"]
UNITS: Final[dict[str, Decimal]] = {
    "units": Decimal(1),
    "cents": Decimal("0.01"),
    "thousandths": Decimal("0.001"),
    "millicents": Decimal("0.00001"),
    "micros": Decimal("0.000001"),
    "nanos": Decimal("0.000000001"),
}
TOKENS: Final = ("input_tokens", "cache_read_tokens", "cache_write_5m_tokens", "cache_write_1h_tokens", "output_tokens")
CACHE: Final = ("cache_read_tokens", "cache_write_5m_tokens", "cache_write_1h_tokens")
COUNTS: Final = (*TOKENS, "web_searches")
NUMBERS: Final = ("cost_usd", *COUNTS, "message_index")
CODES: Final = frozenset(
    """USD EUR GBP CHF JPY CNY CAD AUD NZD SEK NOK DKK PLN CZK HUF RON BGN TRY ILS INR KRW SGD HKD TWD THB MYR IDR PHP VND BRL MXN
    ARS CLP COP PEN ZAR NGN KES EGP MAD AED SAR QAR UAH RUB KZT ISK HRK PKR BDT LKR""".split()
)


class Mapping(msgspec.Struct, frozen=True, omit_defaults=True):
    """`columns`: role → the column's name as compared (two, date and time of day, for occurred_at); `header`: all columns of its table.

    None is: not decided. A row that cannot be read without the decision is rejected with it as the reason, never guessed.
    """

    name: str = ""
    columns: dict[str, str | list[str]] = {}
    header: list[str] = []
    identity: list[str] = []  # columns that, beside those it reads, tell one row from another; all of the header unless said
    constants: dict[str, str] = {}  # role → the value of every row
    date_order: Order | None = None
    zone: str | None = None  # of times without an offset
    serial_dates: bool = False  # a number in the time's column is Excel's count of days
    decimal: Decimals | None = None
    currency: str | None = None  # of amounts that do not say one themselves
    rates: dict[str, str] = {}  # currency → US dollars for one of it, as a decimal
    amounts_in: AmountsIn | None = None  # None is whole units of the currency, as long as nothing speaks against that
    tokens_in: int | None = None  # 1, 1000 or 1000000; None is 1
    input_includes_cache: bool | None = None
    cost_chosen: bool | None = None  # False: several columns may be the amount paid, and the person hasn't chosen yet
    one_call_per_id: bool | None = None  # rows that share an id are one call; else each row is one
    grain: Grain | None = None

    def source(self, role: str) -> list[str]:
        """The columns that a role is read from; none where it is constant or unknown."""
        stated = self.columns.get(role, [])
        return [stated] if isinstance(stated, str) else list(stated)

    @property
    def used(self) -> set[str]:
        """All columns that it reads."""
        return {column for role in self.columns for column in self.source(role)}


def fits(mapping: Mapping, header: tuple[str, ...]) -> bool:
    """Whether a table has the very columns for which the mapping was made, in any order."""
    return bool(mapping.header) and set(mapping.header) == set(header)


def applies(mapping: Mapping, header: tuple[str, ...]) -> bool:
    """Whether a table has all the columns that the mapping reads."""
    return bool(mapping.used) and mapping.used <= set(header)
