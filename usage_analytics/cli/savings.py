"""`savings`: what you would save by working differently, with ranges."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from usage_analytics import format as fmt
from usage_analytics.cli import answer, asked
from usage_analytics.control.settings import PLANS
from usage_analytics.errors import BadRequest

if TYPE_CHECKING:
    from usage_analytics.answers.savings import AppCost, BurnRate, Economics, Outcome, Plans, Range, Savings, Spot

HEAD: Final = ("Saving", "Low", "Middle", "High")


def savings(options: Namespace) -> int:
    """Print the savings, as JSON or for people; judged by eight weeks at least, to the last complete day."""
    from usage_analytics.answers import savings as answers  # here: it brings pandas, and a wrong word should not

    with asked.reading(options) as store:
        question = asked.question(options, store)
        if options.plan:
            if options.plan not in PLANS:
                raise BadRequest(f"“{options.plan}” isn't a plan we know. Choose one of {', '.join(PLANS)}.")
            question = replace(question, decisions=replace(question.decisions, plan=options.plan))
        found = answers.answer(question)
        if options.json:
            more = more_as_json(answers.connected_apps(question), answers.to_check(question)) if found.savings else {}
            more |= {"economics": economics_as_json(answers.economics(question)) if found.savings else None}
            answer.write_json(as_json(found) | taken_as_json(answers.outcomes(question), answers.burn_rate(question)) | more)
            return 0
    if found.reason:
        print(f"Not enough data to say what you could save. {found.reason}")
        return 0
    print(f"{found.headline.lead}\n{found.headline.detail}\n")
    rows = [[one.title, *map(fmt.dollars, (saves.low, saves.mid, saves.high))] for one, saves in found.worth]
    if found.together:
        rows.append(["All together", *map(fmt.dollars, (found.together.low, found.together.mid, found.together.high))])
    answer.write_table(HEAD, rows)
    for one in found.savings:
        print(f"\n{one.title}\n  {one.evidence}")
        if one.saves:
            print(f"  {one.how}\n  {one.caveat}")
    if found.plans:
        said = (found.plans.headline.lead, found.plans.headline.detail, found.plans.evidence, found.plans.by_month)
        print("\nWhich plan fits?", *filter(None, said), sep="\n  ", end="\n\n")
        costs = [
            [
                one.name,
                *_dollars(one.costs),
                *("" if nanos is None else fmt.dollars(nanos) for nanos in (one.break_even, one.cheapest_from)),
                "" if one.cheapest_months is None else fmt.count(one.cheapest_months),
            ]
            for one in found.plans.plans
        ]
        answer.write_table(("Plan, per month", "Low", "Middle", "High", "Break-even", "Cheapest from", "Months cheapest"), costs)
    return 0


def as_json(found: Savings) -> dict[str, object]:
    """The answer in the shape that programs rely on."""
    return {
        "from": answer.time(found.start),
        "to": answer.time(found.end),
        "spent_usd_per_month": answer.money(found.spent_per_month),
        "paid_by_plan": found.plan_share,
        "levers": [
            {
                "lever": one.name,
                "saves_usd_per_month": _range(one.saves),
                "evidence": one.evidence,
                "how": one.how,
                "caveat": one.caveat,
            }
            for one in found.savings
        ],
        "together": _range(found.together),
        "plans": plans_as_json(found.plans) if found.plans else None,
        "reason": found.reason or None,
        **answer.said(found.headline, found.figures),
    }


def taken_as_json(outcomes: tuple[Outcome, ...], rate: BurnRate) -> dict[str, object]:
    """What came of the savings that were taken up, and what an hour of each way of working costs."""
    return {
        "taken": [
            {
                "lever": one.name,
                "since": one.since.isoformat(),
                "expected_usd_per_month": answer.money(one.expected),
                "came_usd_per_month": _range(one.came),
                "said": one.said,
            }
            for one in outcomes
        ],
        "burn_rate": [
            {
                "pattern": one.name,
                "meaning": one.meaning,
                "conversations": one.conversations,
                "active_hours": one.active_hours,
                "usd_per_hour": answer.money(None if one.per_hour is None else round(one.per_hour)),
                "article_usd_per_hour": list(one.article),
                "balance_lasts_seconds": one.lasts(rate.balance),
            }
            for one in rate.burn.patterns
        ],
        "burn_rate_said": rate.said,
        "burn_rate_balance_usd": answer.money(rate.balance),
        "burn_rate_balance_is_known": rate.is_known,
    }


def more_as_json(apps: tuple[AppCost, ...], spots: tuple[Spot, ...]) -> dict[str, object]:
    """What each app costs and would cost, and simple calls to check."""
    return {
        "apps": [
            {
                "app": one.app,
                "calls": one.calls,
                "usd_per_month": answer.money(one.month),
                "half_as_often_usd_per_month": answer.money(one.half),
                "as_a_batch_usd_per_month": answer.money(one.batch),
                "lighter_model_usd_per_month": answer.money(one.lighter),
            }
            for one in apps
        ],
        "to_check": [
            {
                "occurred_at": answer.time(one.at),
                "model": one.model,
                "lighter_model": one.lighter,
                "prompt_tokens": one.prompt_tokens,
                "output_tokens": one.output_tokens,
                "would_have_saved_usd": answer.money(one.saves),
            }
            for one in spots
        ],
    }


def economics_as_json(found: Economics) -> dict[str, object]:
    """What conversations paid for, in total, per call, and in each of the most expensive ones."""
    return {
        "said": found.said,
        "calls": found.calls,
        "parts": [
            {
                "part": one.name,
                "title": one.title,
                "usd": answer.money(one.nanos),
                "share": one.share,
                "usd_per_call": answer.money(one.per_call),
            }
            for one in found.parts
        ],
        "conversations": [
            {
                "calls": one.calls,
                "usd": answer.money(one.nanos),
                "new_usd": answer.money(one.new_nanos),
                "history_usd": answer.money(one.history_nanos),
                "cache_reads_usd": answer.money(one.reads_nanos),
                "rebuilt_caches_usd": answer.money(one.rebuilt_nanos),
                "uncached_usd": answer.money(one.uncached_nanos),
                "breaks": one.breaks,
                "context_tokens": one.context,
                "compactions": one.summed_up,
                "fresh_start_after_calls": one.every,
                "fresh_starts_save_usd": answer.money(one.fresh_nanos),
            }
            for one in found.talks
        ],
    }


def plans_as_json(found: Plans) -> dict[str, object]:
    """The plans in the shape that programs rely on."""
    return {
        "cheapest": found.cheapest,
        "sure": found.sure,
        "current": found.now,
        "evidence": found.evidence,
        "headline": found.headline.lead,
        "by_month": found.by_month or None,
        "compared": [
            {
                "plan": one.plan,
                "name": one.name,
                "fee_usd_per_month": answer.money(one.fee),
                "usd_per_month": _range(one.costs),
                "weekly_allowance_usd": _range(one.week),
                "cheapest_weeks": one.cheapest_weeks,
                "cheapest_months": one.cheapest_months,
                "break_even_usd_per_month": answer.money(one.break_even),
                "cheapest_from_usd_per_month": answer.money(one.cheapest_from),
            }
            for one in found.plans
        ],
        "weeks": found.weeks,
        "months": [
            {
                "month": one.name,
                "used_usd": answer.money(one.used),
                "cheapest": one.cheapest,
                "cost_usd": answer.money(one.costs),
            }
            for one in found.months
        ],
    }


def _dollars(costs: Range | None) -> list[str]:
    return [fmt.dollars(nanos) for nanos in (costs.low, costs.mid, costs.high)] if costs else ["not known", "", ""]


def _range(saves: Range | None) -> dict[str, str | None] | None:
    if saves is None:
        return None
    return {"low": answer.money(saves.low), "mid": answer.money(saves.mid), "high": answer.money(saves.high)}
