"""Burn rate: what an active hour costs in four patterns of work, and how long a balance lasts.

The patterns and their ranges come from Claude's guide to usage credits. Who runs a conversation and how many calls it has decide its
pattern; its active hours are the gaps between its calls, at most ten minutes each.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

SHORT_TO: Final = 10  # calls: a question or two, and what follows from it
LONG_FROM: Final = 60  # calls: where the article says that a message costs ten times the first
ENOUGH_HOURS: Final = 0.5  # active hours below which a rate says nothing
ENOUGH_CONVERSATION_HOURS: Final = 0.05  # the same of one conversation: three minutes
ENOUGH_DAYS: Final = 3  # days of data below which a pace says nothing


@dataclass(frozen=True, slots=True)
class Pattern:
    """A way of working, what an hour of it costs by Claude's guide (dollars), and what it cost this person (nano-dollars).

    `per_hour` is None below `ENOUGH_HOURS` active hours.
    """

    name: str
    meaning: str
    article: tuple[float, float]
    conversations: int
    active_hours: float
    nanos: int
    per_hour: float | None

    @property
    def article_words(self) -> str:
        """The article's range of an hour."""
        low, high = self.article
        return f"${low:.2f} to ${high:.2f}"

    def lasts(self, balance_nanos: int) -> float | None:
        """Return how many seconds of such work a balance lasts, at the person's own rate or else the middle of the guide's range."""
        return lasts(balance_nanos, self.per_hour or sum(self.article) / 2 * 1e9)


@dataclass(frozen=True, slots=True)
class Burn:
    """The four patterns, and all of them together."""

    patterns: tuple[Pattern, ...]
    active_hours: float
    nanos: int
    per_hour: float | None

    @property
    def enough(self) -> bool:
        """Whether any pattern has a rate."""
        return any(pattern.per_hour is not None for pattern in self.patterns)


_PATTERNS: Final = (
    ("Casual chat", f"up to {SHORT_TO} calls", (0.10, 0.30)),
    ("Active coding", f"{SHORT_TO + 1} to {LONG_FROM - 1} calls", (1.0, 3.0)),
    ("Long sessions", f"{LONG_FROM} calls or more", (3.0, 8.0)),
    ("Automated agents", "no person at the keyboard", (5.0, 15.0)),
)


def burn(rows: pd.DataFrame | Mapping[str, Any], *, enough_hours: float = ENOUGH_HOURS) -> Burn:
    """Return the burn rates from the rows of the query `burn`, as a frame or as columns: one row per attendance and length."""
    place, patterns = _places(rows), []
    for number, words in enumerate(_PATTERNS):
        conversations, seconds, nanos = (
            np.asarray(rows[name])[place == number].sum() for name in ("conversations", "active_seconds", "cost_nanos")
        )
        hours, nanos = float(seconds) / 3600, int(nanos)
        patterns.append(Pattern(*words, int(conversations), hours, nanos, _rate(nanos, hours, enough_hours)))
    hours, nanos = sum(one.active_hours for one in patterns), sum(one.nanos for one in patterns)
    return Burn(tuple(patterns), hours, nanos, _rate(nanos, hours, enough_hours))


def _places(rows: pd.DataFrame | Mapping[str, Any]) -> np.ndarray:
    """Which of the patterns each row is of, by its place."""
    lengths, attended = np.asarray(rows["length"]), np.asarray(rows["attended"]).astype(bool)
    return np.select([~attended, lengths == "short", lengths == "middle"], [3, 0, 1], 2)


def conversations(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of the query `burn_conversations` with the pattern of each, its id's first eight characters, hours, and rate an hour."""
    hours = rows["active_seconds"] / 3600
    return rows.assign(
        id=rows["conversation_id"].str[:8],
        pattern=[_PATTERNS[place][0] for place in _places(rows)],
        hours=hours,
        per_hour=(rows["cost_nanos"] / hours).where(hours >= ENOUGH_CONVERSATION_HOURS),
    )


def lasts(balance_nanos: int, nanos_per_hour: float | None) -> float | None:
    """Return how many seconds of work a balance lasts; None if there is no rate."""
    return balance_nanos / nanos_per_hour * 3600 if nanos_per_hour else None


@dataclass(frozen=True, slots=True)
class Drain:
    """How long a balance lasts at the average spend per day, every hour of the day counted; None if there is too little data."""

    nanos_per_day: int | None
    lasts: timedelta | None


def drain(balance_nanos: int, spent_nanos: int, span: timedelta, *, enough_days: float = ENOUGH_DAYS) -> Drain:
    """Return the spend per day over a span, and how long the balance lasts at it."""
    days = span / timedelta(days=1)
    if days < enough_days or spent_nanos <= 0:
        return Drain(None, None)
    per_day = spent_nanos / days
    return Drain(round(per_day), timedelta(days=min(balance_nanos / per_day, 36_500)))


def _rate(nanos: int, hours: float, enough_hours: float) -> float | None:
    return nanos / hours if hours >= enough_hours else None
