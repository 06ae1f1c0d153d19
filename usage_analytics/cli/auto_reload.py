"""`auto-reload`: threshold, reload-to and monthly limit, from what was spent on usage credits."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Final

from usage_analytics import format as fmt
from usage_analytics.cli import answer, asked
from usage_analytics.control.settings import AutoReload as Setting
from usage_analytics.control.settings import Economics as Worth
from usage_analytics.errors import BadRequest

if TYPE_CHECKING:
    from usage_analytics.answers.auto_reload import AutoReload, Checked, Expected, Member, Policy, Pooled

NANOS: Final = 1_000_000_000
HEAD: Final = ("Setting", "Below", "To", "Limit", "No block", "Blocked", "Reloads", "Idle balance", "Over limit", "Cost / month")


def auto_reload(options: Namespace) -> int:
    """Print what auto-reload should be, as JSON or for people. Raises BadRequest."""
    balance = None if options.balance is None else _money(options.balance, "--balance")
    with asked.reading(options) as store:
        question = asked.exact(options, store)
        known, kept = question.decisions, question.decisions.economics  # the words decide instead, where they say anything
        worth = Worth(
            hour_blocked_usd=_number(options.hour_blocked, kept.hour_blocked_usd, "--hour-blocked", 100_000),
            reload_usd=_number(options.reload_nuisance, kept.reload_usd, "--reload-nuisance", 10_000),
            idle_share_per_month=_number(options.idle_percent, 100 * kept.idle_share_per_month, "--idle-percent", 100) / 100,
            latency_minutes=_number(options.latency, kept.latency_minutes, "--latency", 1440, least=0.01),
            slow_share=_number(options.slow_share, kept.slow_share, "--slow-share", 1),
            failed_share=_number(options.failed_share, kept.failed_share, "--failed-share", 1),
        )
        if worth.slow_share + worth.failed_share > 1:
            raise BadRequest("--slow-share and --failed-share add up to more than 1. They are shares of all reloads. Lower one.")
        current = _setting(options.current) if options.current else known.policy
        as_of = min(filter(None, (question.filters.end, question.as_of)))
        question = replace(question, as_of=as_of, decisions=replace(known, economics=worth, policy=current))
        from usage_analytics.answers import auto_reload as judged  # here: it needs numpy, and a wrong word should not

        since = question.filters.start
        found = judged.answer(question, options.account, since)
        policy = found.advice.policy
        members = judged.members_of(question, since) if policy and options.account is None else ()
        pooled = judged.pooled(question, since) if members else None
    more = judged.first_fill(balance, policy) if balance is not None and policy else None
    each_limited = None
    limits = [one.policy.monthly_limit_nanos or 0 for one in members if one.policy]
    if len(limits) > 1 and policy and policy.monthly_limit_nanos:
        each_limited = (
            f"Separate limits for the {len(limits)} most expensive accounts would total {fmt.dollars(sum(limits))}, vs. "
            f"{fmt.dollars(policy.monthly_limit_nanos)} for one shared balance. They stop a member's runaway agent earlier, but block "
            "more often."
        )
    reasons = tuple(filter(None, (*found.reasons, each_limited, pooled.said if pooled else None, more)))
    if options.json:
        answer.write_json(as_json(found, members, reasons, pooled))
    else:
        write_for_people(found, members, reasons)
    return 0


def _number(text: str | None, otherwise: float, word: str, most: float, least: float = 0.0) -> float:
    if text is None:
        return otherwise
    try:
        number = float(text)
    except ValueError:
        number = float("nan")
    if not least <= number <= most:
        raise BadRequest(f"{word} {text} is not a number from {least:g} to {most:g}. Correct it.")
    return number


def _money(text: str, word: str) -> int:
    try:
        amount = Decimal(text.strip().removeprefix("$"))
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or abs(amount) > 10**9:
        raise BadRequest(f"{word} {text} isn't an amount in US dollars. Write it like 12.50.")
    return int(amount * NANOS)


def _setting(text: str) -> Setting:
    """Read THRESHOLD:RELOAD_TO or THRESHOLD:RELOAD_TO:LIMIT."""
    parts = text.split(":")
    if len(parts) not in (2, 3):
        raise BadRequest(f"--current {text} isn't THRESHOLD:RELOAD_TO or THRESHOLD:RELOAD_TO:LIMIT. Write it like 5:15:100.")
    threshold, reload_to, *limit = (_money(part, "--current") for part in parts)
    if threshold < 0 or reload_to <= threshold:
        raise BadRequest(f"--current {text} reloads to no more than its threshold. Write it like 5:15:100.")
    return Setting(threshold, reload_to, limit[0] if limit else None)


def as_json(found: AutoReload, members: tuple[Member, ...], reasons: tuple[str, ...], pooled: Pooled | None) -> dict[str, object]:
    """The answer in the shape that programs rely on."""
    advice, flat, limit, changed = found.advice, found.advice.flat, found.advice.limit, found.advice.changed
    return {
        **answer.said(found.headline, found.figures),
        "settled_until": answer.time(found.settled),
        "account": found.account,
        **_settings(advice.policy),
        "confidence": advice.confidence,
        "expected": _figures(advice.expected),
        "compared": [{"policy": one.policy_name, **_settings(one.policy), **_figures(one.expected)} for one in advice.compared],
        "history": {
            "weeks": round(advice.history.weeks, 2),
            "events": advice.history.events,
            "credit_spend_usd": answer.money(advice.history.credit_spend_nanos),
        },
        "reasons": list(reasons),
        "keep_current": advice.keep_current,
        "checked": _checked(advice.checked),
        "changed": changed and {"since": answer.time(changed.since), "times": changed.times},
        "flat": flat
        and {
            "threshold_usd": [answer.money(nanos) for nanos in flat.threshold_nanos],
            "reload_to_usd": [answer.money(nanos) for nanos in flat.reload_to_nanos],
        },
        "limit": limit
        and {
            "p_hit": limit.p_hit,
            "overshoot_usd": [answer.money(nanos) for nanos in limit.overshoot_nanos],
            "runaway_usd_per_hour": limit.runaway_usd_per_hour,
            "runaway_usd": answer.money(limit.runaway_nanos),
            "runaway_hours": limit.runaway_hours,
        },
        "accounts": [
            {
                "account": one.account,
                "credit_spend_usd": answer.money(one.credit_spend_nanos),
                "events": one.events,
                **_settings(one.policy),
                "expected": _figures(one.expected),
            }
            for one in members
        ],
        "pooled": pooled
        and {
            "accounts": pooled.accounts,
            "together_usd_per_month": pooled.together_usd,
            "apart_usd_per_month": pooled.apart_usd,
        },
        "unknown_pool_usd": answer.money(found.unknown_nanos),
    }


def _checked(checked: Checked | None) -> dict[str, object] | None:
    if checked is None:
        return None
    pairs = {name: getattr(checked, name) for name in ("no_block", "reloads", "held")}
    shares = {name: {"claimed": claimed, "true": true} for name, (claimed, true) in pairs.items()}
    return {"weeks": checked.weeks, "months": checked.months, **shares}


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


def write_for_people(found: AutoReload, members: tuple[Member, ...], reasons: tuple[str, ...]) -> None:
    """The three numbers, why, how sure, the ranges, the comparison, and the steps."""
    advice, policy = found.advice, found.policy
    if policy is None:
        print(found.headline.lead)
        for reason in reasons:
            print(reason)
        return
    for word, nanos in (
        ("When the balance falls below", policy.threshold_nanos),
        ("Reload balance to", policy.reload_to_nanos),
        ("Monthly limit", policy.monthly_limit_nanos),
    ):
        print(f"{word:<30}{'unlimited' if nanos is None else fmt.dollars(nanos):>12}")
    print(f"\nA reload buys about {fmt.dollars(policy.gap_nanos)}. Confidence: {advice.confidence}.")
    print()
    for reason in reasons:
        print(f"- {reason}")
    if advice.limit is not None:
        low, high = advice.limit.overshoot_nanos
        print(
            f"- The limit is soft: running work finishes, so a month may end {fmt.dollars(low)} to {fmt.dollars(high)} above it. "
            f"A runaway agent that burns {fmt.dollars(advice.limit.runaway_usd_per_hour * NANOS)} an hour mid-month costs at most "
            f"{fmt.dollars(advice.limit.runaway_nanos)} ({fmt.span(3600 * advice.limit.runaway_hours)})."
        )
    print("\nHow each setting would have done in your past weeks:")
    answer.write_table(
        HEAD, [_cells(name, one.policy, one.expected) for name, one in zip(found.names, advice.compared, strict=True)]
    )
    if members:
        print("\nFor each account on its own balance:")
        rows = [_cells(fmt.name(one.account, 30), one.policy, one.expected) for one in members if one.policy and one.expected]
        answer.write_table(("Account", *HEAD[1:]), rows)
    print("\nTo set it up:")
    for number, step in enumerate(found.steps, 1):
        print(f"{number}. {step}")


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
