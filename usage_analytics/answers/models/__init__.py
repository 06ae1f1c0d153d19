"""Which model spends it: per model the spend, share, tokens and price of its work, and what has no price."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import pandas as pd

from usage_analytics import format
from usage_analytics.answers import Headline, Kpi, timeline
from usage_analytics.answers.timeline import Timeline
from usage_analytics.filters import Filters
from usage_analytics.periods import Period
from usage_analytics.pricing import models

Frames = Mapping[str, pd.DataFrame]

QUERIES: Final[dict[str, dict[str, object]]] = {"models": {}, "spend_by_time": {}}
TOKENS: Final = ("input_tokens", "cache_read_tokens", "cache_write_5m_tokens", "cache_write_1h_tokens", "output_tokens")
FEW_CALLS: Final = 20  # below this a cost per call says nothing about a model
NAMED_BARS: Final = 7
_OWN_RATE: Final = "give it a rate of your own (usage-analytics prices --set FILE)"


@dataclass(frozen=True, slots=True)
class Bar:
    """One model's spend; `rest` stands for all that are not among the dearest."""

    model: str | None
    label: str
    nanos: int
    share: float
    rest: bool = False


@dataclass(frozen=True, slots=True)
class Models:
    """What the page says and draws. `rows` are those of `table`, `total` what its total row has beside sums."""

    answer: Headline
    kpis: tuple[Kpi, ...]
    bars: tuple[Bar, ...]
    rows: pd.DataFrame
    total: dict[str, object]
    unpriced: pd.DataFrame
    compared: pd.DataFrame


