"""Which model spends it: per model the spend, share, tokens and price of its work, and what has no price."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import pandas as pd

from usage_analytics import format
from usage_analytics.answers import Headline, Kpi, timeline
from usage_analytics.answers.timeline import Timeline
from usage_analytics.filters import Filters
from usage_analytics.periods import Period
from usage_analytics.pricing import models
from usage_analytics.question import Question

Frames = Mapping[str, pd.DataFrame]

QUERIES: Final[dict[str, dict[str, object]]] = {"models": {}, "spend_by_time": {}}
TOKENS: Final = ("input_tokens", "cache_read_tokens", "cache_write_5m_tokens", "cache_write_1h_tokens", "output_tokens")
FEW_CALLS: Final = 20  # below this a cost per call says nothing about a model
NAMED_BARS: Final = 7
_OWN_RATE: Final = "set your own price"


@dataclass(frozen=True, slots=True)
class Bar:
    """One model's spend; `rest` stands for all but the most expensive."""

    model: str | None
    label: str
    nanos: int
    share: float
    rest: bool = False


@dataclass(frozen=True, slots=True)
class Models:
    """What the page says and draws. `rows` are those of `table`, `total` what its total row has beside sums."""

    headline: Headline
    figures: tuple[Kpi, ...]
    bars: tuple[Bar, ...]
    rows: pd.DataFrame = field(compare=False)
    total: Mapping[str, object] = field(compare=False)
    unpriced: pd.DataFrame = field(compare=False)
    compared: pd.DataFrame = field(compare=False)


def answer(question: Question) -> Models:
    """Which model spends it in the date range, against the range before."""

    def judged() -> Models:
        now, before = question.load(QUERIES), question.load_before(QUERIES)
        return judge(now, before, question.period, question.filters, question.as_of)

    return question.kept("models", judged)


def judge(now: Frames, before: Frames | None, period: Period, filters: Filters, moment: datetime) -> Models:
    """Judge the rows of `QUERIES` for the period, and for the one before where it is known."""
    by_time, was = now["spend_by_time"], before["models"] if before else None
    bars = timeline.timeline(by_time, period, filters, moment)
    rows, whole = table(now["models"], was, by_time, bars), _figures(now["models"])
    without = rows.loc[rows["unpriced_calls"] > 0, ["model", "unpriced_calls", "tokens"]]
    without = without.sort_values("unpriced_calls", ascending=False).reset_index(drop=True)
    return Models(
        headline(rows, period),
        figures(now["models"], was, rows, bars, by_time),
        largest(rows),
        rows,
        {"per_call": whole.per_call, "per_million": whole.per_million},
        without.assign(what_to_do=[what_to_do(model) for model in without["model"]]),
        compared(rows),
    )


def table(now: pd.DataFrame, before: pd.DataFrame | None, by_time: pd.DataFrame, bars: Timeline) -> pd.DataFrame:
    """One row per model with its ratios, each a ratio of sums; unknown where there is no price or nothing to divide by.

    Columns beside those of the query: tokens, cache_write_tokens, share, per_call, per_million, change, share_before, trend.
    """
    rows = now.copy()
    rows["tokens"] = rows[list(TOKENS)].sum(axis=1, min_count=1)
    rows["cache_write_tokens"] = rows[["cache_write_5m_tokens", "cache_write_1h_tokens"]].sum(axis=1, min_count=1)
    rows["share"] = rows["cost_nanos"] / (rows["cost_nanos"].sum() or float("nan"))
    priced = rows["calls"] - rows["unpriced_calls"]
    rows["per_call"] = rows["cost_nanos"] / priced.where(priced > 0)
    rows["per_million"] = (rows["cost_nanos"] * 1e6 / rows["tokens"].where(rows["tokens"] > 0)).where(rows["unpriced_calls"] == 0)
    then = (
        {}
        if before is None
        else {
            _key(model): float(nanos)
            for model, nanos in zip(before["model"], before["cost_nanos"], strict=True)
            if nanos == nanos
        }
    )
    was = pd.Series([then.get(_key(model), float("nan")) for model in rows["model"]], index=rows.index, dtype="float64")
    rows["change"] = rows["cost_nanos"] / was.where(was > 0) - 1
    rows["share_before"] = was.fillna(0) / (sum(then.values()) or float("nan"))
    keys = by_time["model"].astype(object).fillna("")
    rows["trend"] = [[nanos / 1e9 for nanos in bars.along(by_time[keys == _key(model)], "cost_nanos")] for model in rows["model"]]
    return rows


def compared(rows: pd.DataFrame) -> pd.DataFrame:
    """Models of which a source stated a cost that we can also compute: reported_nanos, computed_nanos, difference, off."""
    both = rows[rows["reported_cost_nanos"].notna() & rows["computed_cost_nanos"].notna()]
    found = both[["model", "reported_cost_nanos", "computed_cost_nanos"]].copy()
    found["difference_nanos"] = found["computed_cost_nanos"] - found["reported_cost_nanos"]
    found["off"] = found["difference_nanos"] / found["reported_cost_nanos"].where(found["reported_cost_nanos"] > 0)
    return found.reset_index(drop=True)


def headline(rows: pd.DataFrame, period: Period) -> Headline:
    """Which model spends most, whether that has moved, and how its calls compare with another's."""
    priced = rows[rows["cost_nanos"] > 0]
    if priced.empty:
        return Headline(f"All usage in {period.name} is unpriced.", "Set the missing prices below.", enough=False)
    top, total = priced.iloc[0], priced["cost_nanos"].sum()
    label = _label(top["model"])
    if len(priced) == 1:
        return Headline(f"{label} cost {format.dollars(total)} in {period.name}, all of the spend.")
    points = format.points(top["share"] - top["share_before"]) if pd.notna(top["share_before"]) else ""
    against = f", {format.points_from(points, period.matched)}" if points else ""
    spent = f"{format.dollars(top['cost_nanos'])} in {period.name}, {format.percent(top['share'])} of {format.dollars(total)}"
    return Headline(f"{label} cost {spent}{against}.", cost_of_a_call(priced))


