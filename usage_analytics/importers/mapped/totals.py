"""How a row is named that adds up others, in several languages."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from usage_analytics.importers.mapped.cells import tidy

_WORD: Final = (
    r"(?:(?:grand|sub|overall|running|report|all) ?-?)?"
    r"(?:totals?|sum|summe|gesamt(?:summe|betrag)?|zwischensumme|insgesamt|subtotal|total général|sous-total|somme|totale|importo totale"
    r"|suma|importe total|totaal|razem|итого|всего|合計|小計|总计|合计)"
)
_TOTAL: Final = re.compile(rf"{_WORD} ?:?", re.IGNORECASE)
_TOTAL_OF: Final = re.compile(rf"{_WORD}(?:[ :=(].*)?", re.IGNORECASE)


@lru_cache(maxsize=50_000)
def is_total(cell: str) -> bool:
    """Whether a cell is nothing but a word for a total."""
    return len(cell) < 40 and bool(_TOTAL.fullmatch(tidy(cell)))


@lru_cache(maxsize=50_000)
def is_total_of(cell: str) -> bool:
    """Whether a cell begins with one, such as Total: 12 rows."""
    return len(cell) < 80 and bool(_TOTAL_OF.fullmatch(tidy(cell)))
