"""Tables: numbers on the right, a share as a bar, a total row, a click that filters, and a CSV that no spreadsheet obeys.

A frame goes in as the store gives it (nano-dollars, ratios, naive UTC); `Column.kind` says what a column is, here and in the CSV.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any, Final, Literal
from weakref import ref

import pandas as pd
import streamlit as st

from usage_analytics import format
from usage_analytics.figures.template import model_label
from usage_analytics.ui import filterbar, fit, looks, screen, whole

Kind = Literal[
    "text", "prose", "model", "dollars", "difference", "dollars_each", "small_dollars", "count", "number", "tokens", "tokens_each", "share",
    "change", "trend", "moment", "clock", "day", "span", "amount",
]  # fmt: skip
_MONEY: Final = ("dollars", "difference", "dollars_each", "small_dollars")
_ADDS_UP: Final = ("dollars", "difference", "count", "tokens")


_BOX: Final = 40  # pixels of the box that chooses a row
_MADE: Final[
    dict[int, tuple[ref[pd.DataFrame], object, pd.DataFrame]]
] = {}  # cells by the identity of their rows, while these live
_make = st.column_config
_MADE_BY: Final[dict[Kind, tuple[Any, dict[str, Any]]]] = {
    "text": (_make.TextColumn, {}),
    "prose": (_make.TextColumn, {"width": "large"}),
    "model": (_make.TextColumn, {}),
    "dollars": (_make.NumberColumn, {"format": format.DOLLAR_COLUMN}),
    "difference": (_make.NumberColumn, {}),
    "dollars_each": (_make.NumberColumn, {"format": format.DOLLAR_COLUMN}),
    "small_dollars": (_make.NumberColumn, {"format": format.SMALL_DOLLAR_COLUMN}),
    "count": (_make.NumberColumn, {"format": format.COUNT_COLUMN}),
    "number": (_make.NumberColumn, {"format": format.NUMBER_COLUMN}),
    "tokens": (_make.NumberColumn, {"format": format.COMPACT_COLUMN}),
    "tokens_each": (_make.NumberColumn, {"format": format.COMPACT_COLUMN}),
    "share": (_make.ProgressColumn, {"format": format.PERCENT_COLUMN, "min_value": 0, "max_value": 100}),
    "change": (_make.NumberColumn, {}),
    "trend": (_make.AreaChartColumn, {"y_min": 0}),
    "moment": (_make.DatetimeColumn, {"format": format.MOMENT_COLUMN}),
    "clock": (_make.DatetimeColumn, {"format": format.MOMENT_COLUMN}),
    "day": (_make.DatetimeColumn, {"format": format.DAY_COLUMN}),
    "span": (_make.TextColumn, {"alignment": "right"}),
    "amount": (_make.TextColumn, {"alignment": "right"}),
}


@dataclass(frozen=True, slots=True)
class Column:
    """How a column is shown. Money arrives in nanos, shares and changes as ratios, moments in naive UTC, spans in seconds.

    `amount` is money already in words; `model` is an id and shown by its name; `day` and `clock` are on the person's own clock
    already; `trend` holds a list of evenly spaced numbers.
    `width` in pixels is for a column of long names. A column that is `extra` is in the table's column menu and in the CSV, and not
    on show: a table has seven columns or so.
    Only `dollars`, `difference`, `count` and `tokens` add up; the total row leaves the others out unless it is given them.
    """

    label: str
    kind: Kind = "text"
    help: str | None = None
    width: int | None = None
    extra: bool = False


@dataclass(frozen=True, slots=True)
class Pick:
    """What a click on a row keeps, or shows the evidence of: the value that the frame's `column` has there."""

    dimension: filterbar.Dimension | Literal["conversation"]
    column: str


