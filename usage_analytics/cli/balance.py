"""`balance`: what is left, as it was read and as the log goes on from there; readings and top-ups can be added and forgotten."""

from __future__ import annotations

from argparse import Namespace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from usage_analytics import format as fmt
from usage_analytics.cli import answer, asked
from usage_analytics.control import Control, balances, settings
from usage_analytics.control.balances import Reading, TopUp
from usage_analytics.control.decisions import decisions
from usage_analytics.errors import BadRequest
from usage_analytics.filters import instant

if TYPE_CHECKING:
    from usage_analytics.answers.balance import Balance, Stretch
    from usage_analytics.answers.blocks import Blocked

HEAD = ("From", "To", "Opening", "Spent", "Added", "Reloaded", "Expected", "Reading", "Drift", "Drift / day")


def balance(options: Namespace) -> int:
    """Add or forget what is asked, then say what is left and how the readings and the log fit. Raises BadRequest."""
    control = Control.beside(asked.database(options))
    asked_for = [
        options.set is not None,
        options.top_up is not None,
        options.forget is not None,
        options.forget_top_up is not None,
    ]
    if sum(asked_for) > 1:
        raise BadRequest("Use one of --set, --top-up, --forget and --forget-top-up at a time.")
    if options.at and not (options.set or options.top_up):
        raise BadRequest("--at goes with --set or --top-up. Add one of them.")
    at = instant(options.at) if options.at else datetime.now(UTC).replace(tzinfo=None)
    code = options.currency or decisions(control).currency.code
    if options.set is not None:
        balances.add_reading(control, Reading(at, settings.nanos_of(options.set), code, options.account))
    elif options.top_up is not None:
        amount = settings.nanos_of(options.top_up)
        balances.add_top_up(control, TopUp(at, amount, amount, code, options.account))
    elif options.forget is not None:
        balances.forget(control, "reading", options.forget)
    elif options.forget_top_up is not None:
        balances.forget(control, "top-up", options.forget_top_up)
    changing = any(asked_for)
    with asked.writing(options) if changing else asked.reading(options) as store:
        from usage_analytics.answers import balance as judged  # here: they need numpy, and a wrong word should not
        from usage_analytics.answers import blocks

        question = asked.exact(options, store).everything()
        found, blocked = judged.answer(question), blocks.answer(question)
        if options.account is not None and not changing:
            mine = {one.account: one for one in found.each}
            if options.account not in mine:
                names = ", ".join(name or "(no name)" for name in mine)
                others = f"Accounts that do: {names}." if names else "All accounts share one balance."
                raise BadRequest(f"“{options.account}” has no balance of its own. {others}")
            found = mine[options.account]
    if options.json:
        answer.write_json(as_json(found, blocked))
    else:
        write_for_people(found, blocked)
    return 0


def as_json(found: Balance, blocked: Blocked) -> dict[str, object]:
    """The answer for programs; amounts are in the account's currency, but for what blocks cost, which is in US dollars.

    Where several accounts have a balance, it is about the one that runs out first, and `accounts` has all of them.
    """
    return {
        "account": found.account,
        **_one(found),
        "blocked": _blocked(blocked),
        "notes": list(found.book.notes),
        "accounts": [{"account": one.account, **_one(one)} for one in found.each],
    }


def _one(found: Balance) -> dict[str, object]:
    known, book, policy = found.known, found.book, found.known.policy
    return {
        **answer.said(found.headline, found.figures),
        "as_of": answer.time(found.as_of),
        "currency": book.currency,
        "currency_from": known.currency_from,
        "balance": answer.money(book.balance_nanos),
        "read_at": answer.time(book.read_at),
        "auto_reload": policy
        and {
            "enabled": policy.enabled,
            **{name: answer.money(getattr(policy, f"{name}_nanos")) for name in ("threshold", "reload_to", "monthly_limit")},
            "currency": policy.currency,
            "from": known.policy_from,
        },
        "readings": [
            {
                "id": one.reading_id,
                "read_at": answer.time(one.read_at),
                "balance": answer.money(one.nanos),
                "currency": one.currency,
                "origin": one.origin,
            }
            for one in known.readings
        ],
        "top_ups": [
            {
                "id": one.top_up_id,
                "paid_at": answer.time(one.paid_at),
                "credited": answer.money(one.credited_nanos),
                "paid": answer.money(one.paid_nanos),
                "currency": one.currency,
            }
            for one in known.top_ups
        ],
        "ledger": [_stretch(one) for one in book.stretches],
        "runway": [
            {
                "gauge": one.gauge,
                **{name: answer.time(getattr(one, name)) for name in ("low", "middle", "high", "until")},
                "chance": one.chance,
                "why": one.why,
            }
            for one in found.runways
        ],
    }


