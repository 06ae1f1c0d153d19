"""The sections about where the money went: over time, by model, by length of conversation, by app."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from usage_analytics import format
from usage_analytics.answers import Headline, apps, changes, conversations, models, overview
from usage_analytics.answers.blocks import limits
from usage_analytics.answers.timeline import Timeline
from usage_analytics.pricing.models import display_name
from usage_analytics.reports.asked import Source
from usage_analytics.reports.cells import TOP, figures, table
from usage_analytics.reports.report import Bar, Bars, Column, Layer, Section, Stack, Table


def headline(source: Source) -> str:
    """The one sentence on top: what was spent, against the span before."""
    before = source.before("spend_by_part")
    said = overview.answer(source.rows("spend_by_part"), before, source.period)
    amount, _, rest = said.lead.removeprefix("You spent ").partition(" in ")
    return f"{amount} was spent in {rest}" if said.enough else said.lead


def over_time(source: Source) -> Section:
    """What was spent, what drove it, and how it went over time."""
    asked = source.asked
    found = overview.judge(
        source.load(overview.QUERIES), source.load_before(overview.QUERIES), source.period, asked.filters, asked.now
    )
    stops = limits.as_rows(found.stops)
    table = Table(
        "stops",
        "When work was stopped at a limit",
        (Column("at", "When", "moment"), Column("what", "What was empty"), Column("tries", "Tries", "count")),
        tuple((row.at.to_pydatetime(), row.what, int(row.tries)) for row in stops.head(TOP).itertuples()),
    )
    lead = found.answer.detail if found.answer.enough and found.answer.detail else headline(source)
    return Section(
        "spend",
        "Where did the money go?",
        lead,
        (),
        figures(found.kpis, {"Spend": (found.spent_nanos, "dollars")}, source),
        (_stack(found.bars, source, found.answer),) if any(found.bars.totals) else (),
        (table,) if table.rows else (),
        enough=found.answer.enough,
    )


def by_model(source: Source) -> Section:
    """Which model spent it."""
    asked = source.asked
    found = models.judge(source.load(models.QUERIES), source.load_before(models.QUERIES), source.period, asked.filters, asked.now)
    columns = {
        "model": Column("model", "Model"),
        "cost_nanos": Column("cost_usd", "Spend", "dollars"),
        "share": Column("share", "Share", "share"),
        "change": Column("change", "Change", "change"),
        "calls": Column("calls", "Calls", "count"),
        "per_call": Column("usd_per_call", "Per call", "dollars"),
        "per_million": Column("usd_per_million_tokens", "Per million tokens", "dollars"),
    }
    rows = found.rows.assign(model=[model_label(one if isinstance(one, str) else None) for one in found.rows["model"]])
    bars = tuple(
        Bar(
            bar.label,
            bar.nanos,
            f"{format.dollars(bar.nanos)} · {format.percent(bar.share)}",
            0 if bar.rest else source.hue(bar.model),
        )
        for bar in found.bars
    )
    return Section(
        "models",
        "Which model spends it?",
        found.answer.lead,
        _sentences(found.answer),
        figures(found.kpis, {}, source),
        (Bars("models", "Spend by model", found.answer.lead, bars),) if bars else (),
        (table("models", "Models by spend", rows, columns, found.total),),
        enough=found.answer.enough,
    )


def by_conversation(source: Source) -> Section:
    """What long conversations cost."""
    found = conversations.judge(source.load(conversations.QUERIES), source.load_before(conversations.BEFORE), source.period)
    lengths = {
        "label": Column("length", "Length"),
        "conversations": Column("conversations", "Conversations", "count"),
        "cost_nanos": Column("cost_usd", "Spend", "dollars"),
        "share": Column("share", "Share", "share"),
        "per_call": Column("usd_per_call", "Per call", "dollars"),
        "resend_share": Column("resend_share", "Re-sent history", "share"),
    }
    dearest = {
        "project": Column("project", "Project"),
        "app": Column("app", "App"),
        "model": Column("model", "Model"),
        "calls": Column("calls", "Calls", "count"),
        "cost_nanos": Column("cost_usd", "Cost", "dollars"),
        "resend_share": Column("resend_share", "Re-sent history", "share"),
        "fresh_nanos": Column("fresh_start_saves_usd", "A fresh start saves", "dollars"),
    }
    costliest = found.costliest.assign(model=[model_label(model) for model in found.costliest["model"]]).head(5)
    bars = tuple(
        Bar(row.label, int(row.cost_nanos), f"{format.dollars(row.cost_nanos)} · {format.percent(row.share)}")
        for row in found.lengths.itertuples()
        if row.cost_nanos > 0
    )
    return Section(
        "conversations",
        "What do long conversations cost?",
        found.answer.lead,
        _sentences(found.answer),
        figures(found.kpis, {}, source),
        (Bars("lengths", "Spend by length of conversation", found.answer.lead, bars),) if bars else (),
        (
            table("lengths", "Conversations by length", found.lengths, lengths, found.length_total),
            *((table("costliest", "The costliest conversations", costliest, dearest),) if len(costliest) else ()),
        ),
        note=conversations.NOTE,
        enough=found.answer.enough,
    )


def by_app(source: Source) -> Section:
    """Which connected app spends it, and for which project and account."""
    asked = source.asked
    found = apps.judge(
        "app",
        source.load(apps.queries("app")),
        source.before("apps", by="app"),
        period=source.period,
        filters=asked.filters,
        moment=asked.now,
        data_from=source.first_at,
    )
    columns = {
        "label": Column("app", "App"),
        "cost_nanos": Column("cost_usd", "Spend", "dollars"),
        "share": Column("share", "Share", "share"),
        "change": Column("change", "Change", "change"),
        "calls": Column("calls", "Calls", "count"),
        "unattended": Column("unattended", "Unattended", "share"),
        "first_at": Column("first_at", "First seen", "moment"),
    }
    bars = tuple(
        Bar(row.label, int(row.cost_nanos), f"{format.dollars(row.cost_nanos)} · {format.percent(row.share)}")
        for row in found.rows.head(8).itertuples()
        if row.cost_nanos > 0
    )
    parts = source.rows("spend_by_part"), source.before("spend_by_part")
    return Section(
        "apps",
        "Which connected app spends it?",
        _unnamed(found) if asked.redaction == "totals" else found.answer.lead,
        _sentences(found.answer),
        figures(found.kpis, {}, source),
        (Bars("apps", "Spend by app", found.answer.lead, bars),) if bars else (),
        (
            table("apps", "Apps by spend", found.rows, columns, {"unattended": found.unattended}),
            *_parts(*parts, "project", "Projects by spend"),
            *_parts(*parts, "account", "Accounts by spend"),
        ),
        note=apps.NOTE,
        enough=found.answer.enough,
    )


def _unnamed(found: apps.Apps) -> str:
    """What the apps come to, said of none."""
    said = f"{format.plural(len(found.rows), 'app')} spent {format.dollars(found.rows['cost_nanos'].sum(min_count=1))}"
    alone = "" if found.unattended is None else f", {format.percent(found.unattended)} of it with nobody at the keyboard"
    return f"{said}{alone}."


def _parts(now: pd.DataFrame, before: pd.DataFrame | None, dimension: str, title: str) -> Iterable[Table]:
    rows = changes.by_part(now, before, dimension)
    if len(rows) < 2:
        return ()
    columns = {
        "label": Column(dimension, dimension.capitalize()),
        "cost_nanos": Column("cost_usd", "Spend", "dollars"),
        "share": Column("share", "Share", "share"),
        **({"change": Column("change", "Change", "change")} if before is not None else {}),
        "calls": Column("calls", "Calls", "count"),
    }
    return (table(f"{dimension}s", title, rows, columns, {}),)


def _sentences(answer: Headline) -> tuple[str, ...]:
    return (answer.detail,) if answer.detail else ()


def _stack(bars: Timeline, source: Source, answer: Headline) -> Stack:
    layers = tuple(
        Layer("Other" if one.rest else model_label(one.value), one.nanos, 0 if one.rest else source.hue(one.value))
        for one in bars.series
    )
    starts = tuple(f"{start:%H:%M}" if bars.grain == "hour" else f"{start.day} {start:%b}" for start in bars.starts)
    return Stack("over_time", f"Spend by {bars.grain} and model", answer.lead, starts, layers, bars.unfinished)


def model_label(model: str | None) -> str:
    """A model as people know it; "(none)" where the source names none. The figures say the same, but loading them takes half a second."""
    return format.name(display_name(model)) if model else format.NONE