def table(
    rows: pd.DataFrame,
    columns: Mapping[str, Column],
    *,
    key: str,
    alt: str,
    picks: Pick | None = None,
    total: Mapping[str, object] | None = None,
    most: int = 10,
    zone: str = "UTC",
) -> None:
    """Draw `rows`, in their order. `total` (may be empty) asks for a total row, and gives what cannot be summed.

    From `most` + 2 rows on, the rest is one row (none where nothing adds up) until the person asks for all of it.
    `alt` names the table for a screen reader.
    """
    columns = _shown(rows, columns, total or {})
    folded = len(rows) > most + 1 and not st.session_state.get(f"{key} all", False)

    def made() -> pd.DataFrame:
        cells = _cells(rows.iloc[:most] if folded else rows, columns, zone)
        if total is None:
            return cells
        rest = [_summed(rows.iloc[most:], columns, f"{len(rows) - most} more", {}, zone)] if folded else []
        return pd.concat([cells, *rest, _summed(rows, columns, "Total", total, zone)], ignore_index=True)

    cells = _shared(rows, (tuple(columns.items()), folded, most, zone, repr(total), format.numbers()), made)
    select: dict[str, Any] = {"on_select": "ignore"}
    if picks:
        values = [None if pd.isna(value) else str(value) for value in rows[picks.column].iloc[: most if folded else None]]
        select = {"on_select": partial(_picked, key, picks.dimension, values), "selection_mode": "single-cell"}
    wide, order = _laid_out(cells, columns)
    st.container(key=f"{'picks' if picks else 'shows'} {key}").dataframe(
        looks.styled(cells, columns, is_summed=total is not None),
        key=key,
        hide_index=True,
        height="content" if len(cells) <= 40 else 1000,
        column_config=_configs(columns, wide),
        column_order=order,
        placeholder="–",
        alt=alt,
        **select,
    )
    if len(rows) > most + 1:
        st.toggle(f"Show all {len(rows)}", key=f"{key} all")
    whole.offer(rows.iloc[:most] if folded else rows, columns, wide, order, screen.room())


def choose(rows: pd.DataFrame, columns: Mapping[str, Column], *, key: str, alt: str, zone: str = "UTC") -> int | None:
    """Draw `rows` for the person to select one of. Return its place; None while none is selected."""
    columns = _shown(rows, columns, {})
    cells = _cells(rows, columns, zone)
    wide, order = _laid_out(cells, columns, taken=_BOX)
    chosen = st.dataframe(
        looks.styled(cells, columns),
        key=key,
        hide_index=True,
        height="content" if len(rows) <= 12 else 460,
        column_config=_configs(columns, wide),
        column_order=order,
        placeholder="–",
        alt=alt,
        on_select="rerun",
        selection_mode="single-row",
    )
    whole.offer(rows, columns, wide, order, screen.room())
    found = [row for row in chosen["selection"]["rows"] if row < len(rows)]
    return found[0] if found else None


def csv(rows: pd.DataFrame, columns: Mapping[str, Column]) -> bytes:
    """The rows as CSV (UTF-8): money exact to the nano-dollar, times in UTC, text that no spreadsheet takes for a formula."""
    plain = {
        column.label: [_plain(value, column.kind) for value in rows[name]]
        for name, column in _present(rows, columns).items()
        if column.kind != "trend"
    }
    text: str = pd.DataFrame(plain).to_csv(index=False)
    return text.encode()


def download(rows: pd.DataFrame, columns: Mapping[str, Column], *, name: str, key: str) -> None:
    """Draw a button that downloads the rows as CSV, which is made when it is pressed."""
    st.download_button(
        "CSV",
        data=partial(csv, rows, columns),
        file_name=f"{name}.csv",
        mime="text/csv",
        key=f"{key} csv",
        icon=":material/download:",
        type="tertiary",
        on_click="ignore",
        help="Download these rows",
    )


def _shared(rows: pd.DataFrame, about: object, make: Callable[[], pd.DataFrame]) -> pd.DataFrame:
    """What `make` makes of rows, once for as long as they live: those of a kept answer are shared by all who look."""
    number = id(rows)
    known, last, cells = _MADE.get(number, (None, None, None))
    if cells is None or known is None or known() is not rows or last != about:
        cells = make()

        def forget(_: ref[pd.DataFrame]) -> None:
            _MADE.pop(number, None)

        _MADE[number] = ref(rows, forget), about, cells
    return cells


def _picked(key: str, dimension: filterbar.Dimension | Literal["conversation"], values: list[str | None]) -> None:
    cells = st.session_state[key]["selection"]["cells"]
    row = cells[0][0] if cells else len(values)
    if row >= len(values):
        return
    if dimension == "conversation":
        st.query_params["conversation"] = values[row] or ""
    else:
        filterbar.keep(dimension, values[row] or "")


