"""What analyses hand out as cells, tables and figures of a report."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final, Protocol

import pandas as pd

from usage_analytics import format
from usage_analytics.answers import Kpi
from usage_analytics.periods import Period
from usage_analytics.question.names import OPEN
from usage_analytics.reports.report import Cell, Column, Figure, Kind, Table


class Asked(Protocol):
    """What a section is about."""

    @property
    def period(self) -> Period: ...


TOP: Final = 10  # rows of a table in a report: enough to name the money, few enough to read


def table(
    key: str,
    title: str,
    rows: pd.DataFrame,
    columns: Mapping[str, Column],
    ratios: Mapping[str, object] | None = None,
    *,
    most: int = TOP,
) -> Table:
    """Rows of a judgement as a table: the first `most`, one for the rest where money is left, and a total where ratios are given."""
    shown = rows.head(most)
    cells = [tuple(_cell(row[name]) for name in columns) for _, row in shown.iterrows()]
    if len(rest := rows.iloc[most:]):
        cells.append(_summed(f"{format.plural(len(rest), 'other')}", rest, columns, {}))
    total = _summed("Total", rows, columns, ratios) if ratios is not None and len(rows) > 1 else None
    kept = [place for place, _ in enumerate(columns) if place == 0 or any(row[place] is not None for row in cells)]
    named = tuple(columns.values())
    return Table(
        key,
        title,
        tuple(named[place] for place in kept),
        tuple(tuple(row[place] for place in kept) for row in cells),
        None if total is None else tuple(total[place] for place in kept),
    )


def figures(kpis: Sequence[Kpi], exact: Mapping[str, tuple[Cell, Kind]], question: Asked) -> tuple[Figure, ...]:
    """The figures beside an answer; `exact` has what was found for those whose number programs may want."""
    made: list[Figure] = []
    for kpi in kpis:
        moved = kpi.delta or format.signed_percent(kpi.change)
        since = kpi.compared or question.period.since
        beside = f"{moved} {since}" if moved and since else kpi.compared or ""
        value, kind = exact.get(kpi.label, (None, "text"))
        key = re.sub(r"[^a-z0-9]+", "_", kpi.label.lower()).strip("_") if OPEN not in kpi.label else "named"
        made.append(Figure(key, kpi.label, kpi.value, value, kind, beside))
    return tuple(made)


def _summed(label: str, rows: pd.DataFrame, columns: Mapping[str, Column], ratios: Mapping[str, object]) -> tuple[Cell, ...]:
    """One row for several: what adds up is added, a ratio is given or left open."""
    first, cells = next(iter(columns)), []
    for name, column in columns.items():
        adds = column.kind in ("count", "tokens") or (column.kind == "dollars" and name.endswith("_nanos")) or name == "share"
        cells.append(label if name == first else _cell(ratios.get(name, rows[name].sum(min_count=1) if adds else None)))
    return tuple(cells)


def _cell(value: object) -> Cell:
    """What a frame holds as a plain value; unknown is None."""
    if value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and value != value):
        return None
    if isinstance(value, pd.Timestamp):
        return datetime.fromisoformat(value.isoformat())
    if isinstance(value, str):
        return value
    if isinstance(value, int):
        return int(value)
    number = float(str(value))
    return int(number) if number.is_integer() else number
