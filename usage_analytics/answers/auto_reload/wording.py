"""What the advice says to a person: the sentence, the three numbers, the settings compared, and their marks on the curve."""

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
    "article": "Claude's guide",
    "week's burn": "A week's spend",
    "product default": "The claude.ai default",
}
_WHOSE: Final[dict[PolicyName, str]] = {
    "current": "your current setting",
    "article": "the setting in Claude's guide",
    "product default": "the claude.ai default",
}
CONFIDENCE: Final[dict[Confidence, tuple[str, str]]] = {
    "high": ("High", "Four weeks or more of your credit spend, call by call."),
    "medium": ("Medium", "A few weeks of your credit spend. The numbers may still change."),
    "low": ("Low", "Less than a week of credit spend: a rule of thumb. Check again in a week."),
    "none": ("None", "No credit spend yet."),
}
NOTE: Final = (
    "We test every setting on your past weeks. For each week, we choose settings from the other weeks only. Reloads take about a "
    "minute; some are slow, some fail. A month is 28 days. Idle balance, reloads and blocked "
    "hours count at the costs in Settings, under Your costs."
)
SCOPE_NOTE: Final = (
    "The recommendation uses all credit spend up to the last complete day; recent weeks count most. Filters on other pages don't "
    "change it. The charts replay the last eight weeks."
)
CURVE_NOTE: Final = (
    "Farther along the line, blocked hours are fewer and the idle balance is larger. The line shows simulated months made of your own "
    "days; the table above shows past weeks, so its figures differ a little."
)


@dataclass(frozen=True, slots=True)
class Mark:
    """A setting on the curve of blocked hours against idle balance."""

    name: str
    idle_usd: float
    blocked_hours: float
    recommended: bool


def steps(policy: Policy) -> tuple[str, ...]:
    """Return the steps to the form, with the numbers filled in."""
    limit = "“Set to unlimited”" if policy.monthly_limit_nanos is None else whole(policy.monthly_limit_nanos)
    below, to = whole(policy.threshold_nanos), whole(policy.reload_to_nanos)
    return (
        "In a browser, open claude.ai, then Settings, Usage. In a team or organization, an owner has to do this.",
        "Under “Usage credits” (formerly “extra usage”), turn credits on and add a payment method, if you haven't yet.",
        f"Open “Auto-reload”. “When usage credit balance falls below”: {below}. “Reload balance to”: {to}.",
        f"Open “Adjust limit” and choose {limit} as the monthly spend limit. It applies at once.",
        "If your balance is below the threshold, the first reload happens right away. Tax is added.",
    )


def headline(advice: Advice, current: Policy | None) -> Headline:
    """Return one sentence: what to enter in the form, and why."""
    if advice.policy is None:
        return Headline(
            "No recommendation yet.", " ".join(advice.reasons) or "We haven't seen any spend paid from credits.", enough=False
        )
    if advice.keep_current and current is not None:
        lead = f"Keep your current setting: {_said(current)}."
        return Headline(lead, f"No other setting is measurably better on your data. {_costs(advice, 'current')}".strip())
    return Headline(f"{_capital(_said(advice.policy))}.", _costs(advice, "recommended"))


def about_limit(advice: Advice) -> tuple[str, ...]:
    """Return what the monthly limit stops and what it doesn't."""
    found = advice.limit
    if found is None:
        return ()
    low, high = map(format.dollars, found.overshoot_nanos)
    runaway = f"With this limit, a runaway agent at {format.dollars(found.runaway_usd_per_hour * 1e9)}/h mid-month"
    costs = f"costs at most {format.dollars(found.runaway_nanos)} ({format.hours(found.runaway_hours)})"
    soft = f"The limit is soft: running work finishes, so a month may end {low} to {high} above it."
    return soft, f"{runaway} {costs}."


