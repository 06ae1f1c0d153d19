"""`auto-reload`: threshold, reload-to and monthly limit, from what was spent on usage credits."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Final

from usage_analytics import format as fmt
from usage_analytics.cli import answer, asked
from usage_analytics.control import Control, settings
from usage_analytics.control.decisions import Decisions, decisions
from usage_analytics.errors import BadRequest

if TYPE_CHECKING:
    from usage_analytics.answers.auto_reload.advice import Advice, Economics, Expected, Policy
    from usage_analytics.answers.auto_reload.members import Member

NANOS: Final = 1_000_000_000
UNTOLD_FROM: Final = 0.02  # of the spend, from which on it is said that nobody knows who pays for it
HEAD: Final = ("Setting", "Below", "To", "Limit", "No block", "Blocked", "Reloads", "Idle balance", "Over limit", "Costs a month")


@dataclass(frozen=True, slots=True)
class Found:
    """The advice, the accounts it is for, and what could not be told to plan or credits."""

    advice: Advice
    members: tuple[Member, ...]
    untold_nanos: int
    untold_apps: tuple[str, ...]
    current: Policy | None


def auto_reload(options: Namespace) -> int:
    """Print what auto-reload should be, as JSON or for people. Raises BadRequest."""
    control, within = Control.beside(asked.database(options)), asked.span(options)
    now = within.end or _clock()
    economics, current, balance = _given(options, control)
    with asked.reading(options) as store:
        pools = settings.own_pools(control)
        until = replace(within, end=now)
        columns = store.columns("credit_calls", until, own_pools=pools)
        paid = store.rows("credit_pools", until, own_pools=pools)
        known = decisions(control, store.rows("balances", until), before=now)
    current = current or _set_today(known)
    found = find(columns, paid, now, economics=economics, current=current, balance_nanos=balance)
    if options.json:
        answer.write_json(as_json(found))
    else:
        write_for_people(found)
    return 0


def find(
    columns: dict[str, Any],
    paid: list[dict[str, Any]],
    now: datetime,
    *,
    economics: Economics,
    current: Policy | None = None,
    balance_nanos: int | None = None,
) -> Found:
    """Judge the rows of `credit_calls` and `credit_pools`."""
    from usage_analytics.answers.auto_reload import advise
    from usage_analytics.answers.auto_reload.demand import by_account, from_columns
    from usage_analytics.answers.auto_reload.members import members

    advice = advise(from_columns(columns), now, economics=economics, current=current, balance_nanos=balance_nanos)
    each = members(by_account(columns), now, economics) if advice.policy else ()
    untold = [row for row in paid if row["pool"] is None and row["nanos"]]
    apps = tuple(app for row in untold for app in row["apps"])
    return Found(advice, each, sum(row["nanos"] for row in untold), apps, current)


def _set_today(known: Decisions) -> Policy | None:
    """How auto-reload is set: as the person typed it, else as the account last said."""
    from usage_analytics.answers.auto_reload.advice import Policy

    said = known.policy
    if said is None or not said.enabled or said.currency != "USD":
        return None
    return Policy(said.threshold_nanos, said.reload_to_nanos, said.monthly_limit_nanos)


def _given(options: Namespace, control: Control) -> tuple[Economics, Policy | None, int | None]:
    """What things are worth, as the words say, else as it was kept; how auto-reload is set and the balance, where the words say so."""
    from usage_analytics.answers.auto_reload.advice import Economics

    kept = settings.economics(control)
    worth = Economics(
        hour_blocked_usd=_number(options.hour_blocked, kept.hour_blocked_usd, "--hour-blocked", 100_000),
        reload_usd=_number(options.reload_nuisance, kept.reload_usd, "--reload-nuisance", 10_000),
        idle_share_per_month=_number(options.idle_percent, 100 * kept.idle_share_per_month, "--idle-percent", 100) / 100,
        latency_minutes=_number(options.latency, kept.latency_minutes, "--latency", 1440, least=0.01),
        slow_share=_number(options.slow_share, kept.slow_share, "--slow-share", 1),
        failed_share=_number(options.failed_share, kept.failed_share, "--failed-share", 1),
    )
    if worth.slow_share + worth.failed_share > 1:
        raise BadRequest("--slow-share and --failed-share are together more than 1; they are shares of all reloads.")
    current = _policy(options.current) if options.current else None
    return worth, current, None if options.balance is None else _money(options.balance, "--balance")


def _number(text: str | None, otherwise: float, word: str, most: float, least: float = 0.0) -> float:
    if text is None:
        return otherwise
    try:
        number = float(text)
    except ValueError:
        number = float("nan")
    if not least <= number <= most:
        raise BadRequest(f"{word} {text} is not a number from {least:g} to {most:g}; correct it.")
    return number


def _money(text: str, word: str) -> int:
    try:
        amount = Decimal(text.strip().removeprefix("$"))
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or abs(amount) > 10**9:
        raise BadRequest(f"{word} {text} is not an amount in US dollars; write it like 12.50.")
    return int(amount * NANOS)


def _policy(text: str) -> Policy:
    """Read THRESHOLD:RELOAD_TO or THRESHOLD:RELOAD_TO:LIMIT."""
    from usage_analytics.answers.auto_reload.advice import Policy

    parts = text.split(":")
    if len(parts) not in (2, 3):
        raise BadRequest(f"--current {text} is not THRESHOLD:RELOAD_TO or THRESHOLD:RELOAD_TO:LIMIT; write it like 5:15:100.")
    threshold, reload_to, *limit = (_money(part, "--current") for part in parts)
    if threshold < 0 or reload_to <= threshold:
        raise BadRequest(f"--current {text} does not reload to more than the threshold; write it like 5:15:100.")
    return Policy(threshold, reload_to, *limit)


def _clock() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


def as_json(found: Found) -> dict[str, object]:
    """The answer in the shape that programs rely on."""
    advice = found.advice
    return {
        **_settings(advice.policy),
        "confidence": advice.confidence,
        "expected": _figures(advice.expected),
        "compared": [{"policy": one.policy_name, **_settings(one.policy), **_figures(one.expected)} for one in advice.compared],
        "history": {
            "weeks": round(advice.history.weeks, 2),
            "events": advice.history.events,
            "credit_spend_usd": answer.money(advice.history.credit_spend_nanos),
        },
        "reasons": list(_reasons(found)),
        "keep_current": advice.keep_current,
        "flat": _flat(advice),
        "limit": _limit(advice),
        "accounts": [_member(one) for one in found.members],
        "unknown_pool_usd": answer.money(found.untold_nanos),
    }


def _settings(policy: Policy | None) -> dict[str, str | None]:
    return {
        "threshold_usd": answer.money(policy.threshold_nanos) if policy else None,
        "reload_to_usd": answer.money(policy.reload_to_nanos) if policy else None,
        "monthly_limit_usd": answer.money(policy.monthly_limit_nanos) if policy else None,
    }


def _figures(expected: Expected | None) -> dict[str, object]:
    return {
        "p_no_block": expected.p_no_block if expected else None,
        "blocked_hours_per_month": expected.blocked_hours_per_month if expected else None,
        "reloads_per_month": expected.reloads_per_month if expected else None,
        "mean_balance_usd": answer.money(expected.mean_balance_nanos) if expected else None,
        "p_limit_hit": expected.p_limit_hit if expected else None,
        "cost_usd_per_month": expected.cost_usd_per_month if expected else None,
    }


def _flat(advice: Advice) -> dict[str, object] | None:
    if advice.flat is None:
        return None
    return {
        "threshold_usd": [answer.money(nanos) for nanos in advice.flat.threshold_nanos],
        "reload_to_usd": [answer.money(nanos) for nanos in advice.flat.reload_to_nanos],
    }


def _limit(advice: Advice) -> dict[str, object] | None:
    if advice.limit is None:
        return None
    return {
        "p_hit": advice.limit.p_hit,
        "overshoot_usd": [answer.money(nanos) for nanos in advice.limit.overshoot_nanos],
        "runaway_usd_per_hour": advice.limit.runaway_usd_per_hour,
        "runaway_usd": answer.money(advice.limit.runaway_nanos),
        "runaway_hours": advice.limit.runaway_hours,
    }


def _member(one: Member) -> dict[str, object]:
    spent = {"credit_spend_usd": answer.money(one.credit_spend_nanos), "events": one.events}
    return {"account": one.account, **spent, **_settings(one.policy), "expected": _figures(one.expected)}


def _reasons(found: Found) -> tuple[str, ...]:
    """The advice's own, then what it could not see, then what limits for each member would do."""
    spent = found.advice.history.credit_spend_nanos
    said = [*found.advice.reasons]
    if found.untold_nanos > UNTOLD_FROM * (found.untold_nanos + spent):
        apps = fmt.listed([fmt.name(app, 30) for app in found.untold_apps])
        said.append(
            f"{fmt.dollars(found.untold_nanos)} of {apps} could not be told to plan or credits and does not count; "
            "say in the settings what these apps draw on."
        )
    limits = [one.policy.monthly_limit_nanos or 0 for one in found.members if one.policy]
    policy = found.advice.policy
    if len(limits) > 1 and policy and policy.monthly_limit_nanos:
        said.append(
            f"Limits for each of the {len(limits)} dearest accounts would come to {fmt.dollars(sum(limits))} together, against "
            f"{fmt.dollars(policy.monthly_limit_nanos)} for one pool: they stop one member's runaway earlier, and interrupt more often."
        )
    return tuple(said)


