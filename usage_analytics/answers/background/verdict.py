"""What we say about an episode: its kind, its numbers in words, how severe it is, and how to stop it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Final

import numpy as np

from usage_analytics import format
from usage_analytics.answers.background import evidence
from usage_analytics.answers.background.actions import what_to_do
from usage_analytics.answers.background.calls import Source, milliseconds
from usage_analytics.answers.background.flags import Flag, Kind, Reason, Severity
from usage_analytics.answers.background.presence import QUIET
from usage_analytics.answers.background.units import DAY, HOUR, PAUSE, Array

if TYPE_CHECKING:
    from usage_analytics.answers.background.detection import Detected

_MARKED: Final = {"headless": "headless (no one at the keyboard)", "ci": "CI"}  # how a log marks a run, in words
MANY_TIMES: Final = 2  # the calls of the weeks before: worth a word
STOP_USD: Final = 20.0
DRAIN_USD: Final = 5.0
MAIN_SHARE: Final = 0.9  # of what was spent up to the flag, from which on it is said to be one project's
SILENT: Final = 2 * HOUR  # after which it is over, unless it comes more seldom
SLOW_USD_PER_HOUR: Final = 1.5
COMES_WITHIN: Final = timedelta(hours=2)  # as the shares of `usual` are counted
UNTIL_SOMEBODY_COMES: Final = timedelta(hours=8)  # where the person's hours are not known


@dataclass(frozen=True, slots=True)
class Raised:
    """A flag as of the end of the data, and what it takes to bring it up to a later moment."""

    flag: Flag
    last: int  # when it was last seen, in milliseconds
    silent: float  # after how many milliseconds without a call it is over
    resumed: bool  # whether its stream went back to its usual ways
    pace: float  # nano-dollars an hour
    comes: Array  # the person's 24 hours, as `usual` in attendance

    def at(self, now: datetime) -> Flag:
        """Return the flag as of a moment (naive UTC): whether it's over and what it will have spent."""
        if self.resumed or milliseconds(now) - self.last > self.silent:
            return self.flag
        until = _next_usual(self.comes, now)
        projected = self.flag.spent_nanos + round(self.pace * ((until - now) / timedelta(hours=1)))
        return replace(self.flag, projected_nanos=projected, projected_until=until, over=False)


def flag_of(found: Detected, sources: Sequence[Source], now: datetime, data_until: datetime, zone: str) -> Flag:
    """Return an episode's flag. Whether it's over, and the projection, are as of `now`; all else is as of the end of the data."""
    return raised(found, sources, data_until, zone).at(now)


def raised(found: Detected, sources: Sequence[Source], data_until: datetime, zone: str) -> Raised:
    """Return an episode's flag as of the end of the data (naive UTC)."""
    calls, inside, before = found.calls, found.inside, found.before
    source, _ = _source(found, sources)
    kind = kind_of(found, before, source)
    last = int(calls.moment[inside[-1]])
    # Nano-dollars an hour of the last hours in which it was seen
    moments = calls.moment[found.claimed]
    begun = max(int(moments[0]), last - 6 * HOUR)
    pace = float(calls.nanos[found.claimed][moments >= begun].sum()) / max((last - begun) / HOUR, 0.5)
    spent = int(calls.nanos[found.claimed].sum())
    started, flagged = moment_of(int(calls.moment[found.claimed[0]])), flagged_at(int(calls.moment[found.flagged]))
    flag = Flag(
        key=sha256(f"{source.account} {source.app} {source.is_program} {flagged.isoformat()}".encode()).hexdigest()[:12],
        app=source.app,
        account=source.account,
        project=source.project,
        run=source.run,
        source=in_words(source),
        kind=kind,
        started_at=started,
        flagged_at=flagged,
        last_seen_at=max(moment_of(last), started),
        spent_before_flag_nanos=int(calls.nanos[found.claimed_before].sum()),
        spent_nanos=spent,
        pace_nanos_per_hour=round(pace),
        projected_nanos=None,
        projected_until=None,
        severity=severity(spent),
        found_by=found.episode.found_by,
        reasons=tuple(filter(None, (_spend(found), *_signals(found, before, source, zone)))),
        what_to_do=what_to_do(kind, source),
        sees_prompts=bool(found.there.sees[found.flagged]),
        over=True,
    )
    steps = np.diff(calls.moment[inside])
    silent = max(SILENT, 3 * float(np.median(steps)) if len(steps) else 0.0)
    found_at_end = Raised(flag, last, silent, found.resumed, pace, found.there.usual)
    expected = found_at_end.at(data_until).projected_nanos
    return replace(found_at_end, flag=replace(flag, severity=severity(expected or spent)))


def severity(nanos: int) -> Severity:
    """Return how severe an amount is, spent or projected."""
    return "stop" if nanos >= STOP_USD * 1e9 else "drain" if nanos >= DRAIN_USD * 1e9 else "watch"


