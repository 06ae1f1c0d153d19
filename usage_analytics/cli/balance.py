"""`balance`: what is left, as it was read and as the log goes on from there; readings and top-ups can be added and forgotten."""

from __future__ import annotations

from argparse import Namespace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from usage_analytics import format as fmt
from usage_analytics.cli import answer, asked
from usage_analytics.control import Control, balances, settings
from usage_analytics.control.balances import Reading, TopUp
from usage_analytics.control.decided import Decided, decided
from usage_analytics.errors import BadRequest
from usage_analytics.filters import Filters, instant

if TYPE_CHECKING:
    from usage_analytics.analysis.ledger import Ledger, Stretch

HEAD = ("From", "To", "Balance then", "Spent", "Put on", "Reloaded", "Expected", "Read", "Drift", "Drift a day")


def balance(options: Namespace) -> int:
    """Add or forget what is asked, then say what is left and how the readings and the log fit. Raises BadRequest."""
    control = Control.beside(asked.database(options))
    moment = _now() if options.as_of is None else instant(options.as_of)
    changing = _change(options, control)
    with asked.writing(options) if changing else asked.reading(options) as store:
        until = Filters(end=moment)
        known = decided(control, store.rows("balances", until), before=moment)
        calls = store.frame("credit_calls", until, own_pools=settings.own_pools(control))
    from usage_analytics.analysis import ledger as ledgers  # here: it needs numpy, and a wrong word should not

    found = ledgers.run(known, calls, moment)
    if options.json:
        answer.write_json(as_json(known, found, moment))
    else:
        write_for_people(known, found)
    return 0


def _change(options: Namespace, control: Control) -> bool:
    """Do what is asked; whether anything was. Raises BadRequest."""
    asked_for = [
        options.set is not None,
        options.top_up is not None,
        options.forget is not None,
        options.forget_top_up is not None,
    ]
    if sum(asked_for) > 1:
        raise BadRequest("Only one of --set, --top-up, --forget and --forget-top-up goes at a time; call it once for each.")
    if options.at and not (options.set or options.top_up):
        raise BadRequest("--at says when a balance was read or money was put on; give --set or --top-up too.")
    at = instant(options.at) if options.at else _now()
    code = options.currency or decided(control).currency.code
    if options.set is not None:
        balances.add_reading(control, Reading(at, settings.nanos_of(options.set), code))
    elif options.top_up is not None:
        amount = settings.nanos_of(options.top_up)
        balances.add_top_up(control, TopUp(at, amount, amount, code))
    elif options.forget is not None:
        balances.forget(control, "reading", options.forget)
    elif options.forget_top_up is not None:
        balances.forget(control, "top-up", options.forget_top_up)
    return any(asked_for)


def as_json(known: Decided, found: Ledger, moment: datetime) -> dict[str, object]:
    """The answer for programs; amounts are in the account's currency."""
    policy = known.policy
    return {
        "as_of": answer.time(moment),
        "currency": found.currency,
        "currency_from": known.currency_from,
        "balance": answer.money(found.balance_nanos),
        "read_at": answer.time(found.read_at),
        "auto_reload": policy
        and {
            "enabled": policy.enabled,
            "threshold": answer.money(policy.threshold_nanos),
            "reload_to": answer.money(policy.reload_to_nanos),
            "monthly_limit": answer.money(policy.monthly_limit_nanos),
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
        "ledger": [_stretch(one) for one in found.stretches],
        "notes": list(found.notes),
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


def write_for_people(known: Decided, found: Ledger) -> None:
    """The balance, the ledger between its readings, and what was typed with the numbers that forget it."""
    if found.read_at is not None:
        read = fmt.moment(found.read_at, "UTC")
        print(f"About {fmt.money(found.balance_nanos, found.currency)} is left, going on from the reading of {read}.\n")
        answer.write_table(HEAD, [_cells(one, found.currency) for one in found.stretches], words=2)
        print()
    for note in found.notes:
        print(note)
    for one in known.readings:
        number = f"reading {one.reading_id}" if one.reading_id else "imported"
        print(f"{number}: {fmt.money(one.nanos, one.currency)} on {fmt.moment(one.read_at, 'UTC')}")
    for top_up in known.top_ups:
        credited = fmt.money(top_up.credited_nanos, top_up.currency)
        print(f"top-up {top_up.top_up_id}: {credited} on {fmt.moment(top_up.paid_at, 'UTC')}")


def _cells(one: Stretch, currency: str) -> list[str]:
    amounts = (one.opening_nanos, one.spent_nanos, one.put_on_nanos, one.reloaded_nanos, one.expected_nanos)
    drifted = [fmt.signed_money(nanos, currency) if one.reading else "" for nanos in (one.drift_nanos, one.drift_per_day_nanos)]
    return [
        fmt.moment(one.start, "UTC"),
        fmt.moment(one.end, "UTC") if one.reading else "now",
        *(fmt.money(nanos, currency) for nanos in amounts),
        fmt.money(one.reading.nanos, currency) if one.reading else "",
        *drifted,
    ]


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)
