"""Background drain: flags on unattended spend, source by source. Nothing after the moment of a flag has a say in it.

A call is attended if a person's prompt led to it, or led to its conversation a short while ago. Everything else an app spends is compared
with what it spent at the same time of day in earlier weeks. What exceeds that is flagged once it costs enough; the more it looks like a
drain, the less is enough. Each call is judged only by the calls before it, so a flag never moves.

calls, groups        a person's calls as arrays
rhythm, machine      which calls a machine made, where the log doesn't say
led, presence        which prompt led to a call, and how likely its person is to be back soon
attendance           whether a person was there
population, learned  what many people's long runs turned out to be, for people whose hours we don't know yet
history, episodes    spend beyond the usual, and from when to when
paces, bursts        fan-outs: many times the usual calls within minutes
weeks, quantiles     statistics of the days before
detection            the whole way from calls to episodes
evidence, thresholds signs of a drain, and how much spend a flag needs
found_by, flags      which test raised a flag, and the results
verdict, actions     what we say about an episode, and how to stop it
spend                what each source spent, attended and unattended
cards, agents, habit what the page shows beside a flag
redacted             the same with names that may be shared
wording, notes       sentences, figures and tables
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from usage_analytics import format, periods
from usage_analytics.answers.background import agents as trees
from usage_analytics.answers.background import cards, redacted, wording
from usage_analytics.answers.background.calls import milliseconds
from usage_analytics.answers.background.cards import SEVERITIES, Hours, course, kpis, title
from usage_analytics.answers.background.detection import Judged, judge_calls
from usage_analytics.answers.background.flags import Flag, Found, Hour, Reason, Severity, SourceSpend
from usage_analytics.answers.background.habit import Week, week_of
from usage_analytics.answers.background.spend import hours_of, spend_by_source
from usage_analytics.answers.background.units import SECOND
from usage_analytics.answers.background.verdict import moment_of
from usage_analytics.answers.background.wording import NOTE, history, not_counted
from usage_analytics.filters import Filters
from usage_analytics.question.kept import ANSWERS

if TYPE_CHECKING:
    import pandas as pd

    from usage_analytics.answers import Headline, Kpi
    from usage_analytics.answers.background.spend import Watched
    from usage_analytics.answers.background.units import Array
    from usage_analytics.control.expected import ExpectedRun
    from usage_analytics.question import Question

__all__ = [
    "AGENTS_NOTE",
    "NOTE",
    "SEVERITIES",
    "Background",
    "Flag",
    "Hours",
    "Reason",
    "Severity",
    "SourceSpend",
    "Week",
    "agents_started",
    "answer",
    "course",
    "flags",
    "history",
    "hours",
    "judge",
    "kpis",
    "not_counted",
    "timelines",
    "title",
    "week",
]

Columns = Mapping[str, Any]
Rows = Mapping[str, Columns]

# `judge` and `timelines` take the columns of these queries, which read all data up to the end of the date range: a flag needs history.
QUERIES: Final = ("background_sources", "background_calls", "present")
AROUND: Final = timedelta(days=1)
AGENTS_NOTE: Final = trees.NOTE


@dataclass(frozen=True, slots=True, eq=False)
class Background:
    """The flags, newest first, and what each source spent in the date range, highest unattended spend first.

    `as_of` is naive UTC. Only `headline`, and of a flag whether it is over and what it will come to, depend on it.
    """

    as_of: datetime
    headline: Headline
    figures: tuple[Kpi, ...]
    flags: tuple[Flag, ...]
    sources: tuple[SourceSpend, ...]
    notes: tuple[str, ...]
    unnamed: str

    @property
    def running(self) -> tuple[Flag, ...]:
        """The flags on drains that are still running."""
        return tuple(flag for flag in self.flags if not flag.over)

    @property
    def over(self) -> tuple[Flag, ...]:
        """The flags on drains that have stopped."""
        return tuple(flag for flag in self.flags if flag.over)

    @property
    def rows(self) -> pd.DataFrame:
        """One row per source, with amounts in nano-dollars."""
        return wording.as_rows(self.sources)


def answer(question: Question, *, dismissed: bool = False) -> Background:
    """Return flags and sources for the question's date range, as of its moment or the end of the range, whichever is earlier.

    Dismissed flags are left out unless `dismissed` is true. The result is kept for equal questions.
    """

    def judged() -> Background:
        moment = _moment(question)
        known, zone, start = question.decisions, question.filters.zone, question.filters.start
        found = _within(question, moment, _spent(question, moment), dismissed=dismissed)
        if question.names is not None:
            found = redacted.again(
                found,
                _rows(question),
                question.names,
                known.expected,
                lambda other, runs: judge(other, moment, expected=runs, zone=zone, start=start),
            )
        # How many nights of the date range have data, at least one
        first, last, nights = start or question.first_at, min(question.last_at or moment, moment), 1
        if first is not None:
            nights = max((format.local(last, zone).date() - format.local(first, zone).date()).days + 1, 1)
        within = question.period.name
        return Background(
            moment,
            wording.headline(found, within),
            wording.figures(found, within, nights),
            found.flags,
            found.sources,
            found.notes,
            wording.unnamed(found, within),
        )

    return question.kept(f"background {dismissed}", judged)


def flags(question: Question) -> tuple[Flag, ...]:
    """Return only the flags of `answer`. This is faster, because spend by source needs another pass over all calls."""
    if question.names is not None:
        return answer(question).flags
    return question.kept("background flags", lambda: _within(question, _moment(question), (), dismissed=False).flags)


def hours(question: Question, flag: Flag) -> Hours | None:
    """Return the hours around a flag as bars, attended and unattended, or None if the question doesn't have the flag."""

    def drawn() -> dict[str, Hours | None]:
        moment, zone, flags = _moment(question), question.filters.zone, answer(question).flags
        found = _timelines(_judged(question, moment), flags, moment)
        return {one.key: cards.hours(about, one, zone) for one, about in zip(flags, found, strict=True)}

    return question.kept("background hours", drawn).get(flag.key)


