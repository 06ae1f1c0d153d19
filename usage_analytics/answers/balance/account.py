"""The account in sentences, and the tables of readings and top-ups that a person can edit."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from usage_analytics import format
from usage_analytics.answers import Headline
from usage_analytics.answers.balance.data import expires_next, spent_between
from usage_analytics.control.balances import Reading, TopUp
from usage_analytics.control.settings import PLANS, nanos_of
from usage_analytics.errors import BadRequest

if TYPE_CHECKING:
    import pandas as pd

    from usage_analytics.answers.balance.data import Columns, Rows
    from usage_analytics.answers.balance.ledger import Ledger
    from usage_analytics.answers.balance.runway import Runway
    from usage_analytics.control.decisions import Decisions

GAUGES: Final = {
    "balance": "The balance",
    "monthly_limit": "This month's limit",
    "session": "The plan's 5-hour window",
    "weekly": "The plan's weekly window",
}
CENT: Final = 10_000_000  # nanos
FROM: Final = {"typed": "as you entered it", "account": "according to your account", "assumed": "as we assume"}


def headline(known: Decisions, found: Ledger, now: datetime, whose: str | None = None) -> Headline:
    """Return what is left in one sentence, with the account's name if there are several; without a reading, what to enter first."""
    if found.balance_nanos is None or found.read_at is None:
        return Headline(found.notes[0] if found.notes else "Balance unknown.", _set_up(known), enough=False)
    read = format.ago(now - found.read_at)
    of = "" if whose is None else f" for {format.name(whose)}"
    return Headline(
        f"About {format.money(found.balance_nanos, found.currency)} is left{of}, based on a reading from {read}.",
        _drift(found) or _set_up(known),
    )


def drift(found: Ledger) -> str:
    """Return one sentence on how far the last reading was from what the log predicted."""
    return _drift(found) or "A second reading will show how well the log matches the account."


def until(runway: Runway, now: datetime, zone: str) -> str:
    """Return when a gauge runs out, as a range in words."""
    what = GAUGES[runway.gauge]
    if runway.why is not None:
        return f"{what}: {runway.why[0].lower()}{runway.why[1:]}"
    if runway.low is not None and runway.low <= now:
        return f"{what} is used up."
    if runway.low is None:
        return f"{what} lasts {_holds(runway, zone)}, at the spend of the last four weeks."
    low = _when(runway.low, now, zone)
    if runway.high is None:
        holds = f"{format.percent(1 - (runway.chance or 0))} of the time it lasts {_holds(runway, zone)}"
        return f"{what} lasts until {low} at the earliest; {holds}."
    high, middle = _when(runway.high, now, zone), _when(runway.middle or runway.high, now, zone)
    unless = "Without a top-up, " if runway.gauge == "balance" else ""
    what = what[:1].lower() + what[1:] if unless else what
    if low == high:
        return f"{unless}{what} runs out around {middle}."
    return f"{unless}{what} runs out between {low} and {high}, most likely around {middle}."


def month(said: Rows, calls: Columns, currency: str, now: datetime) -> str:
    """Return what the account reports as used this month next to what the log has; "" if it reports nothing.

    `said` holds rows of the query `balances`, `calls` the columns of `credit_calls`.
    """
    start = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    stated = [
        row for row in said if row["used_nanos"] is not None and start <= row["seen_at"] <= now and row["currency"] == currency
    ]
    if not stated:
        return ""
    last = stated[-1]
    spent = spent_between(calls, start, last["seen_at"])
    used = format.money(last["used_nanos"], currency)
    logged = "the log doesn't show it" if currency != "USD" else f"the log shows {format.dollars(spent)}"
    return f"The account reported {used} of credits used this month by {format.day(last['seen_at'])}; {logged}."


def expiring(said: Rows, now: datetime) -> str:
    """Return which part of the balance expires next, as the account last reported; "" if none does. `said`: rows of `balances`."""
    last = expires_next(said, now)
    if last is None:
        return ""
    amount = "Part" if last["expiring_nanos"] is None else format.money(last["expiring_nanos"], last["currency"] or "USD")
    return f"{amount} of the balance expires on {format.day(last['expires_at'])}."


def reading_rows(known: Decisions, zone: str) -> pd.DataFrame:
    """Return the typed readings as a table to edit: `read_at` in the person's time zone, `balance` in the account's currency."""
    import pandas as pd  # here, as below: who asks what is left needs no table

    rows = [(format.local(one.read_at, zone), one.nanos / 1e9) for one in known.readings if one.origin == "typed"]
    return pd.DataFrame(rows, columns=["read_at", "balance"]).astype({"read_at": "datetime64[us]", "balance": "float64"})


