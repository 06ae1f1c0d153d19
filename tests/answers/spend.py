"""Spend for tests, as the query `spend_by_part` hands it out."""

from __future__ import annotations

import pandas as pd

from usage_analytics.answers.changes import DIMENSIONS

Call = tuple[str | None, str, str | None, float | None]  # model, app, project, nano-dollars


def parts(*calls: Call) -> pd.DataFrame:
    """One row per dimension and value of these calls, none of which names an account."""
    known = pd.DataFrame([(*one[:3], None, 1.0, one[3]) for one in calls], columns=[*DIMENSIONS, "calls", "cost_nanos"])
    known["cost_nanos"] = known["cost_nanos"].astype("float64")
    each = [
        known.assign(dimension=dimension, value=known[dimension].astype(object).fillna(""))
        .groupby(["dimension", "value"], as_index=False)[["calls", "cost_nanos"]]
        .sum(min_count=1)
        for dimension in DIMENSIONS
    ]
    return pd.concat(each, ignore_index=True)