def judge(now: Frames, before: Frames | None, period: Period, filters: Filters, moment: datetime) -> Models:
    """Judge the rows of `QUERIES` for the period, and for the one before where it is known."""
    by_time, was = now["spend_by_time"], before["models"] if before else None
    bars = timeline.timeline(by_time, period, filters, moment)
    rows = table(now["models"], was, by_time, bars)
    return Models(
        _answer(rows, period),
        _kpis(now["models"], was, rows, bars, by_time),
        _bars(rows),
        rows,
        _total(rows),
        _unpriced(rows),
        _compared(rows),
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
    then = _before(before)
    was = pd.Series([then.get(_key(model), float("nan")) for model in rows["model"]], index=rows.index, dtype="float64")
    rows["change"] = rows["cost_nanos"] / was.where(was > 0) - 1
    rows["share_before"] = was.fillna(0) / (sum(then.values()) or float("nan"))
    rows["trend"] = _trends(rows, bars, by_time)
    return rows


def _total(rows: pd.DataFrame) -> dict[str, object]:
    """What the total row of `table` has beside its sums."""
    figures = _figures(rows)
    return {"per_call": figures.per_call, "per_million": figures.per_million}


def _compared(rows: pd.DataFrame) -> pd.DataFrame:
    """Models of which a source stated a cost that we can also compute: reported_nanos, computed_nanos, difference, off."""
    both = rows[rows["reported_cost_nanos"].notna() & rows["computed_cost_nanos"].notna()]
    found = both[["model", "reported_cost_nanos", "computed_cost_nanos"]].copy()
    found["difference_nanos"] = found["computed_cost_nanos"] - found["reported_cost_nanos"]
    found["off"] = found["difference_nanos"] / found["reported_cost_nanos"].where(found["reported_cost_nanos"] > 0)
    return found.reset_index(drop=True)


def _unpriced(rows: pd.DataFrame) -> pd.DataFrame:
    """Models with calls that have no price, most calls first, and what the person can do about it."""
    found = rows.loc[rows["unpriced_calls"] > 0, ["model", "unpriced_calls", "tokens"]].sort_values(
        "unpriced_calls", ascending=False
    )
    return found.assign(what_to_do=[_what_to_do(model) for model in found["model"]]).reset_index(drop=True)


def _answer(rows: pd.DataFrame, period: Period) -> Headline:
    priced = rows[rows["cost_nanos"] > 0]
    if priced.empty:
        return Headline(f"No model used in {period.name} has a known price.", "What to do about it is below.", enough=False)
    top, total = priced.iloc[0], priced["cost_nanos"].sum()
    label, spent = _label(top["model"]), f"{format.dollars(top['cost_nanos'])} of {format.dollars(total)}"
    if len(priced) == 1:
        return Headline(f"{label} spent all of it: {format.dollars(total)} in {period.name}.")
    moved = top["share"] - top["share_before"]
    against = "" if pd.isna(moved) else f", {_moved(moved)} {period.matched}"
    return Headline(f"{label} spends {format.percent(top['share'])} of it: {spent} in {period.name}{against}.", _dearer(priced))


def _moved(difference: float) -> str:
    said = format.points(difference)
    return "the same share as in" if said == "unchanged" else f"{said} on"


def _dearer(priced: pd.DataFrame, *, few: int = FEW_CALLS) -> str:
    """How the dearest model's call compares with that of the model which is called most beside it."""
    top = priced.iloc[0]
    others = priced.iloc[1:]
    others = others[others["calls"] >= few].sort_values("calls", ascending=False)
    if top["calls"] < few or others.empty or pd.isna(top["per_call"]):
        return ""
    other = others.iloc[0]
    times = top["per_call"] / other["per_call"] if other["per_call"] > 0 else float("nan")
    names = _label(top["model"]), _label(other["model"])
    each = f"{format.dollars(top['per_call'])} against {format.dollars(other['per_call'])}"
    if times >= 1.2:
        return f"One of its calls costs {times:,.1f} times one of {names[1]}'s: {each}."
    return f"It is not dearer by the call than {names[1]} ({each}): it is called more." if times == times else ""


def _kpis(
    now: pd.DataFrame, before: pd.DataFrame | None, rows: pd.DataFrame, bars: Timeline, by_time: pd.DataFrame
) -> tuple[Kpi, ...]:
    """The dearest model's share, a call's cost, a million tokens' cost, and how much of what is sent comes from the cache."""
    figures, then = _figures(now), _figures(before) if before is not None else None
    cost, calls, tokens, prompt, read = (
        bars.along(by_time, column) for column in ("cost_nanos", "priced_calls", "tokens", "prompt_tokens", "cache_read_tokens")
    )
    return (
        _top_share(rows, bars),
        Kpi(
            "Per call",
            format.dollars(figures.per_call),
            format.change(figures.per_call, then.per_call) if then else None,
            _ratios(cost, calls, 1e-9),
            "bad",
        ),
        Kpi(
            "Per million tokens",
            format.dollars(figures.per_million),
            format.change(figures.per_million, then.per_million) if then else None,
            _ratios(cost, tokens, 1e-3),
            "bad",
            help="Spend divided by all tokens: sent, read from the cache, written to it, and answered.",
        ),
        Kpi(
            "Read from the cache",
            format.percent(figures.cached),
            trend=_ratios(read, prompt),
            delta=_points(figures.cached, then.cached if then else None),
            help="Of all tokens sent. What is read from the cache costs a small part of what is sent anew.",
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


def _top_share(rows: pd.DataFrame, bars: Timeline) -> Kpi:
    priced = rows[rows["cost_nanos"] > 0]
    if priced.empty:
        return Kpi("Dearest model", format.UNKNOWN)
    top = priced.iloc[0]
    was = None if pd.isna(top["share_before"]) else float(top["share_before"])
    trend = _ratios(tuple(nanos * 1e9 for nanos in top["trend"]), tuple(map(float, bars.totals)))
    return Kpi(f"Share of {_label(top['model'])}", format.percent(top["share"]), trend=trend, delta=_points(top["share"], was))


def _points(now: float | None, before: float | None) -> str | None:
    return None if now is None or before is None else format.signed_points(now - before)


def _ratios(above: tuple[float, ...], below: tuple[float, ...], scale: float = 1) -> tuple[float, ...]:
    """The ratio in every bar that has one."""
    return tuple(one * scale / other for one, other in zip(above, below, strict=True) if other)


def _bars(rows: pd.DataFrame, *, named: int = NAMED_BARS) -> tuple[Bar, ...]:
    priced = rows[rows["cost_nanos"] > 0]
    bars = [
        Bar(_key(row.model) or None, _label(row.model), int(row.cost_nanos), float(row.share))
        for row in priced.head(named).itertuples()
    ]
    if len(rest := priced.iloc[named:]):
        bars.append(Bar(None, f"{len(rest)} others", int(rest["cost_nanos"].sum()), float(rest["share"].sum()), rest=True))
    return tuple(bars)


def _before(before: pd.DataFrame | None) -> dict[str, float]:
    if before is None:
        return {}
    return {
        _key(model): float(nanos) for model, nanos in zip(before["model"], before["cost_nanos"], strict=True) if nanos == nanos
    }


def _trends(rows: pd.DataFrame, bars: Timeline, by_time: pd.DataFrame) -> list[list[float]]:
    keys = by_time["model"].astype(object).fillna("")
    return [[nanos / 1e9 for nanos in bars.along(by_time[keys == _key(model)], "cost_nanos")] for model in rows["model"]]


def _what_to_do(model: object) -> str:
    if not _key(model):
        return "The source names no model; import one that states the model or the cost."
    if models.family(_key(model)):
        return f"Update the program for its list price, or {_OWN_RATE}."
    return f"{_OWN_RATE.capitalize()}, or import what its vendor billed."


def _key(model: object) -> str:
    return model if isinstance(model, str) else ""


def _label(model: object) -> str:
    return format.name(models.display_name(_key(model)) if _key(model) else None)
