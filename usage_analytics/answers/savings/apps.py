"""What each connected app costs per month as it runs now, and what it would cost less often, as a batch or on a lighter model."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np

from usage_analytics.answers.savings.calls import Floats
from usage_analytics.answers.savings.judged import MONTH
from usage_analytics.answers.savings.loading import Loaded
from usage_analytics.answers.savings.replay import BATCH_SAVES

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class AppCost:
    """What an app costs a month as it runs now (nano-dollars), half as often, as a batch, and on a lighter model.

    `batch` is None where nothing could be sent as one, `lighter` where no lighter model costs less.
    """

    app: str
    calls: int
    month: int
    half: int
    batch: int | None
    lighter: int | None


def table(costs: tuple[AppCost, ...]) -> pd.DataFrame:
    """Return a row per app: app, calls, month_nanos, half_nanos, batch_nanos and lighter_nanos; unknown is NaN."""
    import pandas as pd  # here: the command line answers without it

    columns = ("app", "calls", "month_nanos", "half_nanos", "batch_nanos", "lighter_nanos")
    rows = [(one.app, one.calls, one.month, one.half, one.batch, one.lighter) for one in costs]
    return pd.DataFrame(rows, columns=list(columns)).astype(dict.fromkeys(columns[2:], "float64"))


def costs(loaded: Loaded, span: timedelta) -> tuple[AppCost, ...]:
    """Return what each app costs per month and would cost otherwise, highest cost first; `span` is how long the calls cover."""
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
    number = np.bincount(calls.app, minlength=len(loaded.apps))
    found = [
        AppCost(
            loaded.shown[place],
            int(number[place]),
            round(now[place]),
            round(now[place] / 2),
            round(batch[place]) if batch[place] < now[place] else None,
            round(lighter[place]) if lighter[place] < now[place] else None,
        )
        for place in np.flatnonzero(number)
    ]
    return tuple(sorted(found, key=lambda one: (-one.month, one.app)))
