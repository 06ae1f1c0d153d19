"""What should my auto-reload be? A threshold, a reload-to amount and a monthly limit, from a person's own credit spend.

The advice depends only on credit spend up to the last complete day and on what the person decided. Neither the minute of asking nor
the order of imports changes it.

advice        the settings, what they are weighed by, and the advice with its evidence
demand        what was spent from credits, and when
level         what the next month may come to
change        whether habits have changed, and since when
months        possible months, put together from past days
arrival       when a reload arrives
simulation    what settings come to in possible months
grid          the round numbers we offer
choice        which setting to choose, and when to keep it
limit         the monthly limit
claims        how often predictions came true for many simulated people
runaway       what the limit does and doesn't do
rule_of_thumb for less than a week of history
others        the settings that we compare with
backtest      the comparison on past weeks
recommend     the advice from all of these
replay        what a setting would have done, call by call
replays       the last weeks under a setting, ready to draw
members       what each of several accounts needs
mistakes      the common mistakes, checked
reasons       the advice in sentences
found         the answer that surfaces show
wording       the sentence, the numbers and the table that people see
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from usage_analytics.answers import blocks
from usage_analytics.answers.auto_reload import months, recommend, replays, wording
from usage_analytics.answers.auto_reload.advice import USD, Advice, Checked, Compared, Economics, Expected, Policy, TradeOff
from usage_analytics.answers.auto_reload.demand import by_account, from_columns
from usage_analytics.answers.auto_reload.found import AutoReload
from usage_analytics.answers.auto_reload.members import Member, Pooled, members
from usage_analytics.answers.auto_reload.members import pooled as compare_pool
from usage_analytics.answers.auto_reload.mistakes import Finding, Stops, pitfalls
from usage_analytics.answers.auto_reload.replays import Lane, allowed
from usage_analytics.answers.auto_reload.wording import CURVE_NOTE, NOTE, SCOPE_NOTE, Mark, whole
from usage_analytics.errors import BadRequest

if TYPE_CHECKING:
    import pandas as pd

    from usage_analytics.control.decisions import Decisions
    from usage_analytics.control.settings import AutoReload as Setting
    from usage_analytics.question import Question

__all__ = [
    "CURVE_NOTE",
    "NOTE",
    "SCOPE_NOTE",
    "USD",
    "Advice",
    "AutoReload",
    "Checked",
    "Compared",
    "Economics",
    "Expected",
    "Finding",
    "Lane",
    "Mark",
    "Member",
    "Policy",
    "Pooled",
    "TradeOff",
    "allowed",
    "answer",
    "changed_habits",
    "curve",
    "economics_of",
    "first_fill",
    "lane",
    "member_rows",
    "members_of",
    "mistakes_of",
    "pooled",
    "whole",
]

FEWEST_ACCOUNTS: Final = 2  # with one account, its balance is everybody's
UNKNOWN_FROM: Final = 0.02  # of the spend: below it, nothing is said of what nobody knows who paid


def answer(question: Question, account: str | None = None, since: datetime | None = None) -> AutoReload:
    """Return the advice for all accounts on one balance, or for one account. `since` (naive UTC) leaves out earlier spend.

    Raise BadRequest if the account has no spend on usage credits.
    """
    settled = _settled(question, since)

    def judged() -> AutoReload:
        own = settled.decisions.own_pools
        accounts = settled.columns("credit_accounts", own_pools=own)["account"].tolist()
        demands = by_account(_calls(settled)) if account else {}
        if account and account not in demands:
            others = f"Accounts that do: {', '.join(demands)}." if demands else "No account does yet."
            raise BadRequest(f"“{account}” has no known spend on usage credits. {others}")
        demand = demands[account] if account else from_columns(_calls(settled))
        current, worth = policy_of(settled.decisions.policy), economics_of(settled.decisions)
        advice = recommend.advise(demand, settled.as_of, economics=worth, current=current)
        paid = _paid(settled)
        unknown_apps = [(app, nanos) for pool, app, nanos in paid if not pool]
        unknown_nanos = sum(nanos for _, nanos in unknown_apps)
        unknown = wording.unknown(unknown_nanos, [app for app, _ in unknown_apps])
        matters = unknown_nanos > UNKNOWN_FROM * (unknown_nanos + advice.history.credit_spend_nanos)
        return AutoReload(
            settled.as_of,
            wording.headline(advice, current),
            wording.numbers(advice, current),
            advice,
            (*advice.reasons, unknown) if matters else advice.reasons,
            current,
            worth,
            account,
            tuple(accounts),
            demand,
            unknown_nanos,
            tuple(app for app, _ in unknown_apps),
            unknown if matters else "",
        )

    return settled.kept(f"auto-reload {account}", judged)


def members_of(question: Question, since: datetime | None = None) -> tuple[Member, ...]:
    """Return what each account would need on a balance of its own; empty if there is only one account."""
    settled = _settled(question, since)
    worth = economics_of(settled.decisions)
    return settled.kept("auto-reload members", lambda: members(by_account(_calls(settled)), settled.as_of, worth))


def member_rows(question: Question) -> pd.DataFrame:
    """Return the same as a table; None if there is too little data."""
    return wording.member_rows(members_of(question))


def changed_habits(question: Question) -> AutoReload | None:
    """Return the answer if habits have certainly changed and the present setting should follow, else None.

    Most questions are settled by the last weeks' calls alone, which costs little.
    """
    settled = _settled(question)

    def judged() -> AutoReload | None:
        if policy_of(settled.decisions.policy) is None:
            return None
        recent = replace(settled.filters, start=settled.as_of - timedelta(days=months.MOST_DAYS))
        demand = from_columns(settled.columns("credit_calls", recent, own_pools=settled.decisions.own_pools))
        if not demand.events or not months.past(demand, settled.as_of).change.certain:
            return None
        found = answer(question)
        return found if found.advice.changed and found.worth_changing else None

    return settled.kept("auto-reload changed", judged)


def pooled(question: Question, since: datetime | None = None) -> Pooled | None:
    """Return what one balance for all accounts costs, compared with one each; None if they can't be compared."""
    advice = answer(question, None, since).advice
    return compare_pool(advice.expected, advice.history.credit_spend_nanos, members_of(question, since))


