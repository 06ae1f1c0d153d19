"""One conversation, call by call: the evidence behind a row of the tables."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from usage_analytics import format
from usage_analytics.answers.headline import Headline, Kpi
from usage_analytics.question import Question


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one conversation cost. `costs` are the dollars of its calls in order, None without a price; `rows` has a row per call.

    Columns of `rows`: place (1, 2, …), occurred_at, model, prompt_tokens, output_tokens, cost_nanos, resend_nanos, who.
    """

    headline: Headline
    figures: tuple[Kpi, ...]
    costs: tuple[float | None, ...]
    rows: pd.DataFrame = field(compare=False)


def evidence(question: Question, conversation: str) -> Evidence | None:
    """All of a conversation up to now, whatever the date range and the filters keep; None where there is no such one."""

    def judged() -> Evidence | None:
        rows = question.read("conversation", question.everything().filters, conversation=conversation)
        return judge(rows, question.filters.zone) if len(rows) else None

    return question.kept(f"conversation {conversation}", judged)


def judge(calls: pd.DataFrame, zone: str) -> Evidence:
    """Judge the rows of the query `conversation`."""
    rows = calls.assign(
        place=[str(place) for place in range(1, len(calls) + 1)],
        who=["Agent" if is_agents else "Main thread" for is_agents in calls["is_agents"]],
    )
    spent, priced = rows["cost_nanos"].sum(min_count=1), rows["cost_nanos"].notna().sum()
    cost = None if pd.isna(spent) else float(spent)
    first, last = (moment.to_pydatetime() for moment in (rows["occurred_at"].min(), rows["occurred_at"].max()))
    where = " and ".join(format.name(str(value), 40) for value in rows["project"].dropna().unique()[:2])
    resent = rows["resend_nanos"].sum(min_count=1)
    return Evidence(
        Headline(
            f"{format.dollars(cost)} for {format.plural(len(rows), 'call')}{f' in {where}' if where else ''}.",
            f"From {format.moment(first, zone)} to {format.moment(last, zone)}.",
        ),
        (
            Kpi("Spend", format.dollars(cost)),
            Kpi("Calls", format.count(len(rows)), help="Includes calls by its agents."),
            Kpi("Per call", format.dollars(cost / priced) if cost is not None else format.UNKNOWN),
            Kpi(
                "Re-sent history",
                format.percent(float(resent) / cost) if cost and not pd.isna(resent) else format.UNKNOWN,
                help="Share of the spend that paid for sending earlier messages again.",
            ),
        ),
        tuple(format.usd(nanos) for nanos in rows["cost_nanos"]),
        rows,
    )
