"""Whether a person was there: when they last prompted what makes a call, and what is spent without them.

Each call is judged by calls up to it alone; habits are those of the days before its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from usage_analytics.answers.background import rhythm
from usage_analytics.answers.background.evidence import is_empty
from usage_analytics.answers.background.groups import NEVER, Groups, ever, groups, since_before
from usage_analytics.answers.background.led import led_to, roots
from usage_analytics.answers.background.machine import alone as alone_of
from usage_analytics.answers.background.population import worth_a_flag
from usage_analytics.answers.background.presence import UNLIKELY, presence
from usage_analytics.answers.background.quantiles import ordered, quantile
from usage_analytics.answers.background.units import DAY, HOUR, MINUTE, Array
from usage_analytics.answers.background.weeks import days_of, weeks_before

if TYPE_CHECKING:
    from usage_analytics.answers.background.calls import Calls

GRACE: Final = (
    60 * MINUTE,
    2 * HOUR,
)  # how long work may go on after a prompt; between the two, it depends on the person's habits
UNSURE: Final = 1.35  # times the grace, where we guess when the person left
EVEN: Final = 0.3  # chance of being back, below which it is enough that they are gone for a night otherwise
A_NIGHT: Final = 10  # hours
GUESSED: Final = 1.8  # the same where nothing tells a machine either
A_LOT: Final = 120e9  # nano-dollars by the time they are back, where the log tells no prompts
BACK: Final = (
    0.15  # chance of being back, below which they are taken to be gone, where so much is at risk by the time they are back:
)
AT_RISK: Final = 10e9  # nano-dollars
SPENT: Final = 8e9  # nano-dollars that one prompt led to, from which on less is enough
OWN: Final = 10 * MINUTE  # after a prompt: what comes within is its own, whatever follows
ALONE: Final = int(3.5 * HOUR)  # from which on work is left alone at any time of day
WORTH: Final = 1e9  # nano-dollars: how long less goes on says nothing of how long costly work does
REST: Final = 3 * HOUR
NOBODY: Final = 60 * MINUTE  # without a word anywhere: nobody is there
SITTING: Final = 2 * HOUR  # without a pause of a quarter of an hour: longer than people sit, where nothing else tells
FAILURES: Final = (12, 20)  # so many of the last so many calls
POLLS: Final = (8, 10)
POLLS_EVERY: Final = 30_000  # milliseconds: agents that work do not wait so long again and again
DAYS_TO_KNOW: Final = 5  # active days before hours can be called quiet


@dataclass(frozen=True, slots=True)
class Attendance:
    """Arrays with one entry per call of a person, in order of time; times and durations in milliseconds."""

    prompted: Array  # a prompt led directly to it, as the log says or as we infer
    sees: Array  # its app logs prompts, or has done so
    machine: Array  # the app doesn't, and the gaps are a machine's
    last_word: Array  # when its thread, or what started it, was last prompted; `groups.NEVER` if never
    alone: Array  # how long ago that was
    nobody: Array  # how long ago the person last prompted anything
    quiet: Array  # the person is usually away at that hour
    led: Array  # its thread, or what started it, was ever prompted
    left: Array  # it was, and longer ago than the grace
    known_at: Array  # index of the call at which this one is certain to be unattended: itself or a later one; -1 if never
    counted: Array  # nano-dollars of unattended spend that become certain at this call; each call is counted once
    regular: Array  # starts of work come at even intervals
    usual: Array  # by hour of the day (UTC), 24 shares: on how many of the last weeks' days the person comes; as of the last call


def attendance(calls: Calls, program: Array, present: Array) -> Attendance:
    """Return who was there at each call of one person, in order of time.

    `program` marks calls that, by the log, no person leads. `present` holds further moments at which the person typed something, in
    milliseconds since 1970, sorted.
    """
    moment = calls.moment
    streams, threads = groups(calls.stream), groups(calls.thread)
    word, gap = calls.human == 1, since_before(moment, threads)
    # Up to this call, has its thread logged a prompt, or said of every call that no one led to it?
    told, silent, one = (ever(threads, marked) for marked in (calls.human >= 0, calls.human < 0, word))
    sees = np.asarray(one | (told & ~silent))
    in_step = rhythm.regular(moment, streams)
    keeps_time = in_step | rhythm.regular(moment, threads)
    # A conversation without a logged prompt, in an app that logs them elsewhere: some logs miss them
    unlabelled = ever(streams, word) & ~one & (gap < DAY)
    guessed = rhythm.human_like(calls, streams, gap, (~sees | unlabelled) & ~in_step & ~program)
    if guessed.any():
        sat = rhythm.sitting(moment, threads)
        guessed &= (sat < _longest_sitting(moment, sat)) & ~rhythm.steady(moment, streams)
    prompted = np.where(sees, word | (guessed & unlabelled), guessed & (calls.human != 0))
    blind = ~sees & ~program
    likely = presence(moment, prompted, present)
    usual_gap = rhythm.usual_gap(moment, threads, blind) if blind.any() else blind
    by_itself = alone_of(calls, threads, blind, likely.away, usual_gap)
    machine = by_itself.machine
    by_itself_since = np.where(machine, by_itself.since, NEVER)
    if (prompted & machine).any():
        prompted &= ~machine
        likely = presence(moment, prompted, present)
    # Polling that starts next to a person's work isn't part of it
    empty = is_empty(calls.prompt_tokens, calls.output_tokens)
    polls = _lately(threads, empty & (gap >= POLLS_EVERY) & ~prompted, *POLLS)
    last_word = roots(calls, streams, threads, prompted, program | (keeps_time | polls) & (calls.human != 1))
    last_word = np.where(machine, by_itself_since, last_word)
    anywhere = np.maximum.accumulate(np.where(prompted, moment, NEVER))
    seen = np.searchsorted(present, moment, side="right")  # how many of them came before
    anywhere = np.maximum(
        np.where(machine, _elsewhere(moment, calls.thread, prompted, machine, by_itself_since), anywhere),
        np.append(NEVER, present)[seen],
    )
    alone, nobody = calls.moment - last_word, calls.moment - anywhere
    led = last_word != NEVER
    spent = led_to(calls, last_word)
    grace, patience = _habits(calls.moment, np.where(led & (blind | (spent >= WORTH)), alone, 0))
    grace = np.where(machine, UNSURE * grace, np.where(blind, GUESSED * grace, grace))
    by_then = spent / np.maximum(alone, MINUTE) * HOUR * likely.gone_for
    quiet = likely.returns < UNLIKELY * np.clip(np.sqrt(spent / SPENT), 1, 2)
    quiet |= (likely.returns < EVEN) & (likely.gone_for >= A_NIGHT) & (sees | machine & (by_then >= A_LOT))
    # The more it will have spent by the time they are back, the less sure it has to be that they are gone
    gone = np.where(sees, likely.returns < BACK * (by_then / AT_RISK) ** 0.25, quiet)
    left = led & (alone > grace)
    too_long = (alone > patience) | ((likely.gone_for == 0) & (nobody > NOBODY) & worth_a_flag(alone, spent))
    open_ = left & ((gone & (nobody > np.minimum(NOBODY, grace))) | too_long | (keeps_time & ~sees))
    known_at = _known_at(calls, threads, led & (alone > OWN), open_)
    # No one leads what keeps failing or polling, even if they are there
    known_at = np.where(~led | polls | _lately(streams, calls.failed, *FAILURES), np.arange(len(calls)), known_at)
    known_at[calls.expected] = -1
    known = known_at >= 0
    counted = np.bincount(known_at[known], calls.nanos[known], len(calls))
    return Attendance(
        prompted, sees, machine, last_word, alone, nobody, quiet, led, left, known_at, counted, keeps_time, likely.usual
    )


def _elsewhere(moment: Array, thread: Array, prompted: Array, machine: Array, since: Array) -> Array:
    """Return, for each call that a machine made, the person's last prompt in another thread, or before it began to work by itself."""
    found, at = since.copy(), np.flatnonzero(prompted)
    if not len(at):
        return found
    where, here = thread[at], np.flatnonzero(machine)
    # Of each prompt, the one before it that is of another thread; -1 where there is none
    other = np.maximum.accumulate(np.where(np.diff(where, prepend=~where[0]) != 0, np.arange(len(at)), 0)) - 1
    last = np.searchsorted(moment[at], moment[here], side="right") - 1
    last = np.where((last >= 0) & (where[last] == thread[here]), other[last], last)
    found[here] = np.maximum(since[here], np.append(moment[at], NEVER)[last])
    return found


