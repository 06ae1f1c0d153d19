"""The only place that rounds for people: dollars, tokens, spans, shares, changes, days.

Everything here takes what the store keeps (nano-dollars, counts, seconds, ratios, naive UTC) and returns words. Unknown is "unknown",
never 0. A minus sign is a real one, so that a negative balance lines up. What separates thousands and decimals is the person's
(`use_numbers`), a point and a comma as in the United States until it is set.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

UNKNOWN: Final = "unknown"
NONE: Final = "(none)"

# How a column of a table shows its numbers; the table keeps the numbers themselves, so that it sorts.
DOLLAR_COLUMN: Final = "$%,.2f"
SMALL_DOLLAR_COLUMN: Final = "$%,.4f"
COUNT_COLUMN: Final = "%,d"
COMPACT_COLUMN: Final = "compact"
PERCENT_COLUMN: Final = "%.0f%%"
NUMBER_COLUMN: Final = "%,.1f"
MOMENT_COLUMN: Final = "MMM D, YYYY, HH:mm"
DAY_COLUMN: Final = "MMM D, YYYY"

ABOUT_THE_SAME: Final = 0.02  # a change smaller than this is no news

_NANOS: Final = Decimal(1_000_000_000)


@dataclass(frozen=True, slots=True)
class Numbers:
    """What stands between thousands, and before decimals."""

    thousands: str
    decimal: str


NUMBERS: Final = {
    "1,234.50": Numbers(",", "."),
    "1.234,50": Numbers(".", ","),
    "1\N{NARROW NO-BREAK SPACE}234,50": Numbers("\N{NARROW NO-BREAK SPACE}", ","),
    "1\N{RIGHT SINGLE QUOTATION MARK}234.50": Numbers("\N{RIGHT SINGLE QUOTATION MARK}", "."),
}
_US, _POINTS, _SPACES, _MARKS = NUMBERS
_BY_LANGUAGE: Final = {
    **dict.fromkeys("de es it nl pt id tr da el ro hr sl sr vi is ca gl eu".split(), _POINTS),
    **dict.fromkeys("fr cs pl ru uk sv nb no nn fi sk hu bg lt lv et be kk".split(), _SPACES),
}
_BY_PLACE: Final = {
    **dict.fromkeys(("de-CH", "de-LI", "it-CH", "en-CH"), _MARKS),
    **dict.fromkeys((f"es-{land}" for land in "419 MX US PR GT HN SV NI PA DO PE".split()), _US),
    **dict.fromkeys(("pt-PT", "en-ZA"), _SPACES),
}
_numbers: ContextVar[Numbers] = ContextVar("numbers", default=NUMBERS[_US])


def use_numbers(example: str) -> None:
    """From here on in this thread, write numbers like this one of `NUMBERS`."""
    _numbers.set(NUMBERS.get(example, NUMBERS[_US]))


def numbers() -> Numbers:
    """How numbers are written in this thread; what keeps text keeps it apart by this."""
    return _numbers.get()


def numbers_of(locale: str | None) -> str:
    """How numbers are written where a browser speaks `locale` (de-CH), as one of `NUMBERS`; unknown is as in the United States."""
    language, _, land = (locale or "").replace("_", "-").partition("-")
    return _BY_PLACE.get(f"{language}-{land}", _BY_LANGUAGE.get(language, _US))


def written(text: str) -> str:
    """A number that has a comma and a point as in the United States, as the person writes it."""
    chosen = _numbers.get()
    return text if chosen == NUMBERS[_US] else text.translate({ord(","): chosen.thousands, ord("."): chosen.decimal})


def decimal(number: float) -> str:
    """A number to one decimal, its thousands apart: 2.6, 1,204.0."""
    return written(f"{number:,.1f}")


def usd(nanos: float | None) -> float | None:
    """Dollars for a figure or a table cell, which are floats."""
    return None if nanos is None or nanos != nanos else float(nanos) / 1e9


def dollars(nanos: float | Decimal | None) -> str:
    """Money to the cent; below ten cents two significant digits; whole dollars from ten thousand on."""
    if nanos is None or nanos != nanos:
        return UNKNOWN
    amount = Decimal(round(nanos)) / _NANOS
    sign = "\N{MINUS SIGN}" if amount < 0 else ""
    size = abs(amount)
    if 0 < size < Decimal("0.00005"):
        return f"{sign}under {written('$0.0001')}"
    return written(f"{sign}${size.quantize(Decimal(1).scaleb(-_places(size)), rounding=ROUND_HALF_UP):,}" if size else "$0.00")


def money(nanos: float | Decimal | None, currency: str) -> str:
    """Money of an account's own currency: $12.50, 399.47 CAD."""
    if nanos is None or nanos != nanos or currency == "USD":
        return dollars(nanos)
    return f"{dollars(nanos).replace('$', '')} {currency}"


