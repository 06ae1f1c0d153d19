"""The advice in sentences: why these numbers, what they rest on, and what isn't known."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from usage_analytics import format
from usage_analytics.answers.auto_reload.advice import (
    MOST_A_DAY_NANOS,
    USD,
    Advice,
    Changed,
    Checked,
    Compared,
    Confidence,
    Economics,
    Flat,
    History,
    Policy,
)
from usage_analytics.answers.auto_reload.choice import Fit, largest_burst

if TYPE_CHECKING:
    from usage_analytics.answers.auto_reload.months import Past

NO_CREDIT_SPEND: Final = (
    "Your data has no spend on usage credits, so there is nothing to reload for.",
    "Import Claude Code transcripts, or usage events with “paid_from”, or choose what pays for each app in Settings.",
)
TOO_LITTLE: Final = "Import more days with credit spend: a week gives a first recommendation, four weeks a good one."
NOISE_USD: Final = 1.0
HALF_A_DAY: Final = timedelta(hours=12)  # a day begins at the person's midnight: its middle has the same date in most zones
NEAR: Final = 0.5  # of the daily limit


def none(history: History, first: int) -> Advice:
    """Return that there is no advice yet, and what to import."""
    if not history.events:
        said = NO_CREDIT_SPEND
    else:
        calls = format.plural(history.events, "call")
        said = (f"You have {calls} on usage credits; a recommendation needs {first}.", TOO_LITTLE)
    return Advice(None, "none", None, (), history, said)


def why(fit: Fit, policy: Policy, weekly: float, economics: Economics) -> tuple[str, ...]:
    """Return why the numbers are what they are; `weekly` is the pace in nanos."""
    threshold, gap = policy.threshold_nanos, policy.gap_nanos
    burst = largest_burst(fit.past) * USD
    latency = format.span(60 * economics.latency_minutes)
    days = gap / weekly * 7 if weekly else 0
    left = (
        f"A reload starts with {format.dollars(threshold)} left and usually takes {latency}. Your most expensive 15 minutes cost "
        f"{format.dollars(burst)}, and you need time to notice a failed charge."
    )
    lasts = (
        f"A reload of {format.dollars(gap)} lasts about {format.span(86_400 * days)} at your spend of {format.dollars(weekly)} a week: "
        "few reloads that can fail, and no more idle balance than that is worth."
    )
    return left, lasts


def changed(found: Changed) -> str:
    """Return since when habits have changed, by how much, and that the recommendation follows."""
    return f"{since(found)}. The recommendation follows that."


def since(found: Changed) -> str:
    """Return when habits changed and how much the person has spent since, without a full stop."""
    return f"Since {format.day(found.since + HALF_A_DAY)}, you've been spending {spent_since(found)}"


def spent_since(found: Changed) -> str:
    """Return how much a person spends since a change, relative to before."""
    if found.times > 1:
        return f"{found.times:.1f} times as much"
    return f"{format.percent(found.times)} of what you spent before"


def rests_on(history: History, confidence: Confidence, spread_share: float) -> tuple[str, ...]:
    """Return what the advice rests on, and what weakens it."""
    weeks = f"{history.weeks:.0f} weeks" if history.weeks >= 1.5 else format.span(history.weeks * 7 * 86_400)
    said = [f"Based on {format.plural(history.events, 'call')} in {weeks}; confidence: {confidence}."]
    if spread_share > 0.2:
        said.append(f"{format.percent(spread_share)} of the spend is known only by hour or day, so bursts may be larger.")
    return tuple(said)


def limit(policy: Policy, p_hit: float) -> str:
    """Return what the monthly limit is for."""
    return (
        f"The monthly limit of {format.dollars(policy.monthly_limit_nanos)} is above an ordinary month: about "
        f"{format.percent(p_hit)} of months would reach it. It stops a runaway agent; it isn't a budget."
    )


def flat(region: Flat) -> str:
    """Return how little the exact number matters."""
    low, high = (format.dollars(nanos) for nanos in region.reload_to_nanos)
    return f"Any reload-to amount from {low} to {high} adds less than {format.dollars(NOISE_USD * USD)} a month."


def checked(found: Checked) -> str:
    """Return how often such predictions came true."""
    block, held = ([f"{100 * share:.1f}%" for share in pair] for pair in (found.no_block, found.held))
    return (
        f"We checked predictions like these on {format.count(found.months)} months of made-up users, each with "
        f"{format.plural(found.weeks, 'week')} of history. Their months without a block: predicted {block[0]}, actual {block[1]}. "
        f"Their months below the monthly limit: predicted {held[0]}, actual {held[1]}."
    )


def daily_limit(past: Past) -> str | None:
    """Return that purchases are limited each day; None if no day came near the limit."""
    busiest = round(float(past.daily.max()) * USD)
    if busiest < NEAR * MOST_A_DAY_NANOS:
        return None
    return (
        f"You can buy credits for at most {format.dollars(MOST_A_DAY_NANOS)} a day. Your busiest day cost {format.dollars(busiest)}. "
        "On a day above the limit, auto-reload can't keep up."
    )


def keep(current: Policy) -> str:
    """Return that no change is needed."""
    return (
        f"No change needed: as far as your data can tell, your threshold of {format.dollars(current.threshold_nanos)} and your reload-to "
        f"amount of {format.dollars(current.reload_to_nanos)} do just as well."
    )


def article(compared: tuple[Compared, ...]) -> str | None:
    """Return how the advice compares with the article's row in the person's past weeks; None if either is missing."""
    figures = {one.policy_name: one.expected for one in compared}
    ours, theirs = figures.get("recommended"), figures.get("article")
    if ours is None or theirs is None:
        return None
    return (
        f"In your past weeks, this would have cost {format.dollars(ours.cost_usd_per_month * USD)} a month in blocked hours, reloads and "
        f"idle balance; the setting in Claude's guide, {format.dollars(theirs.cost_usd_per_month * USD)}."
    )
