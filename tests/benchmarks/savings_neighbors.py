"""People of a third maker, unlike those of `savings_people` and `savings_strangers`, whose true savings are known.

*writer*: long documents, an app that drops the oldest messages when a conversation is full. *support*: an office that answers tickets by
day, on one model, with instructions that all conversations share and find in the cache. *coder*: prompts and tools in turn, several
subjects a conversation. *student*: quick questions in the evening, weeks off.

What is true here and in no log: how hard each turn is, so that the lighter model fails at some that look simple; how much longer its
answers are, turn by turn; where the subject changes, which is where a person starts fresh; how much of each long answer was needed.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass

import numpy as np

from tests.answers.savings.bill import ABOVE, CARDS, HAIKU, OPUS, SONNET
from usage_analytics.answers.savings.calls import Calls, Rates, stretch_starts
from usage_analytics.answers.savings.loading import Loaded, _simple

NEIGHBORS = ("writer", "support", "coder", "student")
LIVES = {"5m": 300.0, "1h": 3600.0}
DAY, WEEK = 86_400.0, 7 * 86_400.0
SMALLEST = 1_024  # tokens that are cached at least
FULL = 70_000  # tokens of a writer's conversation, from which the oldest are dropped
SHORT, SMALL = 300, 20_000  # by the rule that is shown: tokens out, and in


@dataclass(frozen=True)
class Turn:
    """A call: new tokens, output, seconds since the one before, whether a prompt led to it, and what no log says of it."""

    new: int
    output: int
    pause: float
    prompted: bool
    hard: float
    grows: float
    needed: float
    subject: bool


@dataclass(frozen=True)
class Talk:
    """A conversation: when in its week it begins, how long after the last one ended, and its calls."""

    begun: float
    since: float
    turns: tuple[Turn, ...]


@dataclass(frozen=True)
class Neighbor:
    """Habits, and the truths of a person: the `skill` of the lighter model, how much of what is long is needed, tokens carried over."""

    hand: str
    a_day: float
    off: float
    trend: float
    subjects: float
    turns: float
    tools: float
    instructions: int
    new: int
    output: int
    reads: float
    cache: str
    card: int
    skill: float
    longer: float
    needed: float
    carried: int


def person(hand: str, dice: random.Random) -> Neighbor:
    """Somebody of a hand."""

    def within(**ranges: tuple[float, float]) -> float:
        return dice.triangular(*ranges[hand])

    return Neighbor(
        hand,
        a_day=within(writer=(0.5, 3), support=(8, 40), coder=(1, 6), student=(1, 8)),
        off=dice.choice((0.0, 0.05, 0.15)),
        trend=dice.gauss(0, 0.03),
        subjects=within(writer=(1, 2), support=(1, 1.3), coder=(2, 8), student=(1, 3)),
        turns=within(writer=(4, 15), support=(1.5, 4), coder=(2, 5), student=(1, 4)),
        tools=within(writer=(0, 0.2), support=(0, 0.5), coder=(2, 9), student=(0, 0)) if hand != "student" else 0.0,
        instructions=round(within(writer=(100, 1_500), support=(4_000, 15_000), coder=(10_000, 25_000), student=(50, 400))),
        new=round(within(writer=(800, 6_000), support=(200, 1_500), coder=(300, 2_500), student=(40, 300))),
        output=round(within(writer=(600, 2_500), support=(80, 350), coder=(120, 500), student=(150, 700))),
        reads=within(writer=(60, 400), support=(30, 200), coder=(20, 120), student=(20, 150)),
        cache=dice.choice(("5m", "1h")),
        card=dice.choice((OPUS, OPUS, SONNET)),
        skill=dice.uniform(0.35, 0.95),
        longer=dice.gauss(0.05, 0.12),
        needed=dice.uniform(0.05, 0.55),
        carried=round(dice.lognormvariate(8.7, 0.6)),
    )


def week(one: Neighbor, number: int, dice: random.Random) -> list[Talk]:
    """What a person does in a week; most of it on five days."""
    if dice.random() < one.off:
        return []
    found, last = [], 0.0
    for day in range(7):
        busy = one.a_day * (1 if day < 5 else 0.25) * math.exp(one.trend * min(number, 8) + dice.gauss(0, 0.35))
        hour, number_of = 13 if one.hand != "student" else 20, int(busy) + (dice.random() < busy % 1)
        found += [day * DAY + dice.gauss(hour, 2.5) * 3600 for _ in range(number_of)]
    talks = []
    for begun in sorted(found):
        talks.append(Talk(begun, max(begun - last, 1.0), tuple(_turns(one, dice))))
        last = begun + sum(turn.pause for turn in talks[-1].turns)
    return talks


def _turns(one: Neighbor, dice: random.Random) -> list[Turn]:
    found: list[Turn] = []
    for subject in range(1 + int(dice.expovariate(1 / max(one.subjects - 0.5, 0.3)))):
        for prompt in range(1 + int(dice.expovariate(1 / one.turns))):
            hard = dice.betavariate(1.3, 1.6)
            for tool in range(1 + int(dice.expovariate(1 / one.tools)) * (dice.random() < 0.4 + 0.6 * hard) if one.tools else 1):
                long = math.exp(dice.gauss(1.2 * (hard - 0.5), 0.7))
                away = dice.paretovariate(1.3) * one.reads / 2 if not tool else dice.uniform(1, 30)
                found.append(
                    Turn(
                        new=10 + int(one.new * dice.gammavariate(0.9, 1) * (1 if not tool else 0.6)),
                        output=max(10, min(int(one.output * long), 25_000)),
                        pause=min(away, 5 * 3600),
                        prompted=not tool,
                        hard=hard,
                        grows=math.exp(dice.gauss(one.longer, 0.25)),
                        needed=dice.betavariate(6 * one.needed, 6 * (1 - one.needed)),
                        subject=not tool and not prompt and subject > 0,
                    )
                )
    return found


Line = tuple[list[int], float, int]


def led(
    talk: Talk,
    one: Neighbor,
    cache: str = "",
    *,
    moved: frozenset[int] = frozenset(),
    usual: float = math.inf,
    fresh_above: float = math.inf,
) -> list[Line]:
    """The tokens, moment and card of each call; every model has a cache of its own, and instructions are in it while any uses them."""
    lines: list[Line] = []
    lives, kind = LIVES[cache or one.cache], {"5m": 2, "1h": 3}[cache or one.cache]
    now, context = talk.begun, one.instructions
    kept = {one.card: (one.instructions, talk.begun - talk.since)}
    for place, turn in enumerate(talk.turns):
        now, summary = now + turn.pause * (place > 0), 0
        card = one.card + (place in moved)
        if turn.subject and context > fresh_above + one.carried:
            context, summary = one.instructions + one.carried, 400
            kept = {known: (min(size, one.instructions), at) for known, (size, at) in kept.items()}
        if one.hand == "writer" and context > FULL:
            context = int(0.6 * FULL)
            kept = {known: (min(size, one.instructions), at) for known, (size, at) in kept.items()}
        prompt = context + turn.new
        size, used = kept.get(card, (0, -math.inf))
        read = min(size, prompt) if now - used <= lives and size >= SMALLEST else 0
        needed = turn.output if turn.output <= usual else usual + turn.needed * (turn.output - usual)
        output = round(needed * (turn.grows if place in moved else 1)) + summary
        tokens = [0, read, 0, 0, output]
        tokens[kind if prompt >= SMALLEST else 0] += prompt - read
        lines.append((tokens, now, card))
        kept[card] = (prompt if prompt >= SMALLEST else 0, now)
        context = prompt + output
    return lines


def price(lines: list[Line]) -> float:
    """What calls cost, in nano-dollars."""
    times = [5 if card == HAIKU and sum(tokens[:4]) > ABOVE else 1 for tokens, _, card in lines]
    return sum(
        count * rate * often / 1000
        for often, (tokens, _, card) in zip(times, lines, strict=True)
        for count, rate in zip(tokens, CARDS[card], strict=True)
    )


def truth(one: Neighbor, talks: list[Talk]) -> dict[str, float]:
    """What each way would have saved of these conversations, in nano-dollars."""
    own = [price(led(talk, one)) for talk in talks]
    usual = float(np.quantile([turn.output for talk in talks for turn in talk.turns] or [0], 0.9))
    found = {
        "long_outputs": sum(own) - sum(price(led(talk, one, usual=usual)) for talk in talks),
        "cheaper_model": sum(max(paid - _lighter(talk, one), 0) for talk, paid in zip(talks, own, strict=True)),
    }
    # one habit for all conversations: the context from which a new subject is a new conversation
    tried = (one.instructions * times + more for times in (1.0, 1.5) for more in (5_000, 20_000))
    found["fresh_starts"] = max(
        0.0, *(sum(own) - sum(price(led(talk, one, fresh_above=above)) for talk in talks) for above in tried)
    )
    return found | {cache: sum(own) - sum(price(led(talk, one, cache)) for talk in talks) for cache in LIVES}


def _lighter(talk: Talk, one: Neighbor) -> float:
    """What the conversation costs where the lighter model does what looks simple and is."""
    lines, ends = led(talk, one), [turn.prompted for turn in talk.turns[1:]] + [True]
    able = frozenset(
        place
        for place, (turn, (tokens, _, _), end) in enumerate(zip(talk.turns, lines, ends, strict=True))
        if turn.prompted and end and turn.hard < one.skill and turn.output < SHORT and sum(tokens[:4]) < SMALL
    )
    return price(led(talk, one, moved=able))


def seen(one: Neighbor, weeks: list[list[Talk]]) -> Loaded:
    """What the log of these weeks says."""
    talks = [(number * WEEK, talk) for number, some in enumerate(weeks) for talk in some]
    order = np.random.default_rng(len(talks)).permutation(len(talks))  # units stand in the order of a hash
    rows = [
        (unit, talks[place][0] + at, turn.prompted, tokens, card)
        for unit, place in enumerate(order)
        for turn, (tokens, at, card) in zip(talks[place][1].turns, led(talks[place][1], one), strict=True)
    ]
    thread, seconds, prompted, tokens, card = (np.array(column) for column in zip(*rows, strict=True))
    tokens, every, base = tokens.astype("float64").T, np.ones(len(rows), dtype=bool), np.array(CARDS, dtype="float64").T
    calls = Calls(
        rates=Rates(base, np.where(np.arange(3) == HAIKU, base * 5, base), np.array([np.inf, np.inf, ABOVE]), np.ones(3)),
        tokens=tokens,
        card=card,
        factor=np.ones(len(rows)),
        seconds=seconds,
        thread=thread,
        unit=thread,
        app=np.zeros(len(rows), dtype="int64"),
        first=stretch_starts(thread, tokens[:4].sum(axis=0), tokens[4]),
        main=every,
        plan=~every,
        simple=_simple(prompted.astype(int), thread, seconds),
        batchable=~every,
        usual=np.full(len(rows), np.quantile(tokens[4], 0.9)),
        lighter=card + 1,
    )
    return Loaded(calls, order, ("tool",), ("tool",), (), {}, ~every, ~every, np.ones(len(talks), dtype=bool), 1.0)
