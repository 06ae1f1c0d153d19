"""Each formula against the bill of conversations that were led otherwise, a call at a time: 2,000 at random, to the micro-dollar."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from tests.answers.savings.bill import CARDS, LIVES, Talk, Turn, lead, logged, price, talk, total, with_turns
from usage_analytics.answers.savings import lifetimes, replay
from usage_analytics.answers.savings.calls import Calls
from usage_analytics.answers.savings.economics import parts

CONVERSATIONS = 2_000
MICRO = 1_000  # nano-dollars
USUAL, AVOIDED = 1_500, 0.5
CARRIED, SUMMARY = 3_000, 700
GROWTH = Fraction(23, 20)


@pytest.fixture(scope="module")
def talks() -> list[Talk]:
    dice = random.Random(14)
    return [talk(dice) for _ in range(CONVERSATIONS)]


def by_conversation(calls: Calls) -> np.ndarray:
    return np.bincount(calls.thread, calls.bill)


def agree(calls: Calls, talks: list[Talk], led: Callable[[Talk], Fraction]) -> None:
    """Every conversation costs what it would have, led this way."""
    found = by_conversation(calls)
    worst = max(abs(float(led(one)) - cost) for one, cost in zip(talks, found, strict=True))
    assert worst < MICRO


def changes_most(calls: Calls, changed: Calls) -> None:
    """The test is about something: many conversations cost another amount."""
    assert (abs(by_conversation(calls) - by_conversation(changed)) > MICRO).sum() > CONVERSATIONS / 20


def test_the_bill_of_a_log_is_what_the_vendor_bills(talks: list[Talk]) -> None:
    agree(logged(talks), talks, total)


def test_shorter_answers_are_not_written_not_cached_and_not_read_again(talks: list[Talk]) -> None:
    calls = logged(talks, USUAL)

    def led(one: Talk) -> Fraction:
        # half an odd excess is no whole token: twice the tokens at half the price are
        cut = [replace(turn, output=2 * turn.output - max(turn.output - USUAL, 0), new=2 * turn.new) for turn in one.turns]
        return total(replace(with_turns(one, cut), first=2 * one.first)) / 2

    changed = replay.shorter_answers(calls, AVOIDED)
    agree(changed, talks, led)
    changes_most(calls, changed)


def test_an_hour_of_cache_costs_what_it_would_have(talks: list[Talk]) -> None:
    calls = logged(talks)
    changed = lifetimes.an_hour(calls)
    agree(changed, talks, lambda one: total(replace(one, cache="1h" if one.cache == "5m" else one.cache)))
    changes_most(calls, changed)


def test_five_minutes_of_cache_cost_what_they_would_have(talks: list[Talk]) -> None:
    calls = logged(talks)
    changed = lifetimes.five_minutes(calls)
    agree(changed, talks, lambda one: total(replace(one, cache="5m" if one.cache == "1h" else one.cache)))
    changes_most(calls, changed)


def test_a_lighter_model_on_simple_calls_pays_for_every_cache_that_a_switch_loses(talks: list[Talk]) -> None:
    calls = logged(talks)

    def led(one: Talk) -> Fraction:
        """Each run of simple calls is tried by itself; those that cost less are kept."""
        one, prompts = replace(one, growth=GROWTH), [sum(line.tokens[:4]) for line in lead(one)]
        able = [turn.simple and turn.output < 300 and sent < 20_000 for turn, sent in zip(one.turns, prompts, strict=True)]
        runs: list[list[int]] = []
        for place, can in enumerate(able):
            if can and place and able[place - 1]:
                runs[-1].append(place)
            elif can:
                runs.append([place])
        cost, kept = total(one), set()
        for run in runs:
            if total(moved(one, run)) < cost:
                kept.update(run)
        return total(moved(one, sorted(kept)))

    def moved(one: Talk, run: list[int]) -> Talk:
        return with_turns(one, [replace(turn, lighter=place in run) for place, turn in enumerate(one.turns)])

    changed = replay.lighter_model(calls, float(GROWTH))
    agree(changed, talks, led)
    changes_most(calls, changed)


def test_fresh_starts_cost_what_a_new_conversation_after_each_n_calls_costs(talks: list[Talk]) -> None:
    calls = logged(talks)
    agree(replay.fresh_starts(calls, CARRIED, SUMMARY), talks, led_fresh)
    changes_most(calls, replay.fresh_starts(calls, CARRIED, SUMMARY))


def test_a_fresh_start_finds_in_the_cache_what_the_first_call_found_there_while_that_lives() -> None:
    dice = random.Random(15)
    known = [talk(dice, dice.choice(("5m", "1h"))) for _ in range(500)]
    known = [replace(one, known=dice.randrange(one.first)) for one in known]
    calls = logged(known)
    agree(replay.fresh_starts(calls, CARRIED, SUMMARY), known, led_fresh)
    cold = [replace(one, known=0) for one in known]
    spared = [sum(map(total, some)) - sum(map(led_fresh, some)) for some in (cold, known)]
    assert spared[1] > spared[0]


def led_fresh(one: Talk) -> Fraction:
    """The conversation begun fresh after each n* calls, n* worked out from its own log; or as it was, where that costs less."""
    lines = lead(one)
    prompts = [sum(line.tokens[:4]) for line in lines]
    write, out = CARDS[one.card][{"none": 0, "5m": 2, "1h": 3}[one.cache]], CARDS[one.card][4]
    history = sum(prompts[:-1])
    paid = sum(
        line.tokens[1] * CARDS[one.card][1] + (before - line.tokens[1]) * write
        for line, before in zip(lines[1:], prompts, strict=False)
    )
    growth = (prompts[-1] - prompts[0]) / max(len(prompts) - 1, 1)
    if len(prompts) < 3 or growth <= 0 or not history or not paid:
        return total(one)
    cost = write * (prompts[0] - one.known + CARRIED) + CARDS[one.card][1] * one.known + out * SUMMARY
    every = max(math.ceil(math.sqrt(2 * cost / (paid / history * growth))), 2)
    turns = list(one.turns)
    for place in range(every, len(prompts), every):
        if prompts[place - 1] + lines[place - 1].tokens[4] > prompts[0] + CARRIED:  # else it would carry more than it spares
            turns[place] = replace(turns[place], fresh=True)
    return min(total(one), total(replace(with_turns(one, turns), carried=CARRIED, summary=SUMMARY)))


def test_several_ways_at_once_are_billed_as_one_changed_conversation(talks: list[Talk]) -> None:
    """An hour of cache after shorter answers is the conversation with shorter answers, led with an hour of cache."""
    even = [
        with_turns(one, [replace(turn, output=2 * turn.output + USUAL * (turn.output % 2)) for turn in one.turns])
        for one in talks
    ]
    even = [with_turns(one, [replace(turn, output=turn.output - turn.output % 2) for turn in one.turns]) for one in even]
    calls = logged(even, USUAL)
    changed = lifetimes.an_hour(replay.shorter_answers(calls, AVOIDED))

    def led(one: Talk) -> Fraction:
        cut = [replace(turn, output=turn.output - max(turn.output - USUAL, 0) // 2) for turn in one.turns]
        return total(replace(with_turns(one, cut), cache="1h" if one.cache == "5m" else one.cache))

    agree(changed, even, led)


def test_what_is_replayed_in_parts_costs_what_it_costs_at_once(talks: list[Talk]) -> None:
    """Some apps would gain by another lifetime of the cache and some would not, which no part of the calls tells by itself."""
    calls = logged(talks, USUAL)
    calls = replace(calls, app=calls.thread % 7)
    everything = replay.Ways(0.7, CARRIED, SUMMARY, 3_600, 0.9, less=((2, 0.5),))
    at_once = replay.replayed(calls, everything).bill
    assert np.allclose(replay.bill_of(calls, everything, size=200), at_once, rtol=1e-12, atol=1e-6)
    assert abs(at_once - calls.bill).sum() > MICRO


def test_an_output_token_costs_five_then_a_write_then_a_read_for_each_later_call() -> None:
    """Science's formula for Opus: 5 + 1.25 + 0.05 k input tokens for a token that k later calls send again."""
    later = 50
    turns = [Turn(100, 2_500, 10), *(Turn(100, 10, 10) for _ in range(later))]
    calls = logged([Talk(tuple(turns), 10_000)], USUAL)
    saves = by_conversation(calls)[0] - by_conversation(replay.shorter_answers(calls, 1.0))[0]
    token = (5 + 1.25 + 0.05 * (later - 1)) * CARDS[0][0] / 1000
    assert saves == pytest.approx((2_500 - USUAL) * token)


