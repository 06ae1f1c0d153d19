"""Calls as arrays: one entry a call, in the order of threads and, within a thread, of time. What a replay changes, and what it bills.

A *thread* is a conversation, or one subagent of it; a *stretch* is the part of a thread in which each prompt holds the one before, up to
where the client summed it up. A *unit* is what is drawn again for a range: a conversation with its subagents, or an app's day of calls
that belong to none.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

INPUT, READ, WRITE_5M, WRITE_1H, OUTPUT = range(5)
MINUTES_5, HOUR = 300.0, 3600.0  # the two lifetimes of a cache, in seconds
SUMMED_UP: Final = 0.5  # a prompt below this part of what was there before no longer holds it
PICOS_PER_NANO: Final = 1000


_LASTING: Final = ("prices", "above", "gap", "starts", "begun")  # what other tokens do not change


@dataclass(frozen=True, slots=True, eq=False)
class Rates:
    """List rates in picodollars a token. `base` and `long` are (kind, card); prompts longer than `above` (card) pay `long`.

    `tokenizer` (card) is how many tokens its model makes of the same text, against the older tokenizer.
    """

    base: Floats
    long: Floats
    above: Floats
    tokenizer: Floats


@dataclass(frozen=True, eq=False)  # no slots: what several ask for is worked out once, and kept
class Calls:
    """What a replay starts from and leaves; its arrays are never changed. `tokens` is (kind, call); `card` the place of a call's rates.

    `factor` is what a call cost, over its tokens at these rates: batch, geography, searches. `seconds` are since any moment.
    `usual` is the output beyond which one is long, `lighter` the card of the model for simple work, -1 where there is none.
    `simple` are calls that answered a prompt without a tool and that nothing suggests were corrected.
    """

    rates: Rates
    tokens: Floats
    card: Integers
    factor: Floats
    seconds: Floats
    thread: Integers
    unit: Integers
    app: Integers
    first: Flags  # of its stretch
    main: Flags  # the main thread of a conversation
    plan: Flags
    simple: Flags
    batchable: Flags
    usual: Floats
    lighter: Integers

    def __len__(self) -> int:
        return len(self.card)

    @cached_property
    def prompt(self) -> Floats:
        """The tokens that each call sent, read from the cache or wrote to it."""
        total: Floats = self.tokens[INPUT] + self.tokens[READ] + self.tokens[WRITE_5M] + self.tokens[WRITE_1H]
        return total

    @cached_property
    def gap(self) -> Floats:
        """Seconds since the call before in the same thread; endless for the first."""
        since = np.diff(self.seconds, prepend=-np.inf)
        since[np.diff(self.thread, prepend=-1) != 0] = np.inf
        return since

    @cached_property
    def starts(self) -> Integers:
        """The places at which stretches begin."""
        return np.flatnonzero(self.first)

    @cached_property
    def begun(self) -> Integers:
        """For every call the place at which its stretch begins."""
        return np.repeat(self.starts, self.sizes)

    @property
    def sizes(self) -> Integers:
        """How many calls each stretch has."""
        return np.diff(self.starts, append=len(self))

    @cached_property
    def writes(self) -> Integers:
        """How each call would write to the cache: as its stretch does; as plain input where nothing is ever cached."""
        five, hour, read = (np.add.reduceat(self.tokens[kind], self.starts) for kind in (WRITE_5M, WRITE_1H, READ))
        kinds = np.where(hour > five, WRITE_1H, np.where((five > 0) | (read > 0), WRITE_5M, INPUT))
        return np.repeat(kinds, self.sizes)

    @cached_property
    def cached(self) -> Floats:
        """The tokens that the call before left in the cache at most: its prompt; none at the first of a stretch."""
        return self.before(self.prompt)

    def before(self, values: Floats) -> Floats:
        """The value of the call before in the same stretch; zero at its first."""
        shifted = np.concatenate([values[:0], [0.0], values[:-1]]) if len(values) else values
        return np.where(self.first, 0.0, shifted)

    @cached_property
    def prices(self) -> Floats:
        """Picodollars for a token, (kind, call), of a prompt that isn't long."""
        return self.rates.base.take(self.card, axis=1)

    @cached_property
    def above(self) -> Floats:
        """The tokens that a prompt of each call may have before it pays the rates of long prompts."""
        return self.rates.above.take(self.card)

    @cached_property
    def long(self) -> Integers:
        """The places of the calls whose prompt is so long that it pays other rates."""
        if not np.isfinite(self.rates.above).any():
            return np.zeros(0, dtype=np.int64)
        return np.flatnonzero(self.prompt > self.above)

    def price(self, kind: int | Integers) -> Floats:
        """Picodollars for a token of a kind, one for all or one a call, by each call's own prompt."""
        one = isinstance(kind, int)
        found: Floats = self.prices[kind] if one else np.take_along_axis(self.prices, np.asarray(kind)[None], axis=0)[0]
        if len(self.long):
            found = found.copy()
            found[self.long] = self.rates.long[kind if one else np.asarray(kind)[self.long], self.card[self.long]]
        return found

    @cached_property
    def bill(self) -> Floats:
        """What each call costs, in nano-dollars, not rounded."""
        picos: Floats = np.einsum("kc,kc->c", self.tokens, self.prices)
        if len(over := self.long):
            picos[over] = np.einsum("kc,kc->c", self.tokens[:, over], self.rates.long[:, self.card[over]])
        picos *= self.factor
        picos /= PICOS_PER_NANO
        return picos

    def sending(self, tokens: Floats, *, as_long: bool = False, bill: Floats | None = None) -> Calls:
        """The same calls with other tokens, of prompts `as_long` as they were or not; what this does not change stays known.

        `bill` is what they then cost in nano-dollars, where it is known.
        """
        other, known = replace(self, tokens=tokens), self.__dict__
        kept = (*_LASTING, "prompt", "cached", "long") if as_long else _LASTING
        other.__dict__.update({name: known[name] for name in kept if name in known} | ({} if bill is None else {"bill": bill}))
        return other

    def take(self, chosen: Integers | Flags | slice) -> Calls:
        """Some of the calls; whole threads, or what looks back is lost."""
        names = {one.name for one in fields(self)} - {"rates", "tokens"}
        return replace(self, tokens=self.tokens[:, chosen], **{name: getattr(self, name)[chosen] for name in names})

    def part(self, start: int, end: int) -> Calls:
        """The calls from one place to before another, of whole threads: views of these arrays, with what is known of them."""
        own, known = self.take(slice(start, end)), self.__dict__
        kept = [name for name in ("prices", "gap", "prompt", "cached", "bill") if name in known]
        own.__dict__.update({name: known[name][..., start:end] for name in kept})
        return own


def stretch_starts(thread: Integers, prompt: Floats, output: Floats) -> Flags:
    """Where a stretch begins: at the first call of a thread, and where the prompt no longer holds what was there before."""
    new = np.diff(thread, prepend=-1) != 0
    held = np.concatenate([[0.0], (prompt + output)[:-1]]) if len(prompt) else prompt
    begins: Flags = new | (prompt < SUMMED_UP * held)
    return begins
