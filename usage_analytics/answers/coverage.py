"""How far the figures of a page can be trusted: what is partial, estimated or without a price."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

import pandas as pd

from usage_analytics import format
from usage_analytics.periods import Period
from usage_analytics.pricing import models
from usage_analytics.question import Question

CLOCKS_DIFFER: Final = timedelta(days=1)  # a call may be this far ahead of the clock that asks


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a method note says, and the counts behind it."""

    sentences: tuple[str, ...]
    calls: int
    unpriced_calls: int
    unpriced_models: tuple[str, ...]
    estimated_calls: int
    guessed_calls: int
    basis: str  # where the figures are from and how sure they are, in a sentence or two
    guess: str  # one line that labels figures in which tokens are estimated; empty where all of them were counted


def answer(question: Question) -> Coverage:
    """How the answers to a question were counted."""

    def judged() -> Coverage:
        last_at = question.last_at or question.as_of
        zone, now = question.filters.zone, question.as_of
        found = coverage(question.read("models"), question.period, zone, min(last_at, now))
        if last_at - now > CLOCKS_DIFFER:
            ahead = (
                f"Some calls are dated in the future, up to {format.moment(last_at, zone)}: check the clock of what logged them."
            )
            found = replace(found, sentences=(found.sentences[0], ahead, *found.sentences[1:]))
        if question.read_before("models") is None:
            return found
        return replace(found, sentences=(*found.sentences, f"Changes compare with {question.period.matched}."))

    return question.kept("coverage", judged)


def coverage(by_model: pd.DataFrame, period: Period, zone: str, last_at: datetime) -> Coverage:
    """Judge the rows of `models` (one a model)."""
    without = by_model[by_model["unpriced_calls"] > 0]
    unpriced, estimated = int(without["unpriced_calls"].sum()), int(by_model["estimated_calls"].sum())
    names = tuple(sorted(models.display_name(model) if isinstance(model, str) else format.NONE for model in without["model"]))
    through = f"Data through {format.moment(last_at, zone)} (days in {zone})"
    when = f"{through}; the last day is still in progress." if period.running else f"{through}."
    sentences = [when, "Costs are as billed where the source reports them; otherwise, they're computed at list prices."]
    if unpriced:
        sentences.append(
            f"{format.plural(unpriced, 'call')} to {format.listed(names)} {'is' if unpriced == 1 else 'are'} unpriced: counted, "
            "but not in the costs."
        )
    if estimated:
        more = by_model["estimated_cost_nanos"].sum() - by_model["cost_nanos"].sum()
        sentences.append(
            f"The log cuts off {format.plural(estimated, 'output')}. Costs count only what was logged; "
            f"judging by text length, {format.dollars(int(more))} is missing."
        )
    guessed, guess = int(by_model["guessed_calls"].sum()), ""
    if guessed:
        nanos, low, high = (int(by_model[name].sum()) for name in ("guessed_nanos", "guessed_low_nanos", "guessed_high_nanos"))
        guess = f"Estimated: {format.dollars(nanos)} of this, likely {format.between(low, high)}."
        sentences.append(format.estimate(guessed, nanos, low, high))
    calls = int(by_model["calls"].sum())
    return Coverage(
        tuple(sentences), calls, unpriced, names, estimated, guessed, basis(calls, unpriced, estimated, guessed), guess
    )


def basis(calls: int, unpriced: int, estimated: int, guessed: int) -> str:
    """Which part of the calls is exact, and which is estimated or without a price."""
    if not calls:
        return ""
    exact = calls - unpriced - estimated - guessed
    parts = {"cut off in the log": estimated, "with estimated tokens": guessed, "unpriced": unpriced}
    less = [f"{format.percent(count / calls)} {what}" for what, count in parts.items() if count]
    return f"Based on {format.plural(calls, 'call')}: {format.percent(max(exact, 0) / calls)} exact{', ' if less else ''}{', '.join(less)}."