def week(question: Question, flag: Flag) -> Week | None:
    """Return the usual week before a flag with the drain in it, or None if there is less than a week of data before it."""

    def drawn() -> dict[str, Week | None]:
        judged, zone = _judged(question, _moment(question)), question.filters.zone
        return {one.key: week_of(*_calls_of(judged, one), one, zone) for one in answer(question).flags}

    return question.kept("background week", drawn).get(flag.key)


def agents_started(question: Question) -> pd.DataFrame:
    """Return the agents that conversations started: one row per conversation, followed by one row per thread or agent."""
    query = {"background_agents": trees.QUERIES["background_agents"]}
    zone = question.filters.zone
    return question.kept("background agents", lambda: trees.tree(question.load(query)["background_agents"], zone))


def judge(
    rows: Rows,
    now: datetime,
    *,
    expected: Sequence[ExpectedRun] = (),
    dismissed: Collection[str] = (),
    zone: str = "UTC",
    start: datetime | None = None,
) -> Found:
    """Return flags, sources and notes as of `now` (naive UTC), ignoring calls at or after it.

    `rows` holds the columns of `QUERIES` by query and name, one array entry per call or source. `dismissed` holds keys of flags to leave
    out; their spend still doesn't count as usual. With `start` (naive UTC), only flags last seen since then and spend since then are
    returned. `zone` is the time zone of the sentences.
    """
    judged = judge_calls(rows, now, expected, zone)
    return _asked(judged, now, dismissed, start, spend_by_source(judged.people, judged.sources, start))


def timelines(
    rows: Rows, flags: Sequence[Flag], now: datetime, *, expected: Sequence[ExpectedRun] = (), zone: str = "UTC"
) -> tuple[tuple[Hour, ...], ...]:
    """Return the hours around each flag, for its app and account: from a day before it began to a day after it was last seen, or `now`."""
    return _timelines(judge_calls(rows, now, expected, zone), flags, now)