def flagged_at(moment: int) -> datetime:
    """Return the first whole second after the call that raised a flag, as naive UTC: from then on the call has been seen."""
    return moment_of((moment // 1000 + 1) * 1000)


def moment_of(milliseconds_: int) -> datetime:
    """Return milliseconds since 1970 as a naive UTC datetime."""
    return datetime(1970, 1, 1) + timedelta(milliseconds=milliseconds_)


def in_words(source: Source) -> str:
    """Return app, project and account in one line, without those that are unknown."""
    return " · ".join(format.name(part) for part in (source.app, source.project, source.account) if part)


def kind_of(found: Detected, before: Array, source: Source) -> Kind:
    """Return what kind of drain it looked like when it was flagged."""
    calls, there = found.calls, found.there
    last = before[-evidence.RECENT :]
    if len(last) >= 4 and calls.failed[last].mean() >= evidence.MOSTLY:
        return "retry_loop"
    if len(last) >= 4 and _empty(found, last).mean() >= evidence.NEARLY_ALL:
        return "no_op_polling"
    if found.episode.burst:
        return "fan_out"
    if there.left[last].mean() > 0.5:
        return "overnight_run"
    if there.regular[last].mean() >= evidence.NEARLY_ALL or source.run == "scheduled":
        return "scheduled_loop"
    if found.episode.new and not _is_slow(found, before):
        return "new_integration"
    return "slow_leak" if _is_slow(found, before) else "scheduled_loop"


def _is_slow(found: Detected, before: Array) -> bool:
    hours = max(float(found.calls.moment[before[-1]] - found.calls.moment[before[0]]) / HOUR, 0.5)
    return float(found.nanos_before.sum()) / 1e9 / hours < SLOW_USD_PER_HOUR and hours > 3


def _empty(found: Detected, which: Array) -> Array:
    return np.asarray(evidence.is_empty(found.calls.prompt_tokens[which], found.calls.output_tokens[which]))


def of_main(found: Detected, sources: Sequence[Source]) -> Array:
    """Return a mask of the person's calls: those of the app, account and project that the flag names, or all if it names no project."""
    return _source(found, sources)[1]


def _source(found: Detected, sources: Sequence[Source]) -> tuple[Source, Array]:
    """Return the source that spent the most up to the flag, and a mask of the calls of its app, account and project.

    If several projects share in it, the source has no project and the mask keeps all calls.
    """
    calls, before = found.calls, found.claimed_before
    numbers, places = np.unique(calls.source[before], return_inverse=True)
    main = sources[int(numbers[np.bincount(places, calls.nanos[before]).argmax()])]
    alike = np.array([(one.app, one.account, one.project) == (main.app, main.account, main.project) for one in sources])
    own = alike[calls.source]
    if calls.nanos[before][own[before]].sum() >= MAIN_SHARE * calls.nanos[before].sum():
        return main, own
    return replace(main, project=None), np.ones(len(calls), dtype=bool)


def _next_usual(comes: Array, now: datetime) -> datetime:
    """Return the next full hour at which the person is usually there."""
    if comes.min() == comes.max():
        return now + UNTIL_SOMEBODY_COMES
    following = now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    for step in range(24):
        hour = following + timedelta(hours=step)
        if comes[hour.hour] >= max(QUIET[0] * comes.max(), 0.1):
            return hour + COMES_WITHIN if step else hour
    return now + UNTIL_SOMEBODY_COMES


def _spend(found: Detected) -> Reason:
    return Reason("burst" if found.episode.burst else "unattended spend", found.episode.found_by.numbers)


def _signals(found: Detected, before: Array, source: Source, zone: str) -> list[Reason | None]:
    calls, there, at = found.calls, found.there, found.flagged
    last = before[-evidence.RECENT :]
    failed, empty = int(calls.failed[last].sum()), int(_empty(found, last).sum())
    known_word = there.alone[at] < 28 * DAY
    first_seen = int(calls.moment[at] - found.first_seen)
    beside_plan = bool((found.calls.paid[last] == 3).mean() > 0.5 and (found.calls.paid[: last[-1]] == 1).any())
    interval, steps = None, np.diff(found.calls.moment[last])
    steps = steps[steps >= PAUSE]
    if len(steps) > 2 and there.regular[last].mean() >= evidence.NEARLY_ALL:
        often = f"every {format.span(float(np.median(steps)) / 1000)}"
        spread = format.percent(float(steps.std() / steps.mean()))
        interval = Reason("keeps time", f"it starts {often}, give or take {spread}")
    return [
        Reason("more calls", f"{found.episode.wide:.0f} times the most calls of any earlier week")
        if found.episode.wide >= MANY_TIMES
        else None,
        Reason("errors", f"{_of(failed, len(last))} failed") if failed >= max(3, len(last) * 0.3) else None,
        Reason("no output", f"{_of(empty, len(last))} sent over 20k tokens and got under 200 back")
        if empty >= max(3, len(last) * evidence.MOSTLY)
        else None,
        interval,
        Reason(
            "after you left",
            f"it ran on for {format.span(there.alone[at] / 1000)} after the last prompt in it,"
            f" at {format.moment(moment_of(int(there.last_word[at])), zone)}",
        )
        if there.left[at] and known_word
        else None,
        Reason("nobody there", f"no prompt in any app we watch for {format.span(there.nobody[at] / 1000)}")
        if HOUR < there.nobody[at] < 28 * DAY
        else None,
        Reason("new", f"first seen {format.span(first_seen / 1000)} earlier, and never with a prompt")
        if found.episode.new
        else None,
        Reason("runs by itself", f"the log marks it as {_MARKED.get(source.run or '', source.run)}")
        if source.is_program
        else None,
        Reason("API key beside a plan", "an API key pays for it while other work is on the plan") if beside_plan else None,
        None if there.sees[at] else Reason("no prompts", "this app doesn't log prompts, so this flag is less certain"),
    ]


def _of(calls: int, last: int) -> str:
    """How many of the last calls, in words."""
    return f"each of the last {last} calls" if calls == last else f"{calls} of the last {last} calls"
