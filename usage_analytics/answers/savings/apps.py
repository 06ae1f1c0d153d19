"""What each connected app costs a month as it runs now, and would cost run less often, as a batch, or on a lighter model."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np

from usage_analytics.answers.savings.calls import Floats
from usage_analytics.answers.savings.judged import MONTH
from usage_analytics.answers.savings.loading import Loaded
from usage_analytics.answers.savings.replay import BATCH_SAVES

if TYPE_CHECKING:
    import pandas as pd


def costs(loaded: Loaded, span: timedelta) -> pd.DataFrame:
    """A row an app, highest cost first: app, calls, month_nanos, half_nanos, batch_nanos, lighter_nanos.

    The last two are what a month would cost; missing where nothing could be sent as a batch, or no lighter model costs less.
    """
    import pandas as pd  # here: the command line answers without it

    calls, month = loaded.calls, MONTH / span

    def by_app(bill: Floats) -> Floats:
        return np.bincount(calls.app, bill, minlength=len(loaded.apps)).astype("float64") * month

    bill = calls.bill
    # every call on its lighter model, from the first on: no cache is lost
    there, tokenizer = calls.lighter >= 0, calls.rates.tokenizer
    grown = np.where(there, calls.factor * tokenizer[calls.lighter] / tokenizer[calls.card], calls.factor)
    moved = replace(calls, card=np.where(there, calls.lighter, calls.card), factor=grown)
    now, lighter = by_app(bill), by_app(moved.bill)
    batch = by_app(bill * np.where(calls.batchable, 1 - BATCH_SAVES, 1))
    table = pd.DataFrame(
        {
            "app": loaded.shown,
            "calls": np.bincount(calls.app, minlength=len(loaded.apps)),
            "month_nanos": now,
            "half_nanos": now / 2,
            "batch_nanos": np.where(batch < now, batch, np.nan),
            "lighter_nanos": np.where(lighter < now, lighter, np.nan),
        }
    )
    return table[table["calls"] > 0].sort_values(["month_nanos", "app"], ascending=[False, True], ignore_index=True)