def _habits(moment: Array, alone: Array) -> tuple[Array, Array]:
    """Return how long work usually goes on after a prompt (the grace), and how long is too long at any time of day; in milliseconds."""
    of = days_of(moment)
    longest = np.maximum.reduceat(np.where(alone < 6 * HOUR, alone, 0), of.first)
    before, count = ordered(weeks_before(of.days, longest))
    usual, most = quantile(np.minimum(before, 3 * HOUR), count, 0.8), quantile(before, count, 0.9)
    grace = np.where(count > 2, np.clip(1.2 * usual, *GRACE), GRACE[0])
    patience = np.where(count > 2, np.maximum(ALONE, 1.25 * most), ALONE)
    return of.spread(grace), of.spread(patience)


def _lately(of: Groups, marked: Array, enough: int, last: int) -> Array:
    """Return whether at least `enough` of the `last` calls of the group, up to each call, are marked."""
    total = np.concatenate([[0], np.cumsum(marked[of.order])])
    here = np.arange(1, len(marked) + 1)
    found = np.empty(len(marked), dtype=bool)
    found[of.order] = total[here] - total[np.maximum(of.first, here - last)] >= enough
    return found


def _longest_sitting(moment: Array, sat: Array) -> Array:
    """Return the longest sitting of the weeks before each call, its longest day left out; in milliseconds."""
    of = days_of(moment)
    before, count = ordered(weeks_before(of.days, np.maximum.reduceat(sat, of.first)))
    second = before[np.arange(len(count)), np.maximum(count - 2, 0)]
    return of.spread(np.where(count >= DAYS_TO_KNOW, np.maximum(SITTING, 1.2 * second), 2 * SITTING))


def _known_at(calls: Calls, threads: Groups, left: Array, open_: Array) -> Array:
    """Return, for each call, the index of the call at which it is certain that its work was left alone; -1 if it never is.

    A new prompt, its grace, or hours of rest drop what was pending, so each call is counted once.
    """
    order, count = threads.order, len(calls)
    place = np.arange(count)
    fresh = ~left[order] | threads.begins | (np.diff(calls.moment[order], prepend=0) > REST)
    certain = np.minimum.accumulate(np.where(open_[order], place, count)[::-1])[::-1]
    forgotten = np.minimum.accumulate(np.where(fresh, place, count)[::-1])[::-1]
    forgotten = np.append(forgotten[1:], count)  # by a later call, not by itself
    known = left[order] & (certain < forgotten)
    found = np.full(count, -1)
    found[order[known]] = order[certain[known]]
    return found