def top_up_rows(known: Decisions, zone: str) -> pd.DataFrame:
    """Return the top-ups as a table to edit: times in the person's time zone, amounts in the account's currency."""
    import pandas as pd

    rows = [
        (format.local(one.paid_at, zone), one.credited_nanos / 1e9, None if one.paid_nanos is None else one.paid_nanos / 1e9)
        for one in known.top_ups
    ]
    kinds = {"paid_at": "datetime64[us]", "credited": "float64", "paid": "float64"}
    return pd.DataFrame(rows, columns=list(kinds)).astype(kinds)


def readings_of(rows: pd.DataFrame, zone: str, currency: str) -> tuple[Reading, ...]:
    """Return the readings in an edited table. Raise BadRequest for an incomplete row."""
    return tuple(Reading(at, nanos_of(row.balance), currency) for at, row in _filled(rows, "read_at", "balance", zone))


def top_ups_of(rows: pd.DataFrame, zone: str, currency: str) -> tuple[TopUp, ...]:
    """Return the top-ups in an edited table. Raise BadRequest for an incomplete row."""
    import pandas as pd

    return tuple(
        TopUp(at, nanos_of(row.credited), None if pd.isna(row.paid) else nanos_of(row.paid), currency)
        for at, row in _filled(rows, "paid_at", "credited", zone)
    )


def ledger_rows(found: Ledger) -> pd.DataFrame:
    """Return the ledger as a table, one row per stretch between readings, newest first."""
    import pandas as pd

    rows = [
        (
            one.start,
            one.end if one.reading else None,
            *(
                format.money(nanos, found.currency)
                for nanos in (one.opening_nanos, one.spent_nanos, one.put_on_nanos + one.reloaded_nanos, one.expected_nanos)
            ),
            format.money(one.reading.nanos, found.currency) if one.reading else None,
            _signed(one.drift_nanos, found.currency),
            _signed(one.drift_per_day_nanos, found.currency),
        )
        for one in reversed(found.stretches)
    ]
    return pd.DataFrame(rows, columns=["start", "end", "opening", "spent", "put_on", "expected", "reading", "drift", "per_day"])


def _filled(rows: pd.DataFrame, moment: str, amount: str, zone: str) -> Iterator[tuple[datetime, pd.Series]]:
    """Yield each row that isn't empty, with its time in naive UTC. Raise BadRequest if it is incomplete."""
    import pandas as pd

    for _, row in rows.iterrows():
        if pd.isna(row[moment]) and pd.isna(row[amount]):
            continue
        if pd.isna(row[moment]) or pd.isna(row[amount]):
            raise BadRequest("A row needs both a time and an amount. Fill in both, or delete the row.")
        yield pd.Timestamp(row[moment]).to_pydatetime().replace(tzinfo=ZoneInfo(zone)).astimezone(UTC).replace(tzinfo=None), row


def _signed(nanos: int | None, currency: str) -> str | None:
    """Return a difference to the cent; the log isn't more exact than the account."""
    return None if nanos is None else format.signed_money(nanos, currency)


def _drift(found: Ledger) -> str:
    if not found.drifts:
        return ""
    last = found.drifts[-1]
    off, per_day = last.drift_nanos or 0, last.drift_per_day_nanos
    if abs(off) < CENT:
        return "The last reading matches the log to the cent."
    a_day = f" ({format.money(abs(per_day), found.currency)} a day)" if per_day else ""
    why = (
        "spent where we have no log, or charged for something else"
        if off < 0
        else "a top-up isn't entered here, or the plan paid"
    )
    amount = format.money(abs(off), found.currency)
    return f"The last reading was {amount} {'below' if off < 0 else 'above'} what the log suggests{a_day}: {why}."


def _set_up(known: Decisions) -> str:
    policy = known.policy
    plan = f"Plan: {PLANS[known.plan]}." if known.plan != "unknown" else "You haven't chosen a plan yet."
    if policy is None:
        return f"{plan} Your auto-reload setting is unknown."
    below, to = (format.money(nanos, policy.currency) for nanos in (policy.threshold_nanos, policy.reload_to_nanos))
    state = "on" if policy.enabled else "off"
    return f"{plan} Auto-reload is {state}: below {below}, it reloads to {to}, {FROM[known.policy_from or 'typed']}."


def _when(moment: datetime, now: datetime, zone: str) -> str:
    """Return the day; within two days of `now`, the time as well."""
    local = format.local(moment, zone)
    return format.moment(moment, zone) if (moment - now).days < 2 else format.day(local)


def _holds(runway: Runway, zone: str) -> str:
    if runway.gauge == "balance":
        return "for at least half a year"
    if runway.gauge == "monthly_limit":
        return "until the end of the month"
    return f"until it resets on {format.moment(runway.until, zone)}"
