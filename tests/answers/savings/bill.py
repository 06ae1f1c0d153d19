"""Conversations as work to be done, and what a vendor would bill for it: the slow and plain way, a call at a time.

Nothing here is shared with what it tests: a cache is a number of tokens with a time, a prompt is a list of parts, and a conversation that
would have been led otherwise is led otherwise.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from usage_analytics.answers.savings.calls import Calls, Rates, stretch_starts
from usage_analytics.answers.savings.loading import Loaded

# Picodollars a token: input, read, five-minute write, hour write, output. The last pays five times as much above 100,000 tokens.
OPUS, SONNET, HAIKU = range(3)
CARDS = (
    (4_000_000, 200_000, 5_000_000, 8_000_000, 20_000_000),
    (2_000_000, 100_000, 2_500_000, 4_000_000, 10_000_000),
    (100_000, 10_000, 125_000, 200_000, 500_000),
)
ABOVE = 100_000
LIVES = {"5m": 300, "1h": 3600, "none": 0}


@dataclass(frozen=True)
class Turn:
    """What a call is asked and answers, the break before it, and whether it is simple work."""

    new: int
    output: int
    pause: int
    simple: bool = False
    fresh: bool = False  # a new conversation is begun with it
    lighter: bool = False  # it runs on the lighter model


@dataclass(frozen=True)
class Talk:
    """A conversation: `cache` is how long its client keeps what it sent: 5m, 1h or none; `first` what the first prompt has beside it."""

    turns: tuple[Turn, ...]
    first: int
    cache: str = "5m"
    card: int = OPUS
    carried: int = 0
    summary: int = 0
    growth: Fraction = Fraction(1)
    known: int = 0  # tokens of the first prompt that another conversation left in the cache


@dataclass
class Billed:
    """The line of a call in the log, and what it costs in picodollars."""

    tokens: list[int]
    at: int
    picos: Fraction | int


def price(card: int, tokens: list[int]) -> int:
    """What the tokens of a call cost."""
    times = 5 if card == HAIKU and sum(tokens[:4]) > ABOVE else 1
    return sum(count * rate * times for count, rate in zip(tokens, CARDS[card], strict=True))


def lead(talk: Talk) -> list[Billed]:
    """Lead the conversation, a call at a time."""
    billed: list[Billed] = []
    kept: dict[int, tuple[int, int]] = {}  # by card: the tokens in the cache, and when they were last used
    history, now, before = talk.first, 0, None
    if talk.known:
        kept[talk.card] = (talk.known, talk.turns[0].pause)  # it was used just before
    for turn in talk.turns:
        now += turn.pause
        if turn.fresh:
            history = talk.first + talk.turns[0].new + talk.carried
            kept = {talk.card: (talk.known, now - turn.pause)} if talk.known else {}
        card = talk.card + 1 if turn.lighter else talk.card
        if turn.lighter and before != card:
            kept.pop(card, None)  # what the lighter model had cached of an earlier run is not counted on
        prompt = history + turn.new
        there, used = kept.get(card, (0, -(10**9)))
        read = min(there, prompt) if now - used <= LIVES[talk.cache] else 0
        rest = prompt - read
        tokens = [
            rest if talk.cache == "none" else 0,
            read,
            rest * (talk.cache == "5m"),
            rest * (talk.cache == "1h"),
            turn.output,
        ]
        if turn.fresh:
            tokens[4] += talk.summary
        billed.append(Billed(tokens, now, price(card, tokens) * (talk.growth if turn.lighter else 1)))
        if talk.cache != "none":
            kept[card] = (prompt, now)
        history, before = prompt + turn.output, card
    return billed


def total(talk: Talk) -> Fraction:
    """What a conversation costs, in nano-dollars."""
    return sum((one.picos for one in lead(talk)), Fraction(0)) / 1000


def talk(dice: random.Random, cache: str | None = None) -> Talk:
    """Any conversation: one call or eighty, quick or with breaks of minutes and hours, some of it simple."""
    pauses = dice.choice(((5, 200), (30, 900), (200, 5_000)))
    turns = tuple(
        Turn(
            new=dice.randrange(0, dice.choice((300, 3_000, 9_000))),
            output=dice.randrange(1, dice.choice((250, 2_000, 9_000))),
            pause=dice.randrange(*pauses),
            simple=dice.random() < 0.4,
        )
        for _ in range(dice.choice((1, 2, 3, 5, 12, 40)))
    )
    return Talk(turns, dice.randrange(500, 40_000), cache or dice.choice(("5m", "1h", "none")), dice.choice((OPUS, SONNET)))


def logged(talks: list[Talk], usual: float = np.inf) -> Calls:
    """The calls that these conversations leave in the log."""
    lines = [(place, one, line) for place, one in enumerate(talks) for line in lead(one)]
    turns = [turn for one in talks for turn in one.turns]
    thread = np.array([place for place, _, _ in lines])
    tokens = np.array([line.tokens for _, _, line in lines], dtype="float64").T
    base = np.array(CARDS, dtype="float64").T
    card = np.array([one.card for _, one, _ in lines])
    every = np.ones(len(lines), dtype=bool)
    return Calls(
        rates=Rates(base, np.where(np.arange(3) == HAIKU, base * 5, base), np.array([np.inf, np.inf, ABOVE]), np.ones(3)),
        tokens=tokens,
        card=card,
        factor=np.ones(len(lines)),
        seconds=np.array([line.at for _, _, line in lines], dtype="float64"),
        thread=thread,
        unit=thread,
        app=np.zeros(len(lines), dtype="int64"),
        first=stretch_starts(thread, tokens[:4].sum(axis=0), tokens[4]),
        main=every,
        plan=~every,
        simple=np.array([turn.simple for turn in turns]),
        batchable=~every,
        usual=np.full(len(lines), usual),
        lighter=card + 1,
    )


def with_turns(one: Talk, turns: list[Turn]) -> Talk:
    """The same conversation, otherwise led."""
    return replace(one, turns=tuple(turns))


def loaded(talks: list[Talk], usual: float = np.inf, apps: tuple[str, ...] = ("tool",)) -> Loaded:
    """The same as a question finds it: a conversation after the other, of these apps in turn."""
    calls = logged(talks, usual)
    calls = replace(calls, app=calls.thread % len(apps))
    numbers = np.arange(len(talks))
    nobody = np.zeros(len(calls), dtype=bool)
    return Loaded(
        calls, numbers, apps, apps, ("opus", "sonnet", "haiku"), {}, nobody, nobody, np.ones(len(talks), dtype=bool), 1.0
    )
