"""What changed against the period before, and which model, app, project or account drove it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pandas as pd

from usage_analytics import format
from usage_analytics.pricing import models

DIMENSIONS: Final = ("model", "app", "project", "account")
TAKEN_BACK: Final = 0.5
NAMED_FROM: Final = 0.25  # the share of the whole change from which a part is named as its cause


@dataclass(frozen=True, slots=True)
class Driver:
    """The part that moved most in the direction of the whole. `share` is its part of the whole change (may exceed 1).

    `against` is the part that moved most the other way, where it took back at least half of the whole change: a new model that
    replaces an old one.
    """

    dimension: str
    label: str
    nanos: int
    share: float
    against: tuple[str, int] | None = None


def by_part(now: pd.DataFrame, before: pd.DataFrame | None, dimension: str) -> pd.DataFrame:
    """One row per value of `dimension`, highest first, from rows of `spend_by_part`.

    Columns: value (as in the store, "" for none), label, cost_nanos, share, calls, before_nanos, change_nanos, change. Without a period
    before, the last three are None.
    """
    rows = own = _of(now, dimension)
    if before is not None:
        then = _of(before, dimension)
        rows = rows.join(then[["cost_nanos"]].rename(columns={"cost_nanos": "before_nanos"}), how="outer")
        gone, new = ~rows.index.isin(own.index), ~rows.index.isin(then.index)
        # What made no call cost nothing then; what made calls without a price stays unknown.
        rows["cost_nanos"], rows["before_nanos"] = rows["cost_nanos"].mask(gone, 0), rows["before_nanos"].mask(new, 0)
        rows["calls"] = rows["calls"].mask(gone, 0)
        rows["change_nanos"] = rows["cost_nanos"] - rows["before_nanos"]
        rows["change"] = (rows["change_nanos"] / rows["before_nanos"]).where(rows["before_nanos"] > 0)
    total = rows["cost_nanos"].sum()
    rows["share"] = rows["cost_nanos"] / total if total else None
    rows = rows.sort_values("cost_nanos", ascending=False, kind="stable", na_position="last").reset_index(names="value")
    labels = [models.display_name(value) if dimension == "model" and value else value for value in rows["value"]]
    return rows.assign(label=[format.name(label) for label in labels])


def driver(now: pd.DataFrame, before: pd.DataFrame, *, named_from: float = NAMED_FROM) -> Driver | None:
    """The one part, in any dimension, that best explains the change; None when none explains `named_from` of it.

    A dimension with a single value explains nothing: everything is in it. Nor does what has no value at all.
    """
    change = int(whole(now).sum() - whole(before).sum())
    tables = {dimension: by_part(now, before, dimension) for dimension in DIMENSIONS} if change else {}
    moved = {
        dimension: parts[parts["change_nanos"].notna() & (parts["value"] != "")]
        for dimension, parts in tables.items()
        if len(parts) > 1
    }
    found = []
    for dimension, parts in moved.items():
        if len(parts):
            ordered = parts.sort_values("change_nanos", ascending=change < 0, kind="stable")
            most, least = ordered.iloc[0], ordered.iloc[-1]
            against = -least["change_nanos"] / change >= TAKEN_BACK
            found.append(
                Driver(
                    dimension,
                    str(most["label"]),
                    int(most["change_nanos"]),
                    float(most["change_nanos"]) / change,
                    (str(least["label"]), int(least["change_nanos"])) if against else None,
                )
            )
    best = max(found, key=lambda one: one.share, default=None)
    return best if best and best.share >= named_from else None


def whole(rows: pd.DataFrame) -> pd.Series:
    """The costs of rows of `spend_by_part` that come to everything once: those of one dimension."""
    return rows.loc[rows["dimension"] == DIMENSIONS[0], "cost_nanos"]


def _of(rows: pd.DataFrame, dimension: str) -> pd.DataFrame:
    return rows[rows["dimension"] == dimension].set_index("value")[["cost_nanos", "calls"]].astype("float64")
