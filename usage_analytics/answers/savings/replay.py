"""What the same work would have cost otherwise: each way to spend less as a change of the calls, so that several are billed together.

Every function takes calls and returns calls; what it saves is the difference of their bills. They are meant to follow each other in the
order of `replayed`: each finds the conversations as the ones before left them.

A call reads from the cache what the call before had sent, as long as the cache lives, and writes the rest: the output of the call before
and what is new. After a longer break it writes everything again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
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

BATCH_SAVES: Final = 0.5  # a batch costs half
SIMPLE_OUTPUT, SIMPLE_PROMPT = 300.0, 20_000.0


@dataclass(frozen=True, slots=True)
class Ways:
    """What is done otherwise, and how far: the values of the sliders. None, or zero, leaves a way out.

    `avoided` is the part of an overlong output that is not written; `carried` the tokens that a fresh start takes along, `summary` those
    written for it; `bridged` the longest break in seconds that a cache of an hour is expected to last; `growth` by how much the work
    grows on the lighter model; `batched` the part of what can wait that is sent as a batch; `less` the part of each app's calls not made.
    """

    avoided: float = 0.0
    carried: float | None = None
    summary: float = 0.0
    bridged: float | None = None
    growth: float | None = None
    simple_output: float = SIMPLE_OUTPUT
    simple_prompt: float = SIMPLE_PROMPT
    batched: float = 0.0
    less: tuple[tuple[int, float], ...] = ()


def replayed(calls: Calls, ways: Ways) -> Calls:
    """The calls had all of these ways been taken."""
    for app, part in ways.less:
        calls = replace(calls, factor=np.where(calls.app == app, calls.factor * (1 - part), calls.factor))
    if ways.avoided:
        calls = shorter_answers(calls, ways.avoided)
    if ways.carried is not None:
        calls = fresh_starts(calls, ways.carried, ways.summary)
    if ways.bridged is not None:
        calls = best_lifetime(calls, ways.bridged)
    if ways.growth is not None:
        calls = lighter_model(calls, ways.growth, ways.simple_output, ways.simple_prompt)
    if ways.batched and calls.batchable.any():
        calls = replace(calls, factor=np.where(calls.batchable, calls.factor * (1 - BATCH_SAVES * ways.batched), calls.factor))
    return calls


def concerned(calls: Calls, ways: Ways) -> Calls:
    """The threads and stretches that these ways may change, where it is only fresh starts or only the lighter model; else all."""
    if ways.carried is not None and len(calls):
        return calls.take(np.isfinite(best_length(calls, 0.0, 0.0)) & calls.main)
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
    gone = np.maximum(total - total[_begun(calls.first)], 0)  # of all outputs before it in the stretch
    latest = calls.before(excess)  # what the call before would have left out is written now, the others are read
    gone -= _drawn(tokens, (WRITE_5M, WRITE_1H, INPUT), np.minimum(latest, gone))
    gone -= _drawn(tokens, (READ,), gone)
    _drawn(tokens, (WRITE_5M, WRITE_1H, INPUT), gone)
    return calls.sending(tokens)


def best_length(calls: Calls, carried: float, summary: float) -> Floats:
    """For every call the number of calls after which its stretch is best begun fresh, whole and at least 2; endless where none is.

    n* = √(2 [w (P + R) + ρ o_R] / (m d)): what a new start costs against what the history costs that it spares. P is the first prompt, R
    the tokens carried over, o_R those of the summary, d the growth a call, m what a token of history cost here, w a write, ρ an output.
    """
    starts = np.flatnonzero(calls.first)
    sizes = np.diff(np.append(starts, len(calls)))
    prompt, cached = calls.prompt, calls.cached
    read = np.minimum(calls.tokens[READ], cached)
    write = write_price(calls)
    paid = read * calls.price(READ) + (cached - read) * write
    history = np.add.reduceat(cached, starts)
    with np.errstate(divide="ignore", invalid="ignore"):
        each = np.add.reduceat(paid, starts) / history
        growth = (prompt[starts + sizes - 1] - prompt[starts]) / (sizes - 1)
        cost = write[starts] * (prompt[starts] + carried) + calls.price(OUTPUT)[starts] * summary
        length = np.ceil(np.sqrt(2 * cost / (each * growth)))
    length = np.where((growth > 0) & (each > 0) & (sizes > 2), np.maximum(length, 2), np.inf)
    return np.repeat(np.where(length < sizes, length, np.inf), sizes)


def fresh_starts(calls: Calls, carried: float, summary: float) -> Calls:
    """Every conversation begun fresh after each n* calls, where that would have cost less; see `best_length`."""
    if not len(calls):
        return calls
    length = best_length(calls, carried, summary)
    chosen = np.flatnonzero(np.isfinite(length) & calls.main)
    if not len(chosen):
        return calls
    part, length = calls.take(chosen) if len(chosen) < len(calls) else calls, length[chosen]
    changed = parted(part, length, carried, summary)
    stretch = np.cumsum(part.first) - 1
    saves = np.bincount(stretch, part.bill - changed.bill)
    kept = saves[stretch] > 0
    tokens = calls.tokens.copy()
    tokens[:, chosen[kept]] = changed.tokens[:, kept]
    return calls.sending(tokens)


def parted(calls: Calls, length: Floats, carried: float, summary: float) -> Calls:
    """Stretches begun fresh after each `length` calls."""
    at, begun = np.arange(len(calls)), _begun(calls.first)
    start = at - ((at - begun) % length).astype(np.int64)  # of the part that a call is in
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
    # a new start reads nothing: it writes its first prompt, what is carried over and what is new
    whole = np.where(new, prompt - dropped, 0)
    kind = write_kind(calls)
    tokens[: WRITE_1H + 1] = np.where(new, 0, tokens[: WRITE_1H + 1])
    tokens[kind, at] += whole
    tokens[OUTPUT] += np.where(new, summary, 0)
    return calls.sending(tokens)


def best_lifetime(calls: Calls, bridged: float) -> Calls:
    """For each app the cache's lifetime that would have cost least: as it was, an hour, or five minutes. What the plan paid stays."""
    others = an_hour(calls, bridged), five_minutes(calls)
    apps = int(calls.app.max(initial=0)) + 1
    gains = [
        np.bincount(calls.app, calls.bill - other.bill, minlength=apps) if other is not calls else np.zeros(apps)
        for other in others
    ]
    best = np.argmax([np.zeros(apps), *gains], axis=0)
    if not best.any():
        return calls
    chosen, tokens = best[calls.app], calls.tokens.copy()
    for place, other in enumerate(others, start=1):
        np.copyto(tokens, other.tokens, where=chosen == place)
    return calls.sending(tokens, as_long=True)


