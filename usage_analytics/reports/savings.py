"""The section about what would be saved."""

from __future__ import annotations

from typing import Final

from usage_analytics.answers import savings
from usage_analytics.answers.savings import Plans, Savings
from usage_analytics.question import Question
from usage_analytics.reports.cells import figures
from usage_analytics.reports.report import Column, Section, Table

_COLUMNS: Final = (
    Column("lever", "Saving"),
    Column("evidence", "Seen in the data", "prose"),
    Column("low_usd_per_month", "Low", "dollars"),
    Column("mid_usd_per_month", "Middle", "dollars"),
    Column("high_usd_per_month", "High", "dollars"),
)
_PLANS: Final = (
    Column("plan", "Plan"),
    Column("fee_usd_per_month", "Fee", "dollars"),
    Column("low_usd_per_month", "Low", "dollars"),
    Column("mid_usd_per_month", "Middle", "dollars"),
    Column("high_usd_per_month", "High", "dollars"),
    Column("break_even_usd_per_month", "Break-even", "dollars"),
    Column("cheapest_from_usd_per_month", "Cheapest from", "dollars"),
    Column("cheapest_months", "Months cheapest", "count"),
    Column("cheapest_weeks", "Weeks cheapest", "count"),
)


def section(question: Question) -> Section:
    """The savings as a table, with how to get each."""
    found, title = savings.answer(question), "What would I save if I worked differently?"
    said, sentences = found.headline, tuple(filter(None, (found.headline.detail,)))
    others = tuple((saving.title, saving.evidence) for saving in found.savings if not saving.saves)
    columns = (Column("lever", "Saving"), Column("evidence", "Why", "prose"))
    not_you = (Table("not_you", "Looked for and not found", columns, others),) if others else ()
    rest = (*not_you, *plans(found.plans), *paid_for(question, found), *apps(question, found), burn_rate(question))
    sentences += tuple(one.said for one in savings.outcomes(question))
    if not found.worth or found.together is None:
        return Section("savings", title, said.lead, sentences, tables=rest, enough=said.enough)
    rows = tuple((saving.title, saving.evidence, saves.low, saves.mid, saves.high) for saving, saves in found.worth)
    total = ("All together", "replayed at once", found.together.low, found.together.mid, found.together.high)
    return Section(
        "savings",
        title,
        said.lead,
        sentences,
        figures(found.figures, {}, question),
        tables=(Table("levers", "Savings per month", _COLUMNS, rows, total, savings.NOTE), *rest),
        steps=tuple(f"{saving.title}. {saving.how}" for saving, _ in found.worth),
        note=" ".join(saving.caveat for saving, _ in found.worth),
    )


def plans(found: Plans | None) -> tuple[Table, ...]:
    """The table of plans, with what is said of them; none where they were not compared."""
    if found is None:
        return ()
    rows = tuple(
        (
            one.name,
            one.fee,
            *((one.costs.low, one.costs.mid, one.costs.high) if one.costs else (None, None, None)),
            one.break_even,
            one.cheapest_from,
            one.cheapest_months,
            one.cheapest_weeks,
        )
        for one in found.plans
    )
    return (Table("plans", "Which plan fits", _PLANS, rows, None, found.note),)


def paid_for(question: Question, found: Savings) -> tuple[Table, ...]:
    """The table of what conversations paid for; none where there is too little to judge."""
    known = savings.economics(question) if found.savings else None
    if known is None or not known.parts:
        return ()
    columns = (
        Column("part", "Paid for"),
        Column("usd", "Cost", "dollars"),
        Column("share", "Share", "share"),
        Column("usd_per_call", "Per call", "dollars"),
    )
    rows = tuple((one.title, one.nanos, one.share, one.per_call) for one in known.parts)
    return (Table("paid_for", "What conversations paid for", columns, rows, None, known.said),)


def apps(question: Question, found: Savings) -> tuple[Table, ...]:
    """The table of what each app costs and would cost; none where there is too little to judge."""
    if not found.savings:
        return ()
    columns = (
        Column("app", "App"),
        Column("usd_per_month", "Now", "dollars"),
        Column("half_as_often_usd_per_month", "Half as often", "dollars"),
        Column("as_a_batch_usd_per_month", "As a batch", "dollars"),
        Column("lighter_model_usd_per_month", "Lighter model", "dollars"),
    )
    rows = tuple((one.app, one.month, one.half, one.batch, one.lighter) for one in savings.connected_apps(question))
    return (Table("apps_per_month", "Connected apps, per month", columns, rows),) if rows else ()


def burn_rate(question: Question) -> Table:
    """The table of what an active hour costs in each way of working, and how long the balance lasts in it."""
    found = savings.burn_rate(question)
    columns = (
        Column("pattern", "Way of working"),
        Column("meaning", "Which conversations"),
        Column("conversations", "Conversations", "count"),
        Column("usd_per_hour", "An hour", "dollars"),
        Column("article", "Claude's guide"),
        Column("lasts_seconds", found.lasts_title, "span"),
    )
    rows = tuple(
        (
            one.name,
            one.meaning,
            one.conversations,
            None if one.per_hour is None else round(one.per_hour),
            one.article_words,
            one.lasts(found.balance),
        )
        for one in found.burn.patterns
    )
    return Table("burn", "What an hour costs", columns, rows, None, f"{found.said} {savings.BURN_NOTE}")
