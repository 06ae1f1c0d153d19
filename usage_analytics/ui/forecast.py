"""The forecast of the billing cycle in its card."""

from __future__ import annotations

import pandas as pd

from usage_analytics.answers import forecast
from usage_analytics.figures import forecast as figures
from usage_analytics.question import Question
from usage_analytics.ui import background, parts
from usage_analytics.ui.tables import Column

COLUMNS = {
    "day": Column("Day", "day"),
    "spent": Column("Spent", "dollars_each"),
    "low": Column("Low", "dollars_each", "9 of 10 outcomes are higher"),
    "middle": Column("Forecast", "dollars_each"),
    "high": Column("High", "dollars_each", "9 of 10 outcomes are lower"),
}


def card(question: Question) -> None:
    """The card; its chart begins where there is any data."""
    found = forecast.answer(question)
    said = " ".join(
        filter(
            None, (found.headline.lead, found.headline.detail, background.not_counted(question) if found.headline.enough else "")
        )
    )
    lines = {
        "spent": (0, found.spent),
        **{name: (len(found.spent) - 1, getattr(found, name)) for name in ("low", "middle", "high")},
    }
    rows = pd.DataFrame({"day": pd.to_datetime(list(found.days))})
    for name, (start, values) in lines.items():
        rows[name] = pd.Series(values, range(start, start + len(values)), dtype="float64").reindex(rows.index)
    parts.chart(
        "Forecast for this billing cycle",
        parts.figure(figures.cycle, found),
        rows,
        COLUMNS,
        key="forecast",
        alt=f"Spend of this billing cycle by day, with a forecast. {found.headline.lead}",
        note=f"{said} Set the day on which your cycle starts in Settings.",
    )
