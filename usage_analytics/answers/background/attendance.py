"""Whether somebody was there: when a person last acted on what makes a call, and what is spent while nobody is.

All of it is told from calls up to the one in question; habits are those of the days before its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from usage_analytics.answers.background import rhythm
from usage_analytics.answers.background.calls import DAY, HOUR, MINUTE, Array, Calls
from usage_analytics.answers.background.groups import NEVER, Groups, groups, latest, since_before

GRACE: Final = (60 * MINUTE, 2 * HOUR)  # how long work may go on after a person's word; within it, as is their habit
ALONE: Final = int(3.5 * HOUR)  # from which on work is left alone at any time of day
REST: Final = 3 * HOUR
NOBODY: Final = 60 * MINUTE  # without a word anywhere: nobody is there
SITTING: Final = 2 * HOUR  # without a pause of a quarter of an hour: longer than people sit, where nothing else tells
FAILURES: Final = (12, 20)  # so many of the last so many calls
HABIT_DAYS: Final = 28
QUIET: Final = (0.3, 0.25)  # of their busiest hours, and of the days: where a person comes within two hours on fewer, it is quiet
DAYS_TO_KNOW: Final = 5  # active days before hours can be called quiet
UNUSUAL_HOURS: Final = 3  # quiet hours with a person there in a day and a half: the clock does not hold, as on a journey


@dataclass(frozen=True, slots=True)
class Attendance:
    """For each call of one person."""

    prompted: Array  # a person's word led to it, as stated or inferred
    sees: Array  # whether its app says, or has said, what people led to
    last_word: Array  # of a person in its thread
    alone: Array  # how long since
    nobody: Array  # how long since a person's word anywhere
    quiet: Array  # an hour at which the person is usually away
    led: Array  # a person has had a word in its thread
    left: Array  # it goes on after a word, beyond the grace
    counted: Array  # nano-dollars of unattended spend that are known at it
    regular: Array  # its beginnings keep time
    usual: Array  # 24 shares of days, by the hour: of the person's last weeks, at the last call


def attendance(calls: Calls, program: Array) -> Attendance:
    """Judge the calls of one person; `program` tells the calls that the log says nobody leads."""
    moment = calls.moment
    streams, threads, everything = groups(calls.stream), groups(calls.thread), groups(np.zeros_like(calls.thread))
    sees = _sees(calls, threads)
    keeps_time = rhythm.regular(moment, streams) | rhythm.regular(moment, threads)
    sat = rhythm.sitting(moment, threads)
    guessed = rhythm.human_like(calls, streams, threads, program) & (sat < _longest_sitting(moment, sat))
    prompted = np.where(sees, (calls.human == 1) | (guessed & _unlabelled(calls, streams, threads)), guessed & (calls.human != 0))
    last_word = latest(moment, threads, prompted)
    anywhere = latest(moment, everything, prompted)
    alone, nobody = calls.moment - last_word, calls.moment - anywhere
    led = last_word != NEVER
    grace, patience = _habits(calls.moment, np.where(led, alone, 0))
    quiet, usual = _quiet(calls.moment, prompted)
    left = led & (alone > grace)
    open_ = left & ((quiet & (nobody > NOBODY)) | (alone > patience) | (keeps_time & ~sees))
    counted = np.where(led, _counted(calls, threads, left, open_), calls.nanos)
    counted = np.where(_failing(calls, streams), np.maximum(counted, calls.nanos), counted)
    counted[calls.expected] = 0.0
    return Attendance(prompted, sees, last_word, alone, nobody, quiet, led, left, counted, keeps_time, usual)


def _unlabelled(calls: Calls, streams: Groups, threads: Groups) -> Array:
    """Calls of a conversation in which nobody is said to have had a word, though in others of the app people had: some logs miss them."""
    word = calls.human == 1
    elsewhere = latest(calls.moment, streams, word) != NEVER
    here = latest(calls.moment, threads, word) != NEVER
    return np.asarray(elsewhere & ~here & (since_before(calls.moment, threads) < DAY))


def _sees(calls: Calls, threads: Groups) -> Array:
    """Whether up to this call its thread has said of one that a person led to it, or of each that nobody did."""
    told, silent, one = (
        latest(calls.moment, threads, marked) != NEVER for marked in (calls.human >= 0, calls.human < 0, calls.human == 1)
    )
    return np.asarray(one | (told & ~silent))


def _habits(moment: Array, alone: Array) -> tuple[Array, Array]:
    """How long work goes on after a word on most days: the grace, and what is too long at any time of day."""
    day = moment // DAY
    days, first = np.unique(day, return_index=True)
    longest = np.array([part[part < 6 * HOUR].max(initial=0) for part in np.split(alone, first[1:])], dtype=np.float64)
    grace, patience = np.full(len(days), float(GRACE[0])), np.full(len(days), float(ALONE))
    for place in range(3, len(days)):
        before = longest[:place][days[:place] >= days[place] - HABIT_DAYS]
        if len(before) > 2:
            short = np.minimum(before, 3 * HOUR)
            grace[place] = np.clip(1.2 * np.quantile(short, 0.8), *GRACE)
            patience[place] = max(ALONE, 1.25 * np.quantile(before, 0.9))
    where = np.searchsorted(days, day)
    return grace[where], patience[where]


def _failing(calls: Calls, streams: Groups) -> Array:
    """Whether most of the last calls of the stream failed: nobody leads that, whoever is there."""
    order = streams.order
    total = np.concatenate([[0], np.cumsum(calls.failed[order])])
    here = np.arange(1, len(order) + 1)
    first = np.maximum.accumulate(np.where(streams.begins, here - 1, 0))
    failing = np.empty(len(order), dtype=bool)
    failing[order] = total[here] - total[np.maximum(first, here - FAILURES[1])] >= FAILURES[0]
    return failing


def _longest_sitting(moment: Array, sat: Array) -> Array:
    """How long the person sits at most, by all but the longest day of the weeks before."""
    day = moment // DAY
    days, first = np.unique(day, return_index=True)
    longest = np.maximum.reduceat(sat, first)
    most = np.full(len(days), float(2 * SITTING))
    for place in range(DAYS_TO_KNOW, len(days)):
        before = np.sort(longest[:place][days[:place] >= days[place] - HABIT_DAYS])
        if len(before) >= DAYS_TO_KNOW:
            most[place] = max(SITTING, 1.2 * before[-2])
    return np.asarray(most[np.searchsorted(days, day)])


def _quiet(moment: Array, prompted: Array) -> tuple[Array, Array]:
    """Whether a person is usually away at the hour of each call, by their last weeks; and the shares of the last day."""
    day, hour = moment // DAY, moment % DAY // HOUR
    days = np.arange(day[0], day[-1] + 1)
    there = np.zeros((len(days), 24), dtype=bool)
    there[day[prompted] - days[0], hour[prompted]] = True
    comes = there | np.roll(there.ravel(), -1).reshape(there.shape) | np.roll(there.ravel(), -2).reshape(there.shape)
    away = np.zeros((len(days), 24), dtype=bool)
    usual = np.ones(24)
    for place in range(len(days)):
        before = slice(max(0, place - HABIT_DAYS), max(0, place - 1))  # what comes after the last of them is not known yet
        usual = _share(comes[before], days[before], bool((days[place] + 3) % 7 >= 5))
        away[place] = usual < min(QUIET[0] * usual.max(), QUIET[1])
    recent = _words_in_quiet_hours(there & away)
    strange = recent[day - days[0], hour] >= UNUSUAL_HOURS
    return away[day - days[0], hour] & ~strange, usual


def _share(there: Array, days: Array, weekend: bool) -> Array:
    """The share of active days on which the person was there, by the hour; days of the same part of the week count more."""
    active = there.any(axis=1)
    if active.sum() < DAYS_TO_KNOW:
        return np.ones(24)
    overall = there[active].mean(axis=0)
    same = there[((days + 3) % 7 >= 5) == weekend]
    return np.asarray((same.sum(axis=0) + 3 * overall) / (len(same) + 3))


def _words_in_quiet_hours(words: Array) -> Array:
    """At each hour, in how many quiet hours of the day and a half before it the person was there."""
    flat = np.cumsum(words.ravel())
    before = np.concatenate([[0], flat[:-1]])
    return np.asarray(before - np.concatenate([np.zeros(36, dtype=flat.dtype), before])[: len(before)]).reshape(words.shape)


def _counted(calls: Calls, threads: Groups, left: Array, open_: Array) -> Array:
    """The spend of work that was left alone, known once that is certain: what it spent before comes with the first such call."""
    order = threads.order
    spent = np.cumsum(np.where(left & ~calls.expected, calls.nanos, 0.0)[order])
    fresh = ~left[order] | threads.begins  # a word, or its grace: what was pending is forgotten, as it is after hours of rest
    fresh |= np.diff(calls.moment[order], prepend=0) > REST
    known_before = np.where(fresh, spent - np.where(left[order], calls.nanos[order], 0.0), -1.0)
    told = np.where(open_[order], spent, known_before)
    before = np.concatenate([[0.0], np.maximum.accumulate(told)[:-1]])
    counted = np.empty(len(calls))
    counted[order] = np.where(open_[order], spent - before, 0.0)
    return counted