def _within(question: Question, moment: datetime, spent: tuple[SourceSpend, ...], *, dismissed: bool) -> Found:
    """Keep the flags and sources that the question's filters keep."""
    aside = () if dismissed else question.decisions.dismissed
    found = _asked(_judged(question, moment), moment, aside, question.filters.start, spent)
    real = replace(question, names=None)
    ended = question.filters.end == moment != question.as_of  # a range is half-open
    raised = [flag for flag in found.flags if flag.flagged_at < moment or not ended]
    return Found(tuple(filter(real.keeps, raised)), tuple(filter(real.keeps, found.sources)), found.notes)


def _asked(
    judged: Judged, now: datetime, dismissed: Collection[str], start: datetime | None, spent: tuple[SourceSpend, ...]
) -> Found:
    """Return the flags as of a moment, without the dismissed, newest first."""
    flags = [one.at(now) for one in judged.raised]
    asked = [flag for flag in flags if flag.key not in dismissed and (start is None or flag.last_seen_at >= start)]
    asked.sort(key=lambda flag: (flag.flagged_at, flag.key), reverse=True)
    return Found(tuple(asked), spent, judged.notes)


def _timelines(judged: Judged, flags: Sequence[Flag], now: datetime) -> tuple[tuple[Hour, ...], ...]:
    found = []
    for flag in flags:
        person, which = _calls_of(judged, flag)
        found.append(hours_of(person, which, flag.started_at - AROUND, min(flag.last_seen_at + AROUND, now)))
    return tuple(found)


def _calls_of(judged: Judged, flag: Flag) -> tuple[Watched, Array]:
    """Return the calls of a flag's account and a mask of those that its app made."""
    person = next(one for one in judged.people if judged.sources[int(one.calls.source[0])].account == flag.account)
    return person, np.array([one.app == flag.app for one in judged.sources], dtype=bool)[person.calls.source]


def _moment(question: Question) -> datetime:
    """Return the moment to judge at (naive UTC): the question's, or the end of the date range if that is earlier.

    A clock elsewhere may be ahead of ours. Unless the question has an `until`, calls dated after now count too.
    """
    now, last, end = question.as_of, _last(question), question.filters.end
    if question.until is None and last is not None:
        now = max(now, moment_of(last + 1))
    # A range that reaches the present ends with the half hour that has begun, as roll-ups do.
    return now if end is None or end >= now or end == periods.half_hour(now) else end


def _last(question: Question) -> int | None:
    """Return when the last call that may be used was made, in milliseconds since 1970, or None if there is none."""
    (last,) = replace(question, names=None).columns("background_last", Filters(end=question.until))["moment"]
    return None if np.ma.is_masked(last) else int(last)


def _rows(question: Question) -> Rows:
    """Return the columns of `QUERIES`, with real names."""
    return {query: question.store.columns(query, Filters(end=_until(question))) for query in QUERIES}


def _until(question: Question) -> datetime | None:
    """Return the end of what may be used, or None if that is all there is: then those who ask up to midnight share one judgment."""
    last = _last(replace(question, until=None))
    return None if question.until is None or last is None or last < milliseconds(question.until) else question.until


def _key(question: Question, moment: datetime) -> tuple[object, ...]:
    """Return what the judgment depends on. From a second after the last call on, the moment no longer matters."""
    last, at = _last(question), milliseconds(moment)
    known = None if last is None or at > last + SECOND else at
    return question.state, _until(question), question.filters.zone, question.decisions.expected, known


def _judged(question: Question, moment: datetime) -> Judged:
    """Return the judgment of all calls before a moment. It is kept as long as the data stay the same, for all ranges and surfaces."""

    key, known = ("background judged", *_key(question, moment)), question.decisions.expected
    return ANSWERS.get(key, lambda: judge_calls(_rows(question), moment, known, question.filters.zone))


def _spent(question: Question, moment: datetime) -> tuple[SourceSpend, ...]:
    start, judged = question.filters.start, _judged(question, moment)
    key = ("background spent", *_key(question, moment), start)
    return ANSWERS.get(key, lambda: spend_by_source(judged.people, judged.sources, start))
