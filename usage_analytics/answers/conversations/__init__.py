"""What long conversations cost: a call against its position, history sent again, lengths, and long outputs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import pandas as pd

from usage_analytics import format
from usage_analytics.answers import Headline, Kpi, fresh_starts
from usage_analytics.answers.conversations.evidence import Evidence, evidence
from usage_analytics.answers.conversations.positions import Curve, Position, as_rows, curve
from usage_analytics.periods import Period
from usage_analytics.question import Question

__all__ = ["Conversations", "Curve", "Evidence", "Position", "answer", "evidence"]

Frames = Mapping[str, pd.DataFrame]

CLAIMED_AT: Final = 60  # the message of which the article speaks
CLAIMED_TIMES: Final = 10  # and how many times the first it may cost
ENOUGH_REACH: Final = 5  # conversations below which the claim is not tested
COSTLIEST: Final = 20
LONG: Final = ("61-120", "121+")
NOTE: Final = "Conversations are counted by UTC day. A conversation's length is its number of calls in the period."
CURVE_NOTE: Final = (
    "Each bar compares calls at that position with the first calls of the same apps and models. Subagent calls are left out."
)

# The queries of the page, with their parameters; what stands before it is needed of some only.
QUERIES: Final[dict[str, dict[str, object]]] = {
    "conversations_by_message_position": {},
    "conversations_by_length": {"long_from": CLAIMED_AT},
    "conversations_by_time": {},
    "conversations_long_outputs": {},
    "conversations_costliest": {"limit": COSTLIEST},
    "conversations_calls": {"limit": COSTLIEST},
    "prices": {},
}
BEFORE: Final = {query: QUERIES[query] for query in ("conversations_by_length", "conversations_long_outputs")}


@dataclass(frozen=True, slots=True)
class Conversations:
    """The answer. `positions` are the rows behind `curve`; `length_total` is what the total row of `lengths` has beside its sums."""

    headline: Headline
    figures: tuple[Kpi, ...]
    curve: Curve
    positions: pd.DataFrame = field(compare=False)
    lengths: pd.DataFrame = field(compare=False)
    length_total: Mapping[str, object] = field(compare=False)
    long_outputs: pd.DataFrame = field(compare=False)
    costliest: pd.DataFrame = field(compare=False)


def answer(question: Question) -> Conversations:
    """What long conversations cost in the date range, against the range before."""
    return question.kept("conversations", lambda: judge(question.load(QUERIES), question.load_before(BEFORE), question.period))


def judge(now: Frames, before: Frames | None, period: Period) -> Conversations:
    """Judge the rows of `QUERIES` for the period, and of `BEFORE` for the one before where it is known."""
    found, lengths = curve(now["conversations_by_message_position"]), now["conversations_by_length"]
    return Conversations(
        headline(found, lengths, period),
        figures(now, before, found),
        found,
        as_rows(found),
        by_length(lengths),
        length_total(lengths),
        long_outputs(now["conversations_long_outputs"]),
        fresh_starts.table(now["conversations_costliest"], now["conversations_calls"], now["prices"]),
    )


def headline(found: Curve, lengths: pd.DataFrame, period: Period, *, enough: int = ENOUGH_REACH) -> Headline:
    """The article's claim, tested: what a call at message 60 costs against the first, like with like."""
    conversations, reaching = int(lengths["conversations"].sum()), int(lengths["reaching"].sum())
    position = found.at(CLAIMED_AT)
    if not conversations or not (found.positions or found.too_few):
        return Headline(
            f"We don't know the conversation of any priced usage in {period.name}.",
            "Claude Code transcripts name conversations; Console exports don't.",
            enough=False,
        )
    if reaching < enough or position is None or position.times is None:
        return Headline(
            f"Too few conversations reach message {CLAIMED_AT} to estimate its cost: {reaching} of {format.count(conversations)}.",
            furthest(found, enough),
            enough=False,
        )
    reached = f"{format.count(reaching)} of your {format.count(conversations)} conversations reached message {CLAIMED_AT}."
    claim = f"People often say that it costs up to {CLAIMED_TIMES} times as much. {reached}"
    return Headline(f"{comparison(position)}.", f"{claim} {causes(found, position, lengths)}".rstrip())