def signed_money(nanos: float | Decimal | None, currency: str) -> str:
    """A difference to the cent: +$0.01, −12.00 CAD, $0.00."""
    if nanos is None or nanos != nanos:
        return UNKNOWN
    cents = (Decimal(round(nanos)) / _NANOS).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
    sign = "" if not cents else "+" if cents > 0 else "−"
    size = written(f"{abs(cents):,}")
    return f"{sign}${size}" if currency == "USD" else f"{sign}{size} {currency}"


def signed(number: float, decimals: int, unit: str = "") -> str:
    """A change in a table's cell: +18%, -0.25; without a sign where it rounds to zero."""
    text = f"{number:+,.{decimals}f}"
    return written(f"{text if text.strip('+-0.') else text[1:]}{unit}")


def count(number: float | None) -> str:
    """A whole number with its thousands apart."""
    return UNKNOWN if number is None or number != number else written(f"{round(number):,}")


def tokens(number: float | None) -> str:
    """Three significant digits and a letter: 812, 34.5k, 1.2M, 3.4B."""
    if number is None or number != number:
        return UNKNOWN
    for size, letter in ((1e9, "B"), (1e6, "M"), (1e3, "k")):
        if abs(number) >= size * 0.9995:
            return written(f"{number / size:.3g}{letter}" if abs(number) < size * 999.5 else f"{number / size:,.0f}{letter}")
    return written(f"{round(number):,}")


def size(bytes_: float) -> str:
    """How large a file is: 812 bytes, 34 kB, 1.2 MB."""
    for unit, name in ((1e9, "GB"), (1e6, "MB"), (1e3, "kB")):
        if bytes_ >= unit * 0.9995:
            return written(f"{bytes_ / unit:.1f} {name}" if bytes_ < unit * 9.95 else f"{bytes_ / unit:,.0f} {name}")
    return plural(bytes_, "byte")


def percent(ratio: float | None) -> str:
    """A share: 71%, 0.4%, under 0.1%."""
    if ratio is None or ratio != ratio:
        return UNKNOWN
    if 0 < abs(ratio) < 0.001:
        return written("under 0.1%")
    return written(f"{ratio * 100:.1f}%" if 0 < abs(ratio) < 0.00995 else f"{ratio * 100:.0f}%")


def change(now: float | None, before: float | None) -> float | None:
    """By what part something grew; None where either is unknown or there was nothing before."""
    if now is None or before is None or not before > 0:
        return None
    return float(now) / float(before) - 1


def signed_percent(ratio: float | None) -> str | None:
    """A change for a figure's delta: +18%, -4%. None stays None, so that an unknown delta is absent."""
    return None if ratio is None else signed(ratio * 100, 0, "%")


def more_or_less(ratio: float) -> str:
    """A change inside a sentence: 18% more than, 4% less than, 3.4 times as much as, about as much as."""
    if abs(ratio) < ABOUT_THE_SAME:
        return "about as much as"
    if ratio >= 1.5:
        return f"{decimal(ratio + 1) if ratio < 9 else count(ratio + 1)} times as much as"
    return f"{abs(ratio) * 100:.0f}% {'more' if ratio > 0 else 'less'} than"


def points(difference: float) -> str:
    """A change of a share: up 12 points, down 1 point, unchanged."""
    size = round(abs(difference) * 100)
    if not size:
        return "unchanged"
    return f"{'up' if difference > 0 else 'down'} {size} point{'s' if size != 1 else ''}"


def points_from(change: str, before: str) -> str:
    """`points` against what was before, inside a sentence: up 12 points from …, the same share as in …."""
    return f"the same share as in {before}" if change == "unchanged" else f"{change} from {before}"