def an_hour(calls: Calls, bridged: float = HOUR) -> Calls:
    """A cache of an hour where there was one of five minutes: writes cost more, and breaks up to `bridged` seconds rebuild nothing."""
    if not calls.tokens[WRITE_5M].any():
        return calls
    tokens, gap = calls.tokens.copy(), calls.gap
    paused = ~calls.plan & (gap > MINUTES_5) & (gap <= bridged)
    again = np.where(paused, np.minimum(tokens[WRITE_5M], np.maximum(calls.cached - tokens[READ], 0)), 0)
    tokens[READ] += again
    tokens[WRITE_1H] += np.where(calls.plan, 0, tokens[WRITE_5M] - again)
    tokens[WRITE_5M] = np.where(calls.plan, tokens[WRITE_5M], 0)
    return calls.sending(tokens, as_long=True)


def five_minutes(calls: Calls, *, paid_by_plan: bool = False) -> Calls:
    """A cache of five minutes where there was one of an hour: writes cost less, and a longer break rebuilds all that was cached.

    What the plan paid stays as it was, or else is all that changes.
    """
    if not calls.tokens[WRITE_1H].any():
        return calls
    tokens, gap = calls.tokens.copy(), calls.gap
    moved = (tokens[WRITE_1H] > 0) | (calls.before(tokens[WRITE_1H]) > 0)
    moved &= calls.plan == paid_by_plan
    lost = np.where(moved & (gap > MINUTES_5) & (gap <= HOUR), np.minimum(tokens[READ], calls.cached), 0)
    tokens[READ] -= lost
    tokens[WRITE_5M] += lost + np.where(moved, tokens[WRITE_1H], 0)
    tokens[WRITE_1H] = np.where(moved, 0, tokens[WRITE_1H])
    return calls.sending(tokens, as_long=True)


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
    tokens[write_kind(calls)[there], at] += cold
    tokenizer = calls.rates.tokenizer
    grown = growth * tokenizer[part.lighter] / tokenizer[part.card]
    return replace(part, tokens=tokens, card=part.lighter, factor=part.factor * grown)


def _returned(calls: Calls, able: Flags, after: Integers) -> Calls:
    """The calls at these places, each after a run of simple ones, with what is left of the cache."""
    stayed = np.maximum.accumulate(np.where(able, -1, np.arange(len(calls))))  # the last call on the own model, up to here
    last, part = np.where(after > 0, stayed[after - 1], -1), calls.take(after)
    kind = write_kind(calls)[after]
    lives = np.where(kind == WRITE_1H, HOUR, MINUTES_5)
    known = (last >= _begun(calls.first)[after]) & (part.seconds - calls.seconds[np.maximum(last, 0)] <= lives)
    left = np.where(known, calls.prompt[np.maximum(last, 0)], 0)
    tokens = part.tokens
    cold = np.maximum(np.minimum(tokens[READ], calls.cached[after]) - left, 0)
    tokens[READ] -= cold
    tokens[kind, np.arange(len(after))] += cold
    return replace(part, tokens=tokens)


def _begun(first: Flags) -> Integers:
    """For every call where its stretch begins."""
    begun: Integers = np.maximum.accumulate(np.where(first, np.arange(len(first)), 0))
    return begun


def _drawn(tokens: Floats, kinds: tuple[int, ...], wanted: Floats) -> Floats:
    """Take up to `wanted` tokens from these kinds, in order; returns how many were there to take."""
    taken = np.zeros_like(wanted)
    for kind in kinds:
        here = np.minimum(tokens[kind], wanted - taken)
        tokens[kind] -= here
        taken += here
    return taken


def write_kind(calls: Calls) -> Integers:
    """How a call would write to the cache: as its stretch does; as plain input where nothing is ever cached."""
    starts = np.flatnonzero(calls.first)
    sizes = np.diff(np.append(starts, len(calls)))
    five, hour, read = (np.add.reduceat(calls.tokens[kind], starts) for kind in (WRITE_5M, WRITE_1H, READ))
    kinds = np.where(hour > five, WRITE_1H, np.where((five > 0) | (read > 0), WRITE_5M, INPUT))
    return np.repeat(kinds, sizes)


def write_price(calls: Calls) -> Floats:
    """Picodollars a token for what a call writes anew."""
    return calls.price(write_kind(calls))