def by_length(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of `conversations_by_length` with `label`, `share` of all spend, `per_call` and the share that re-sends history."""
    table = rows.copy()
    total = table["cost_nanos"].sum()
    table["label"] = [
        f"{band.replace('-', '–')} calls" if isinstance(band, str) else "Unknown conversation" for band in table["band"]
    ]
    table["share"] = table["cost_nanos"] / total if total else None
    priced = table["calls"] - table["unpriced_calls"]
    table["per_call"] = table["cost_nanos"] / priced.where(priced > 0)
    table["resend_share"] = table["resend_nanos"] / table["told_nanos"].where(table["told_nanos"] > 0)
    table["conversations"] = table["conversations"].where(table["band"].notna())
    return table


def length_total(rows: pd.DataFrame) -> dict[str, object]:
    """What the total row of `by_length` has beside its sums."""
    priced = (rows["calls"] - rows["unpriced_calls"]).sum()
    return {"per_call": rows["cost_nanos"].sum() / priced if priced else None, "resend_share": resend_share(rows)}


def long_outputs(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of `conversations_long_outputs` with `share` of what long outputs cost, and `per_output`."""
    table = rows.copy()
    total = table["long_output_nanos"].sum()
    table["share"] = table["long_output_nanos"] / total if total else None
    table["per_output"] = table["long_output_nanos"] / table["long_outputs"]
    return table


def resend_share(lengths: pd.DataFrame) -> float | None:
    """Which part of what conversations cost paid for history that had been sent before."""
    own = lengths[lengths["band"].notna()]
    told = own["told_nanos"].sum()
    return float(own["resend_nanos"].sum() / told) if told else None


def comparison(position: Position) -> str:
    """What a call at a position costs against the first, in words."""
    assert position.times is not None
    assert position.first_nanos is not None
    each = f"{format.dollars(position.times * position.first_nanos)} vs. {format.dollars(position.first_nanos)}"
    subject = f"At message {CLAIMED_AT}, a call costs"
    if abs(position.times - 1) < 0.1:
        return f"{subject} about as much as the first in its conversation: {each}"
    if position.times < 1:
        return f"{subject} {format.percent(1 - position.times)} less than the first in its conversation: {each}"
    return f"{subject} {format.decimal(position.times)} times as much as the first in its conversation: {each}"


def causes(found: Curve, position: Position, lengths: pd.DataFrame) -> str:
    """The cost against the cheapest position if the first call is the expensive one; else where the money of long conversations goes."""
    said, low = [], found.cheapest_before(position)
    if low is not None and low.times and position.times and low.times <= 0.7 and position.times >= low.times * 1.05:
        times = f"{format.decimal(position.times / low.times)} times as much as at message {low.name}, the cheapest"
        said.append(f"The first call is expensive because it fills the cache: a call at message {CLAIMED_AT} costs {times}.")
    share = _long_share(lengths)
    if position.times is not None and position.times < 1 and share:
        said.append(f"Long conversations still add up: those over 60 calls make up {format.percent(share)} of the spend.")
    return " ".join(said)


def furthest(found: Curve, enough: int) -> str:
    """What a call costs at the furthest position that enough conversations reach."""
    known = [
        position
        for position in found.positions
        if position.times is not None and position.first > 1 and position.conversations >= enough
    ]
    if not known or known[-1].times is None:
        return ""
    said = f"{format.decimal(known[-1].times)} times what the first costs"
    return f"At message {known[-1].name}, the furthest that enough conversations reach, a call costs {said}."


def figures(now: Frames, before: Frames | None, found: Curve) -> tuple[Kpi, ...]:
    """A call at message 60, history sent again, conversations over 60 calls, and long outputs."""
    lengths, outputs = now["conversations_by_length"], now["conversations_long_outputs"]
    then = before["conversations_by_length"] if before else None
    return (
        times_figure(found, lengths),
        resend_figure(lengths, then, now["conversations_by_time"]),
        long_figure(lengths, then),
        outputs_figure(outputs, before["conversations_long_outputs"] if before else None, now["conversations_by_time"]),
    )


def times_figure(found: Curve, lengths: pd.DataFrame) -> Kpi:
    """What a call at message 60 costs against the first."""
    position, reaching = found.at(CLAIMED_AT), int(lengths["reaching"].sum())
    known = position.times if position is not None and reaching >= ENOUGH_REACH else None
    return Kpi(
        f"At message {CLAIMED_AT}",
        format.UNKNOWN if known is None else f"{format.decimal(known)}×",
        help=f"Cost of a call at message {CLAIMED_AT}, divided by that of the first calls of the same apps and models. "
        f"{format.plural(reaching, 'conversation')} got that far.",
    )


def resend_figure(lengths: pd.DataFrame, then: pd.DataFrame | None, by_time: pd.DataFrame) -> Kpi:
    """The part of what conversations cost that paid for history."""
    share, was = resend_share(lengths), resend_share(then) if then is not None else None
    told = by_time["told_nanos"].astype("float64")
    return Kpi(
        "Re-sent history",
        format.percent(share),
        trend=tuple((by_time["resend_nanos"].astype("float64") / told.where(told > 0)).fillna(0)),
        delta=format.signed_points(share - was) if share is not None and was is not None else None,
        more_is="bad",
        help="Share of conversation cost that paid for re-sent history. "
        "For each call: tokens sent or answered earlier in its conversation, "
        "at the price this call paid for them, mostly cache reads.",
    )


def long_figure(lengths: pd.DataFrame, then: pd.DataFrame | None) -> Kpi:
    """The share of spend in conversations of more than 60 calls."""
    share, was = _long_share(lengths), _long_share(then) if then is not None else None
    count = int(lengths.loc[lengths["band"].isin(LONG), "conversations"].sum())
    return Kpi(
        "Over 60 calls",
        format.percent(share),
        delta=format.signed_points(share - was) if share is not None and was is not None else None,
        help=f"The share of spend in conversations of more than 60 calls, with those of subagents: {format.plural(count, 'conversation')} "
        f"of {format.count(lengths['conversations'].sum())}.",
    )


def _long_share(lengths: pd.DataFrame) -> float | None:
    total = lengths["cost_nanos"].sum()
    return float(lengths.loc[lengths["band"].isin(LONG), "cost_nanos"].sum() / total) if total else None


def outputs_figure(outputs: pd.DataFrame, then: pd.DataFrame | None, by_time: pd.DataFrame) -> Kpi:
    """What calls with long outputs cost."""
    cost, count = outputs["long_output_nanos"].sum(), int(outputs["long_outputs"].sum())
    return Kpi(
        "Long outputs",
        format.dollars(cost),
        format.change(cost, then["long_output_nanos"].sum()) if then is not None else None,
        tuple(by_time["long_output_nanos"].astype("float64").fillna(0) / 1e9),
        "bad",
        help=f"Cost of the {format.plural(count, 'call')} with 4,000 output tokens or more, prompts included.",
    )
