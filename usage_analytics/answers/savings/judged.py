"""What would be saved by working differently: each saving a range, its evidence and its caveat, and what all of them come to together.

A saving is the difference between two bills of the same calls: as they were, and as they would have been (see `replay`). Its low and high
end hold the assumption and the chance in which conversations there were. Together, all of them are replayed at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol

import numpy as np

from usage_analytics import format
from usage_analytics.answers.savings.calls import HOUR, MINUTES_5, PICOS_PER_NANO, READ, WRITE_5M, Calls, Floats
from usage_analytics.answers.savings.loading import Loaded
from usage_analytics.answers.savings.ranges import HIGH, LOW, MID, Range, bounds, drawn, monthly, sway_of
from usage_analytics.answers.savings.replay import SIMPLE_OUTPUT, SIMPLE_PROMPT, Ways, bill_of, concerned, simple
from usage_analytics.answers.savings.words import NOT_JUDGED, NOT_YOU, WORDS

ENOUGH_DAYS: Final = 14
ENOUGH_CONVERSATIONS: Final = 20
MONTH: Final = timedelta(days=365.25 / 12)
WORTH_NANOS: Final = 100_000_000  # below ten cents a month a saving is none
BEHIND: Final = 5  # conversations that are shown for each saving
SUMMARY: Final = 1_500.0  # tokens that are written to sum up what is carried over

# Low, middle and high of what each saving assumes
# Tokens that a new conversation needs to be told of the old one, and the part of its first prompt that it finds in the cache: anything
# from 0 to 20,000 and from none to all. The range is a tenth to nine tenths of both at once, as whether they go together isn't known.
CARRIED: Final = (18_000.0, 10_000.0, 2_000.0)
WARM: Final = (0.1, 0.5, 0.9)
GROWTH: Final = (1.3, 1.0, 0.8)  # turns and lengths on the lighter model, beside its tokenizer
# Which part of simple work the lighter model would have done: a log shows that work was short, not that it was easy, and a correction may
# come later. Half, for want of knowledge: routers that read the prompts halve the cost without loss (arXiv 2406.18665).
MOVED: Final = (0.25, 0.5, 1.0)
AVOIDED: Final = (0.5, 0.75, 1.0)  # which part of what an answer had beyond the usual need not have been written
REALIZED: Final = (0.5, 1.0, 1.0)  # of the gain of another cache lifetime
BATCHED: Final = (0.5, 1.0, 1.0)  # of the calls that may wait


@dataclass(frozen=True, slots=True)
class Behind:
    """A conversation (its key in the store) that a saving comes from, and what it would have saved there, in nano-dollars."""

    key: int
    saves: int


@dataclass(frozen=True, slots=True)
class Saving:
    """One way to spend less. `saves` is None where it saves nothing worth the trouble; `evidence` says why."""

    name: str
    title: str
    saves: Range | None
    evidence: str
    how: str
    caveat: str
    behind: tuple[Behind, ...] = ()


@dataclass(frozen=True, slots=True)
class Judged:
    """All savings, the largest first, and their joint effect. `reason` says why nothing is claimed; then both are empty.

    `plan_share` is the part of the spend that the plan paid: there a saving is one of allowance and not of dollars.
    """

    savings: tuple[Saving, ...]
    together: Range | None
    spent_per_month: int | None
    plan_share: float | None
    reason: str = ""


class Drain(Protocol):
    """What we need to know about a flagged drain: moments are naive UTC, amounts nano-dollars."""

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


def ways(name: str, case: int = MID) -> Ways:
    """What a saving changes, in the low, middle or high case."""
    return {
        "cheaper_model": Ways(growth=GROWTH[case]),
        "fresh_starts": Ways(carried=CARRIED[case], summary=SUMMARY, warm=WARM[case]),
        "long_outputs": Ways(avoided=AVOIDED[case]),
        "cache_lifetime": Ways(bridged=HOUR),
        "batch": Ways(batched=BATCHED[case]),
    }[name]


ALL: Final = Ways(
    avoided=AVOIDED[MID],
    carried=CARRIED[MID],
    summary=SUMMARY,
    warm=WARM[MID],
    bridged=HOUR,
    growth=GROWTH[MID],
    moved=MOVED[MID],
    batched=BATCHED[MID],
)
# Where the case only scales what is saved, one replay serves all three
SCALED: Final = {"long_outputs": AVOIDED, "cache_lifetime": REALIZED, "batch": BATCHED}


def too_little(loaded: Loaded, span: timedelta) -> str:
    """Return why there is too little to judge, or an empty string if there is enough."""
    conversations = int(loaded.talks.sum())
    if span < timedelta(days=ENOUGH_DAYS):
        return f"We need two weeks of usage; you have {format.span(span.total_seconds())}."
    if conversations < ENOUGH_CONVERSATIONS:
        return f"We need {ENOUGH_CONVERSATIONS} conversations; you have {format.count(conversations)}."
    return ""


def judge(loaded: Loaded, span: timedelta, *, drains: Sequence[Drain] | None = (), spent: float | None = None) -> Judged:
    """Judge the calls of a span; `drains` are the flags of unattended spend in it, None where they cannot be judged.

    `spent` is what there was to spend on in all, in nano-dollars, where the calls are not all of it.
    """
    if reason := too_little(loaded, span):
        return Judged((), None, None, None, reason)
    calls, month = loaded.calls, MONTH / span
    bill = calls.bill
    parts = drained(loaded, drains or (), bill)
    own = loaded.by_unit(bill)

    def saved(calls: Calls, way: Ways) -> Floats:
        return loaded.by_unit(calls.bill - bill_of(calls, way), calls)

    each: dict[str, Floats] = {}
    for name in ("cheaper_model", "fresh_starts", "long_outputs", "cache_lifetime", "batch"):
        part = concerned(calls, ways(name))
        if name in SCALED:
            each[name] = np.outer(np.array(SCALED[name]) / SCALED[name][MID], saved(part, ways(name)))
        else:
            scale = MOVED if name == "cheaper_model" else (1.0, 1.0, 1.0)
            each[name] = np.stack([scale[case] * saved(part, ways(name, case)) for case in (LOW, MID, HIGH)])
    each["stop_drains"] = np.stack([loaded.by_unit(bill * part) for part in parts])
    left = replace(calls, factor=calls.factor * (1 - parts[MID]))
    joint = own - loaded.by_unit(bill_of(left, ALL))
    month_spent = float(own.sum()) if spent is None else max(spent, float(own.sum()))
    sway = sway_of(calls.seconds, bill, own)
    single = {name: (by_unit.sum(axis=1), drawn(by_unit, sway)) for name, by_unit in each.items()}
    found = []
    for name, by_unit in each.items():
        saves = monthly(bounds(*single[name]), month, month_spent)
        worth = saves.mid >= WORTH_NANOS
        evidence = _evidence(name, loaded, own, by_unit[MID], drains or ()) if worth else NOT_YOU[name]
        evidence += _pushed(loaded) if name == "cache_lifetime" else ""
        found.append(_saving(name, loaded, by_unit[MID], saves if worth else None, evidence))
    if drains is None:
        found = [replace(one, evidence=NOT_JUDGED) if one.name == "stop_drains" else one for one in found]
    return Judged(
        tuple(sorted(found, key=lambda one: -(one.saves.mid if one.saves else 0))),
        together(single, (float(joint.sum()), drawn(joint[None], sway)[0]), month, month_spent),
        round(month_spent * month),
        float(bill[calls.plan].sum()) / month_spent if month_spent else None,
    )


def together(single: dict[str, tuple[Floats, Floats]], joint: tuple[float, Floats], month: float, spent: float) -> Range | None:
    """Return what all savings come to together: replayed at once for the middle, and scaled by their sum for the low and high end.

    `single` and `joint` hold what is saved in the data, and when conversations are resampled. The result is at most the sum of the
    savings and at least the largest: if all of them together saved less, the person would take only that one.
    """
    totals = np.stack([total for total, _ in single.values()])
    draws = np.stack([drawn for _, drawn in single.values()])
    whole, redrawn = joint
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.nan_to_num(totals.sum(axis=0) / totals[:, MID].sum(), nan=1.0, posinf=1.0)
    total = np.clip(whole * share, totals.max(axis=0), np.maximum(totals, 0).sum(axis=0))
    drawn_too = np.clip(redrawn * share[:, None], draws.max(axis=0), np.maximum(draws, 0).sum(axis=0))
    found = monthly(bounds(total, drawn_too), month, spent)
    return found if found.mid >= WORTH_NANOS else None


def drained(loaded: Loaded, drains: Sequence[Drain], bill: Floats) -> Floats:
    """Return which part of each call would have been saved by stopping drains, as an array of (case, call).

    Low stops only what was flagged as “stop”, middle stops at every flag, and high assumes that no drain ever ran. A flag belongs to an
    app and a time, so its spend is spread over all that the app spent then.
    """
    parts = np.zeros((3, len(bill)))
    for drain in drains:
        if drain.severity == "watch" or drain.app not in loaded.apps:
            continue
        began, ended = (one.replace(tzinfo=UTC).timestamp() for one in (drain.started_at, drain.last_seen_at))
        seconds = loaded.calls.seconds
        inside = (loaded.calls.app == loaded.apps.index(drain.app)) & (seconds >= began) & (seconds <= ended)
        cost = float(bill[inside].sum())
        after = max(drain.spent_nanos - drain.spent_before_flag_nanos, 0)
        for case, nanos in enumerate((after if drain.severity == "stop" else 0, after, max(after, drain.spent_nanos))):
            parts[case, inside] = np.maximum(parts[case, inside], min(nanos / cost, 1) if cost else 0)
    return parts


def _saving(name: str, loaded: Loaded, saved: Floats, saves: Range | None, evidence: str) -> Saving:
    """What a saving comes to, with the conversations in which it saves most; `saved` is by unit."""
    title, how, caveat = WORDS[name]
    if saves is None:
        return Saving(name, title, None, evidence, how, caveat)
    talks = np.flatnonzero((saved > 0) & loaded.talks)
    most = talks[np.argsort(-saved[talks], kind="stable")[:BEHIND]]
    behind = tuple(Behind(int(loaded.units[unit]), round(float(saved[unit]))) for unit in most)
    return Saving(name, title, saves, evidence, how, caveat, behind)


def _pushed(loaded: Loaded) -> str:
    """What credits paid to write caches again that the plan would have kept for an hour."""
    calls = loaded.calls
    paused = loaded.credits & (calls.gap > MINUTES_5) & (calls.gap <= HOUR)
    again = np.where(paused, np.minimum(calls.tokens[WRITE_5M], np.maximum(calls.cached - calls.tokens[READ], 0)), 0)
    if not again.any():
        return ""
    rebuilt = float((again * (calls.price(WRITE_5M) - calls.price(READ)) * calls.factor).sum()) / PICOS_PER_NANO
    return f" On credits, coming back after 5 to 60 minutes cost {format.dollars(rebuilt)}, because the cache had expired."


def _evidence(name: str, loaded: Loaded, own: Floats, saved: Floats, drains: Sequence[Drain]) -> str:
    touched = saved > 0
    units, cost = format.plural(int((touched & loaded.talks).sum()), "conversation"), format.dollars(float(own[touched].sum()))
    calls = loaded.calls
    if name == "cheaper_model":
        return (
            f"We found {format.plural(int(simple(calls).sum()), 'simple call')} in {units}: no tool use, "
            f"under {format.count(SIMPLE_OUTPUT)} tokens out, under {format.count(SIMPLE_PROMPT)} in, no other prompt within a minute."
        )
    if name == "fresh_starts":
        return f"{units} that cost {cost} ran past the point where a fresh start costs less than sending the history again."
    if name == "long_outputs":
        long = int((calls.tokens[-1] > calls.usual).sum())
        return f"{format.plural(long, 'answer')} in {units} ran longer than nine in ten answers by the same model."
    if name == "cache_lifetime":
        apps = sorted({format.name(loaded.shown[app]) for app in np.unique(calls.app[touched[calls.unit]])})
        return f"{units} in {format.listed(apps)} would have cost less with another cache lifetime."
    if name == "stop_drains":
        worst = sum(drain.severity != "watch" for drain in drains)
        return f"{format.plural(worst, 'drain')} kept spending after the flag."
    return f"{cost} went to single scheduled calls on an API key that weren't sent as a batch."