def curve(question: Question, found: AutoReload) -> tuple[tuple[TradeOff, ...], tuple[Mark, ...]]:
    """Return the settings that none beats in both idle balance and blocked hours, and where the compared settings lie."""

    def drawn() -> tuple[tuple[TradeOff, ...], tuple[Mark, ...]]:
        if found.advice.policy is None:
            return (), ()
        best = recommend.tradeoff(found.demand, found.settled, economics=found.economics)
        return best, wording.marks(found.advice, found.demand, found.settled, found.economics)

    return _settled(question).kept(f"auto-reload curve {found.account}", drawn)


def lane(question: Question, found: AutoReload, name: str, policy: Policy, *, late: bool) -> Lane:
    """Return the last weeks replayed under a setting, to the last complete day. With `late`, some reloads come late or are declined."""
    zone = question.filters.zone
    return _settled(question).kept(
        f"auto-reload lane {found.account} {name} {policy} {late}",
        lambda: replays.lane(name, found.demand, policy, found.economics, found.settled, zone=zone, late=late),
    )


def mistakes_of(question: Question, found: AutoReload) -> tuple[Finding, ...]:
    """Return the common mistakes, each checked against the person's own data up to the last complete day."""
    settled = _settled(question)

    def judged() -> tuple[Finding, ...]:
        paid = _paid(settled)
        empty = [block for block in blocks.answer(settled).blocks if block.gauge == "balance"]
        hours = [block.hours if block.working_hours is None else block.working_hours for block in empty]
        return pitfalls(
            found.demand,
            settled.as_of,
            current=found.current,
            stops=Stops(len(empty), sum(hours), max((block.start for block in empty), default=None)),
            known_nanos=sum(nanos for pool, _, nanos in paid if pool),
            by_app=[(app, nanos) for pool, app, nanos in paid if pool == "credits"],
            hour_usd=found.economics.hour_blocked_usd,
        )

    return settled.kept(f"auto-reload mistakes {found.account}", judged)


def first_fill(balance_nanos: int, policy: Policy) -> str | None:
    """Return one sentence on what is bought at once if the balance is below the threshold; None if it isn't."""
    return wording.first_fill(balance_nanos, policy)


def economics_of(known: Decisions) -> Economics:
    """Return what a blocked hour, a reload and idle balance cost the person. How slow reloads are isn't theirs to set."""
    kept = known.economics
    return Economics(**{field.name: getattr(kept, field.name) for field in fields(kept)})


def _settled(question: Question, since: datetime | None = None) -> Question:
    settled = question.settled_question()
    return settled if since is None else replace(settled, filters=replace(settled.filters, start=since))


def _calls(settled: Question) -> Mapping[str, Any]:
    """Return the calls that credits paid for, as columns of the query `credit_calls`; there may be millions."""
    return settled.columns("credit_calls", own_pools=settled.decisions.own_pools)


def policy_of(kept: Setting | None) -> Policy | None:
    """Return how auto-reload is set; None if it's off, unknown, or not in US dollars as calls are."""
    if kept is None or not kept.enabled or kept.currency != "USD":
        return None
    return Policy(kept.threshold_nanos, kept.reload_to_nanos, kept.monthly_limit_nanos)


def _paid(settled: Question) -> list[tuple[str, str, int]]:
    """Return pool ("" if unknown), app and nanos paid, highest first."""
    rows = settled.columns("credit_apps", own_pools=settled.decisions.own_pools)
    pools = [pool if isinstance(pool, str) else "" for pool in rows["pool"].tolist()]
    return [(pool, str(app), int(nanos)) for pool, app, nanos in zip(pools, rows["app"], rows["nanos"], strict=True)]