def write_for_people(found: Found) -> None:
    """The three numbers, why, how sure, the ranges, the comparison, and the steps."""
    advice = found.advice
    if advice.policy is None:
        print("There is no advice yet.")
        for reason in _reasons(found):
            print(reason)
        return
    policy = found.current if advice.keep_current and found.current else advice.policy
    for word, nanos in (
        ("When the balance falls below", policy.threshold_nanos),
        ("Reload balance to", policy.reload_to_nanos),
        ("Monthly limit", policy.monthly_limit_nanos),
    ):
        print(f"{word:<30}{'unlimited' if nanos is None else fmt.dollars(nanos):>12}")
    print(f"\nA reload buys about {fmt.dollars(policy.gap_nanos)}. Confidence: {advice.confidence}.")
    print()
    for reason in _reasons(found):
        print(f"- {reason}")
    _write_limit(advice)
    print("\nOn your own past weeks, each held out in turn:")
    answer.write_table(HEAD, [_cells(one.policy_name, one.policy, one.expected) for one in advice.compared])
    if found.members:
        print("\nEach account on a balance of its own:")
        rows = [
            _cells(fmt.name(one.account, 30), one.policy, one.expected) for one in found.members if one.policy and one.expected
        ]
        answer.write_table(("Account", *HEAD[1:]), rows)
    _write_steps(policy)


