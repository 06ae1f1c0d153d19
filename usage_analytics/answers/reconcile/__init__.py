"""What was billed beside what was computed, by day and model: the difference, its likely cause, and which number to trust."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

import numpy as np
import pandas as pd

from usage_analytics import format
from usage_analytics.answers import Headline, Kpi
from usage_analytics.answers.reconcile import causes
from usage_analytics.answers.reconcile.causes import SENTENCES, Cause, Line
from usage_analytics.importers import NAMES, importer
from usage_analytics.question import Question

NOTHING: Final = "No bill covers the calls in your logs yet, so there's nothing to reconcile."
HOW: Final = "Import a Console cost or usage export, or sync with an Admin API key, to compare it with your calls."
MORE: Final = "Import the Console's token export or your transcripts to see what it was for."
REASONS: Final = {
    "said": "you said so",
    "agree": "their daily amounts agree",
    "named": "the key's name or ID matches",
    "contained": "their amounts fit within its bill",
}


@dataclass(frozen=True, slots=True, eq=False)
class Reconciled:
    """The answer. Amounts are nano-dollars, None where unknown; days are UTC, as on the vendor's bills.

    `rows` has a row per day and model: billed, computed, difference, cause and `why`. `ranges` has a row per source and range of dates that
    states a total. `assumptions` say which calls we took for the traffic of which key.
    """

    headline: Headline
    figures: tuple[Kpi, ...]
    trust: str
    rows: pd.DataFrame
    ranges: pd.DataFrame
    assumptions: tuple[str, ...]
    billed_nanos: int | None
    computed_nanos: int | None
    not_itemized_nanos: int
    shift_hours: int | None


def answer(question: Question) -> Reconciled:
    """Reconcile the reports that the question's date range has, whole days of UTC."""
    return question.kept("reconcile", lambda: _judged(question))


def _judged(question: Question) -> Reconciled:
    found = question.read("reconcile")
    lines = [_line(row) for row in found.to_dict("records")]
    hours = question.read("reconcile_hours")
    by_hour = {pd.Timestamp(at).to_pydatetime(): int(nanos) for at, nanos in zip(hours["hour"], hours["nanos"], strict=True)}
    itemized: Counter[Any] = Counter()
    for line in lines:
        itemized[line.day] += (line.itemized_nanos or 0) if line.bill == "anthropic" else 0
    shift = causes.zone_shift({day: nanos for day, nanos in itemized.items() if nanos}, by_hour)
    lines += _uncovered(lines, by_hour)
    discounted = causes.discounts(lines)
    judged = [
        (line, causes.cause(line, shift=shift, discounted=discounted))
        for line in sorted(lines, key=lambda line: (line.day, line.model or "", line.bill))
    ]
    billed, computed = _sum(line.stated_nanos for line in lines), _sum(line.computed_nanos for line in lines)
    rest = int(found["not_itemized_nanos"].sum())
    links = question.read("reconcile_links").to_dict("records") if question.names is None else []
    assumptions = tuple(
        f"We count {calls_named(one['items'])} toward the bill of {key_named(one['key'])} because {REASONS[one['reason']]}."
        f"{'' if one['confirmed'] else ' This is an assumption.'}"
        for one in links
    )
    return Reconciled(
        headline(judged, billed),
        _figures(billed, computed, rest, judged) if billed is not None else (),
        trusted(lines, billed),
        pd.DataFrame([_row(line, cause) for line, cause in judged], columns=ROW),
        _ranges(question),
        assumptions,
        billed,
        computed,
        rest,
        shift,
    )


ROW: Final = ["day", "model", "bill", "billed_nanos", "computed_nanos", "call_nanos", "difference_nanos", "cause", "why"]


def _line(row: dict[Any, Any]) -> Line:
    known = {name: None if pd.isna(row[name]) else int(row[name]) for name in ("billed_nanos", "usage_nanos", "call_nanos")}
    more = {name: None if pd.isna(row[name]) else int(row[name]) for name in ("call_estimated_nanos", "itemized_nanos")}
    model = row["model"] if isinstance(row["model"], str) else None
    return Line(
        pd.Timestamp(row["day"]).date(),
        model,
        **known,
        **more,
        billed_rows=int(np.nan_to_num(row["billed_rows"])),
        bill=row["bill"],
    )


