"""What was spent by one property of the calls, exact to the microsecond of any date range and to the nano-dollar."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Final, Literal

from usage_analytics import format
from usage_analytics.answers import Headline, Kpi
from usage_analytics.question import Question

By = Literal["model", "app", "day", "project", "account", "conversation-length"]
NOTHING: Final = "There are no calls in this date range; see your imports with: usage-analytics imports"


@dataclass(frozen=True, slots=True)
class Spent:
    """What one group of calls used and cost; None is unknown. Costs in nano-dollars, times naive UTC.

    `recorded_nanos` is the part of the cost whose tokens were counted. The tokens of `guessed_calls` are estimated by the length of the
    text, and what these calls cost lies between the two bounds.
    """

    name: str | None
    calls: int | None
    unpriced_calls: int
    input_tokens: int | None
    cache_read_tokens: int | None
    cache_write_5m_tokens: int | None
    cache_write_1h_tokens: int | None
    output_tokens: int | None
    cost_nanos: int | None
    estimated_cost_nanos: int | None
    recorded_nanos: int | None
    guessed_calls: int
    guessed_low_nanos: int | None
    guessed_high_nanos: int | None
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Spend:
    """The answer: groups of calls, the most expensive first, days and lengths in their order. Sums are None where nothing is known."""

    headline: Headline
    figures: tuple[Kpi, ...]
    groups: tuple[Spent, ...]
    calls: int | None
    unpriced_calls: int
    cost_nanos: int | None
    estimated_cost_nanos: int | None
    recorded_nanos: int | None
    guessed_calls: int
    guessed_low_nanos: int | None
    guessed_high_nanos: int | None
    start: datetime | None
    end: datetime | None


def answer(question: Question, by: By = "model") -> Spend:
    """What was spent in the question's date range. `start` and `end` are the range, else the first and the last call."""
    within, store = question.filters, question.store
    by_length = by == "conversation-length"
    rows = store.rows("spend_by_conversation_length", within) if by_length else store.rows("spend", within, by=by)
    known = [field.name for field in fields(Spent)]
    groups = tuple(Spent(**{name: row[name] for name in known}) for row in rows)
    calls, cost = total(groups, lambda group: group.calls), total(groups, lambda group: group.cost_nanos)
    spent = format.dollars(cost)
    return Spend(
        Headline(f"You spent {spent} in {question.period.name}.") if groups else Headline(NOTHING, enough=False),
        (Kpi("Spend", spent), Kpi("Calls", format.count(calls))),
        groups,
        calls,
        sum(group.unpriced_calls for group in groups),
        cost,
        total(groups, lambda group: group.estimated_cost_nanos),
        total(groups, lambda group: group.recorded_nanos),
        sum(group.guessed_calls for group in groups),
        total(groups, lambda group: group.guessed_low_nanos),
        total(groups, lambda group: group.guessed_high_nanos),
        within.start or min((group.first_at for group in groups), default=None),
        within.end or max((group.last_at for group in groups), default=None),
    )


def total(groups: Sequence[Spent], measure: Callable[[Spent], int | None]) -> int | None:
    """The sum of what is known; None when there is something and nothing of it is known."""
    known = [amount for amount in map(measure, groups) if amount is not None]
    return sum(known) if known or not groups else None