def _write_limit(advice: Advice) -> None:
    if advice.limit is None:
        return
    low, high = advice.limit.overshoot_nanos
    print(
        f"- The limit is soft: what is under way completes, so it may be passed by {fmt.dollars(low)} to {fmt.dollars(high)}. "
        f"An agent that burns {fmt.dollars(advice.limit.runaway_usd_per_hour * NANOS)} an hour from mid-month on spends "
        f"{fmt.dollars(advice.limit.runaway_nanos)} in {fmt.span(3600 * advice.limit.runaway_hours)} before the limit stops it."
    )


def _cells(name: str, policy: Policy, expected: Expected) -> list[str]:
    limit = policy.monthly_limit_nanos
    return [
        name,
        fmt.dollars(policy.threshold_nanos),
        fmt.dollars(policy.reload_to_nanos),
        "none" if limit is None else fmt.dollars(limit),
        fmt.percent(expected.p_no_block),
        fmt.span(3600 * expected.blocked_hours_per_month),
        f"{expected.reloads_per_month:.1f}",
        fmt.dollars(expected.mean_balance_nanos),
        "" if expected.p_limit_hit is None else fmt.percent(expected.p_limit_hit),
        fmt.dollars(expected.cost_usd_per_month * NANOS),
    ]


def _write_steps(policy: Policy) -> None:
    from usage_analytics.answers.auto_reload.wording import steps

    print("\nTo set it up:")
    for number, step in enumerate(steps(policy), 1):
        print(f"{number}. {step}")
