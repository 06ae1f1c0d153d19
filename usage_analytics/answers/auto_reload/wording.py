"""What the advice says to a person: the sentence, the three numbers, the settings compared, and where they stand on the curve."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from usage_analytics import format
from usage_analytics.answers import Headline, Kpi
from usage_analytics.answers.auto_reload.advice import USD, Advice, Compared, Confidence, Economics, Policy, PolicyName
from usage_analytics.answers.auto_reload.choice import fit

if TYPE_CHECKING:
    import pandas as pd

    from usage_analytics.answers.auto_reload.demand import Demand
    from usage_analytics.answers.auto_reload.members import Member

NAMES: Final[dict[PolicyName, str]] = {
    "recommended": "Recommended",
    "current": "Yours today",
    "article": "The article's row",
    "week's burn": "A week's burn",
    "product default": "The form's default",
}
CONFIDENCE: Final[dict[Confidence, tuple[str, str]]] = {
    "high": ("High", "Four weeks or more of your own credit spend, call by call."),
    "medium": ("Medium", "Some weeks of your own credit spend; the numbers may still move."),
    "low": ("Low", "Less than a week of credit spend: a rule of thumb, to be looked at again in a week."),
    "none": ("None", "There is no credit spend to judge by."),
}
NOTE: Final = (
    "Every setting is tried on your own past weeks, each held out in turn, with reloads that take about a minute, are sometimes slow and "
    "sometimes declined. A month is 28 days. Idle balance, reloads and blocked hours are weighed as set below."
)
SCOPE_NOTE: Final = (
    "The advice rests on all that was paid from credits to the last complete day, the last weeks counting most; what the filters of "
    "other pages keep does not change it. The days that are lived again are the last eight weeks."
)
CURVE_NOTE: Final = (
    "On the line, less time is blocked only with more idle balance. All of it is of months that might come, made of your own days; the "
    "table above is of weeks that have passed, so its figures differ a little."
)


@dataclass(frozen=True, slots=True)
class Mark:
    """A setting on the curve of blocked hours against idle money."""

    name: str
    idle_usd: float
    blocked_hours: float
    recommended: bool


def steps(policy: Policy) -> tuple[str, ...]:
    """The way to the form, with the numbers filled in."""
    limit = "“Set to unlimited”" if policy.monthly_limit_nanos is None else whole(policy.monthly_limit_nanos)
    below, to = whole(policy.threshold_nanos), whole(policy.reload_to_nanos)
    return (
        "In a browser, open claude.ai, then Settings, Usage. In a team or organisation an owner does this.",
        "Under “Usage credits” (earlier “extra usage”), switch them on and add a payment method, if that is not done yet.",
        f"Open “Auto-reload”. “When usage credit balance falls below”: {below}. “Reload balance to”: {to}.",
        f"Open “Adjust limit” and choose {limit} as monthly spend limit. It counts at once.",
        "If the balance is below the threshold, the first reload is bought right away, with tax on top.",
    )


def headline(advice: Advice, current: Policy | None) -> Headline:
    """The one sentence: what to type into the form; and why."""
    if advice.policy is None:
        return Headline("There is no advice yet.", " ".join(advice.reasons) or "No credit spend has been seen.", enough=False)
    if advice.keep_current and current is not None:
        lead = f"Leave it as it is: {_said(current)}."
        return Headline(lead, f"Nothing that your data can tell apart is better. {_costs(advice, 'current')}".strip())
    return Headline(f"{_capital(_said(advice.policy))}.", _costs(advice, "recommended"))


def about_limit(advice: Advice) -> tuple[str, ...]:
    """What the monthly limit stops, and what it does not."""
    found = advice.limit
    if found is None:
        return ()
    low, high = map(format.dollars, found.overshoot_nanos)
    runs_away = f"An agent that runs away at {format.dollars(found.runaway_usd_per_hour * 1e9)} an hour in the middle of a month"
    burns = f"burns {format.dollars(found.runaway_nanos)} in {format.hours(found.runaway_hours)} before the limit stops it"
    soft = f"The limit is soft: what has begun is finished, so that a month may end {low} to {high} above it."
    return soft, f"{runs_away} {burns}."


def numbers(advice: Advice, current: Policy | None) -> tuple[Kpi, ...]:
    """The three numbers of the form, and how sure they are."""
    policy = current if advice.keep_current and current else advice.policy
    if policy is None:
        return ()
    sure, means = CONFIDENCE[advice.confidence]
    weeks = advice.history.weeks
    span = format.plural(weeks, "week") if weeks >= 2 else format.plural(weeks * 7, "day")
    based = f"{format.plural(advice.history.events, 'call')} on credits in {span}"
    limit = "Unlimited" if policy.monthly_limit_nanos is None else whole(policy.monthly_limit_nanos)
    return (
        Kpi("Threshold", whole(policy.threshold_nanos), help="In the form: “When usage credit balance falls below”."),
        Kpi("Reload to", whole(policy.reload_to_nanos), help="In the form: “Reload balance to”."),
        Kpi(
            "Monthly limit",
            limit,
            help="In the form: “Monthly spend limit”. It limits what is spent from credits, not what is bought.",
        ),
        Kpi("Confidence", sure, help=f"{means} It rests on {based}."),
    )


def as_rows(advice: Advice) -> pd.DataFrame:
    """Settings compared, as rows of a table."""
    import pandas as pd  # here: the command line answers without it

    if not advice.compared:
        return pd.DataFrame()
    return pd.DataFrame(
        [
            {
                "name": NAMES[one.policy_name],
                "threshold_nanos": one.policy.threshold_nanos,
                "reload_to_nanos": one.policy.reload_to_nanos,
                "monthly_limit_nanos": one.policy.monthly_limit_nanos,
                "p_no_block": one.expected.p_no_block,
                "blocked_seconds": one.expected.blocked_hours_per_month * 3600,
                "reloads": one.expected.reloads_per_month,
                "idle_nanos": one.expected.mean_balance_nanos,
                "p_limit_hit": one.expected.p_limit_hit,
                "cost_nanos": one.expected.cost_usd_per_month * 1e9,
            }
            for one in advice.compared
        ]
    ).astype({"monthly_limit_nanos": "float64", "p_limit_hit": "float64"})


def marks(advice: Advice, demand: Demand, now: datetime, economics: Economics) -> tuple[Mark, ...]:
    """Where the settings stand on the months that the curve is of; those that are the same stand there once, under all their names."""
    at: dict[tuple[float, float], list[Compared]] = {}
    for one in advice.compared:
        at.setdefault((one.policy.threshold_nanos / USD, one.policy.reload_to_nanos / USD), []).append(one)
    tried = fit(demand.before(now), now, economics, tuple(at))
    found = []
    for numbers_, same in at.items():
        place = tried.place(*numbers_)
        if place is not None:
            expected = tried.expected(place, None)
            found.append(
                Mark(
                    ", ".join(NAMES[one.policy_name] for one in same),
                    expected.mean_balance_nanos / USD,
                    expected.blocked_hours_per_month,
                    any(one.policy_name == "recommended" for one in same),
                )
            )
    return tuple(found)


def unknown(nanos: int, apps: Sequence[str]) -> str:
    """The spend of which nobody knows who paid, in a sentence; "" where there is none."""
    if not nanos:
        return ""
    names = format.listed([format.name(app, 30) for app in apps])
    return f"{format.dollars(nanos)} of {names} isn't known to be plan or credits and doesn't count. Say in Settings what paid for it."


def member_rows(members: Sequence[Member]) -> pd.DataFrame:
    """What each account needs on a balance of its own, as rows of a table; None where there is too little to say."""
    import pandas as pd  # here: the command line answers without it

    numbers_ = ("threshold_nanos", "reload_to_nanos", "monthly_limit_nanos", "p_no_block", "reloads")
    rows = [
        {
            "account": one.account,
            "spent_nanos": one.credit_spend_nanos,
            "threshold_nanos": one.policy.threshold_nanos if one.policy else None,
            "reload_to_nanos": one.policy.reload_to_nanos if one.policy else None,
            "monthly_limit_nanos": one.policy.monthly_limit_nanos if one.policy else None,
            "p_no_block": one.expected.p_no_block if one.expected else None,
            "reloads": one.expected.reloads_per_month if one.expected else None,
        }
        for one in members
    ]
    return pd.DataFrame(rows, columns=["account", "spent_nanos", *numbers_]).astype(dict.fromkeys(numbers_, "float64"))


def first_fill(balance_nanos: int, policy: Policy) -> str | None:
    """Whether the balance is below the threshold, so that the first reload comes at once."""
    if balance_nanos >= policy.threshold_nanos:
        return None
    first = format.dollars(policy.reload_to_nanos - balance_nanos)
    return (
        f"Your balance of {format.dollars(balance_nanos)} is below the threshold: {first} is bought as soon as you switch it on."
    )


def worth_changing(policy: Policy, current: Policy, reasons: Sequence[str]) -> str:
    """What to change the present setting to, and since when habits are others."""
    below, to = whole(current.threshold_nanos), whole(current.reload_to_nanos)
    since = next((f" {reason}" for reason in reasons if reason.startswith("Since ")), "")
    return f"Your auto-reload setting is worth changing: {_said(policy)}. It is {below} and {to} now.{since}"


def today(current: Policy | None) -> str:
    """What is set now."""
    if current is None:
        return "What is set today is not known."
    limit = "no monthly limit" if current.monthly_limit_nanos is None else f"at most {whole(current.monthly_limit_nanos)} a month"
    return f"Today: below {whole(current.threshold_nanos)}, reload to {whole(current.reload_to_nanos)}, {limit}."


def flat(advice: Advice) -> str:
    """How far one may be off without it mattering."""
    if advice.flat is None:
        return ""
    low, high = advice.flat.reload_to_nanos
    under, over = advice.flat.threshold_nanos
    spans = []
    if under < over:
        spans.append(f"a threshold from {whole(under)} to {whole(over)}")
    if low < high:
        spans.append(f"a reload to anything from {whole(low)} to {whole(high)}")
    return f"{_capital(' and '.join(spans))} costs you less than $1 a month more." if spans else ""


def _costs(advice: Advice, told: PolicyName) -> str:
    """What the setting comes to, beside the one that the person has, or the form's and the article's."""
    month = {one.policy_name: one.expected.cost_usd_per_month * 1e9 for one in advice.compared}
    if told not in month:
        return ""
    ours = month.pop(told)
    others = [name for name in ("current", "article", "product default") if name in month][:2]
    beside = format.listed([f"{NAMES[name][:1].lower()}{NAMES[name][1:]} at {format.dollars(month[name])}" for name in others])
    said = f"On your own past weeks it comes to {format.dollars(ours)} a month in blocked hours, reloads and idle balance."
    return f"{said} Compare {beside}." if beside else said


def _said(policy: Policy) -> str:
    limit = f", with a monthly limit of {whole(policy.monthly_limit_nanos)}" if policy.monthly_limit_nanos is not None else ""
    return f"when the balance falls below {whole(policy.threshold_nanos)}, reload it to {whole(policy.reload_to_nanos)}{limit}"


def whole(nanos: int) -> str:
    """Money as it is typed: without cents where there are none."""
    return f"${nanos // 10**9:,}" if nanos % 10**9 == 0 else format.dollars(nanos)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
