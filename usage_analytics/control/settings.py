"""What people tell about their account: the plan, which pool pays for what, what an hour is worth, how auto-reload is set, the currency.

Each setting is one JSON value under its name. Unknown is None: nothing here is assumed, but for the prices of `Economics`, which are
stated wherever they are used. Whatever is set goes through `set_…`, which raises BadRequest with what to do.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from usage_analytics import format
from usage_analytics.errors import BadRequest
from usage_analytics.weeks import WEEK_STARTS, WeekStart

if TYPE_CHECKING:
    from usage_analytics.control import Control

Plan = Literal["pro", "max5", "max20", "team", "enterprise", "api", "unknown"]
Pool = Literal["plan", "credits", "api"]

PLANS: Final[dict[Plan, str]] = {
    "unknown": "Not set",
    "pro": "Pro",
    "max5": "Max 5x",
    "max20": "Max 20x",
    "team": "Team",
    "enterprise": "Enterprise",
    "api": "API (Console)",
}
POOLS: Final[dict[Pool, str]] = {"plan": "Plan", "credits": "Usage credits", "api": "API key"}
NANOS: Final = 1_000_000_000
SMALLEST_GAP: Final = 10 * NANOS  # what the product's form demands of an auto-reload in US dollars …
SMALLEST_PURCHASE: Final = 5 * NANOS  # … and of a purchase
_DECIMALS_OF_NANOS: Final = 9


@dataclass(frozen=True, slots=True)
class OwnPool:
    """What an app draws on, as the person says; of one account, or of every account where `account` is None."""

    app: str
    account: str | None
    pool: Pool


@dataclass(frozen=True, slots=True)
class Economics:
    """What an auto-reload is judged by: the worth of things in US dollars, and how fast and surely a reload comes."""

    hour_blocked_usd: float = 25.0
    reload_usd: float = 0.50
    idle_share_per_month: float = 0.03
    latency_minutes: float = 1.0
    slow_share: float = 0.03
    failed_share: float = 0.015


@dataclass(frozen=True, slots=True)
class AutoReload:
    """Auto-reload as it is set in the account, in nanos of the account's currency. No monthly limit is None."""

    threshold_nanos: int
    reload_to_nanos: int
    monthly_limit_nanos: int | None
    enabled: bool = True
    currency: str = "USD"


@dataclass(frozen=True, slots=True)
class Currency:
    """The currency of the account, and what one unit of it is in US dollars, as the person states it for a day."""

    code: str
    usd_rate: Decimal | None
    stated_on: date | None


@dataclass(frozen=True, slots=True)
class Taken:
    """A saving that the person took up, by its name, and the day from which they work that way."""

    saving: str
    since: date


US_DOLLARS: Final = Currency("USD", Decimal(1), None)


def plan(control: Control) -> Plan:
    """The plan of the account."""
    return _read(control, "plan", Plan) or "unknown"


def set_plan(control: Control, chosen: str) -> None:
    """Keep the plan. Raises BadRequest."""
    if chosen not in PLANS:
        raise BadRequest(f"“{chosen}” isn't a plan we know. Choose one of {', '.join(PLANS)}.")
    _keep(control, "plan", chosen)


def pools(control: Control) -> tuple[OwnPool, ...]:
    """Which pool pays for an app, where the person has said so."""
    return _read(control, "own_pools", tuple[OwnPool, ...]) or ()


def own_pools(control: Control) -> list[dict[str, str | None]]:
    """The same as the parameter `$own_pools` of queries."""
    return [{"app": one.app, "account": one.account, "pool": one.pool} for one in pools(control)]


def set_pools(control: Control, chosen: tuple[OwnPool, ...]) -> None:
    """Keep which pool pays for which app. Raises BadRequest."""
    for one in chosen:
        if not one.app.strip():
            raise BadRequest("A row has no app. Name the app, or delete the row.")
        if one.pool not in POOLS:
            raise BadRequest(f"“{one.pool}” isn't a way to pay. Choose one of {', '.join(POOLS)}.")
    if len({(one.app, one.account) for one in chosen}) < len(chosen):
        raise BadRequest("An app is listed twice for the same account. Keep one of the rows.")
    _keep(control, "own_pools", chosen or None)


def economics(control: Control) -> Economics:
    """What an hour, a reload and idle money are worth to the person; the stated defaults where they did not say."""
    return _read(control, "economics", Economics) or Economics()


def set_economics(control: Control, chosen: Economics) -> None:
    """Keep them. Raises BadRequest."""
    for name, most in _MOST.items():
        value = getattr(chosen, name)
        if not 0 <= value <= most:  # also false for what is no number
            raise BadRequest(f"{_NAMES[name]} is a number from 0 to {most:g}. Correct it.")
    _keep(control, "economics", chosen)


def current_policy(control: Control) -> AutoReload | None:
    """How auto-reload is set in the account, as the person typed it; None when they have not."""
    found: AutoReload | None = _read(control, "auto_reload", AutoReload)
    return found


def set_current_policy(control: Control, chosen: AutoReload | None) -> None:
    """Keep how auto-reload is set; None forgets it. Raises BadRequest for what the product's own form would refuse."""
    if chosen is not None:
        check_policy(chosen)
    _keep(control, "auto_reload", chosen)


def check_policy(chosen: AutoReload) -> None:
    """Raise BadRequest for what the product's own form would refuse."""
    if chosen.threshold_nanos < 0:
        raise BadRequest("The threshold is below zero. Enter the balance at which it reloads.")
    if chosen.reload_to_nanos <= chosen.threshold_nanos:
        raise BadRequest("“Reload balance to” isn't above the threshold. Enter the balance after a reload.")
    if chosen.currency == "USD" and chosen.reload_to_nanos - chosen.threshold_nanos < SMALLEST_GAP:
        raise BadRequest("“Reload balance to” has to be at least $10 above the threshold. Raise it.")
    if chosen.monthly_limit_nanos is not None and chosen.monthly_limit_nanos < 0:
        raise BadRequest("The monthly limit is below zero. Leave it empty for no limit.")


