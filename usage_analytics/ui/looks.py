"""How the cells of a table look: numbers as the person writes them, and a total row that stands out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from usage_analytics import format

if TYPE_CHECKING:
    from usage_analytics.ui.tables import Column

_USUAL: Final = format.NUMBERS["1,234.50"]
# What the columns' own formats do, for other numbers than those of the United States.
_WRITTEN: Final[dict[str, Callable[[float], str]]] = {
    "dollars": lambda value: format.written(f"${value:,.2f}"),
    "dollars_each": lambda value: format.written(f"${value:,.2f}"),
    "small_dollars": lambda value: format.written(f"${value:,.4f}"),
    "count": format.count,
    "number": format.decimal,
    "tokens": format.tokens,
    "tokens_each": format.tokens,
}
# A column's own format gives zero a sign.
_SIGNED: Final[dict[str, Callable[[float], str]]] = {
    "difference": lambda value: format.signed(value, 2),
    "change": lambda value: format.signed(value, 0, "%"),
}


def writes(kind: str) -> bool:
    """Whether `styled` writes the numbers of such a column, so that the column has to have no format of its own."""
    return kind in _SIGNED or (kind in _WRITTEN and format.numbers() != _USUAL)


def styled(cells: pd.DataFrame, columns: Mapping[str, Column], *, is_summed: bool = False) -> Any:
    """The cells as they are drawn; the last row is the total where `is_summed`. Numbers of the United States cost nothing."""
    ways = {name: {**_WRITTEN, **_SIGNED}[column.kind] for name, column in columns.items() if writes(column.kind)}
    if not ways and not is_summed:
        return cells
    drawn = cells.style.format(ways, na_rep="–") if ways else cells.style
    return drawn.apply(_emphasis, axis=1, total=len(cells) - 1) if is_summed else drawn


def _emphasis(row: pd.Series, total: int) -> list[str]:
    style = "font-weight: bold; background-color: rgba(128, 128, 128, 0.12)" if row.name == total else ""
    return [style] * len(row)
