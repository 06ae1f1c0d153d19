"""The section about auto-reload: what to type into the form, step by step, and how it compares with other settings."""

from __future__ import annotations

from typing import Final

from usage_analytics.answers import auto_reload
from usage_analytics.question import Question
from usage_analytics.reports.cells import figures, table
from usage_analytics.reports.report import Column, Section

_NOTE: Final = (
    "We test every setting on past weeks. For each week, we choose settings from the other weeks only. Reloads take about a minute; "
    "some are slow, some fail. "
    "A month is 28 days. Idle balance, reloads and blocked hours count at the costs in Settings."
)
_COLUMNS: Final = {
    "name": Column("setting", "Setting"),
    "threshold_nanos": Column("threshold_usd", "Threshold", "dollars"),
    "reload_to_nanos": Column("reload_to_usd", "Reload to", "dollars"),
    "monthly_limit_nanos": Column("monthly_limit_usd", "Monthly limit", "dollars"),
    "p_no_block": Column("p_no_block", "Months without a block", "share"),
    "reloads": Column("reloads_per_month", "Reloads / month", "number"),
    "idle_nanos": Column("mean_balance_usd", "Idle balance", "dollars"),
}


def section(question: Question) -> Section | None:
    """What the auto-reload should be; None where the report is about a part of the usage, because a balance is not."""
    if question.is_narrowed:
        return None
    found = auto_reload.answer(question)
    said, title = found.headline, "What should my auto-reload be?"
    if found.policy is None:
        return Section("auto_reload", title, said.lead, (said.detail,) if said.detail else (), enough=False)
    exact = {
        "Threshold": found.policy.threshold_nanos,
        "Reload to": found.policy.reload_to_nanos,
        "Monthly limit": found.policy.monthly_limit_nanos,
    }
    return Section(
        "auto_reload",
        title,
        said.lead,
        tuple(filter(None, (said.detail, found.flat))),
        figures(found.figures, {label: (nanos, "dollars") for label, nanos in exact.items()}, question),
        tables=(table("settings", "Settings compared", found.rows, _COLUMNS),),
        steps=found.steps,
        note=_NOTE,
    )
