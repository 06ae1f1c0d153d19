"""What the child process and the page say to each other about a table that no importer claims: facts, a mapping, and questions."""

from __future__ import annotations

from typing import Literal

import msgspec

from usage_analytics.importers.mapped.mapping import Mapping


class ColumnFacts(msgspec.Struct):
    """One column. Counts are of rows that are not empty, but for `blank`; `orders` counts the dates that each order makes a day of."""

    name: str
    label: str
    rows: int = 0
    blank: int = 0
    distinct: int = 0
    labels: int = 0  # short enough to be a name
    examples: list[str] = []
    times: int = 0
    serials: int = 0  # numbers that Excel would show as a day
    clocks: int = 0  # a time of day, or an hour
    naive: int = 0
    naive_example: str = ""
    days: int = 0  # without a time of day, or all of them at midnight
    hours: int = 0  # on the hour
    numbered: int = 0  # dates of three numbers whose order is not said
    orders: dict[str, int] = {}
    either_order: int = 0  # dates that are days in several orders
    order_example: str = ""
    spans: dict[str, tuple[str, str]] = {}  # order → first and last day
    numbers: int = 0
    points: int = 0  # numbers with a decimal point beyond doubt, with a decimal comma, and with what might be either
    commas: int = 0
    either: int = 0
    either_example: str = ""
    currencies: dict[str, int] = {}
    codes: dict[str, int] = {}  # cells that are nothing but a currency
    negative: int = 0
    suffixed: int = 0
    cents: int = 0
    sums: dict[str, str] = {}  # decimal sign → the sum of all numbers
    fractions: int = 0  # numbers that are not whole whatever the decimal sign


class TableFacts(msgspec.Struct):
    """A table: its columns, and some rows to show, in which cells that may hold words are empty."""

    name: str
    rows: int
    columns: list[ColumnFacts]
    sample: list[list[str]] = []
    shown_in: list[str] = []  # currencies in which a workbook shows amounts whose cells do not say it

    def column(self, name: str) -> ColumnFacts | None:
        """The facts of a column by its name as compared."""
        return next((one for one in self.columns if one.name == name), None)

    @property
    def header(self) -> tuple[str, ...]:
        """The names of all columns, as compared."""
        return tuple(one.name for one in self.columns)


class Suggestion(msgspec.Struct):
    """A table that no importer claims, what its columns seem to mean, and what in it speaks for one answer or another."""

    facts: TableFacts
    mapping: Mapping
    costs: list[str] = []  # columns of amounts that differ from each other
    like: str = ""  # a kept mapping that nearly fits
    new: list[str] = []  # columns that it did not know, and those that are gone
    missing: list[str] = []
    doubts: list[str] = []  # why a kept mapping of the same header was not used


class Choice(msgspec.Struct):
    """One answer, and what it would mean."""

    value: str | int | bool
    means: str
    rows: int | None = None


class Question(msgspec.Struct):
    """`about` is the field of the mapping that the answer fills. A rate and a zone may be written freely."""

    about: str
    asks: str
    choices: list[Choice] = []
    kind: Literal["choice", "rate", "zone", "currency"] = "choice"


class Wishes(msgspec.Struct):
    """How tables that no importer claims are to be read: with `chosen` wherever it has the columns, else with one of `kept` that was made

    for the same columns, else, if `auto`, as suggested where nothing is left to ask. `propose` only says what is there.
    """

    chosen: Mapping | None = None
    kept: list[Mapping] = []
    auto: bool = False
    propose: bool = False
    ask_units: list[str] = []  # files whose amounts may be in cents: not read before that is answered
    zone: str | None = None  # the person's own, to be offered


class Proposal(msgspec.Struct):
    """A table to be mapped: what was found, the mapping as far as it is decided, and what is left to ask."""

    table: Suggestion
    mapping: Mapping
    questions: list[Question] = []
