"""Excel workbooks as text: each visible sheet becomes a CSV that is then read like any other, its lines numbered as the sheet's rows.

The workbook is copied part by part under the limits of archives before anything reads it: what it says of its own sizes is not believed.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from usage_analytics.errors import UnreadableFile

SHEET_BYTES: Final = 512 << 20  # of a workbook unpacked: it is held in memory
MOST_SHEETS: Final = 50
CONTENT_TYPES: Final = "[Content_Types].xml"
_PARTS: Final = re.compile(
    r"(?:\[Content_Types\]\.xml|_rels/.*|xl/(?:workbook|styles|sharedStrings)\.(?:xml|bin)|xl/_rels/.*|xl/worksheets/[^/]+\.xml)"
)
_ROWS_A_CHUNK: Final = 2_000
_LARGEST_EXACT: Final = 10**15  # a spreadsheet keeps fifteen digits
_FORMAT: Final = re.compile(r'numFmtId="(\d+)"[^>]*?formatCode="([^"]*)"|formatCode="([^"]*)"[^>]*?numFmtId="(\d+)"')
_USED: Final = re.compile(r"<cellXfs.*?</cellXfs>", re.DOTALL)
_SIGNS: Final = {
    "€": "EUR",
    "£": "GBP",
    "¥": "¥",
    "￥": "¥",
    "₹": "INR",
    "₩": "KRW",
    "zł": "PLN",
    "CHF": "CHF",
    "kr": "kr",
    "R$": "BRL",
}

Copy = Callable[[Iterator[bytes], int], Iterator[bytes]]


def is_workbook(names: Sequence[str]) -> bool:
    """Whether an archive of these entries is an Office document."""
    return CONTENT_TYPES in names


def copied(opened: zipfile.ZipFile, target: Path, name: str, capped: Copy) -> None:
    """Copy the parts of a workbook that hold its cells, unpacked. Raises UnreadableFile."""
    names = opened.namelist()
    if "xl/workbook.xml" not in names:
        kind = "a binary Excel workbook" if "xl/workbook.bin" in names else "an Office document without sheets"
        raise UnreadableFile(f"{name} is {kind}. Save the sheet as .xlsx or as CSV (UTF-8) and import that.")
    entries = [entry for entry in opened.infolist() if _PARTS.fullmatch(entry.filename)]
    if sum(entry.file_size for entry in entries) > SHEET_BYTES:
        raise UnreadableFile(
            f"{name} unpacks to more than {SHEET_BYTES >> 20} MB. Save the sheet as CSV (UTF-8) and import that."
        )
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as copy:
        for entry in entries:
            with opened.open(entry) as packed, copy.open(entry.filename, "w") as part:
                for chunk in capped(iter(lambda packed=packed: packed.read(1 << 20), b""), entry.compress_size):  # type: ignore[misc]
                    part.write(chunk)


def sheets(workbook: Path, name: str) -> Iterator[tuple[str, Iterator[bytes]]]:
    """Each visible sheet that has cells: what to call it, and its rows as pieces of CSV. Raises UnreadableFile."""
    import python_calamine as calamine  # here: most workers never need it

    try:
        book = calamine.CalamineWorkbook.from_path(workbook)
        visible = [
            one.name
            for one in book.sheets_metadata
            if one.visible == calamine.SheetVisibleEnum.Visible and one.typ == calamine.SheetTypeEnum.WorkSheet
        ]
        if len(visible) > MOST_SHEETS:
            raise UnreadableFile(f"{name} has more than {MOST_SHEETS} sheets. Save those you need in a workbook of their own.")
        filled = [sheet for one in visible if (sheet := book.get_sheet_by_name(one)).height]
    except (calamine.CalamineError, calamine.PasswordError, calamine.XmlError, calamine.ZipError) as error:
        raise UnreadableFile(
            f"{name} is damaged, or protected by a password. Save it again without one, or as CSV (UTF-8)."
        ) from error
    if not filled:
        raise UnreadableFile(f"{name} has no sheet with cells in it. Check that it is the right file.")
    for sheet in filled:
        yield (name if len(filled) == 1 else f"{name} › {sheet.name}"), _lines(sheet.iter_rows())


def currencies(workbook: Path) -> tuple[str, ...]:
    """The currencies other than dollars in which cells are shown: a format says it, and the cell itself is a bare number."""
    with zipfile.ZipFile(workbook) as opened:
        if "xl/styles.xml" not in opened.namelist():
            return ()
        styles = opened.read("xl/styles.xml").decode("utf-8", "replace").replace("&quot;", "").replace("&#8364;", "€")
    used = "".join(_USED.findall(styles))
    shown = [one[1] or one[2] for one in _FORMAT.findall(styles) if f'numFmtId="{one[0] or one[3]}"' in used]
    return tuple(sorted({code for form in shown for sign, code in _SIGNS.items() if sign in form}))


def _lines(rows: Iterator[list[Any]]) -> Iterator[bytes]:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    for number, row in enumerate(rows, 1):
        writer.writerow([cell_text(cell) for cell in row])
        if number % _ROWS_A_CHUNK == 0:
            yield text.getvalue().encode("utf-8", "replace")
            text.seek(0)
            text.truncate()
    yield text.getvalue().encode("utf-8", "replace")


def cell_text(value: object) -> str:
    """A cell as exact text in which a decimal point is not mistaken for a thousands separator."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return number_text(repr(value))
    if isinstance(value, datetime):
        return value.isoformat(" ")
    if isinstance(value, date | time):
        return value.isoformat()
    return " ".join(str(value).splitlines()) if value is not None else ""


def number_text(written: str) -> str:
    """A number as JSON and spreadsheets write it. Three decimals become four, for 1.234 alone might be more than a thousand."""
    try:
        number = Decimal(written)
    except ArithmeticError:
        return written
    if not number.is_finite():
        return written
    if number == number.to_integral_value() and abs(number) < _LARGEST_EXACT:
        return f"{number.to_integral_value():f}"
    if abs(number) >= _LARGEST_EXACT:
        return written
    plain = f"{number:f}"
    return f"{plain}0" if len(plain.partition(".")[2]) == 3 else plain