def currency(control: Control) -> Currency | None:
    """The currency of the account, as the person says; None when they have not."""
    found: Currency | None = _read(control, "currency", Currency)
    return found


def set_currency(control: Control, chosen: Currency | None) -> None:
    """Keep the currency; None forgets it. Raises BadRequest."""
    if chosen is not None:
        check_currency(chosen)
    _keep(control, "currency", chosen)


def check_currency(chosen: Currency) -> None:
    """Raise BadRequest for a currency that is none, or for a rate that cannot be."""
    check_code(chosen.code)
    if chosen.usd_rate is not None and not 0 < chosen.usd_rate < NANOS:
        raise BadRequest(f"The rate of {chosen.code} has to be above zero. Enter what one {chosen.code} is in US dollars.")
    if chosen.code == "USD" and chosen.usd_rate not in (None, Decimal(1)):
        raise BadRequest("For US dollars, leave the rate at 1.")


def check_code(code: str) -> None:
    """Raise BadRequest for what is not three capital letters."""
    if not (len(code) == 3 and code.isascii() and code.isalpha() and code.isupper()):
        raise BadRequest(f"“{code}” isn't a currency. Write its three letters, like USD or EUR.")


def zone(control: Control) -> str | None:
    """Where the person's days begin, if they said so; None goes by the browser."""
    return control.setting("zone")


def set_zone(control: Control, name: str | None) -> None:
    """Keep the time zone; None goes by the browser again. Raises BadRequest."""
    try:
        if name:
            ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise BadRequest(f"“{name}” isn't a time zone. Write it like Europe/Berlin, or leave it empty.") from None
    control.set_setting("zone", name or None)


def numbers(control: Control) -> str | None:
    """How numbers are written, as one of `format.NUMBERS`, if the person said so; None goes by the browser."""
    return control.setting("numbers")


def set_numbers(control: Control, example: str | None) -> None:
    """Keep how numbers are written; None goes by the browser again. Raises BadRequest."""
    if example and example not in format.NUMBERS:
        raise BadRequest(f"“{example}” isn't a number format we know. Choose one of {'; '.join(format.NUMBERS)}.")
    control.set_setting("numbers", example or None)


def week_start(control: Control) -> WeekStart | None:
    """The day on which the person's weeks begin, if they said so; None goes by the browser."""
    said = control.setting("week_start")
    return next((one for one in WEEK_STARTS if one == said), None)


def set_week_start(control: Control, day: str | None) -> None:
    """Keep the day on which weeks begin; None goes by the browser again. Raises BadRequest."""
    if day and day not in WEEK_STARTS:
        raise BadRequest(f"A week can't start on “{day}”. Choose one of {', '.join(WEEK_STARTS)}.")
    control.set_setting("week_start", day or None)


def taken(control: Control) -> tuple[Taken, ...]:
    """The savings that the person took up, oldest first."""
    return _read(control, "savings_taken", tuple[Taken, ...]) or ()


def set_taken(control: Control, chosen: tuple[Taken, ...]) -> None:
    """Keep which savings were taken up; of one that is there twice, the later day."""
    kept = {one.saving: one for one in sorted(chosen, key=lambda one: one.since)}
    _keep(control, "savings_taken", tuple(sorted(kept.values(), key=lambda one: (one.since, one.saving))) or None)


def cycle_day(control: Control) -> int:
    """The day of the month on which the billing cycle begins; the first, like the vendor's monthly limits, until the person says."""
    return _read(control, "cycle_day", int) or 1


def set_cycle_day(control: Control, day: int) -> None:
    """Keep it. Raises BadRequest."""
    if not 1 <= day <= 31:
        raise BadRequest(f"{day} isn't a day of the month. Type a number from 1 to 31.")
    _keep(control, "cycle_day", None if day == 1 else day)


def nanos_of(amount: Decimal | float | str) -> int:
    """An amount that a person typed, in nanos. Raises BadRequest."""
    try:
        exact = Decimal(str(amount).strip().lstrip("$").replace(",", ""))
    except ArithmeticError:
        exact = Decimal("nan")
    if not exact.is_finite() or abs(exact) >= NANOS:
        raise BadRequest(f"“{amount}” isn't an amount of money. Write it like 12.50.")
    return int(exact.scaleb(_DECIMALS_OF_NANOS).to_integral_value())


_NAMES: Final = {
    "hour_blocked_usd": "Cost of a blocked hour",
    "reload_usd": "Hassle per reload",
    "idle_share_per_month": "Cost of idle balance per month",
    "latency_minutes": "Reload time",
    "slow_share": "The share of slow reloads",
    "failed_share": "The share of failed reloads",
}
_MOST: Final = {
    "hour_blocked_usd": 10_000,
    "reload_usd": 1_000,
    "idle_share_per_month": 1,
    "latency_minutes": 1_440,
    "slow_share": 1,
    "failed_share": 1,
}


def _read(control: Control, name: str, kind: Any) -> Any:
    """The kept value as its type; None when it is not there, or was written by a version that knew more."""
    text = control.setting(name)
    try:
        return None if text is None else msgspec.json.decode(text, type=kind)
    except msgspec.MsgspecError:
        return None


def _keep(control: Control, name: str, value: object) -> None:
    control.set_setting(name, None if value is None else msgspec.json.encode(value).decode())