def numbers(advice: Advice, current: Policy | None) -> tuple[Kpi, ...]:
    """Return the three numbers of the form, and how sure they are."""
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
            help="In the form: “Monthly spend limit”. It limits credit spend, not purchases.",
        ),
        Kpi("Confidence", sure, help=f"{means} Based on {based}."),
    )


def as_rows(advice: Advice) -> pd.DataFrame:
    """Return the compared settings as a table."""
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
    """Return where the settings lie on the curve's months; equal settings share one mark under all their names."""
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
    """Return one sentence on spend for which we don't know what paid; "" if there is none."""
    if not nanos:
        return ""
    names = format.listed([format.name(app, 30) for app in apps])
    spent = f"{format.dollars(nanos)} of {names}"
    return f"We don't know whether the plan or credits paid for {spent}, so we leave it out. Choose in Settings what paid for it."


def member_rows(members: Sequence[Member]) -> pd.DataFrame:
    """Return what each account needs on a balance of its own as a table; None if there is too little data."""
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
    """Return that the balance is below the threshold and the first reload comes at once; None if it isn't."""
    if balance_nanos >= policy.threshold_nanos:
        return None
    first = format.dollars(policy.reload_to_nanos - balance_nanos)
    return f"Your balance of {format.dollars(balance_nanos)} is below the threshold, so turning it on buys {first} right away."


def worth_changing(policy: Policy, current: Policy, since: str) -> str:
    """Return what to change the present setting to, and since when habits differ; `since` is "" if they don't."""
    below, to = whole(current.threshold_nanos), whole(current.reload_to_nanos)
    why = since and f" {since}. The recommendation follows that."
    return f"Your auto-reload setting is worth changing: {_said(policy)}. Today it reloads below {below}, to {to}.{why}"


def today(current: Policy | None) -> str:
    """Return what is set now."""
    if current is None:
        return "Your current setting is unknown."
    limit = "no" if current.monthly_limit_nanos is None else f"a {whole(current.monthly_limit_nanos)}"
    falls = f"when the balance falls below {whole(current.threshold_nanos)}, reload it to {whole(current.reload_to_nanos)}"
    return f"Current setting: {falls}, with {limit} monthly limit."


def flat(advice: Advice) -> str:
    """Return the range in which the number hardly matters."""
    if advice.flat is None:
        return ""
    low, high = advice.flat.reload_to_nanos
    under, over = advice.flat.threshold_nanos
    spans = []
    if under < over:
        spans.append(f"any threshold from {whole(under)} to {whole(over)}")
    if low < high:
        spans.append(f"any reload-to amount from {whole(low)} to {whole(high)}")
    return f"{_capital(' or '.join(spans))} would have cost within $1 a month of this." if spans else ""


def _costs(advice: Advice, told: PolicyName) -> str:
    """Return what the setting costs, next to the person's own, or the form's and the article's."""
    month = {one.policy_name: one.expected.cost_usd_per_month * 1e9 for one in advice.compared}
    if told not in month:
        return ""
    ours = month.pop(told)
    others = [name for name in ("current", "article", "product default") if name in month][:2]
    beside = "; ".join(
        f"{_WHOSE[name]}{',' if place else ' would have cost'} {format.dollars(month[name])}" for place, name in enumerate(others)
    )
    said = f"In your past weeks, this would have cost {format.dollars(ours)} a month in blocked hours, reloads and idle balance."
    return f"{said} {_capital(beside)}." if beside else said


def _said(policy: Policy) -> str:
    limit = f", with a monthly limit of {whole(policy.monthly_limit_nanos)}" if policy.monthly_limit_nanos is not None else ""
    return f"when the balance falls below {whole(policy.threshold_nanos)}, reload it to {whole(policy.reload_to_nanos)}{limit}"


def whole(nanos: int) -> str:
    """Return money as people type it: without cents if there are none."""
    return f"${format.count(nanos // 10**9)}" if nanos % 10**9 == 0 else format.dollars(nanos)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
