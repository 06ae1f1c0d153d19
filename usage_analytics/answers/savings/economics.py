"""What the money of conversations bought: new work, or history sent again, and the habits behind it.

History is what the call before had sent. It is read from the cache while that lives, rebuilt after a longer break, or sent as plain input
where nothing is cached. All else is new work: what was asked and answered, and the first time that it is written to the cache.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Final

import numpy as np

from usage_analytics import format
from usage_analytics.answers.savings.calls import INPUT, MINUTES_5, OUTPUT, PICOS_PER_NANO, READ, Calls, Floats
from usage_analytics.answers.savings.loading import Loaded
from usage_analytics.answers.savings.replay import best_length, fresh_starts

if TYPE_CHECKING:
    import pandas as pd

MOST: Final = 20  # conversations in the table
CARRIED, SUMMARY = 10_000.0, 1_500.0
TITLES: Final = {"new": "New work", "reads": "Cache reads", "rebuilt": "Rebuilt caches", "uncached": "Uncached history"}
NOTE: Final = (
    "Cache reads, rebuilt caches and uncached history pay for earlier messages sent again. “Fresh start after” is the number of calls "
    "after which a new conversation costs less, if it carries over 10,000 tokens. Here an answer that is sent again for the first time "
    "is new work; in “Re-sent history”, it's history."
)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of what conversations cost: nano-dollars in total, its share of the total from 0 to 1, and nano-dollars per call."""

    name: str
    title: str
    nanos: int
    share: float
    per_call: int


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation by its key in the store: nano-dollars for each part, and its habits.

    `breaks` are pauses of more than five minutes, `context` the tokens that one more call would send, `summed_up` how often the client
    replaced earlier messages with a summary. `every` is the number of calls after which a fresh start would have paid (n*), None where
    none would have; `fresh_nanos` is what fresh starts would have saved.
    """

    key: int
    calls: int
    new_nanos: int
    reads_nanos: int
    rebuilt_nanos: int
    uncached_nanos: int
    breaks: int
    context: int | None
    summed_up: int
    every: float | None
    fresh_nanos: int

    @property
    def history_nanos(self) -> int:
        """What it paid for earlier messages sent again."""
        return self.reads_nanos + self.rebuilt_nanos + self.uncached_nanos

    @property
    def nanos(self) -> int:
        """What it cost."""
        return self.new_nanos + self.history_nanos


@dataclass(frozen=True, slots=True)
class Economics:
    """The parts of what all conversations cost, in a sentence and as figures, and the most expensive conversations, highest cost first.

    `parts` and `talks` are empty where no conversation has a price.
    """

    said: str
    calls: int
    parts: tuple[Part, ...]
    talks: tuple[Talk, ...]

    @property
    def rows(self) -> pd.DataFrame:
        """A row per part: title, nanos, share and per_call."""
        import pandas as pd  # here: the command line answers without it

        return pd.DataFrame(
            [(one.title, float(one.nanos), one.share, float(one.per_call)) for one in self.parts],
            columns=["title", "nanos", "share", "per_call"],
        )

    @property
    def table(self) -> pd.DataFrame:
        """A row per conversation with the fields of `Talk`, and history_per_call in nano-dollars."""
        import pandas as pd  # here: the command line answers without it

        names = [one.name for one in fields(Talk)]
        rows = [(*(getattr(one, name) for name in names), one.history_nanos / one.calls) for one in self.talks]
        found = pd.DataFrame(rows, columns=[*names, "history_per_call"])
        return found.astype(dict.fromkeys(found.columns, "float64") | {"key": "uint64", "calls": "int64"})


def economics(loaded: Loaded) -> Economics:
    """Return what the conversations among the calls paid for."""
    calls = loaded.calls
    paid, inside = parts(calls), loaded.talks[calls.unit]
    spent, number = {name: float(nanos[inside].sum()) for name, nanos in paid.items()}, int(inside.sum())
    if not (total := sum(spent.values())):
        return Economics("", number, (), ())
    found = tuple(Part(name, TITLES[name], round(nanos), nanos / total, round(nanos / number)) for name, nanos in spent.items())
    return Economics(said(found, number), number, found, talks(loaded, paid))


def parts(calls: Calls) -> dict[str, Floats]:
    """What each call paid, in nano-dollars: for new work, cache reads, rebuilt caches, and history that was not cached."""
    read = np.minimum(calls.tokens[READ], calls.cached)
    again = np.minimum(calls.cached - read, calls.prompt - read)
    kind = calls.writes
    reads, rest = (picos * calls.factor / PICOS_PER_NANO for picos in (read * calls.price(READ), again * calls.price(kind)))
    uncached = np.where(kind == INPUT, rest, 0)
    return {"new": calls.bill - reads - rest, "reads": reads, "rebuilt": rest - uncached, "uncached": uncached}


def talks(loaded: Loaded, paid: dict[str, Floats]) -> tuple[Talk, ...]:
    """Return the most expensive conversations; `paid` is what each call paid for, see `parts`."""
    by_unit = {name: loaded.by_unit(nanos) for name, nanos in paid.items()}
    cost = np.where(loaded.talks, sum(by_unit.values()), 0)
    units = np.argsort(-cost, kind="stable")[:MOST]
    found = []
    for unit in units[cost[units] > 0]:
        own = loaded.calls.take(np.arange(*np.searchsorted(loaded.calls.unit, (unit, unit + 1))))
        lengths = best_length(own, CARRIED, SUMMARY)
        lengths = lengths[np.isfinite(lengths) & own.main]
        last, follows = np.flatnonzero(own.main)[-1:], np.isfinite(own.gap)
        found.append(
            Talk(
                key=int(loaded.units[unit]),
                calls=len(own),
                **{f"{name}_nanos": round(float(one[unit])) for name, one in by_unit.items()},
                breaks=int((follows & (own.gap > MINUTES_5)).sum()),
                context=round(float((own.prompt + own.tokens[OUTPUT])[last].sum())) if len(last) else None,
                summed_up=int((own.first & follows).sum()),
                every=float(np.median(lengths)) if len(lengths) else None,
                fresh_nanos=round(float((own.bill - fresh_starts(own, CARRIED, SUMMARY).bill).sum())),
            )
        )
    return tuple(found)


def said(found: tuple[Part, ...], calls: int) -> str:
    """Where the money of all conversations went, in total and per call, in two sentences."""
    new, again = found[0], sum(one.nanos for one in found[1:])
    bought = [f"{format.percent(one.share)} {'paid ' * (one is new)}for {one.title.lower()}" for one in found if one.nanos]
    return (
        f"Of {format.dollars(new.nanos + again)}, {format.listed(bought)}. "
        f"Per call, that is {format.dollars(new.per_call)} for new work and {format.dollars(again / calls)} for re-sent history."
    )