def test_the_length_after_which_to_begin_fresh_is_that_of_the_formula() -> None:
    """P = 20,000, d = 2,500, R = 10,000, o_R = 1,500 on Opus, no breaks: 27 calls."""
    calls = logged([Talk(tuple(Turn(1_800, 700, 10) for _ in range(100)), 18_200)])
    assert replay.best_length(calls, 10_000, 1_500)[0] == 27


def test_the_prices_of_the_test_are_not_all_alike() -> None:
    assert len({price(card, [1, 1, 1, 1, 1]) for card in range(3)}) == 3
    assert LIVES["1h"] > LIVES["5m"]


def test_what_was_paid_for_history_and_for_new_work_adds_up_to_the_bill(talks: list[Talk]) -> None:
    found = {name: np.bincount(logged(talks).thread, paid) for name, paid in parts(logged(talks)).items()}
    for place, one in enumerate(talks):
        paid = dict.fromkeys(found, Fraction(0))
        before = 0  # what the call before had sent
        for line in lead(one):
            rates, sent = CARDS[one.card], sum(line.tokens[:4])
            read = min(line.tokens[1], before)
            rest = min(before - read, sent - read)
            paid["reads"] += Fraction(read * rates[1], 1000)
            paid["uncached" if one.cache == "none" else "rebuilt"] += Fraction(
                rest * rates[{"none": 0, "5m": 2, "1h": 3}[one.cache]], 1000
            )
            before = sent
        paid["new"] = total(one) - paid["reads"] - paid["rebuilt"] - paid["uncached"]
        assert all(abs(float(nanos) - found[name][place]) < MICRO for name, nanos in paid.items())
