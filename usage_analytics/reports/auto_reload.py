"""The section about auto-reload: what to type into the form, step by step, and how it compares with other settings."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Final

from usage_analytics import format
from usage_analytics.analysis import auto_reload_answer as answers
from usage_analytics.analysis.auto_reload.advice import USD, Economics, Policy
from usage_analytics.control import settings
from usage_analytics.filters import Filters
from usage_analytics.reports.asked import Source
from usage_analytics.reports.cells import figures, table
from usage_analytics.reports.report import Column, Section

_COLUMNS: Final = {
    "name": Column("setting", "Setting"),
    "threshold_nanos": Column("threshold_usd", "Threshold", "dollars"),
    "reload_to_nanos": Column("reload_to_usd", "Reload to", "dollars"),
    "monthly_limit_nanos": Column("monthly_limit_usd", "Monthly limit", "dollars"),
    "p_no_block": Column("p_no_block", "Months without a block", "share"),
    "reloads": Column("reloads_per_month", "Reloads a month", "number"),
    "idle_nanos": Column("mean_balance_usd", "Lies idle", "dollars"),
}


def section(source: Source) -> Section | None:
    """What the auto-reload should be; None where the report is about a part of the usage, because a balance is not."""
    if source.is_narrowed:
        return None
    asked, control = source.asked, source.control
    rows = source.rows("credit_calls", Filters(end=asked.now, zone=asked.filters.zone), own_pools=settings.own_pools(control))
    found = answers.judge(
        {name: rows[name].to_numpy() for name in rows}, asked.now, economics=_economics(source), current=_current(source)
    )
    said = answers.answer(found.advice, found.current)
    title = "What should the auto-reload be?"
    if found.policy is None:
        return Section("auto_reload", title, said.lead, (said.detail,) if said.detail else (), enough=False)
    flat = answers.flat(found.advice)
    exact = {
        "Threshold": found.policy.threshold_nanos,
        "Reload to": found.policy.reload_to_nanos,
        "Monthly limit": found.policy.monthly_limit_nanos,
    }
    kpis = tuple(replace(one, compared=one.compared or "") for one in answers.numbers(found.advice, found.current))
    return Section(
        "auto_reload",
        title,
        said.lead,
        tuple(filter(None, (said.detail, flat))),
        figures(kpis, {label: (nanos, "dollars") for label, nanos in exact.items()}, source),
        tables=(table("settings", "The settings compared", answers.as_rows(found.advice), _COLUMNS),),
        steps=steps(found.policy),
        note=answers.NOTE,
    )


def steps(policy: Policy) -> tuple[str, ...]:
    """The way to the form, with the numbers filled in."""
    limit = "“Set to unlimited”" if policy.monthly_limit_nanos is None else _whole(policy.monthly_limit_nanos)
    below, to = _whole(policy.threshold_nanos), _whole(policy.reload_to_nanos)
    return (
        "In a browser, open claude.ai, then Settings, Usage. In a team or organisation an owner does this.",
        "Under “Usage credits”, switch them on and add a payment method, if that is not done yet.",
        f"Open “Auto-reload”. “When usage credit balance falls below”: {below}. “Reload balance to”: {to}.",
        f"Open “Adjust limit” and choose {limit} as monthly spend limit. It counts at once.",
        "If the balance is below the threshold, the first reload is bought right away, tax on top.",
    )


def _economics(source: Source) -> Economics:
    kept = settings.economics(source.control)
    return Economics(**{field.name: getattr(kept, field.name) for field in fields(kept)})


def _current(source: Source) -> Policy | None:
    kept = settings.current_policy(source.control)
    return Policy(kept.threshold_nanos, kept.reload_to_nanos, kept.monthly_limit_nanos) if kept and kept.enabled else None


def _whole(nanos: int) -> str:
    return f"${nanos // USD:,}" if nanos % USD == 0 else format.dollars(nanos)
