"""What drains while nobody is watching: flags on unattended spend, source by source, using nothing later than the moment of each flag.

A call is attended while a person's own word led to it, or led to its conversation not long ago. What else an app spends is held against
what it spent at the same time of day in the weeks before; what goes beyond is flagged once it is dear enough, the sooner the more it
looks like a drain. Each call is judged by those before it alone, so that a flag never moves: `judge` as of any moment gives the flags that
had been raised by then.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import numpy as np

from usage_analytics.answers.background.calls import calls_of, milliseconds, sources_of
from usage_analytics.answers.background.detection import detect, watch
from usage_analytics.answers.background.flags import Flag, Found, Hour
from usage_analytics.answers.background.notes import notes
from usage_analytics.answers.background.spend import hours_of, spend_by_source
from usage_analytics.answers.background.verdict import flag_of, moment_of
from usage_analytics.control.expected import ExpectedRun

Columns = Mapping[str, Any]
Rows = Mapping[str, Columns]

# The queries whose columns `judge` and `timeline` are given. They read all there is up to the end of the span: a flag rests on history.
QUERIES: Final = ("background_sources", "background_calls")
AROUND: Final = timedelta(days=1)


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
    sources = sources_of(rows["background_sources"])
    calls = calls_of(rows, milliseconds(now), expected)
    people = list(watch(calls, sources))
    data_until = moment_of(int(calls.moment[-1])) if len(calls) else now
    found = [flag_of(one, sources, now, data_until, zone) for person in people for one in detect(person, sources)]
    told = [flag for flag in found if flag.flagged_at <= now and flag.key not in dismissed]
    asked = [flag for flag in told if start is None or flag.last_seen_at >= start]
    asked.sort(key=lambda flag: (flag.flagged_at, flag.key), reverse=True)
    limits = notes(rows["background_calls"], milliseconds(now), people, sources)
    return Found(tuple(asked), spend_by_source(people, sources, start), limits)


def timeline(
    rows: Rows,
    flag: Flag,
    now: datetime,
    *,
    expected: Sequence[ExpectedRun] = (),
    zone: str = "UTC",  # noqa: ARG001  hours are those of UTC everywhere
) -> tuple[Hour, ...]:
    """The hours about a flag, from a day before it began to a day after it was last seen, of the flag's own app and account."""
    sources = sources_of(rows["background_sources"])
    calls = calls_of(rows, milliseconds(now), expected)
    own = np.array([one.account == flag.account for one in sources], dtype=bool)
    for person in watch(calls.pick(own[calls.source]), sources):
        which = np.array([one.app == flag.app for one in sources], dtype=bool)[person.calls.source]
        return hours_of(person, which, flag.started_at - AROUND, min(flag.last_seen_at + AROUND, now))
    return ()
