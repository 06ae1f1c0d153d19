"""What is in a table's columns, counted over all of its rows: which could be times, numbers or names, and how they are written.

Facts go from the child process to the page, so they hold counts, and examples only of what is a label, a number or a time.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import time
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from usage_analytics.errors import UnreadableFile
from usage_analytics.importers.delimited import header_cells, header_of, read_rows
from usage_analytics.importers.labels import column_name, is_label, may_hold_words
from usage_analytics.importers.mapped.amounts import Written, column_currency, written
from usage_analytics.importers.mapped.cells import NOTHING, tidy
from usage_analytics.importers.mapped.moments import Moment, moment
from usage_analytics.importers.mapped.proposal import ColumnFacts, TableFacts
from usage_analytics.importers.mapped.totals import is_total_of
from usage_analytics.importers.sink import Opened, Sink

if TYPE_CHECKING:
    from pathlib import Path

SAMPLE_ROWS: Final = 40
JOINT_ROWS: Final = 2_000  # of which two columns are compared with each other
DISTINCT_KEPT: Final = 300_000
_MIDNIGHT: Final = time()
_CLOCK: Final = re.compile(r"(?:[01]?\d|2[0-3])(?::[0-5]\d){1,2}(?:\.\d+)?(?: ?[ap]\.?m\.?)?|[01]?\d|2[0-3]", re.IGNORECASE)


def facts(path: Path, name: str, folder: Path, shown_in: tuple[str, ...] = ()) -> tuple[TableFacts, list[list[str]]]:
    """Read all rows of a table and count; beside the facts, the first rows whole. Raises UnreadableFile."""
    import pyarrow.compute as pc

    with path.open("rb") as file:
        start = file.read(1 << 20)
    labels = {column_name(cell): " ".join(cell.split())[:80] for cell in reversed(header_cells(start))}
    columns = header_of(start)
    sink = Sink(folder)
    sink.begin(0)
    values: dict[str, Counter[str]] = {column: Counter() for column in columns}
    joint: list[dict[str, str]] = []
    rows = 0
    for batch in read_rows(Opened(path, name, 0), sink):
        table = without_totals(batch.table)
        rows += table.num_rows
        joint += table.slice(0, max(0, JOINT_ROWS - len(joint))).to_pylist()
        for column in columns:
            counted = values[column]
            for one in pc.value_counts(table.column(column).combine_chunks()).to_pylist():
                if one["values"] in counted or len(counted) < DISTINCT_KEPT:
                    counted[one["values"]] += one["counts"]
    if not rows and sink.account.rejects:
        reason = sink.account.rejects[0][1]
        raise UnreadableFile(
            f"No row of {name} can be read: {reason[:1].lower()}{reason[1:]} Export it again, with text in quotes."
        )
    found = [column_facts(column, labels.get(column, column), values[column]) for column in columns]
    shown = [one.name for one in found if _may_be_shown(one)]
    sample = [[row[column][:80] if column in shown else "" for column in columns] for row in joint[:SAMPLE_ROWS]]
    return TableFacts(name, rows, found, sample, list(shown_in)), [[row[column] for column in columns] for row in joint]


def without_totals(table: Any) -> Any:
    """The rows that do not add up others, by their names."""
    import pyarrow as pa
    import pyarrow.compute as pc

    for name in table.column_names:
        column = table.column(name)
        named = [value for value in column.unique().to_pylist() if value and is_total_of(value)]
        if named:
            table = table.filter(pc.invert(pc.is_in(column, pa.array(named, pa.string()))))
    return table


def _may_be_shown(one: ColumnFacts) -> bool:
    typed = max(one.times + one.serials, one.numbers, one.clocks)
    return typed > one.rows * 0.5 or (one.labels > one.rows * 0.9 and not may_hold_words(one.name))


def column_facts(name: str, label: str, values: Counter[str]) -> ColumnFacts:
    """What is in a column, by its cells and how many rows hold each."""
    found = ColumnFacts(name, label, distinct=len(values))
    sums = {".": Decimal(0), ",": Decimal(0)}
    for cell, rows in values.items():
        text = tidy(cell or "")
        if text.lower() in NOTHING:
            found.blank += rows
            continue
        found.rows += rows
        found.labels += rows * is_label(text)
        found.clocks += rows * bool(_CLOCK.fullmatch(text))
        if code := column_currency(text):
            found.codes[code] = found.codes.get(code, 0) + rows
        if when := moment(text):
            add_time(found, text, when, rows)
        if number := written(text, tokens=True):
            add_number(found, text, number, rows, sums)
    found.sums = {sign: f"{total:f}" for sign, total in sums.items()}
    if _may_be_shown(found):
        found.examples = [tidy(cell)[:40] for cell in values if cell and tidy(cell).lower() not in NOTHING][:3]
    return found


def add_time(found: ColumnFacts, text: str, when: Moment, rows: int) -> None:
    """Count the rows of one time."""
    if when.serial:
        found.serials += rows
        return
    found.times += rows
    clock = when.exact.time() if when.exact else when.clock or _MIDNIGHT
    found.days += rows * (clock == _MIDNIGHT)
    found.hours += rows * (clock.minute == clock.second == clock.microsecond == 0)
    if when.needs_zone:
        found.naive += rows
        found.naive_example = found.naive_example if found.naive_example and not when.is_day else text
    if when.exact or when.order:
        return
    orders = when.orders
    found.numbered += rows
    if len(orders) > 1:
        found.either_order += rows
        found.order_example = found.order_example or text
    for order in orders:
        found.orders[order] = found.orders.get(order, 0) + rows
        day = f"{when.day(order)}"
        first, last = found.spans.get(order, (day, day))
        found.spans[order] = (min(first, day), max(last, day))


def add_number(found: ColumnFacts, text: str, number: Written, rows: int, sums: dict[str, Decimal]) -> None:
    """Count the rows of one number."""
    by_sign = {sign: number.value(sign) for sign in (".", ",")}
    known = [value for value in by_sign.values() if value is not None]
    if not known:
        return
    found.numbers += rows
    decimals = number.decimals
    found.points += rows * (decimals == (".",))
    found.commas += rows * (decimals == (",",))
    if len(decimals) == 2:
        found.either += rows
        found.either_example = found.either_example or text
    found.fractions += rows * all(value != value.to_integral_value() for value in known)
    found.negative += rows * (number.negative and any(known))
    found.suffixed += rows * (number.scale > 1)
    found.cents += rows * number.cents
    if number.currency:
        found.currencies[number.currency] = found.currencies.get(number.currency, 0) + rows
    for sign, value in by_sign.items():
        if value is not None and abs(value) < 10**18:
            sums[sign] += value * rows
