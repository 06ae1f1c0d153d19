"""What the same work would have cost otherwise: each way to spend less as a change of the calls, so that several are billed together.

Every function takes calls and returns calls; what it saves is the difference of their bills. They are meant to follow each other in the
order of `replayed`: each finds the conversations as the ones before left them.

A call reads from the cache what the call before had sent, as long as the cache lives, and writes the rest: the output of the call before
and what is new. After a longer break it writes everything again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

import numpy as np

from usage_analytics.answers.savings.calls import (
    HOUR,
    INPUT,
    MINUTES_5,
    OUTPUT,
    READ,
    WRITE_1H,
    WRITE_5M,
    Calls,
    Flags,
    Floats,
    Integers,
)
from usage_analytics.answers.savings.lifetimes import best_lifetime, chosen_lifetimes, lifetime_gains

BATCH_SAVES: Final = 0.5  # a batch costs half
PART: Final = 2**15  # calls that are replayed at once: their arrays fit a processor's cache
SIMPLE_OUTPUT, SIMPLE_PROMPT = 300.0, 20_000.0


@dataclass(frozen=True, slots=True)
class Ways:
    """What is done otherwise, and how far: the values of the sliders. None, or zero, leaves a way out.

    `avoided` is the part of an overlong output that is not written; `carried` the tokens that a fresh start takes along, `summary` those
    written for it, `warm` the part of its first prompt that it finds in the cache at least; `bridged` the longest break in seconds that
    a cache of an hour is expected to last; `growth` by how much the work grows on the lighter model, and `moved` the part of simple work
    that it does; `batched` the part of what can wait that is sent as a batch; `less` the part of each app's calls not made.
    """

    avoided: float = 0.0
    carried: float | None = None
    summary: float = 0.0
    warm: float = 0.0
    bridged: float | None = None
    growth: float | None = None
    moved: float = 1.0
    simple_output: float = SIMPLE_OUTPUT
    simple_prompt: float = SIMPLE_PROMPT
    batched: float = 0.0
    less: tuple[tuple[int, float], ...] = ()


def replayed(calls: Calls, ways: Ways, lifetimes: Integers | None = None) -> Calls:
    """The calls had all of these ways been taken; `lifetimes` are those of `chosen_lifetimes` where other calls had a say in them."""
    for app, part in ways.less:
        calls = replace(calls, factor=np.where(calls.app == app, calls.factor * (1 - part), calls.factor))
    if ways.avoided:
        calls = shorter_answers(calls, ways.avoided)
    if ways.carried is not None:
        calls = fresh_starts(calls, ways.carried, ways.summary, ways.warm)
    if ways.bridged is not None:
        calls = best_lifetime(calls, ways.bridged, lifetimes)
    if ways.growth is not None:
        moved = lighter_model(calls, ways.growth, ways.simple_output, ways.simple_prompt)
        calls = moved if ways.moved == 1 else partly(calls, moved, ways.moved)
    if ways.batched and calls.batchable.any():
        calls = replace(calls, factor=np.where(calls.batchable, calls.factor * (1 - BATCH_SAVES * ways.batched), calls.factor))
    return calls


def bill_of(calls: Calls, ways: Ways, *, size: int = PART) -> Floats:
    """What each call would cost had all of these ways been taken, in nano-dollars: the bill of `replayed`.

    Many calls are replayed in parts of whole units, of about this `size`: what fits a processor's cache takes two thirds of the time.
    """
    if len(calls) <= size:
        return replayed(calls, ways).bill
    begins = np.flatnonzero(np.diff(calls.unit, prepend=-1))
    edges = np.unique([0, *begins[np.searchsorted(begins, np.arange(size, begins[-1] + 1, size))], len(calls)]).tolist()
    parts = [calls.part(start, end) for start, end in pairwise(edges)]
    lifetimes = None
    if ways.bridged is not None:
        parts = [replayed(part, replace(ways, bridged=None, growth=None, batched=0.0)) for part in parts]
        gains = [lifetime_gains(part, ways.bridged, int(calls.app.max()) + 1) for part in parts]
        lifetimes = chosen_lifetimes(np.sum(gains, axis=0))
        ways = replace(ways, less=(), avoided=0.0, carried=None)
    return np.concatenate([replayed(part, ways, lifetimes).bill for part in parts])


def concerned(calls: Calls, ways: Ways) -> Calls:
    """The threads and stretches that these ways may change, where it is only fresh starts or only the lighter model; else all."""
    if ways.carried is not None and len(calls):
        return calls.take(np.isfinite(best_length(calls, 0.0, 0.0, ways.warm)) & calls.main)
    if ways.growth is not None and len(calls):
        able = simple(calls, ways.simple_output, ways.simple_prompt)
        return calls.take((np.bincount(calls.thread, able) > 0)[calls.thread])
    return calls


def shorter_answers(calls: Calls, avoided: float) -> Calls:
    """Part of what each output had beyond the usual is not written, so it is not written to the cache and not read again either."""
    excess = avoided * np.maximum(calls.tokens[OUTPUT] - calls.usual, 0)
    if not excess.any():
        return calls
    tokens = calls.tokens.copy()
    tokens[OUTPUT] -= excess
    total = np.cumsum(excess) - excess
    gone = np.maximum(total - total[calls.begun], 0)  # of all outputs before it in the stretch
    latest = calls.before(excess)  # what the call before would have left out is written now, the others are read
    gone -= _drawn(tokens, (WRITE_5M, WRITE_1H, INPUT), np.minimum(latest, gone))
    gone -= _drawn(tokens, (READ,), gone)
    _drawn(tokens, (WRITE_5M, WRITE_1H, INPUT), gone)
    return calls.sending(tokens)


def found_warm(calls: Calls, warm: float, places: Integers) -> Floats:
    """For the calls at these places the tokens that a fresh start of their stretch finds in the cache: what conversations share.

    As many as the first call of the stretch found there, or the part `warm` of its prompt where that is more and anything is cached.
    """
    begun = calls.begun[places]
    cached = np.where(calls.writes[places] == INPUT, 0.0, warm * calls.prompt[begun])
    found: Floats = np.maximum(calls.tokens[READ, begun], cached)
    return found


def best_length(calls: Calls, carried: float, summary: float, warm: float = 0.0) -> Floats:
    """For every call the number of calls after which its stretch is best begun fresh, whole and at least 2; endless where none is.

    n* = √(2 [w (P − W + R) + r W + ρ o_R] / (m d)): what a new start costs against what the history costs that it spares. P is the first
    prompt, W the part of it that is found in the cache (see `found_warm`), R the tokens carried over, o_R those of the summary, d the
    growth a call, m what a token of history cost here, w a write, r a read, ρ an output.
    """
    starts, sizes = calls.starts, calls.sizes
    prompt, cached = calls.prompt, calls.cached
    read = np.minimum(calls.tokens[READ], cached)
    write, reads = calls.price(calls.writes), calls.price(READ)
    paid = read * reads + (cached - read) * write
    history = np.add.reduceat(cached, starts)
    known = found_warm(calls, warm, starts)
    with np.errstate(divide="ignore", invalid="ignore"):
        each = np.add.reduceat(paid, starts) / history
        growth = (prompt[starts + sizes - 1] - prompt[starts]) / (sizes - 1)
        cost = write[starts] * (prompt[starts] - known + carried) + reads[starts] * known + calls.price(OUTPUT)[starts] * summary
        length = np.ceil(np.sqrt(2 * cost / (each * growth)))
    length = np.where((growth > 0) & (each > 0) & (sizes > 2), np.maximum(length, 2), np.inf)
    return np.repeat(np.where(length < sizes, length, np.inf), sizes)


def fresh_starts(calls: Calls, carried: float, summary: float, warm: float = 0.0) -> Calls:
    """Every conversation begun fresh after each n* calls, where that would have cost less; see `best_length`."""
    if not len(calls):
        return calls
    length = best_length(calls, carried, summary, warm)
    chosen = np.flatnonzero(np.isfinite(length) & calls.main)
    if not len(chosen):
        return calls
    part, length = calls.take(chosen) if len(chosen) < len(calls) else calls, length[chosen]
    changed = parted(part, length, carried, summary, warm)
    stretch = np.cumsum(part.first) - 1
    saves = np.bincount(stretch, part.bill - changed.bill)
    kept = saves[stretch] > 0
    tokens, bill = calls.tokens.copy(), calls.bill.copy()
    tokens[:, chosen[kept]], bill[chosen[kept]] = changed.tokens[:, kept], changed.bill[kept]
    return calls.sending(tokens, bill=bill)


def parted(calls: Calls, length: Floats, carried: float, summary: float, warm: float = 0.0) -> Calls:
    """Stretches begun fresh after each `length` calls."""
    at, begun = np.arange(len(calls)), calls.begun
    start = at - (at - begun) % length.astype(np.int64)  # of the part that a call is in
    prompt, cached = calls.prompt, calls.cached
    held = calls.before(prompt + calls.tokens[OUTPUT])
    dropped = np.where(start > begun, np.maximum(held[start] - prompt[begun] - carried, 0), 0)
    tokens = calls.tokens.copy()
    new = (at == start) & (dropped > 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where((dropped > 0) & ~new & (cached > 0), np.minimum(dropped / cached, 1), 0)
    read = np.minimum(tokens[READ], cached)
    again = cached - read
    tokens[READ] -= share * read
    _drawn(tokens, (WRITE_5M, WRITE_1H, INPUT), share * again)
    # a new start writes what is carried over, what is new and what of its first prompt it doesn't find in the cache
    places = np.flatnonzero(new)
    kind, whole = calls.writes[places], (prompt - dropped)[places]
    lives = calls.gap[places] <= np.where(kind == WRITE_1H, HOUR, MINUTES_5)
    known = np.where(lives, np.minimum(found_warm(calls, warm, places), whole), 0)
    tokens[: WRITE_1H + 1, places] = 0
    tokens[READ, places] = known
    tokens[kind, places] += whole - known
    tokens[OUTPUT, places] += summary
    return calls.sending(tokens)


def lighter_model(
    calls: Calls, growth: float, simple_output: float = SIMPLE_OUTPUT, simple_prompt: float = SIMPLE_PROMPT
) -> Calls:
    """Runs of simple calls on the lighter model, where that would have cost less with the cache that each switch loses.

    The lighter model makes as many tokens of a text as its tokenizer does, `growth` times as many for longer work, and writes the whole
    prompt at the first call of a run. The call after the run reads what the last call before it had
    left in the cache, if that still lives, and writes the rest.
    """
    able = simple(calls, simple_output, simple_prompt)
    if not able.any():
        return calls
    before = np.concatenate([[False], able[:-1]]) & ~calls.first
    began = able & ~before
    run = np.cumsum(began) - 1
    there, after = np.flatnonzero(able), np.flatnonzero(before & ~able)
    moved, returned = _on_lighter(calls, there, began, growth), _returned(calls, able, after)
    saves = np.bincount(run[there], calls.bill[there] - moved.bill, minlength=run[-1] + 1)
    saves += np.bincount(run[after], calls.bill[after] - returned.bill, minlength=run[-1] + 1)
    goes, comes = (saves[run[places]] > 0 for places in (there, after))
    tokens, card, factor = calls.tokens.copy(), calls.card.copy(), calls.factor.copy()
    tokens[:, after[comes]] = returned.tokens[:, comes]
    tokens[:, there[goes]] = moved.tokens[:, goes]
    card[there[goes]], factor[there[goes]] = moved.card[goes], moved.factor[goes]
    return replace(calls, tokens=tokens, card=card, factor=factor)


def partly(calls: Calls, moved: Calls, part: float) -> Calls:
    """The calls as `moved` left them, at what they cost on average where only a part of them moves, whichever it is."""
    own, bill = calls.bill, moved.bill
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(bill > 0, (own + part * (bill - own)) / bill, 1.0)
    return replace(moved, factor=moved.factor * share)


def simple(calls: Calls, output: float = SIMPLE_OUTPUT, prompt: float = SIMPLE_PROMPT) -> Flags:
    """Whether each call asked little, ran no tool and was not corrected, and there is a lighter model for it."""
    able: Flags = calls.simple & (calls.lighter >= 0) & (calls.tokens[OUTPUT] < output) & (calls.prompt < prompt)
    return able


def _on_lighter(calls: Calls, there: Integers, began: Flags, growth: float) -> Calls:
    """The calls at these places on the lighter model."""
    part, at = calls.take(there), np.arange(len(there))
    tokens = part.tokens
    cold = np.where(began[there], np.minimum(tokens[READ], calls.cached[there]), 0)
    tokens[READ] -= cold
    tokens[calls.writes[there], at] += cold
    tokenizer = calls.rates.tokenizer
    grown = growth * tokenizer[part.lighter] / tokenizer[part.card]
    return replace(part, tokens=tokens, card=part.lighter, factor=part.factor * grown)


def _returned(calls: Calls, able: Flags, after: Integers) -> Calls:
    """The calls at these places, each after a run of simple ones, with what is left of the cache."""
    stayed = np.maximum.accumulate(np.where(able, -1, np.arange(len(calls))))  # the last call on the own model, up to here
    last, part = np.where(after > 0, stayed[after - 1], -1), calls.take(after)
    kind = calls.writes[after]
    lives = np.where(kind == WRITE_1H, HOUR, MINUTES_5)
    known = (last >= calls.begun[after]) & (part.seconds - calls.seconds[np.maximum(last, 0)] <= lives)
    left = np.where(known, calls.prompt[np.maximum(last, 0)], 0)
    tokens = part.tokens
    cold = np.maximum(np.minimum(tokens[READ], calls.cached[after]) - left, 0)
    tokens[READ] -= cold
    tokens[kind, np.arange(len(after))] += cold
    return replace(part, tokens=tokens)


def _drawn(tokens: Floats, kinds: tuple[int, ...], wanted: Floats) -> Floats:
    """Take up to `wanted` tokens from these kinds, in order; returns how many were there to take."""
    places, found = np.flatnonzero(wanted > 0), np.zeros_like(wanted)
    left = wanted[places]
    taken = np.zeros_like(left)
    for kind in kinds:
        here = np.minimum(tokens[kind, places], left - taken)
        tokens[kind, places] -= here
        taken += here
    found[places] = taken
    return found