def signed_points(difference: float) -> str:
    """A change of a share beside a figure: +12 pts, -1 pt, 0 pts."""
    size = round(difference * 100)
    return f"{size:+d} pt{'s' if abs(size) != 1 else ''}" if size else "0 pts"


def span(seconds: float | None) -> str:
    """How long: 45 s, 12 min, 3 h 20 min, 4.5 days, 23 days."""
    if seconds is None or seconds != seconds:
        return UNKNOWN
    minutes = round(seconds / 60)
    if seconds < 59.5:
        return f"{seconds:.0f} s"
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 48 * 60:
        return f"{minutes // 60} h" + (f" {minutes % 60} min" if minutes % 60 and minutes < 600 else "")
    days = seconds / 86400
    return written(f"{days:.1f} days" if days < 10 else f"{days:,.0f} days")


def hours(number: float) -> str:
    """Time worked, which is never said in days: 24 min, 4.5 h, 108 h."""
    return span(number * 3600) if number < 1 else written(f"{number:.1f} h" if number < 10 else f"{number:,.0f} h")


def between(low: float | Decimal | None, high: float | Decimal | None) -> str:
    """A range of money."""
    return f"{dollars(low)} to {dollars(high)}"


def estimate(calls: int, nanos: int, low: int | None, high: int | None) -> str:
    """What calls whose tokens are estimated cost, and how that was estimated."""
    return (
        f"{dollars(nanos)} is an estimate, likely {between(low, high)}: the source of {plural(calls, 'call')} doesn't count tokens of "
        "each kind. We estimate a claude.ai export from the length of its text and price it as the model assumed in Settings."
    )


def per_hour(nanos: float | Decimal | None) -> str:
    """A burn rate."""
    return UNKNOWN if nanos is None else f"{dollars(nanos)}/h"


def local(moment: datetime, zone: str) -> datetime:
    """Naive UTC as the clock on the wall shows it in `zone`."""
    return moment.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def moment(when: datetime | None, zone: str) -> str:
    """A naive UTC time on the person's clock: Nov 21, 2026, 14:05."""
    return UNKNOWN if when is None else f"{day(local(when, zone))}, {local(when, zone):%H:%M}"


def day(when: date) -> str:
    """A day that is already the person's own: Nov 21, 2026."""
    return f"{when:%b} {when.day}, {when.year}"


def days(start: date, last: date) -> str:
    """The days from `start` to `last`, both included: Oct 24 – Nov 22, 2026."""
    if start == last:
        return day(start)
    first = day(start) if start.year != last.year else f"{start:%b} {start.day}"
    return f"{first} – {day(last)}"


def ago(delta: timedelta) -> str:
    """How long since: just now, 12 min ago, 4.5 days ago."""
    return "just now" if delta < timedelta(minutes=1) else f"{span(delta.total_seconds())} ago"


def plural(number: float, one: str, many: str | None = None) -> str:
    """A count with its noun: 1 call, 1,204 calls."""
    return f"{count(number)} {one if round(number) == 1 else many or one + 's'}"


def listed(words: Sequence[str], most: int = 3, word: str = "and") -> str:
    """Words in a sentence: a, b and c; a, b, c and 4 others."""
    shown = list(words) if len(words) <= most + 1 else [*words[:most], f"{len(words) - most} others"]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} {word} {shown[-1]}" if shown else ""


@lru_cache(maxsize=8192)
def name(text: str | None, longest: int = 80) -> str:
    """A name from data, fit to be shown: without control and direction marks, cut in the middle; "(none)" for nothing."""
    kept = "".join(" " if c.isspace() else c for c in text or "" if c.isspace() or unicodedata.category(c)[0] != "C")
    tidy = " ".join(kept.split())
    if len(tidy) > longest:
        tidy = f"{tidy[: longest * 2 // 3].rstrip()}…{tidy[-(longest // 3 - 1) :].lstrip()}"
    return tidy or NONE


def _places(size: Decimal) -> int:
    if size >= 10_000:
        return 0
    if size >= Decimal("0.1"):
        return 2
    return 3 if size >= Decimal("0.01") else 4
