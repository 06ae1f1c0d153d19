"""What drains while nobody is watching: flags on unattended spend, source by source, using nothing later than the moment of each flag.

A call is attended while a person's own word led to it, or led to its conversation not long ago. What else an app spends is held against
what it spent at the same time of day in the weeks before; what goes beyond is flagged once it is dear enough, the sooner the more it
looks like a drain. Each call is judged by those before it alone, so that a flag never moves: as of any moment there are the flags that
had been raised by then.

calls, groups        the calls of a person, as arrays
rhythm, attendance   whether somebody was there
history, episodes    what goes beyond the usual
paces, bursts        work that multiplies
weeks, quantiles     what was on the days before
detection            from calls to episodes, and all of this of the calls before a moment
evidence, thresholds what speaks for a drain, and how much is needed
found_by             which test raised a flag, and its numbers
habit                the usual week, and the drain in it
verdict, actions     what is said of an episode, and what stops it
spend                what each source spent, with somebody there and without
flags                the results
cards, agents        what the page shows beside a flag
redacted             the same judged on names that may leave
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
from usage_analytics.answers.background.wording import NOTE, history
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
    "timelines",
    "title",
    "week",
]

Columns = Mapping[str, Any]
Rows = Mapping[str, Columns]

# The queries whose columns `judge` and `timelines` are given. They read all there is up to the end of the span: a flag rests on history.
QUERIES: Final = ("background_sources", "background_calls", "present")
AROUND: Final = timedelta(days=1)
AGENTS_NOTE: Final = trees.NOTE


@dataclass(frozen=True, slots=True, eq=False)
class Background:
    """What drained, newest flag first, and what each source spent within the date range, highest unattended spend first.

    Whether a flag is over and what it comes to depend on `as_of` (naive UTC), and so does `headline`; nothing else does.
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
        """What drains now."""
        return tuple(flag for flag in self.flags if not flag.over)

    @property
    def over(self) -> tuple[Flag, ...]:
        """What drained, and has stopped."""
        return tuple(flag for flag in self.flags if flag.over)

    @property
    def rows(self) -> pd.DataFrame:
        """The sources as rows of a table."""
        return wording.as_rows(self.sources)


def answer(question: Question, *, dismissed: bool = False) -> Background:
    """The flags of the date range and the sources in it, as of the question's moment or of the range's end where that is earlier.

    With `dismissed`, what was put aside is there too.
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
        # How many nights the date range has, of those that there are data for; one at least
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
    """The flags of `answer` alone: what each source spent takes another look at all calls."""
    if question.names is not None:
        return answer(question).flags
    return question.kept("background flags", lambda: _within(question, _moment(question), (), dismissed=False).flags)


def hours(question: Question, flag: Flag) -> Hours | None:
    """The hours about a flag as bars, by whether somebody was there; None where there are none."""

    def drawn() -> dict[str, Hours | None]:
        moment, zone, flags = _moment(question), question.filters.zone, answer(question).flags
        found = _timelines(_judged(question, moment), flags, moment)
        return {one.key: cards.hours(about, one, zone) for one, about in zip(flags, found, strict=True)}

    return question.kept("background hours", drawn).get(flag.key)


def week(question: Question, flag: Flag) -> Week | None:
    """The usual week before a flag with its drain in it; None where too little is known."""

    def drawn() -> dict[str, Week | None]:
        judged, zone = _judged(question, _moment(question)), question.filters.zone
        return {one.key: week_of(*_calls_of(judged, one), one, zone) for one in answer(question).flags}

    return question.kept("background week", drawn).get(flag.key)


def agents_started(question: Question) -> pd.DataFrame:
    """The agents that conversations started, as a tree to read from the top."""
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
    """Flags, sources and notes at `now`, from the columns of `QUERIES`; no call at or after `now` is looked at.

    Since `start`, where it is given: flags that were last seen since, and what was spent since. Episodes that were dismissed are left out,
    and what they spent is still no usual for those after them.
    """
    judged = judge_calls(rows, now, expected, zone)
    return _asked(judged, now, dismissed, start, spend_by_source(judged.people, judged.sources, start))


def timelines(
    rows: Rows, flags: Sequence[Flag], now: datetime, *, expected: Sequence[ExpectedRun] = (), zone: str = "UTC"
) -> tuple[tuple[Hour, ...], ...]:
    """The hours about each flag, from a day before it began to a day after it was last seen, of the flag's own app and account."""
    return _timelines(judge_calls(rows, now, expected, zone), flags, now)


def _within(question: Question, moment: datetime, spent: tuple[SourceSpend, ...], *, dismissed: bool) -> Found:
    """What the question asks for of what was judged, and of what was spent."""
    aside = () if dismissed else question.decisions.dismissed
    found = _asked(_judged(question, moment), moment, aside, question.filters.start, spent)
    real = replace(question, names=None)
    ended = question.filters.end == moment != question.as_of  # a range is half-open
    raised = [flag for flag in found.flags if flag.flagged_at < moment or not ended]
    return Found(tuple(filter(real.keeps, raised)), tuple(filter(real.keeps, found.sources)), found.notes)


def _asked(
    judged: Judged, now: datetime, dismissed: Collection[str], start: datetime | None, spent: tuple[SourceSpend, ...]
) -> Found:
    """What is asked for of what was judged, as of a moment."""
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
    """The calls of a flag's person, and which of them are its app's."""
    person = next(one for one in judged.people if judged.sources[int(one.calls.source[0])].account == flag.account)
    return person, np.array([one.app == flag.app for one in judged.sources], dtype=bool)[person.calls.source]


def _moment(question: Question) -> datetime:
    """The moment to judge at: that of asking, or an earlier end of the date range.

    A clock elsewhere may be ahead of ours: where all data may be used, what it dates after now is used too.
    """
    now, last, end = question.as_of, _last(question), question.filters.end
    if question.until is None and last is not None:
        now = max(now, moment_of(last + 1))
    # A range that reaches the present ends with the half hour that has begun, as roll-ups do.
    return now if end is None or end >= now or end == periods.half_hour(now) else end


def _last(question: Question) -> int | None:
    """When the last call that may be judged was made, in milliseconds."""
    found = replace(question, names=None).columns("background_last", _all(question))["moment"]
    return None if np.ma.is_masked(found[0]) else int(found[0])


def _rows(question: Question) -> Rows:
    """The columns of `QUERIES` with real names."""
    return {query: question.store.columns(query, _all(question)) for query in QUERIES}


def _all(question: Question) -> Filters:
    return Filters(end=question.until, zone=question.filters.zone)


def _key(question: Question, moment: datetime) -> tuple[object, ...]:
    """What the judgement of the calls before a moment depends on. A second after the last call, the moment is of no matter any more."""
    last, at = _last(question), milliseconds(moment)
    known = None if last is None or at > last + SECOND else at
    return question.state, question.until, question.filters.zone, question.decisions.expected, known


def _judged(question: Question, moment: datetime) -> Judged:
    """What was judged is kept for as long as the data are the same: every minute, date range and surface has the same of it."""

    def made() -> Judged:
        return judge_calls(_rows(question), moment, question.decisions.expected, question.filters.zone)

    return ANSWERS.get(("background judged", *_key(question, moment)), made)


def _spent(question: Question, moment: datetime) -> tuple[SourceSpend, ...]:
    start, judged = question.filters.start, _judged(question, moment)
    key = ("background spent", *_key(question, moment), start)
    return ANSWERS.get(key, lambda: spend_by_source(judged.people, judged.sources, start))
