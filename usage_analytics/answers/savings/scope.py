"""What savings are judged by: which weeks of usage, and usage by hour for figures by month."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, timedelta
from typing import TYPE_CHECKING, Final

import numpy as np

from usage_analytics import format, periods
from usage_analytics.answers.savings.windows import History
from usage_analytics.periods import Period

if TYPE_CHECKING:
    from usage_analytics.question import Question

WEEKS: Final = timedelta(weeks=8)  # what is judged by at least: what is saved next month is what is done now


def asked(question: Question) -> Question:
    """Return the question that savings answer: the same one for eight weeks or more, up to the last complete day in the person's zone."""
    settled = question.settled
    first, last = question.first_at or settled, min(question.filters.end or settled, settled)
    start = max(min(question.filters.start or first, last - WEEKS), min(first, last))
    days = format.days(*(format.local(at, question.filters.zone).date() for at in (start, last - timedelta(microseconds=1))))
    filters = replace(question.filters, start=start, end=last)
    return replace(question, as_of=settled, until=last, period=Period(days, start, last), filters=filters, before=None)


def span_of(question: Question) -> timedelta:
    """Return how long the dates of a question from `asked` are."""
    start, last = question.filters.start, question.filters.end
    assert start is not None
    assert last is not None
    return last - start


def history(question: Question) -> History:
    """Return all usage by hour up to the end of the question, in nano-dollars, and the full months in it."""
    last = question.filters.end or question.settled
    hours = question.columns("savings_hours", replace(question.filters, start=None, end=last))
    known = periods.months(question.first_at or last, last, question.filters.zone)
    months = tuple(
        (one.name, one.start.replace(tzinfo=UTC).timestamp(), one.end.replace(tzinfo=UTC).timestamp())
        for one in known
        if one.start and one.end
    )
    seconds = np.ma.getdata(hours["hour"]).astype("datetime64[s]").astype("float64")
    return History(seconds, np.ma.getdata(hours["cost_nanos"]).astype("float64"), months)
