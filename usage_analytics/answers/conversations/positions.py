"""A call's cost against its position in the conversation, like with like.

Conversations that go far are not those that stay short: they run in other apps and on other models. So a call at some position is compared
with the first calls of the same app and model, and the comparison is a ratio of sums.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pandas as pd

FEW_CALLS: Final = 20  # calls below which a position says nothing


@dataclass(frozen=True, slots=True)
class Position:
    """The calls of one band of positions. Costs are nano-dollars a call; `first_nanos` is what first calls of their apps and models cost.

    `times` is `per_call` over `first_nanos`, of the calls that have such a first; None where there are none. `again` is the part of
    `per_call` that pays for history sent before, None where the source does not tell.
    """

    first: int
    last: int
    calls: int
    per_call: float
    prompt_tokens: float
    again: float | None
    first_nanos: float | None
    times: float | None

    @property
    def name(self) -> str:
        """The positions in words: 3, 48–63."""
        return f"{self.first}" if self.first == self.last else f"{self.first}–{self.last}"

    @property
    def conversations(self) -> float:
        """How many conversations pass through, about: those that end inside count in part."""
        return self.calls / (self.last - self.first + 1)

    @property
    def times_again(self) -> float:
        """The part of `times` that is history."""
        return (self.times or 0) * min((self.again or 0) / self.per_call, 1) if self.per_call else 0


@dataclass(frozen=True, slots=True)
class Curve:
    """Every position with enough calls, in order. `too_few` says that positions further on were left out."""

    positions: tuple[Position, ...]
    too_few: bool

    def at(self, message: int) -> Position | None:
        """The position that holds this message."""
        return next((position for position in self.positions if position.first <= message <= position.last), None)

    def cheapest_before(self, position: Position) -> Position | None:
        """Where a call costs least, measured by the first, between the first and this position."""
        known = [one for one in self.positions if one.times is not None and 1 < one.first < position.first]
        return min(known, key=lambda one: one.times or 0, default=None)


def curve(rows: pd.DataFrame, *, few_calls: int = FEW_CALLS) -> Curve:
    """Judge the rows of the query `conversations_by_message_position` (one an app, model and band of positions)."""
    if rows.empty:
        return Curve((), too_few=False)
    keys = ["app", "model"]
    table = rows.assign(model=rows["model"].fillna(""))
    firsts = table[table["from_index"] == 1].set_index(keys)
    first_nanos = (firsts["cost_nanos"] / firsts["calls"]).rename("first_nanos")
    table = table.join(first_nanos, on=keys)
    positions = []
    for from_index, band in table.groupby("from_index", sort=True):
        index, calls = int(from_index), int(band["calls"].sum())
        like = band[band["first_nanos"] > 0]
        expected, compared = float((like["calls"] * like["first_nanos"]).sum()), float(like["cost_nanos"].sum())
        known = expected > 0 and like["calls"].sum() * 2 >= calls
        positions.append(
            Position(
                first=index,
                # bands double in two steps (4, 6, 8, 12, 16, …)
                last=index if index < 4 else index + (1 << (index.bit_length() - 1)) // 2 - 1,
                calls=calls,
                per_call=float(band["cost_nanos"].sum()) / calls,
                prompt_tokens=float(band["prompt_tokens"].sum()) / calls,
                again=float(band["resend_nanos"].sum()) / calls if band["resend_nanos"].notna().any() else None,
                first_nanos=expected / float(like["calls"].sum()) if known else None,
                times=compared / expected if known else None,
            )
        )
    kept = tuple(position for position in positions if position.calls >= few_calls)
    return Curve(kept, too_few=len(kept) < len(positions))


def as_rows(found: Curve) -> pd.DataFrame:
    """The curve as rows of a table."""
    columns = ["name", "calls", "times", "per_call", "again", "prompt_tokens"]
    return pd.DataFrame([[getattr(position, column) for column in columns] for position in found.positions], columns=columns)
