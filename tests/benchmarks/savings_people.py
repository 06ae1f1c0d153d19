"""People whose true savings are known: what they do each month is led otherwise, call by call, for years, and billed.

Three hands. *office*: somebody talks all day, with breaks, some of it simple. *agent*: fewer and longer conversations, written by a
loop, often with an hour of cache. *mixed*: either, of several models, with weeks that differ much. Each person has habits of their own, and
truths that no log gives away: how much of an old conversation is needed in a new one, how much longer the lighter model takes, how much
of a long answer was wanted.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from tests.answers.savings.bill import CARDS, HAIKU, OPUS, SONNET, Talk, Turn, lead, logged, total, with_turns
from usage_analytics.answers.savings.calls import Calls
from usage_analytics.answers.savings.loading import Loaded

WEEKS_OF_TRUTH = 60
HANDS = ("office", "agent", "mixed")


@dataclass(frozen=True)
class Person:
    """The habits of a person, and what is true of them that no log says."""

    hand: str
    talks_a_week: float
    week_varies: float  # standard deviation of the logarithm of a week's volume
    turns: float
    turns_vary: float
    first: int
    new: int
    output: int
    output_varies: float
    pause: float
    breaks: float  # share of calls after a break of minutes or hours
    simple: float
    cache: str
    cards: tuple[int, ...]
    carried: int
    growth: Fraction
    avoided: float


def person(hand: str, dice: random.Random) -> Person:
    """Somebody of a hand."""
    agent = hand == "agent" or (hand == "mixed" and dice.random() < 0.3)
    return Person(
        hand,
        talks_a_week=dice.uniform(3, 9) if agent else dice.uniform(8, 40),
        week_varies=dice.uniform(0.05, 0.2) if agent else dice.uniform(0.1, 0.5 if hand == "mixed" else 0.35),
        turns=dice.uniform(20, 60) if agent else dice.uniform(4, 14),
        turns_vary=dice.uniform(0.3, 0.8) if agent else dice.uniform(0.6, 1.1),
        first=dice.randrange(3_000, 25_000),
        new=dice.randrange(300, 3_000),
        output=dice.randrange(150, 900),
        output_varies=dice.uniform(0.7, 1.3),
        pause=dice.uniform(8, 60),
        breaks=dice.uniform(0.0, 0.03) if agent else dice.uniform(0.02, 0.25),
        simple=0.0 if agent else dice.uniform(0.05, 0.5),
        cache=dice.choice(("5m", "1h")) if agent else dice.choice(("5m", "5m", "1h")),
        cards=(dice.choice((OPUS, SONNET)),) if hand != "mixed" else (OPUS, SONNET, HAIKU),
        carried=dice.randrange(2_000, 18_000),
        growth=Fraction(dice.randrange(85, 126), 100),
        avoided=dice.uniform(0.5, 1.0),
    )


def week(one: Person, dice: random.Random) -> list[Talk]:
    """The conversations of a week."""
    volume = one.talks_a_week * math.exp(dice.gauss(0, one.week_varies))
    return [talk(one, dice) for _ in range(_poisson(volume, dice))]


def talk(one: Person, dice: random.Random) -> Talk:
    """A conversation."""
    turns, easy = [], dice.random() < one.simple / 2  # all of it is simple
    for _ in range(max(1, min(round(one.turns * math.exp(dice.gauss(0, one.turns_vary))), 250))):
        simple = easy or dice.random() < one.simple
        pause = dice.choice((dice.uniform(300, 3_000), dice.uniform(600, 20_000))) if dice.random() < one.breaks else one.pause
        output = one.output * math.exp(dice.gauss(0, one.output_varies)) * (0.3 if simple else 1)
        turns.append(
            Turn(
                new=round(one.new * math.exp(dice.gauss(-0.3, 0.8)) * (0.2 if simple else 1)),
                output=max(5, min(round(output), 16_000)),
                pause=round(pause * math.exp(dice.gauss(0, 0.4))) + 1,
                simple=simple,
            )
        )
    return Talk(tuple(turns), round(one.first * math.exp(dice.gauss(0, 0.3))), one.cache, dice.choice(one.cards))


def seen(talks_by_week: list[list[Talk]]) -> Loaded:
    """What a log of these weeks says, every conversation at a moment of its week."""
    talks = [one for week in talks_by_week for one in week]
    offset = [number * 7 * 86_400.0 for number, week in enumerate(talks_by_week) for _ in week]
    calls = logged(talks)
    usual = np.zeros(len(calls))
    for card in np.unique(calls.card):
        own = calls.card == card
        usual[own] = np.quantile(calls.tokens[-1][own], 0.9)
    calls = replace(
        calls,
        usual=usual,
        seconds=calls.seconds + np.array(offset)[calls.thread],
        lighter=np.where(calls.card == HAIKU, -1, calls.card + 1),
    )
    nobody = np.zeros(len(calls), dtype=bool)
    order = np.random.default_rng(len(talks)).permutation(len(talks))  # units stand in the order of a hash
    return Loaded(
        _reordered(calls, order), order, ("tool",), ("tool",), (), {}, nobody, nobody, np.ones(len(talks), dtype=bool), 1.0
    )


def _reordered(calls: Calls, order: np.ndarray) -> Calls:
    places = np.concatenate([np.flatnonzero(calls.thread == one) for one in order]) if len(order) else np.zeros(0, dtype=int)
    taken = calls.take(places)
    number = np.cumsum(np.diff(taken.thread, prepend=-1) != 0) - 1
    return replace(taken, thread=number, unit=number)


def truth(one: Person, talks: list[Talk]) -> dict[str, float]:
    """What was saved of these conversations, had they been led otherwise, in nano-dollars; each lifetime of the cache by itself."""
    outputs = {
        card: np.array([turn.output for each in talks if each.card == card for turn in each.turns]) for card in set(one.cards)
    }
    usual = {card: float(np.quantile(found, 0.9)) for card, found in outputs.items() if len(found)}
    own = sum(float(total(each)) for each in talks)
    ways: dict[str, Callable[[Talk], float]] = {
        "long_outputs": lambda each: float(total(shorter(each, usual[each.card], one.avoided))),
        "cheaper_model": lambda each: lighter(each, one.growth),
        "fresh_starts": lambda each: fresh(each, one.carried),
    }
    saved = {name: own - sum(map(way, talks)) for name, way in ways.items()}
    lifetimes = {cache: own - sum(float(total(replace(each, cache=cache))) for each in talks) for cache in ("5m", "1h")}
    return saved | lifetimes


def shorter(each: Talk, usual: float, avoided: float) -> Talk:
    """The conversation with answers that lack part of what they had beyond the usual."""
    return with_turns(
        each, [replace(turn, output=round(turn.output - avoided * max(turn.output - usual, 0))) for turn in each.turns]
    )


def lighter(each: Talk, growth: Fraction) -> float:
    """What the conversation costs with every run of simple turns on the lighter model where that pays."""
    if each.card == HAIKU or not any(turn.simple for turn in each.turns):
        return float(total(each))
    each, prompts = replace(each, growth=growth), [sum(line.tokens[:4]) for line in lead(each)]
    able = [turn.simple and turn.output < 300 and sent < 20_000 for turn, sent in zip(each.turns, prompts, strict=True)]
    best, kept, run = float(total(each)), set[int](), list[int]()
    for place in range(len(able) + 1):
        if place < len(able) and able[place]:
            run.append(place)
        elif run:
            tried = kept | set(run)
            moved = [replace(turn, lighter=number in tried) for number, turn in enumerate(each.turns)]
            if (cost := float(total(with_turns(each, moved)))) < best:
                best, kept = cost, tried
            run = []
    return best


def fresh(each: Talk, carried: int, summary: int = 1_500) -> float:
    """What the conversation costs begun fresh after each so many calls, as many as are best for one like it; or as it was."""
    return min(float(total(each)), float(total(fresh_talk(each, carried, summary))))


def fresh_talk(each: Talk, carried: int, summary: int = 1_500) -> Talk:
    """The conversation begun fresh after each so many calls, as many as are best for one like it."""
    lines = lead(each)
    prompts = [sum(line.tokens[:4]) for line in lines]
    if len(lines) < 4 or prompts[-1] <= prompts[0]:
        return each
    write, out = CARDS[each.card][{"5m": 2, "1h": 3}[each.cache]], CARDS[each.card][4]
    history, read = sum(prompts[:-1]), CARDS[each.card][1]
    paid = sum(
        line.tokens[1] * read + (before - line.tokens[1]) * write for line, before in zip(lines[1:], prompts, strict=False)
    )
    growth = (prompts[-1] - prompts[0]) / (len(prompts) - 1)
    every = max(2, math.ceil(math.sqrt(2 * (write * (prompts[0] + carried) + out * summary) / (paid / history * growth))))
    turns = list(each.turns)
    for place in range(every, len(turns), every):
        if prompts[place - 1] + lines[place - 1].tokens[4] > prompts[0] + carried:
            turns[place] = replace(turns[place], fresh=True)
    return replace(with_turns(each, turns), carried=carried, summary=summary)


def _poisson(mean: float, dice: random.Random) -> int:
    number, product, least = 0, dice.random(), math.exp(-mean)
    while product > least:
        number, product = number + 1, product * dice.random()
    return number
