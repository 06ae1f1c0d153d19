"""People of a second maker, by another hand than `savings_people`, whose true savings are known: other habits, and a vendor of its own.

*runs*: an agent that calls tools for hours, and is summed up when its context is full. *chats*: many short talks, most of them too
small to be cached. *key*: scripts on a key with large documents. *implicit*: runs with a cache that nobody asks for: no write is
charged, it is hit in blocks, and at times missed. *switcher*: the model changes from task to task, and each has a cache of its own.

Nothing is shared with the other maker or with what is tested but the prices. A new conversation finds the instructions of the last one
in the cache while that lives; which work was simple, the log only suggests.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass

import numpy as np

from tests.answers.savings.bill import ABOVE, CARDS, HAIKU, OPUS, SONNET
from usage_analytics.answers.savings.calls import Calls, Rates, stretch_starts
from usage_analytics.answers.savings.loading import Loaded, _simple

STRANGERS = ("runs", "chats", "key", "implicit", "switcher")
BLOCK, SMALLEST = 128, 1024  # an implicit cache is hit in blocks; a prompt below the smallest is never cached
EVERY = (4, 6, 9, 13, 19, 28, 42, 63, 95, 140)  # calls after which a new conversation is tried
LIFE = {"5m": 300.0, "1h": 3600.0, "implicit": 420.0, "none": 0.0}
WRITES = {"5m": 2, "1h": 3, "implicit": 0, "none": 0}
WEEK = 7 * 86_400.0


@dataclass(frozen=True)
class Step:
    """A call: the tokens that are new in it, its output, the seconds before it, whether a prompt led to it, if it was simple, its card."""

    new: int
    output: int
    pause: float
    prompted: bool
    easy: bool
    card: int


@dataclass(frozen=True)
class Work:
    """A conversation: its instructions in tokens, its calls, and when in its week it begins."""

    instructions: int
    steps: tuple[Step, ...]
    begun: float


@dataclass(frozen=True)
class Stranger:
    """Habits, and what no log says: tokens `carried` over, the lighter model's `growth`, the part of long answers `avoided`."""

    hand: str
    a_week: float
    sway: float
    tasks: float
    tools: float
    instructions: int
    new: int
    output: int
    spread: float
    think: float
    leaves: float
    easy: float
    cache: str
    cards: tuple[int, ...]
    full: int
    carried: int
    growth: float
    avoided: float


def person(hand: str, dice: random.Random) -> Stranger:
    """Somebody with the habits of a hand."""
    agent = hand in ("runs", "implicit", "switcher")
    weekly = {"chats": (50, 160), "key": (20, 90)}.get(hand, (2, 8))
    return Stranger(
        hand,
        a_week=dice.uniform(*weekly),
        sway=dice.uniform(0.05, 0.4),
        tasks=dice.uniform(3, 15) if agent else dice.uniform(1, 4),
        tools=dice.uniform(4, 20) if agent else dice.uniform(0, 0.6),
        instructions=dice.randrange(12_000, 30_000) if agent else dice.randrange(200, 3_000),
        new=dice.randrange(400, 2_500) if agent else dice.randrange(5_000, 40_000) if hand == "key" else dice.randrange(50, 800),
        output=dice.randrange(120, 500) if agent else dice.randrange(150, 1_200),
        spread=dice.uniform(0.6, 1.2),
        think=dice.uniform(40, 240),
        leaves=dice.uniform(0.02, 0.2),
        easy=dice.uniform(0.05, 0.4) if hand != "key" else 0.0,
        cache={"implicit": "implicit", "key": "5m", "chats": dice.choice(("none", "5m"))}.get(hand, dice.choice(("5m", "1h"))),
        cards=(OPUS, SONNET, HAIKU) if hand == "switcher" else (dice.choice((OPUS, SONNET)),),
        full=dice.randrange(90_000, 170_000),
        carried=dice.randrange(1_000, 19_000),
        growth=dice.uniform(0.82, 1.28),
        avoided=dice.uniform(0.5, 1.0),
    )


def week(one: Stranger, dice: random.Random) -> list[Work]:
    """What they do in a week."""
    number = round(max(dice.gauss(1, one.sway), 0.1) * one.a_week + dice.gauss(0, math.sqrt(one.a_week)) * 0.7)
    return [work(one, dice) for _ in range(max(number, 0))]


def work(one: Stranger, dice: random.Random) -> Work:
    """A conversation: tasks, each a prompt and the tools that follow from it."""
    steps: list[Step] = []
    for _ in range(1 + int(dice.expovariate(1 / one.tasks))):
        easy, card = dice.random() < one.easy, dice.choice(one.cards)
        away = dice.expovariate(1 / 5_000) + 300 if dice.random() < one.leaves else dice.expovariate(1 / one.think) + 3
        wrong = easy and dice.random() < 0.15  # not what was asked for: the next prompt follows at once
        for place in range(1 if easy else 1 + int(dice.expovariate(1 / (one.tools + 0.1)))):
            size = math.exp(dice.gauss(-(one.spread**2) / 2, one.spread))
            output = max(8, min(int(one.output * size * (0.3 if easy else 1)), 20_000))
            new = int(one.new * dice.expovariate(1) * (0.15 if easy else 1)) + 5
            steps.append(Step(new, output, away if not place else dice.uniform(2, 25), not place, easy and not wrong, card))
        if wrong:
            steps.append(Step(60, max(8, int(one.output * 0.4)), dice.uniform(5, 50), True, False, card))
    return Work(int(one.instructions * math.exp(dice.gauss(0, 0.1))), tuple(steps), dice.uniform(0, WEEK))


