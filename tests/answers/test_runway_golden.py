"""Runways of drawn histories, as they were when last read: short ones, uneven ones, and windows of the plan at every fill."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from tests.described import described
from usage_analytics.answers.balance import runway
from usage_analytics.answers.balance.low import Low
from usage_analytics.answers.balance.runway import Seen

GOLDEN: Final = Path(__file__).with_name("golden")
NOW: Final = datetime(2026, 11, 20, 15, 30)
USD: Final = 10**9
DAY: Final = timedelta(days=1)


def calls(dice: np.random.Generator, days: int) -> pd.DataFrame:
    """Calls at odd moments and at just so many days before, a few of them later than now."""
    ago = np.concatenate([dice.uniform(-1, days, 3 * days), np.arange(0, days, 3)])
    moments = [NOW - timedelta(seconds=round(float(one) * 86_400)) for one in ago]
    costs = np.round(dice.lognormal(0, 1.2, len(ago)) * USD).astype(np.int64)
    rows = pd.DataFrame({"occurred_at": pd.Series(moments, dtype="datetime64[us]"), "nanos": costs})
    return rows.sort_values("occurred_at", ignore_index=True)


def hourly(dice: np.random.Generator, days: int) -> pd.DataFrame:
    """Spend of some hours, to two hours after now."""
    hours = pd.date_range((NOW - days * DAY).replace(minute=0), NOW + timedelta(hours=2), freq="h", unit="us")
    kept = dice.random(len(hours)) < 0.4
    return pd.DataFrame({"hour": hours[kept], "nanos": np.round(dice.lognormal(0, 1, int(kept.sum())) * USD).astype(np.int64)})


def test_runways_are_as_they_were(golden: Callable[[Path, str], None]) -> None:
    dice, told = np.random.default_rng(12), {}
    for days in (3, 6, 7, 8, 20, 28, 29, 60):
        spent, hours = calls(dice, days), hourly(dice, days)
        told[f"{days} days, balance"] = [
            runway.balance(spent, left and round(left * USD), NOW) for left in (None, 0, 0.5, 20, 90, 900)
        ]
        told[f"{days} days, limit"] = [
            runway.monthly_limit(spent, limit and limit * USD, used and used * USD, NOW)
            for limit in (None, 30, 300)
            for used in (None, 10, 30)
        ]
        for gauge in ("session", "weekly"):
            width = runway.WINDOWS[gauge]
            told[f"{days} days, {gauge}"] = [
                runway.window(gauge, hours, Seen(percent, NOW - ago * width, NOW + (0.9 - ago) * width), NOW)
                for percent in (0.0, 1.0, 40.0, 85.0, 99.9, 100.0)
                for ago in (0.0, 0.3, 0.9)
            ]
    golden(GOLDEN / "runways.txt", described(told))


def test_a_balance_lasts_as_long_as_its_pace_says() -> None:
    def lasts(nanos: int, a_day: int) -> Any:
        return Low(nanos, a_day, "USD", NOW, NOW).lasts

    assert (lasts(0, 5), lasts(-1, 5), lasts(5, 0), lasts(5, -1)) == (None,) * 4
    assert (lasts(1, 1), lasts(10, 4)) == (DAY, timedelta(hours=60))
