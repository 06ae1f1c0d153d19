"""Which connected app spends it: spend, trend, first and last seen, by app, project, account or run type; and what is new."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Literal

import pandas as pd

from usage_analytics import format
from usage_analytics.answers import Headline, Kpi, timeline
from usage_analytics.answers.timeline import Timeline
from usage_analytics.filters import Filters
from usage_analytics.periods import Period
from usage_analytics.question import Question

Frames = Mapping[str, pd.DataFrame]
By = Literal["app", "project", "account", "run"]

# What is named in a sentence: one, several, and what to do where the data names none.
WORDS: Final[dict[By, tuple[str, str, str]]] = {
    "app": ("app", "apps", ""),
    "project": (
        "project",
        "projects",
        "Claude Code transcripts name the project; usage events can too, in the column “project”.",
    ),
    "account": (
        "account",
        "accounts",
        "Console exports name the API key; usage events can name an account in the column “account”.",
    ),
    "run": (
        "run type",
        "run types",
        "Claude Code transcripts say how a run started; usage events can too, in the column “run”.",
    ),
}
RUNS: Final = {
    "interactive": "Interactive",
    "subagent": "Subagents",
    "headless": "Headless",
    "scheduled": "Scheduled",
    "ci": "CI",
}
SPLITS: Final[dict[str, By]] = {"App": "app", "Project": "project", "Account": "account", "Run type": "run"}
NOTE: Final = (
    "New means first seen in this period, if your data goes back at least a week before it. "
    "Headless, scheduled and CI runs count as unattended. A subagent belongs to the run that started it, which isn't always known."
)
NAMELESS_FROM: Final = 0.05  # of the spend, from which it is said that nothing is named for it
NEARLY_ALL: Final = 0.95  # of the spend, from which a share of the known part is said as a share of all
KNOWN_BEFORE: Final = timedelta(days=7)  # of data before the period, below which nothing can be called new


@dataclass(frozen=True, slots=True)
class Apps:
    """The answer. `coloured` are the values in the order of their colours; `over_time` are the rows behind `bars`."""

    headline: Headline
    figures: tuple[Kpi, ...]
    bars: Timeline
    coloured: tuple[str, ...]
    unattended: float | None
    rows: pd.DataFrame = field(compare=False)
    over_time: pd.DataFrame = field(compare=False)


def answer(question: Question, by: By = "app") -> Apps:
    """Which app, project, account or run type spends it in the date range, against the range before."""

    def judged() -> Apps:
        return judge(
            by,
            question.load(queries(by)),
            question.read_before("apps", by=by),
            period=question.period,
            filters=question.filters,
            moment=question.as_of,
            data_from=question.first_at or question.as_of,
        )

    return question.kept(f"apps by {by}", judged)


def queries(by: By) -> dict[str, dict[str, object]]:
    """The queries of the page, with their parameters."""
    return {"apps": {"by": by}, "apps_by_time": {"by": by}, "apps_seen": {"by": by}}


def judge(
    by: By, now: Frames, before: pd.DataFrame | None, *, period: Period, filters: Filters, moment: datetime, data_from: datetime
) -> Apps:
    """Judge the rows of `queries` at `moment`; `before` are rows of `apps` for the period before, `data_from` is where all data begins."""
    bars = timeline.timeline(now["apps_by_time"], period, filters, moment, by="value")
    new_from = filters.start if filters.start and filters.start - data_from >= KNOWN_BEFORE else None
    rows = table(by, now, before, bars, new_from)
    values = tuple(now["apps_seen"]["value"].dropna()) if by != "run" else tuple(RUNS)
    beside = figures(by, rows, before, bars, now["apps_by_time"])
    return Apps(headline(by, rows, period), beside, bars, values, _unattended(rows), rows, now["apps_by_time"])


def table(by: By, now: Frames, before: pd.DataFrame | None, bars: Timeline, new_from: datetime | None) -> pd.DataFrame:
    """One row per value, highest first.

    Columns beside those of `apps`: label, share, change, trend, first_at, last_at, unattended (a share; None where no run is known),
    is_new and news ("new" or None).
    """
    rows = now["apps"].merge(now["apps_seen"], on="value", how="left")
    then = dict(zip(before["value"].fillna(""), before["cost_nanos"], strict=True)) if before is not None else {}
    was = pd.Series([then.get(_key(value), float("nan")) for value in rows["value"]], index=rows.index, dtype="float64")
    rows["label"] = [label(by, value) for value in rows["value"]]
    rows["share"] = rows["cost_nanos"] / (rows["cost_nanos"].sum() or float("nan"))
    rows["before_nanos"] = was
    rows["change"] = rows["cost_nanos"] / was.where(was > 0) - 1
    by_time, values = now["apps_by_time"], now["apps_by_time"]["value"].fillna("")
    rows["trend"] = [
        [nanos / 1e9 for nanos in bars.along(by_time[values == _key(value)], "cost_nanos")] for value in rows["value"]
    ]
    rows["unattended"] = rows["unattended_nanos"].astype("float64").fillna(0) / rows["known_run_nanos"].where(
        rows["known_run_nanos"] > 0
    )
    rows["is_new"] = (rows["first_at"] >= new_from) if new_from else False
    rows["news"] = ["new" if new else None for new in rows["is_new"]]
    return rows


def label(by: By, value: object) -> str:
    """A value as people know it."""
    return RUNS.get(_key(value), format.name(_key(value))) if by == "run" else format.name(_key(value))


def headline(by: By, rows: pd.DataFrame, period: Period) -> Headline:
    """Who spends most, whether that has moved, what is new, and what ran by itself."""
    one, _, where = WORDS[by]
    priced = rows[rows["cost_nanos"] > 0]
    if priced.empty:
        return Headline(f"All usage in {period.name} is unpriced, so we can't rank by {one}.", "", enough=False)
    if priced["value"].isna().all():
        return Headline(f"We don't know the {one} of any priced usage in {period.name}.", where, enough=False)
    top, total = _first_named(priced), priced["cost_nanos"].sum()
    who = f"{top['label']} runs" if by == "run" and not top["label"].endswith("s") else top["label"]
    said = f"{format.dollars(top['cost_nanos'])} in {period.name}, {format.percent(top['share'])} of {format.dollars(total)}"
    if top["share"] == 1:
        return Headline(f"{who} cost {format.dollars(total)} in {period.name}, all of the spend.", _detail(rows, one))
    known = rows["before_nanos"].sum()
    moved = top["share"] - top["before_nanos"] / known if known else float("nan")
    points = "" if pd.isna(moved) else format.points(moved)
    against = f", {format.points_from(points, period.matched)}" if points else ""
    return Headline(f"{who} cost {said}{against}.", _detail(rows, one))


def _first_named(priced: pd.DataFrame) -> pd.Series:
    """The most expensive group that has a name."""
    named = priced[priced["value"].notna()]
    return (named if len(named) else priced).iloc[0]


def _detail(rows: pd.DataFrame, one: str) -> str:
    parts = []
    if (nameless := rows.loc[rows["value"].isna(), "share"].sum()) >= NAMELESS_FROM:
        parts.append(f"{format.percent(nameless)} of the spend has no {one}.")
    if len(new := rows[rows["is_new"]]):
        names = format.listed(list(new["label"]), most=2)
        spent = format.dollars(new["cost_nanos"].sum(min_count=1))
        seen = "is new" if len(new) == 1 else "are new"
        parts.append(f"{names} {seen}: {spent}.")
    if alone := _unattended(rows):
        known = rows["known_run_nanos"].sum()
        nearly_all = known >= NEARLY_ALL * rows["cost_nanos"].sum()
        known_part = f"We know how {format.dollars(known)} of it ran: {format.percent(alone)} of that"
        parts.append(f"{f'{format.percent(alone)} of the spend' if nearly_all else known_part} was unattended.")
    return " ".join(parts)


def figures(by: By, rows: pd.DataFrame, before: pd.DataFrame | None, bars: Timeline, by_time: pd.DataFrame) -> tuple[Kpi, ...]:
    """Who spends most, how many are in use, what is new, and what ran by itself."""
    _, several, _ = WORDS[by]
    named, new = rows[rows["value"].notna()], rows[rows["is_new"]]
    was = None if before is None else int(before["value"].notna().sum())
    in_use = Kpi(
        f"{several.capitalize()} in use",
        format.count(len(named)),
        trend=bars.along(by_time[by_time["value"].notna()].assign(one=1), "one"),
        delta=None if was is None else f"{len(named) - was:+d}" if len(named) != was else "0%",
        help=f"Number of {several} with calls in this period.",
    )
    names, spent = ", ".join(new["label"].head(5)), format.dollars(new["cost_nanos"].sum())
    said = f"First seen in this period: {names}. Cost: {spent}." if len(new) else "None first seen in this period."
    first_seen = Kpi(f"New {several}", format.count(len(new)), help=said)
    alone = share_unattended(rows, before, bars, by_time)
    return (share_of_the_first(rows, bars, by_time), in_use, *(() if by == "run" else (first_seen,)), alone)


def share_of_the_first(rows: pd.DataFrame, bars: Timeline, by_time: pd.DataFrame) -> Kpi:
    """The share of the one that spends most."""
    priced = rows[rows["cost_nanos"] > 0]
    if priced.empty:
        return Kpi("Most expensive", format.UNKNOWN)
    top, total = _first_named(priced), bars.along(by_time, "cost_nanos")
    own = bars.along(by_time[by_time["value"].fillna("") == _key(top["value"])], "cost_nanos")
    before = rows["before_nanos"].sum()
    moved = top["share"] - top["before_nanos"] / before if before else float("nan")
    return Kpi(
        format.name(top["label"], 24),
        format.percent(top["share"]),
        trend=_ratios(own, total),
        delta=None if pd.isna(moved) else format.signed_points(moved),
        help=f"Share of spend that {top['label']} accounts for.",
    )


def share_unattended(rows: pd.DataFrame, before: pd.DataFrame | None, bars: Timeline, by_time: pd.DataFrame) -> Kpi:
    """What ran with no one at the keyboard, of the spend whose run type is known."""
    alone, told = bars.along(by_time, "unattended_nanos"), bars.along(by_time, "known_run_nanos")
    share = _unattended(rows)
    was = _unattended(before) if before is not None else None
    known, total = rows["known_run_nanos"].sum(), rows["cost_nanos"].sum()
    of_known = f" of {format.dollars(known)}" if share is not None and known < NEARLY_ALL * total else ""
    return Kpi(
        "Unattended",
        f"{format.percent(share)}{of_known}",
        trend=_ratios(alone, told),
        delta=format.signed_points(share - was) if share is not None and was is not None else None,
        more_is="bad",
        help=f"Share of spend by headless, scheduled and CI runs. We know how {format.percent(known / (total or float('nan')))} "
        "of the spend ran.",
    )


def _unattended(rows: pd.DataFrame) -> float | None:
    known = rows["known_run_nanos"].sum()
    return float(rows["unattended_nanos"].sum() / known) if known else None


def _ratios(parts: tuple[float, ...], wholes: tuple[float, ...]) -> tuple[float, ...]:
    return tuple(part / whole if whole else 0 for part, whole in zip(parts, wholes, strict=True))


def _key(value: object) -> str:
    return value if isinstance(value, str) else ""