def billed(
    each: Work,
    one: Stranger,
    cache: str,
    *,
    every: int = 0,
    usual: dict[int, float] | None = None,
    lighter: frozenset[int] = frozenset(),
    dice: random.Random | None = None,
) -> list[tuple[list[int], float, float]]:
    """The tokens, the time and the picodollars of each call, if the conversation is led like this."""
    lines, known, now, version, context, since = [], dict[int, tuple[int, float, int]](), each.begun, 0, each.instructions, 0
    for place, step in enumerate(each.steps):
        now, spare, summary = now + step.pause, 0.0, 0
        if every and since == every and context > each.instructions + one.carried:
            context, version, since, summary = each.instructions + one.carried, version + 1, 0, 1_500
        elif context > one.full:
            context, version = each.instructions + 8_000, version + 1
        card, prompt = step.card + (place in lighter), context + step.new
        there, used, of = known.get(card, (0, -1e12, version))
        read = min(there if of == version else min(there, each.instructions), prompt) if now - used <= LIFE[cache] else 0
        if cache == "implicit":
            read = 0 if dice and dice.random() < 0.1 else read // BLOCK * BLOCK
        cached = prompt >= SMALLEST and cache != "none"
        read = read if cached else 0
        if usual:
            spare = one.avoided * max(step.output - usual[step.card], 0)
        tokens = [0, read, 0, 0, round(step.output - spare) + summary]
        tokens[WRITES[cache] if cached else 0] += prompt - read
        rate = 5 if card == HAIKU and prompt > ABOVE else 1
        picos = sum(count * price * rate for count, price in zip(tokens, CARDS[card], strict=True))
        lines.append((tokens, now, picos * (one.growth if place in lighter else 1.0)))
        if cached:
            known[card] = (prompt, now, version)
        context, since = prompt + round(step.output - spare), since + 1
    return lines


def cost(each: Work, one: Stranger, cache: str = "", **otherwise: object) -> float:
    """What a conversation costs, in nano-dollars."""
    dice = random.Random(each.begun)  # what is missed of an implicit cache is missed either way
    return sum(picos for _, _, picos in billed(each, one, cache or one.cache, dice=dice, **otherwise)) / 1000  # type: ignore[arg-type]


def truth(one: Stranger, talks: list[Work]) -> dict[str, float]:
    """What each way would have saved of these conversations, in nano-dollars."""
    own = [cost(each, one) for each in talks]
    usual = {
        card: float(np.quantile([s.output for each in talks for s in each.steps if s.card == card] or [0], 0.9))
        for card in one.cards
    }
    fresh = [
        min([paid, *(cost(each, one, every=every) for every in EVERY if every < len(each.steps))])
        for each, paid in zip(talks, own, strict=True)
    ]
    found = {
        "long_outputs": sum(own) - sum(cost(each, one, usual=usual) for each in talks),
        "fresh_starts": sum(own) - sum(fresh),
        "cheaper_model": sum(paid - _lighter(each, one, paid) for each, paid in zip(talks, own, strict=True)),
    }
    other = {cache: sum(own) - sum(cost(each, one, cache) for each in talks) for cache in ("5m", "1h")}
    return found | (other if one.cache in other else dict.fromkeys(other, 0.0))


def _lighter(each: Work, one: Stranger, paid: float) -> float:
    """What it costs with each run of simple calls on the lighter model that is worth it."""
    best, kept, run = paid, frozenset[int](), list[int]()
    sizes = [sum(tokens[:4]) for tokens, _, _ in billed(each, one, one.cache)]
    for place in range(len(each.steps) + 1):
        step = each.steps[place] if place < len(each.steps) else None
        if step and step.easy and step.card != HAIKU and step.output < 300 and sizes[place] < 20_000:
            run.append(place)
        elif run:
            if (tried := cost(each, one, lighter=kept | set(run))) < best:
                best, kept = tried, kept | set(run)
            run = []
    return best


def seen(one: Stranger, talks_by_week: list[list[Work]]) -> Loaded:
    """What the log of these weeks says."""
    talks = [(number, each) for number, some in enumerate(talks_by_week) for each in some]
    order = np.random.default_rng(len(talks)).permutation(len(talks))  # units stand in the order of a hash
    lines = [
        (unit, number, step, line)
        for unit, place in enumerate(order)
        for number, each in [talks[place]]
        for step, line in zip(each.steps, billed(each, one, one.cache, dice=random.Random(each.begun)), strict=True)
    ]
    thread = np.array([unit for unit, _, _, _ in lines])
    tokens = np.array([line[0] for *_, line in lines], dtype="float64").T
    card = np.array([step.card for _, _, step, _ in lines])
    seconds = np.array([number * WEEK + line[1] for _, number, _, line in lines])
    prompted = np.array([int(step.prompted) for _, _, step, _ in lines])
    usual, base = np.zeros(len(lines)), np.array(CARDS, dtype="float64").T
    for kind in np.unique(card):
        usual[card == kind] = np.quantile(tokens[4][card == kind], 0.9)
    every = np.ones(len(lines), dtype=bool)
    calls = Calls(
        rates=Rates(base, np.where(np.arange(3) == HAIKU, base * 5, base), np.array([np.inf, np.inf, ABOVE]), np.ones(3)),
        tokens=tokens,
        card=card,
        factor=np.ones(len(lines)),
        seconds=seconds,
        thread=thread,
        unit=thread,
        app=np.zeros(len(lines), dtype="int64"),
        first=stretch_starts(thread, tokens[:4].sum(axis=0), tokens[4]),
        main=every,
        plan=~every,
        simple=_simple(prompted, thread, seconds),
        batchable=~every,
        usual=usual,
        lighter=np.where(card == HAIKU, -1, card + 1),
    )
    return Loaded(calls, order, ("tool",), ("tool",), (), {}, ~every, ~every, np.ones(len(talks), dtype=bool), 1.0)
