"""What a conversation's money bought: new work, or history sent again, and the habits behind it.

History is what the call before had sent. It is read from the cache while that lives, rebuilt after a longer break, or sent as plain input
where nothing is cached. All else is new work: what was asked and answered, and the first time that it is written to the cache.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from usage_analytics import format
from usage_analytics.answers.savings.calls import INPUT, MINUTES_5, PICOS_PER_NANO, READ, Calls, Floats
from usage_analytics.answers.savings.loading import Loaded
from usage_analytics.answers.savings.replay import best_length, fresh_starts, write_kind, write_price

if TYPE_CHECKING:
    import pandas as pd

MOST: Final = 20  # conversations in the table
CARRIED, SUMMARY = 10_000.0, 1_500.0
PARTS: Final = ("new", "reads", "rebuilt", "uncached")
NOTE: Final = (
    "Cache reads, rebuilt caches and uncached history pay for earlier messages sent again. “Fresh start after” is the number of calls "
    "after which a new conversation costs less, if it carries over 10,000 tokens."
)


def parts(calls: Calls) -> dict[str, Floats]:
    """What each call paid, in nano-dollars: for new work, cache reads, rebuilt caches, and history that was not cached."""
    read = np.minimum(calls.tokens[READ], calls.cached)
    again = np.minimum(calls.cached - read, calls.prompt - read)
    kind = write_kind(calls)
    reads, rest = (picos * calls.factor / PICOS_PER_NANO for picos in (read * calls.price(READ), again * write_price(calls)))
    uncached = np.where(kind == INPUT, rest, 0)
    return {"new": calls.bill - reads - rest, "reads": reads, "rebuilt": rest - uncached, "uncached": uncached}


def table(loaded: Loaded) -> pd.DataFrame:
    """The most expensive conversations: key, the parts in nano-dollars, breaks, context, summed_up, every and fresh_nanos."""
    import pandas as pd  # here: the command line answers without it

    calls = loaded.calls
    found = {name: loaded.by_unit(paid) for name, paid in parts(calls).items()}
    cost = np.where(loaded.talks, sum(found.values()), 0)
    units = np.argsort(-cost, kind="stable")[:MOST]
    units = units[cost[units] > 0]
    own = calls.take(np.isin(calls.unit, units))
    length = best_length(own, CARRIED, SUMMARY)
    length[~(np.isfinite(length) & own.main)] = np.nan
    saved = own.bill - fresh_starts(own, CARRIED, SUMMARY).bill
    main = pd.DataFrame(
        {
            "unit": own.unit,
            "breaks": np.isfinite(own.gap) & (own.gap > MINUTES_5),
            "context": np.where(own.main, own.prompt + own.tokens[-1], np.nan),
            "summed_up": own.first & np.isfinite(own.gap),
            "every": length,
            "fresh_nanos": saved,
        }
    )
    habits = main.groupby("unit").agg(
        {"breaks": "sum", "context": "last", "summed_up": "sum", "every": "median", "fresh_nanos": "sum"}
    )
    rows = pd.DataFrame(
        {"key": loaded.units[units], "unit": units} | {f"{name}_nanos": one[units] for name, one in found.items()}
    )
    return rows.join(habits, on="unit").drop(columns="unit")


def said(loaded: Loaded) -> str:
    """Where the money of all conversations went, in a sentence."""
    spent = {name: float(paid.sum()) for name, paid in parts(loaded.calls).items()}
    total = sum(spent.values())
    if not total:
        return ""
    share = {name: format.percent(nanos / total) for name, nanos in spent.items()}
    return (
        f"Of {format.dollars(total)}, {share['new']} paid for new work, {share['reads']} for cache reads, "
        f"{share['rebuilt']} for rebuilt caches and {share['uncached']} for uncached history."
    )