def _blocked(blocked: Blocked) -> dict[str, object]:
    return {
        "times": len(blocked.blocks),
        "hours": round(blocked.hours, 3),
        "working_hours": None if blocked.working_hours is None else round(blocked.working_hours, 3),
        "cost_usd": answer.money(blocked.cost_nanos),
        "blocks": [
            {
                "gauge": one.gauge,
                "from": answer.time(one.start),
                "to": answer.time(one.end),
                "ended_by": one.ended_by,
                "app": one.app,
                "account": one.account,
                "tries": one.tries,
                "also_out_of_credits": one.also_out_of_credits,
                "hours": round(one.hours, 3),
                "working_hours": None if one.working_hours is None else round(one.working_hours, 3),
            }
            for one in blocked.blocks
        ],
    }


def _stretch(one: Stretch) -> dict[str, object]:
    return {
        "from": answer.time(one.start),
        "to": answer.time(one.end),
        "balance_at_start": answer.money(one.opening_nanos),
        "spent": answer.money(one.spent_nanos),
        "put_on": answer.money(one.put_on_nanos),
        "reloads_inferred": one.reloads,
        "reloaded": answer.money(one.reloaded_nanos),
        "expected": answer.money(one.expected_nanos),
        "reading": answer.money(one.reading.nanos if one.reading else None),
        "drift": answer.money(one.drift_nanos),
        "drift_per_day": answer.money(one.drift_per_day_nanos),
    }


def write_for_people(asked_for: Balance, blocked: Blocked) -> None:
    """The balance, when it runs out, the ledger between its readings, blocks, and what was typed with the numbers that forget it."""
    known, found = asked_for.known, asked_for.book
    print(" ".join(filter(None, (asked_for.headline.lead, asked_for.headline.detail))))
    for other in asked_for.each[1:]:
        print(other.headline.lead)
    for line in filter(None, (*asked_for.lines, asked_for.expiring)):
        print(line)
    print(blocked.said, end="\n\n")
    if found.stretches:
        rows = []
        for one in found.stretches:
            amounts = (one.opening_nanos, one.spent_nanos, one.put_on_nanos, one.reloaded_nanos, one.expected_nanos)
            drifted = (one.drift_nanos, one.drift_per_day_nanos)
            rows.append(
                [
                    fmt.moment(one.start, "UTC"),
                    fmt.moment(one.end, "UTC") if one.reading else "now",
                    *(fmt.money(nanos, found.currency) for nanos in amounts),
                    fmt.money(one.reading.nanos, found.currency) if one.reading else "",
                    *(fmt.signed_money(nanos, found.currency) if one.reading else "" for nanos in drifted),
                ]
            )
        answer.write_table(HEAD, rows, words=2)
        print()
    for note in found.notes:
        if note != asked_for.headline.lead:
            print(note)
    for reading in known.readings:
        number = f"reading {reading.reading_id}" if reading.reading_id else "imported"
        print(f"{number}: {fmt.money(reading.nanos, reading.currency)} on {fmt.moment(reading.read_at, 'UTC')}")
    for top_up in known.top_ups:
        credited = fmt.money(top_up.credited_nanos, top_up.currency)
        print(f"top-up {top_up.top_up_id}: {credited} on {fmt.moment(top_up.paid_at, 'UTC')}")
