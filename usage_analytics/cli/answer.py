"""How an answer is written: JSON that programs rely on (`money` and `time` are its spelling), tables for people."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final

import msgspec

from usage_analytics.answers import Headline, Kpi

NOTHING_YET: Final = "No data yet. Import files or folders with: usage-analytics import PATH"


def money(nanos: int | None) -> str | None:
    """US dollars as a decimal string, unrounded."""
    return None if nanos is None else f"{Decimal(nanos).scaleb(-9).normalize():f}"


def time(moment: datetime | None) -> str | None:
    """ISO 8601, of naive UTC."""
    return None if moment is None else f"{moment.isoformat()}Z"


def said(headline: Headline, figures: Sequence[Kpi]) -> dict[str, object]:
    """The sentence and the figures of an answer, as the dashboard and a report show them."""
    return {"headline": headline.lead, "figures": [{"label": one.label, "value": one.value} for one in figures]}


def write_json(answer: Mapping[str, object]) -> None:
    """One JSON document on standard output."""
    sys.stdout.write(msgspec.json.format(msgspec.json.encode(answer), indent=2).decode())
    sys.stdout.write("\n")


def write_table(head: Sequence[str], rows: Sequence[Sequence[str]], *, words: int = 1) -> None:
    """Aligned columns: the first `words` to the left, numbers to the right."""
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    for row in (head, *rows):
        cells = (
            cell.ljust(width) if place < words else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        print("  ".join(cells).rstrip())


def complain(sentence: str) -> None:
    """One sentence on standard error."""
    print(sentence, file=sys.stderr)
