"""The sections about where the money went: over time, by model, by length of conversation, by app."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from usage_analytics import format
from usage_analytics.answers import Headline, apps, conversations, models, overview
from usage_analytics.answers.overview import Overview
from usage_analytics.filters import Filters
from usage_analytics.pricing.models import display_name
from usage_analytics.question import Question
from usage_analytics.reports.cells import TOP, figures, table
from usage_analytics.reports.report import Bar, Bars, Column, Layer, Section, Stack, Table

GUESSED: Final = {"guessed_nanos": Column("token_estimates_usd", "Estimated", "dollars")}


def headline(question: Question) -> str:
    """The one sentence on top: what was spent, against the range before."""
    said = overview.answer(question).headline
    amount, _, rest = said.lead.removeprefix("You spent ").partition(" in ")
    return f"{amount} was spent in {rest}" if said.enough else said.lead


def over_time(question: Question) -> Section:
    """What was spent, what drove it, and how it went over time."""
    found = overview.answer(question)
    table = Table(
        "stops",
        "Blocks",
        (Column("at", "When", "moment"), Column("what", "Used up"), Column("tries", "Tries", "count")),
        tuple((stop.at, stop.what, stop.tries) for stop in found.stops[:TOP]),
    )
    said, bars = found.headline, found.bars
    layers = tuple(
        Layer("Other" if one.rest else model_label(one.value), one.nanos, 0 if one.rest else hue(question, one.value))
        for one in bars.series
    )
    starts = tuple(f"{start:%H:%M}" if bars.grain == "hour" else f"{start:%b} {start.day}" for start in bars.starts)
    stack = Stack("over_time", f"Spend by {bars.grain} and model", said.lead, starts, layers, bars.unfinished)
    return Section(
        "spend",
        "Where did the money go?",
        said.detail if said.enough and said.detail else headline(question),
        (),
        figures(found.figures, {"Spend": (found.spent_nanos, "dollars")}, question),
        (stack,) if any(bars.totals) else (),
        (table,) if table.rows else (),
        enough=said.enough,
    )


def by_model(question: Question) -> Section:
    """Which model spent it."""
    found = models.answer(question)
    columns = {
        "model": Column("model", "Model"),
        "cost_nanos": Column("cost_usd", "Spend", "dollars"),
        "share": Column("share", "Share", "share"),
        "change": Column("change", "Change", "change"),
        "calls": Column("calls", "Calls", "count"),
        "per_call": Column("usd_per_call", "Per call", "dollars"),
        "per_million": Column("usd_per_million_tokens", "Per million tokens", "dollars"),
    }
    rows = found.rows.assign(model=[model_label(one) for one in found.rows["model"]])
    bars = tuple(
        Bar(
            bar.label,
            bar.nanos,
            f"{format.dollars(bar.nanos)} · {format.percent(bar.share)}",
            0 if bar.rest else hue(question, bar.model),
        )
        for bar in found.bars
    )
    return Section(
        "models",
        "Which model costs the most?",
        found.headline.lead,
        _sentences(found.headline),
        figures(found.figures, {}, question),
        (Bars("models", "Spend by model", found.headline.lead, bars),) if bars else (),
        (table("models", "Models by spend", rows, columns, found.total),),
        enough=found.headline.enough,
    )


def by_conversation(question: Question) -> Section:
    """What long conversations cost."""
    found = conversations.answer(question)
    lengths = {
        "label": Column("length", "Length"),
        "conversations": Column("conversations", "Conversations", "count"),
        "cost_nanos": Column("cost_usd", "Spend", "dollars"),
        "share": Column("share", "Share", "share"),
        "per_call": Column("usd_per_call", "Per call", "dollars"),
        "resend_share": Column("resend_share", "Re-sent history", "share"),
        **(GUESSED if found.lengths["guessed_nanos"].any() else {}),
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
        found.headline.lead,
        _sentences(found.headline),
        figures(found.figures, {}, question),
        (Bars("lengths", "Spend by conversation length", found.headline.lead, bars),) if bars else (),
        (
            table("lengths", "Conversations by length", found.lengths, lengths, found.length_total),
            *((table("costliest", "The most expensive conversations", costliest, dearest),) if len(costliest) else ()),
        ),
        note=conversations.NOTE,
        enough=found.headline.enough,
    )


def by_app(question: Question) -> Section:
    """Which connected app spends it, and for which project and account."""
    found = apps.answer(question)
    columns = {
        "label": Column("app", "App"),
        "cost_nanos": Column("cost_usd", "Spend", "dollars"),
        "share": Column("share", "Share", "share"),
        "change": Column("change", "Change", "change"),
        "calls": Column("calls", "Calls", "count"),
        "unattended": Column("unattended", "Unattended", "share"),
        "first_at": Column("first_at", "First seen", "moment"),
        **(GUESSED if found.rows["guessed_nanos"].any() else {}),
    }
    bars = tuple(
        Bar(row.label, int(row.cost_nanos), f"{format.dollars(row.cost_nanos)} · {format.percent(row.share)}")
        for row in found.rows.head(8).itertuples()
        if row.cost_nanos > 0
    )
    parts, lead = overview.answer(question), found.headline.lead
    if question.names is not None and question.names.redaction == "totals":  # what the apps come to, said of none
        spent = f"{format.plural(len(found.rows), 'app')} spent {format.dollars(found.rows['cost_nanos'].sum(min_count=1))}"
        alone = "" if found.unattended is None else f", {format.percent(found.unattended)} of it unattended"
        lead = f"{spent}{alone}."
    return Section(
        "apps",
        "Which connected app costs the most?",
        lead,
        _sentences(found.headline),
        figures(found.figures, {}, question),
        (Bars("apps", "Spend by app", found.headline.lead, bars),) if bars else (),
        (
            table("apps", "Apps by spend", found.rows, columns, {"unattended": found.unattended}),
            *_parts(parts, "project", "Projects by spend"),
            *_parts(parts, "account", "Accounts by spend"),
        ),
        note=apps.NOTE,
        enough=found.headline.enough,
    )


def _parts(found: Overview, dimension: str, title: str) -> Iterable[Table]:
    rows = found.parts[dimension]
    if len(rows) < 2:
        return ()
    columns = {
        "label": Column(dimension, dimension.capitalize()),
        "cost_nanos": Column("cost_usd", "Spend", "dollars"),
        "share": Column("share", "Share", "share"),
        **({"change": Column("change", "Change", "change")} if found.is_compared else {}),
        "calls": Column("calls", "Calls", "count"),
    }
    return (table(f"{dimension}s", title, rows, columns, {}),)


def _sentences(answer: Headline) -> tuple[str, ...]:
    return (answer.detail,) if answer.detail else ()


def hue(question: Question, model: str | None) -> int:
    """The slot of a model's color on every page, from 1; 0 is grey. The most expensive of all time come first."""
    choices = question.read("choices", Filters())
    models = choices.loc[(choices["dimension"] == "model") & (choices["value"] != ""), "value"].head(9).tolist()
    return models.index(model) + 1 if model in models else 0


def model_label(model: object) -> str:
    """A model as people know it; "(none)" where the source names none. The figures say the same, but loading them takes half a second."""
    return format.name(display_name(model)) if model and isinstance(model, str) else format.NONE
