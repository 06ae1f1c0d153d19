"""What would be saved by working differently: each lever a range, its evidence and its caveat, and what all of them come to together.

A lever is a counterfactual bill on the tokens that were used, not a promise. `low` and `high` hold the range of the assumption and the
chance in which conversations there were (the 10th and 90th percentile of redrawn conversations). Together, each conversation counts only
the one lever that saves most in it: levers overlap, and so the whole is no less than that, and not their sum.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

import numpy as np
import pandas as pd

from usage_analytics import format
from usage_analytics.answers import fresh_starts
from usage_analytics.answers.savings.words import NOT_JUDGED, NOT_YOU, WORDS
from usage_analytics.pricing import models

ENOUGH_DAYS: Final = 14
ENOUGH_CONVERSATIONS: Final = 20
MONTH: Final = timedelta(days=365.25 / 12)
COSTLIEST: Final = 60  # conversations in which a fresh start is looked for
SIMPLE_OUTPUT, SIMPLE_PROMPT = 1_000, 20_000  # tokens below which a call asks little; of a whole conversation, every call
LONG_OUTPUT: Final = 4_000
NORMAL_P90: Final = 1.2816

# By how much the work grows on the other model: its tokenizer (1 to 1.35) times its turns and lengths (0.8 to 1.3).
GROWTH: Final = (1.35 * 1.3, 1.15, 0.8)
CARRIED_TOKENS: Final = (20_000, 10_000, 0)  # what a new conversation needs to be told of the old one
AVOIDED: Final = (0.25, 0.5, 1.0)  # which part of an overlong output need not have been written
BATCHED: Final = (0.25, 0.5, 0.5)  # a batch costs half; the least is that half of it may wait
REALISED: Final = (0.5, 1.0, 1.0)  # of the gain of another cache lifetime
WORTH_NANOS: Final = 100_000_000  # below ten cents a month a lever is no lever


@dataclass(frozen=True, slots=True)
class Range:
    """Nano-dollars a month."""

    low: int
    mid: int
    high: int

    @property
    def words(self) -> str:
        """From low to high."""
        return f"{format.dollars(self.low)} to {format.dollars(self.high)}"


@dataclass(frozen=True, slots=True)
class Lever:
    """One way to spend less. `saves` is None where it saves nothing worth the trouble; `evidence` says why."""

    name: str
    title: str
    saves: Range | None
    evidence: str
    how: str
    caveat: str


@dataclass(frozen=True, slots=True)
class Judged:
    """All levers, the largest first, and their joint effect. `reason` says why nothing is claimed; then both are empty.

    `plan_share` is the part of the spend that the plan paid: there a lever saves limits and not dollars.
    """

    levers: tuple[Lever, ...]
    together: Range | None
    spent_per_month: int | None
    plan_share: float | None
    reason: str = ""


class Drain(Protocol):
    """What is needed to know of a flagged drain."""

    @property
    def app(self) -> str: ...
    @property
    def started_at(self) -> datetime: ...
    @property
    def last_seen_at(self) -> datetime: ...
    @property
    def spent_before_flag_nanos(self) -> int: ...
    @property
    def spent_nanos(self) -> int: ...
    @property
    def severity(self) -> str: ...


def queries(own_pools: list[dict[str, str | None]]) -> dict[str, dict[str, object]]:
    """The queries to ask, with their parameters; `own_pools` says who pays for which app."""
    pairs = cheaper_models()
    simple = {"simple_output": SIMPLE_OUTPUT, "simple_prompt": SIMPLE_PROMPT, "long_output": LONG_OUTPUT}
    return {
        "savings": {"dear": list(pairs), "cheaper": list(pairs.values()), "own_pools": own_pools, **simple},
        "conversations_calls": {"limit": COSTLIEST},
    }


def cheaper_models() -> dict[str, str]:
    """For every model the newest of the next cheaper family: Fable, Mythos and Opus to Sonnet, Sonnet to Haiku."""
    newest = {str(models.family(model)): model for model in models.known()}
    below = {"fable": "sonnet", "mythos": "sonnet", "opus": "sonnet", "sonnet": "haiku"}
    return {model: newest[below[family]] for model in models.known() if (family := str(models.family(model))) in below}


def judge(
    now: Mapping[str, pd.DataFrame],
    span: timedelta,
    *,
    drains: Sequence[Drain] | None = (),
    enough_days: float = ENOUGH_DAYS,
    enough_conversations: int = ENOUGH_CONVERSATIONS,
) -> Judged:
    """Judge the rows of `queries` over a span; `drains` are the flags of unattended spend in it, None where they cannot be judged."""
    rows, days = now["savings"], span / timedelta(days=1)
    conversations = int(rows["conversation_id"].notna().sum())
    if days < enough_days:
        return Judged((), None, None, None, f"{format.span(span.total_seconds())} of usage are too little: two weeks are needed.")
    if conversations < enough_conversations:
        few = format.plural(conversations, "conversation")
        return Judged((), None, None, None, f"{few} are too few to judge: {enough_conversations} are needed.")
    month = MONTH / span
    saved = _by_unit(rows, now["conversations_calls"])
    # What stopping at the flag would have saved: of what should stop, of all drains, and had none of them run at all
    drained = [drain for drain in drains or () if drain.severity != "watch"]
    after = [max(drain.spent_nanos - drain.spent_before_flag_nanos, 0) for drain in drained]
    stop = sum(nanos for drain, nanos in zip(drained, after, strict=True) if drain.severity == "stop")
    lost = np.array([stop, sum(after), max(sum(after), sum(drain.spent_nanos for drain in drained))], dtype="float64")
    inside = np.zeros(len(rows), dtype=bool)
    for drain in drains or ():
        inside |= (
            (rows["app"] == drain.app) & (rows["first_at"] <= drain.last_seen_at) & (rows["last_at"] >= drain.started_at)
        ).to_numpy()
    levers = [
        *(_lever(name, rows, saved[name], month) for name in saved),
        _stop_drains(drains, lost, month),
    ]
    spent, plan = float(rows["cost_nanos"].sum()), float(rows["plan_nanos"].sum())
    found = sorted(levers, key=lambda lever: -(lever.saves.mid if lever.saves else 0))
    # In every conversation the best lever alone; of what a drain spent, only the drain itself
    best = np.max(np.stack(list(saved.values())), axis=0) * (~inside)[:, None]
    once = _range(best, month) or Range(0, 0, 0)
    low, mid, high = (round(nanos * month) for nanos in lost)
    whole = Range(once.low + low, once.mid + mid, once.high + high)
    return Judged(
        tuple(found), whole if whole.mid >= WORTH_NANOS else None, round(spent * month), plan / spent if spent else None
    )


def _by_unit(rows: pd.DataFrame, calls: pd.DataFrame) -> dict[str, np.ndarray]:
    """For each lever, what it saves in every row: an array of (row, low/mid/high) nano-dollars, never below zero."""
    cost = rows["cost_nanos"].to_numpy(dtype="float64")
    moved = rows["moved_nanos"].to_numpy(dtype="float64")
    simple = rows["simple"].to_numpy(dtype=bool)
    cheaper = np.stack([np.where(simple, cost - growth * moved, 0) for growth in GROWTH], axis=1)
    own = dict(iter(calls.groupby("conversation_id", sort=False)))
    fresh = np.zeros((len(rows), 3))
    for place, key in enumerate(rows["conversation_id"]):
        if key in own:
            starts = fresh_starts.fresh_starts(own[key], CARRIED_TOKENS)
            fresh[place] = [start.saves_nanos if start else 0 for start in starts]
    best = np.zeros(len(rows))
    for column in ("hour_nanos", "minutes_nanos"):
        gains = rows[column].to_numpy(dtype="float64")
        whole = rows.groupby("app")[column].transform("sum").to_numpy(dtype="float64")
        best = np.maximum(best, np.where(whole > 0, gains, 0))
    found = {
        "cheaper_model": cheaper,
        "fresh_starts": fresh,
        "long_outputs": np.outer(rows["long_nanos"], AVOIDED),
        "cache_lifetime": np.outer(best, REALISED),
        "batch": np.outer(rows["batch_nanos"], BATCHED),
    }
    return {name: np.clip(saves, 0, cost[:, None]) for name, saves in found.items()}


def _lever(name: str, rows: pd.DataFrame, saved: np.ndarray, month: float) -> Lever:
    title, how, caveat = WORDS[name]
    saves = _range(saved, month)
    touched = saved[:, 1] > 0
    cost = float(rows.loc[touched, "cost_nanos"].sum())
    if saves is None:
        return Lever(name, title, None, NOT_YOU[name], how, caveat)
    return Lever(name, title, saves, _evidence(name, rows[touched], cost), how, caveat)


def _range(saved: np.ndarray, month: float) -> Range | None:
    """The sum over rows with the chance of redrawing them; None where it is not worth the trouble."""
    total = saved.sum(axis=0)
    spread = NORMAL_P90 * np.sqrt(np.maximum((saved**2).sum(axis=0) - total**2 / max(len(saved), 1), 0))
    if total[1] * month < WORTH_NANOS:
        return None
    low, mid, high = max(total[0] - spread[0], 0), total[1], total[2] + spread[2]
    return Range(round(min(low, mid) * month), round(mid * month), round(max(mid, high) * month))


def _stop_drains(drains: Sequence[Drain] | None, lost: np.ndarray, month: float) -> Lever:
    title, how, caveat = WORDS["stop_drains"]
    if drains is None:
        return Lever("stop_drains", title, None, NOT_JUDGED, how, caveat)
    if lost[1] * month < WORTH_NANOS:
        return Lever("stop_drains", title, None, NOT_YOU["stop_drains"], how, caveat)
    worst = sum(drain.severity != "watch" for drain in drains)
    evidence = f"{format.plural(worst, 'run')} spent {format.dollars(lost[1])} after the moment at which it could be known."
    return Lever("stop_drains", title, Range(*(round(nanos * month) for nanos in lost)), evidence, how, caveat)


def _evidence(name: str, touched: pd.DataFrame, cost: float) -> str:
    units = format.plural(int(touched["conversation_id"].notna().sum()), "conversation")
    if name == "cheaper_model":
        loose = int(touched.loc[touched["conversation_id"].isna(), "calls"].sum())
        more = f" and {format.plural(loose, 'single call')}" if loose else ""
        return (
            f"{units}{more} asked little throughout (under {format.count(SIMPLE_PROMPT)} tokens sent, "
            f"under {format.count(SIMPLE_OUTPUT)} answered) and cost {format.dollars(cost)}."
        )
    if name == "fresh_starts":
        return f"In {units} that cost {format.dollars(cost)}, a new conversation half-way would have been cheaper."
    if name == "long_outputs":
        outputs = int(touched["long_outputs"].sum())
        long = f"{format.plural(outputs, 'output')} of {format.count(LONG_OUTPUT)} tokens or more"
        return f"{long} went beyond nine in ten of the same model's."
    if name == "cache_lifetime":
        apps = format.listed(sorted({format.name(app) for app in touched["app"].unique()}))
        return f"{units} of {apps} would have paid less for their cache: they paused for 5 to 60 minutes, or hardly ever."
    return f"{format.dollars(cost)} went to scheduled calls on an API key that stand alone and were not sent as a batch."
