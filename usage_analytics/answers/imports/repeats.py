"""Calls that a file repeats, one by one, before it is imported."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import pandas as pd

from usage_analytics import format
from usage_analytics.pricing.models import display_name

if TYPE_CHECKING:
    from usage_analytics.ingest.duplicates import Duplicate
    from usage_analytics.ingest.preview import Preview


def duplicate_rows(preview: Preview) -> pd.DataFrame:
    """One row per call that a file repeats, and what tells us that it is the same."""
    rows = pd.DataFrame([asdict(one) for one in preview.duplicates])
    rows["cost_nanos"] = rows["cost_nanos"].astype("float64")
    return rows.assign(why=["Same ID" if own else "Equal row" for own in rows["has_own_id"]])


def duplicate_name(one: Duplicate, zone: str) -> str:
    """A row that is known, in a list to choose from."""
    model = display_name(one.model) if one.model else "no model"
    times = f", {format.plural(one.times, 'time')}" if one.times > 1 else ""
    return f"{format.moment(one.occurred_at, zone)}, {format.name(one.app)}, {model}, {format.dollars(one.cost_nanos)}{times}"
