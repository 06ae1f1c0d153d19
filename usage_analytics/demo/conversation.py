"""How a conversation uses tokens: all of it is sent again with every call, mostly out of a cache that does not last."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Final

from usage_analytics.demo.wallet import LONG_AGO, Tokens

HOUR: Final = timedelta(hours=1)
FIVE_MINUTES: Final = timedelta(minutes=5)


@dataclass(slots=True)
class Conversation:
    """The tokens sent so far, and until when the cache holds them."""

    chance: Random
    shared: int = 14_000  # the client's own instructions, which other conversations keep in the cache
    size: int = 18_000
    cached: int = 0
    cached_until: datetime = LONG_AGO

    def call(self, moment: datetime, added: int, output: int, lifetime: timedelta = HOUR) -> Tokens:
        """The tokens of the next call, which adds `added` to the conversation and answers with `output`."""
        read = self.cached if moment < self.cached_until else min(self.shared, self.size)
        written = self.size + added - read
        self.size += added + output
        self.cached, self.cached_until = read + written, moment + lifetime
        fresh = self.chance.randint(2, 12)
        if lifetime == HOUR:
            return Tokens(fresh, read, 0, written, output)
        return Tokens(fresh, read, written, 0, output)

    def compact(self) -> None:
        """Go on from a summary; what was cached of the rest is of no more use."""
        self.size = self.shared + self.chance.randint(6_000, 14_000)
        self.cached, self.cached_until = 0, LONG_AGO


def around(chance: Random, median: float, spread: float = 0.6) -> int:
    """A positive number about a median, with a long tail to larger ones."""
    return max(1, round(median * chance.lognormvariate(0, spread)))
