"""How often the cheapest plan is named: `python -m tests.benchmarks.savings_plans --first 100 --count 200`.

Each person has a plan with allowances that only the maker knows: of Pro between 15 and 80 dollars of list prices a week, and of the others
by multiples within what was once announced. They are seen for eight weeks, with some readings of how full their windows were and limits
that they hit; or, with `--calls-only`, with nothing but who paid for each call. The truth is what each plan would have cost them, walked
through call by call; it is scored where the two cheapest differ by a tenth.
"""

from __future__ import annotations

import argparse
import random
from dataclasses import replace
from datetime import timedelta

import numpy as np

from tests.benchmarks.savings_people import person, seen, week
from usage_analytics.answers.savings import plans
from usage_analytics.answers.savings.allowances import Seen
from usage_analytics.answers.savings.judged import MONTH

WEEKS = 8
USD = 1e9
WEEK_SECONDS = 7 * 86_400


def main() -> None:
    """Print how often the plan that is named is the cheapest, and how often it is sure of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--calls-only", action="store_true")
    options = parser.parse_args()
    rows = [scored(seed, calls_only=options.calls_only) for seed in range(options.first, options.first + options.count)]
    apart = [row for row in rows if row[2] > 0.1]
    named = [row for row in apart if row[0] is not None]
    right = [row for row in named if row[0] == row[1]]
    sure = [row for row in named if row[3]]
    print(f"{len(rows)} people, {len(apart)} whose two cheapest plans differ by a tenth, {len(named)} of them told a plan")
    print(f"right {len(right) / max(len(named), 1):.0%}; where it says that it is sure, {len(sure)}:", end=" ")
    print(f"right {sum(row[0] == row[1] for row in sure) / max(len(sure), 1):.0%}")
    for plan in plans.FEES:
        of = [row for row in named if row[1] == plan]
        print(f"  {plan:6} is cheapest for {len(of):3}, named for {sum(row[0] == plan for row in of):3} of them")


def scored(seed: int, *, calls_only: bool = False) -> tuple[str | None, str, float, bool]:
    """The plan that is named, the cheapest in truth, by how much it is cheaper than the next, and whether it was sure."""
    dice = random.Random(f"plans {seed}")
    one = person(dice.choice(("office", "agent", "mixed")), dice)
    talks = [week(one, dice) for _ in range(WEEKS)]
    loaded, short = seen(talks), seen([[replace(each, cache="5m") for each in some] for some in talks])
    scale = dice.choice((0.3, 1, 3, 10))  # of how much they do
    calls = replace(loaded.calls, factor=loaded.calls.factor * scale)
    on_key = replace(short.calls, factor=calls.factor)  # beyond a plan, and on a key, the cache lives five minutes
    pro = dice.uniform(15, 80) * USD
    weekly = {
        "pro": pro,
        "team": pro * dice.uniform(1.1, 1.4),
        "max5": pro * dice.uniform(3.5, 5),
        "max20": pro * dice.uniform(6, 15),
    }
    session = {"pro": pro / dice.uniform(4, 9)}
    session |= {"team": session["pro"] * 1.25, "max5": session["pro"] * 5, "max20": session["pro"] * 20}
    now = dice.choice(("pro", "max5", "max20"))
    order = np.argsort(calls.seconds, kind="stable")
    at, bill, bill_on_key = calls.seconds[order], calls.bill[order], on_key.bill[order]
    month = MONTH / timedelta(weeks=WEEKS)
    over = {plan: beyond(at, bill, session[plan], weekly[plan]) > 0 for plan in weekly}
    costs = {plan: bill_on_key[over[plan]].sum() * month + plans.FEES[plan] for plan in weekly}
    costs["api"] = bill_on_key.sum() * month
    best, second = sorted(costs, key=lambda plan: costs[plan])[:2]
    paid = over[now]
    on_credits = np.zeros(len(calls), dtype=bool)
    on_credits[order] = paid
    tokens = np.where(on_credits, on_key.tokens, calls.tokens)
    known = replace(loaded, calls=replace(calls, plan=~on_credits, tokens=tokens), credits=on_credits)
    windows = [] if calls_only else evidence(at, bill * ~paid, (session[now], weekly[now]), paid, dice)
    found = plans.judge(known, timedelta(weeks=WEEKS), now, windows)
    return found.cheapest, best, (costs[second] - costs[best]) / max(costs[best], 1), found.sure


def beyond(at: np.ndarray, bill: np.ndarray, session: float, weekly: float) -> np.ndarray:
    """What of each call credits pay: a call begins on the plan while both windows have room, and is then paid by it whole."""
    left, ends, week_left, number, paid = 0.0, -1.0, 0.0, -1, np.zeros(len(at))
    for place, (moment, nanos) in enumerate(zip(at.tolist(), bill.tolist(), strict=True)):
        if moment // WEEK_SECONDS != number:
            number, week_left = moment // WEEK_SECONDS, weekly
        if moment >= ends:
            ends, left = moment + 5 * 3600, session
        if left > 0 and week_left > 0:
            left, week_left = left - nanos, week_left - nanos
        else:
            paid[place] = nanos
    return paid


def evidence(at: np.ndarray, used: np.ndarray, holds: tuple[float, float], paid: np.ndarray, dice: random.Random) -> list[Seen]:
    """Readings of both windows, in whole percent, when somebody looked; and the first refusal of each window that was used up."""
    session, weekly = holds
    windows, ends, looks = list[Seen](), -1.0, set(dice.choices(range(len(at)), k=dice.randrange(3, 12)))
    started, refused = 0.0, set()
    for place, moment in enumerate(at.tolist()):
        if moment >= ends:
            started, ends = moment, moment + 5 * 3600
        week_start = moment // WEEK_SECONDS * WEEK_SECONDS
        in_session, in_week = (used[(at >= since) & (at < moment)].sum() for since in (started, week_start))
        resets = {"session": ends, "weekly": week_start + WEEK_SECONDS}
        if place in looks and week_start:
            parts = {"session": in_session / session, "weekly": in_week / weekly}
            windows += [Seen(gauge, moment, resets[gauge], round(100 * part) / 100) for gauge, part in parts.items()]
        gauge = "weekly" if in_week >= weekly else "session"
        if paid[place] and week_start and resets[gauge] not in refused:
            refused.add(resets[gauge])
            windows.append(Seen(gauge, moment, resets[gauge], 1.0, refused=True))
    return windows


if __name__ == "__main__":
    main()