def cost_of_a_call(priced: pd.DataFrame, *, few: int = FEW_CALLS) -> str:
    """How a call of the most expensive model compares with one of the other model called most."""
    top = priced.iloc[0]
    others = priced.iloc[1:]
    others = others[others["calls"] >= few].sort_values("calls", ascending=False)
    if top["calls"] < few or others.empty or pd.isna(top["per_call"]):
        return ""
    other = others.iloc[0]
    times = top["per_call"] / other["per_call"] if other["per_call"] > 0 else float("nan")
    names = _label(top["model"]), _label(other["model"])
    each = f"{format.dollars(top['per_call'])} vs. {format.dollars(other['per_call'])}"
    if times >= 1.2:
        return f"A call costs {format.decimal(times)} times as much as one to {names[1]}: {each}."
    return f"A call costs no more than one to {names[1]} ({each}); you make more calls." if times == times else ""


def figures(
    now: pd.DataFrame, before: pd.DataFrame | None, rows: pd.DataFrame, bars: Timeline, by_time: pd.DataFrame
) -> tuple[Kpi, ...]:
    """The most expensive model's share, cost per call, cost per million tokens, and share of prompt tokens from the cache."""
    known, then = _figures(now), _figures(before) if before is not None else None
    cost, calls, tokens, prompt, read = (
        bars.along(by_time, column) for column in ("cost_nanos", "priced_calls", "tokens", "prompt_tokens", "cache_read_tokens")
    )
    return (
        share_of_the_first(rows, bars),
        Kpi(
            "Per call",
            format.dollars(known.per_call),
            format.change(known.per_call, then.per_call) if then else None,
            _ratios(cost, calls, 1e-9),
            "bad",
        ),
        Kpi(
            "Per million tokens",
            format.dollars(known.per_million),
            format.change(known.per_million, then.per_million) if then else None,
            _ratios(cost, tokens, 1e-3),
            "bad",
            help="Spend divided by tokens of any kind: input, cache reads and writes, output.",
        ),
        Kpi(
            "Cache reads",
            format.percent(known.cached),
            trend=_ratios(read, prompt),
            delta=_points(known.cached, then.cached if then else None),
            help="Share of prompt tokens read from the cache, at a fraction of the input price.",
        ),
    )


@dataclass(frozen=True, slots=True)
class _Figures:
    per_call: float | None
    per_million: float | None
    cached: float | None


def _figures(rows: pd.DataFrame) -> _Figures:
    priced = rows[rows["cost_nanos"].notna()]
    cost = float(priced["cost_nanos"].sum())
    calls = float((priced["calls"] - priced["unpriced_calls"]).sum())
    tokens = float(priced[list(TOKENS)].sum().sum())
    sent = float(rows[list(TOKENS[:-1])].sum().sum())
    return _Figures(
        cost / calls if calls else None,
        cost * 1e6 / tokens if tokens else None,
        float(rows["cache_read_tokens"].sum()) / sent if sent else None,
    )


def share_of_the_first(rows: pd.DataFrame, bars: Timeline) -> Kpi:
    """The share of the model that spends most."""
    priced = rows[rows["cost_nanos"] > 0]
    if priced.empty:
        return Kpi("Most expensive model", format.UNKNOWN)
    top = priced.iloc[0]
    was = None if pd.isna(top["share_before"]) else float(top["share_before"])
    trend = _ratios(tuple(nanos * 1e9 for nanos in top["trend"]), tuple(map(float, bars.totals)))
    return Kpi(f"Share of {_label(top['model'])}", format.percent(top["share"]), trend=trend, delta=_points(top["share"], was))


def _points(now: float | None, before: float | None) -> str | None:
    return None if now is None or before is None else format.signed_points(now - before)


def _ratios(above: tuple[float, ...], below: tuple[float, ...], scale: float = 1) -> tuple[float, ...]:
    """The ratio in every bar that has one."""
    return tuple(one * scale / other for one, other in zip(above, below, strict=True) if other)


def largest(rows: pd.DataFrame, *, named: int = NAMED_BARS) -> tuple[Bar, ...]:
    """A bar for each of the models that spend most, and one for all others."""
    priced = rows[rows["cost_nanos"] > 0]
    bars = [
        Bar(_key(row.model) or None, _label(row.model), int(row.cost_nanos), float(row.share))
        for row in priced.head(named).itertuples()
    ]
    if len(rest := priced.iloc[named:]):
        bars.append(Bar(None, f"{len(rest)} others", int(rest["cost_nanos"].sum()), float(rest["share"].sum()), rest=True))
    return tuple(bars)


def what_to_do(model: object) -> str:
    """How calls of a model get a price."""
    if not _key(model):
        return "The source doesn't name the model. Import an export that names the model or the cost."
    if "inference-profile/" in _key(model):
        return "Say which model it stands for, below or with usage-analytics prices --same-as NAME MODEL."
    if models.family(_key(model)):
        return f"Update usage-analytics for its list price, or {_OWN_RATE}."
    return f"{_OWN_RATE.capitalize()}, or import its vendor's bill."


def _key(model: object) -> str:
    return model if isinstance(model, str) else ""


def _label(model: object) -> str:
    return format.name(models.display_name(_key(model)) if _key(model) else None)
