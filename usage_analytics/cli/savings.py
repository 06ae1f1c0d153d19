"""`savings`: what would be saved by working differently, with ranges."""

from __future__ import annotations

from argparse import Namespace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from usage_analytics import format as fmt
from usage_analytics.cli import answer, asked
from usage_analytics.control import Control
from usage_analytics.filters import Filters

if TYPE_CHECKING:
    from usage_analytics.answers.savings import Lever, Range, Savings
    from usage_analytics.reports.savings import Judged

HEAD: Final = ("Lever", "Low", "Middle", "High")


def savings(options: Namespace) -> int:
    """Print the levers, as JSON or for people."""
    from usage_analytics.periods import Period
    from usage_analytics.reports import Asked, reading
    from usage_analytics.reports.asked import source
    from usage_analytics.reports.savings import judged

    within = asked.span(options)
    now = within.end or datetime.now(UTC).replace(tzinfo=None)
    asked_for = Asked(Period("", within.start, within.end), within, None, now, as_of=within.end is not None)
    with asked.reading(options) as store:
        made = judged(source(asked_for, reading(store), Control.beside(asked.database(options))), most=None)
    if options.json:
        answer.write_json(as_json(made.found, made.span))
    else:
        _write_for_people(made)
    return 0


def as_json(found: Savings, span: Filters) -> dict[str, object]:
    """The answer in the shape that programs rely on."""
    return {
        "from": answer.time(span.start),
        "to": answer.time(span.end),
        "spent_usd_per_month": answer.money(found.spent_per_month),
        "paid_by_plan": found.plan_share,
        "levers": [_lever(lever) for lever in found.levers],
        "together": _range(found.together),
        "reason": found.reason or None,
    }


def _lever(lever: Lever) -> dict[str, object]:
    return {
        "lever": lever.name,
        "saves_usd_per_month": _range(lever.saves),
        "evidence": lever.evidence,
        "how": lever.how,
        "caveat": lever.caveat,
    }


def _range(saves: Range | None) -> dict[str, str | None] | None:
    if saves is None:
        return None
    return {"low": answer.money(saves.low), "mid": answer.money(saves.mid), "high": answer.money(saves.high)}


def _write_for_people(made: Judged) -> None:
    found = made.found
    if found.reason:
        print(f"Not enough data to say what could be saved: {found.reason}")
        return
    print(f"{made.weeks('UTC')}: {fmt.dollars(found.spent_per_month)} a month at list prices\n")
    pulled = [(lever.title, lever.saves) for lever in found.levers if lever.saves]
    rows = [[title, *map(fmt.dollars, (saves.low, saves.mid, saves.high))] for title, saves in pulled]
    if found.together:
        rows.append(["All together", *map(fmt.dollars, (found.together.low, found.together.mid, found.together.high))])
    answer.write_table(HEAD, rows)
    for lever in found.levers:
        print(f"\n{lever.title}\n  {lever.evidence}")
        if lever.saves:
            print(f"  {lever.how}\n  {lever.caveat}")