def _uncovered(lines: list[Line], by_hour: dict[datetime, int]) -> list[Line]:
    """Days with calls after the first report's first day that no report covers."""
    if not lines or not any(line.call_nanos for line in lines):
        return []
    covered, sums = {line.day for line in lines}, Counter[Any]()
    for hour, nanos in by_hour.items():
        sums[hour.date()] += nanos
    return [
        Line(day, None, None, None, nanos, nanos, None)
        for day, nanos in sums.items()
        if day not in covered and day > min(covered)
    ]


def _row(line: Line, cause: Cause) -> dict[str, object]:
    gap = causes.gap_cause(line) if cause == "agrees" else None
    return asdict(line) | {
        "billed_nanos": line.stated_nanos,
        "computed_nanos": line.computed_nanos,
        "difference_nanos": line.difference_nanos,
        "cause": cause,
        "why": f"{SENTENCES[cause]} Calls explain a part: {SENTENCES[gap]}" if gap else SENTENCES[cause],
    }


def _sum(values: Any) -> int | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def headline(judged: list[tuple[Line, Cause]], billed: int | None) -> Headline:
    """The whole difference, and what most of it comes from."""
    if billed is None:
        return Headline(NOTHING, HOW, enough=False)
    compared = [(line, cause) for line, cause in judged if line.difference_nanos is not None]
    if not compared:
        return Headline(f"{format.dollars(billed)} billed, with nothing to compare it to yet.", MORE)
    weights: Counter[Cause] = Counter()
    for line, cause in compared:
        weights[cause] += abs(line.difference_nanos or 0)
    off, stated = (
        sum(of) for of in zip(*((one.difference_nanos or 0, one.stated_nanos or 0) for one, _ in compared), strict=True)
    )
    apart = f"{format.dollars(abs(off))} {'more' if off > 0 else 'less'} billed" if off else "no difference"
    lead = f"{format.dollars(stated)} billed, {format.dollars(stated - off)} computed: {apart}."
    main = max(weights, key=lambda one: (weights[one], one))
    why = SENTENCES[main] if main == "unknown" else f"Most of the difference: {SENTENCES[main]}"
    return Headline(lead, why if weights[main] else "")


def _figures(billed: int | None, computed: int | None, rest: int, judged: list[tuple[Line, Cause]]) -> tuple[Kpi, ...]:
    missing = sum(cause == "missing" for _, cause in judged)
    return (
        Kpi("Billed", format.dollars(billed), help="From cost reports; where there is none, from usage reports at list prices."),
        Kpi("Computed", format.dollars(computed), help="The tokens of usage reports or calls, at list prices."),
        Kpi(
            "Not itemized",
            format.dollars(rest),
            help="The part of the bill that no call explains. It counts in your spend as one amount per day.",
        ),
        *((Kpi("Days without a report", format.count(missing)),) if missing else ()),
    )


def trusted(lines: list[Line], billed: int | None) -> str:
    """Which number to trust, in one sentence."""
    if billed is None:
        return "Trust the computed cost: it's your calls at list prices, and there is no bill to compare."
    stated = {line.day for line in lines if line.billed_nanos is not None}
    used = {line.day for line in lines if line.billed_nanos is None and line.usage_nanos is not None}
    if not stated:
        return (
            "Trust the billed cost: it's the vendor's own token counts at list prices. A cost export would also show discounts."
        )
    more = f", and from list prices on {format.plural(len(used - stated), 'day')} without one" if used - stated else ""
    return f"Trust the billed cost: it comes from the vendor's cost report{more}. Your calls show what it was for."


def _ranges(question: Question) -> pd.DataFrame:
    found = question.read("reconcile_ranges")
    labels = [importer(name).label if name in NAMES else str(name).replace("_", " ") for name in found["source"]]
    return found.assign(
        label=[label[:1].upper() + label[1:] for label in labels], difference_nanos=found["stated_nanos"] - found["counted_nanos"]
    )


def calls_named(items: str) -> str:
    """A group of calls in words."""
    client, _, account = items.partition(" ")
    whose = account.removesuffix(" plan")
    plan = " (paid by the plan)" if items.endswith(" plan") else ""
    if client != "claude_code":
        return f"the calls of {key_named(f'{client} {whose}')}{plan}"
    return f"Claude Code's calls{f' of {format.name(whose)}' if whose.strip('-') else ''}{plan}"


def key_named(key: str) -> str:
    """A key of a bill in words: each word once, and without the places that are empty."""
    words = {word.casefold(): word for word in key.split() if word != "-"}
    return format.name(" ".join(words.values()))