def _present(rows: pd.DataFrame, columns: Mapping[str, Column]) -> dict[str, Column]:
    """The columns that there are rows for: an answer leaves one out where it has nothing to say."""
    return {name: column for name, column in columns.items() if name in rows}


def _shown(rows: pd.DataFrame, columns: Mapping[str, Column], given: Mapping[str, object]) -> dict[str, Column]:
    """Return them without the ones that are empty in every row. The first one stays because it names the rows."""
    present = _present(rows, columns)
    if rows.empty:
        return present
    first = next(iter(present))
    held = {
        name
        for name in present
        if name in given or not (rows[name].isna() | rows[name].map(lambda value: isinstance(value, str) and not value)).all()
    }
    return {name: column for name, column in present.items() if name == first or name in held}


def _laid_out(cells: pd.DataFrame, columns: Mapping[str, Column], taken: int = 0) -> tuple[dict[str, int], list[str]]:
    """How wide the columns on show would be, and which of them fit; what is `extra` is in the table's own menu of columns."""
    known = screen.room()
    room = None if known is None else known - taken
    on_show = {name: column for name, column in columns.items() if not column.extra}
    wide = fit.widths(cells, on_show, room)
    shown = fit.fitting(wide, room)
    return fit.widened(wide, shown, cells, on_show, room), shown


def _configs(columns: Mapping[str, Column], wide: Mapping[str, int]) -> dict[str, Any]:
    """The first column is wide enough for a name, and stays in sight while the rest scrolls."""
    first, configs = next(iter(columns)), {}
    for name, column in columns.items():
        make, options = _MADE_BY[column.kind]
        held = {"width": wide[name], "pinned": True} if name == first else {}
        drawn = {"width": wide[name]} if column.kind in fit.DRAWN and name in wide else {}
        own = {} if column.width is None or name == first else {"width": column.width}
        if looks.writes(column.kind):
            options = {}
        configs[name] = make(column.label, help=column.help, **{**options, **drawn, **own, **held})
    return configs


def _cells(rows: pd.DataFrame, columns: Mapping[str, Column], zone: str) -> pd.DataFrame:
    cells = {}
    for name, column in columns.items():
        values, kind = rows[name], column.kind
        if kind in _MONEY:
            values = values.astype("float64") / 1e9
        elif kind in ("share", "change"):
            values = values.astype("float64") * 100
        elif kind in ("count", "number", "tokens", "tokens_each"):
            values = values.astype("float64")
        elif kind == "span":
            values = values.map(lambda seconds: None if pd.isna(seconds) else format.span(seconds))
        elif kind == "moment":
            values = pd.to_datetime(values).dt.tz_localize("UTC").dt.tz_convert(zone).dt.tz_localize(None)
        elif kind == "model":
            values = values.map(lambda model: model_label(model if isinstance(model, str) else None))
        elif kind in ("text", "prose", "amount"):
            values = values.map(partial(_name, most=500 if kind == "prose" else 80))
        cells[name] = values
    return pd.DataFrame(cells)


def _name(text: object, most: int) -> str | None:
    return format.name(text, most) if isinstance(text, str) else None


def _summed(
    rows: pd.DataFrame, columns: Mapping[str, Column], label: str, given: Mapping[str, object], zone: str
) -> pd.DataFrame:
    """One row of cells: what adds up, what is given besides, and nothing where there is nothing to say."""
    first = next(iter(columns))
    sums = {name: [rows[name].sum(min_count=1)] if column.kind in _ADDS_UP else [None] for name, column in columns.items()}
    known = {name: [value] for name, value in given.items()}
    cells = _cells(pd.DataFrame({**sums, **known, first: [label]}), columns, zone)
    nameless = [name for name, column in columns.items() if column.kind == "model" and name != first]
    return cells.assign(**dict.fromkeys(nameless))


def _plain(value: object, kind: Kind) -> object:
    if value is None or value is pd.NaT or (isinstance(value, float) and value != value) or value is pd.NA:
        return None
    if kind in _MONEY:
        return f"{Decimal(str(value)) / 1_000_000_000:f}"
    if kind == "moment":
        return f"{pd.Timestamp(str(value)).isoformat()}Z"
    if isinstance(value, str) and value.lstrip()[:1] in ("=", "+", "-", "@", "|", "\t", "\r") and value:
        return f"'{value}"
    return value
