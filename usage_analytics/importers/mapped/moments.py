"""Times as people and programs write them: dates in any order, names of months, counts of seconds; in UTC, exact or not at all.

`03/04/2026` is two days. So a time is first read as written; which day it is is asked with the order that holds for the whole file, and a
time without an offset with the zone in which the file was written.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from usage_analytics.importers.mapped.cells import tidy
from usage_analytics.importers.mapped.mapping import Order

ORDERS: Final[tuple[Order, ...]] = ("ymd", "dmy", "mdy")
YEARS: Final = range(2015, 2100)
_EXCEL: Final = datetime(1899, 12, 30)  # Excel counts days from here; it takes 1900 for a leap year

_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "jan january januar jänner janvier enero ene gennaio gen janeiro",
            "feb february februar février fevrier fév fevr févr febrero febbraio fevereiro",
            "mar march märz maerz mär mrz mars marzo março", "apr april avril avr abril abr aprile", "may mai mayo maggio mag maio",
            "jun june juni juin junio giugno giu junho", "jul july juli juillet juil julio luglio lug julho",
            "aug august août aout agosto ago",
            "sep sept september septembre septiembre settembre set setembro", "oct october oktober okt octobre octubre ottobre ott outubro",
            "nov november novembre noviembre novembro", "dec december dezember dez décembre decembre déc diciembre dic dicembre dezembro",
        ),
        1,
    )
    for name in names.split()
}  # fmt: skip
_ZONES: Final = {
    "Z": 0, "UTC": 0, "GMT": 0, "CET": 60, "CEST": 120, "MEZ": 60, "MESZ": 120, "EST": -300, "EDT": -240, "PST": -480, "PDT": -420,
    "MST": -420, "MDT": -360, "JST": 540, "AEST": 600, "AEDT": 660,
}  # minutes; those that mean two places (CST, IST, BST) are left out  # fmt: skip
_CLOCK: Final = (
    r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,:](?P<fraction>\d{1,9}))?)?(?: ?(?P<half>[AaPp])\.?[Mm]\.?)?"
)
_OFFSET: Final = r"(?: ?(?:(?P<named>Z|z|[A-Z]{3,4})(?![A-Za-z]))?(?: ?(?P<offset>[+-]\d{1,2}(?::?\d{2})?))?(?: ?\([^()\d]*\))?)"
_AFTER: Final = re.compile(rf"(?:(?:T|t|,? (?:at |um |à )?|,){_CLOCK}(?: Uhr)?)?{_OFFSET}")
_AFTER_BASIC: Final = re.compile(
    r"[Tt ]?(?P<hour>\d{2})(?P<minute>\d{2})(?P<second>\d{2})?(?:[.,](?P<fraction>\d{1,9}))?(?P<named>Z|z)?(?P<offset>[+-]\d{2}:?\d{2})?"
)
_WEEKDAY: Final = re.compile(r"[^\W\d]{2,10}\.?,? (?=\S+ ?\d)|[^\W\d]{2,10}\., ?|[^\W\d]{2,10}, ?")
_NAME: Final = r"(?P<name>[^\W\d_]{3,9})\.?"
_DATES: Final = (
    re.compile(r"(?P<y>\d{4})([-/.])(?P<m>\d{1,2})\2(?P<d>\d{1,2})(?!\d)"),
    re.compile(r"(?P<a>\d{1,2})([-/.]) ?(?P<b>\d{1,2})\2 ?(?P<c>\d{4}|\d{2})(?!\d)"),
    re.compile(rf"(?P<d>\d{{1,2}})(?:st|nd|rd|th|\.)?(?:[ -]|/| of )?{_NAME},?[ /-](?P<y>\d{{4}}|\d{{2}})(?!\d)"),
    re.compile(rf"{_NAME}[ -](?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?[ -](?P<y>\d{{4}})(?!\d)"),
    re.compile(rf"(?P<y>\d{{4}})[ /-]{_NAME}[ /-](?P<d>\d{{1,2}})(?!\d)"),
    re.compile(r"(?P<y>\d{4})年(?P<m>\d{1,2})月(?P<d>\d{1,2})日"),
)
_JAVASCRIPT: Final = re.compile(
    rf"[A-Z][a-z]{{2}} {_NAME} (?P<d>\d{{1,2}}) (?P<clock>\d\d:\d\d:\d\d)(?P<zone> \S+)? (?P<y>\d{{4}})"
)
_BASIC: Final = re.compile(r"(?P<y>20\d\d)(?P<m>0[1-9]|1[0-2])(?P<d>[0-3]\d)")
_SECONDS: Final = re.compile(r"(\d{10}|\d{13}|\d{16}|\d{19})(?:[.,](\d{1,9})0*)?")
_SERIAL: Final = re.compile(r"(\d{5})(?:[.,](\d{1,15}))?")


class NoSuchTime(ValueError):
    """A time that never was, was twice, or cannot be told. The message is the reason, for people."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A time as written. `numbers` are the three numbers of a date in their order, of which `order` says what they are, where it is known.

    `clock` is None for a day alone; `offset` is None where the cell doesn't say one. `exact` is set instead where the cell counts seconds.
    """

    numbers: tuple[int, int, int] = (0, 0, 0)
    order: Order | None = None
    clock: time | None = None
    offset: timedelta | None = None
    exact: datetime | None = None
    serial: bool = False

    @property
    def orders(self) -> tuple[Order, ...]:
        """The orders in which it is a day."""
        if self.exact or self.serial:
            return ()
        return tuple(order for order in ORDERS if self.day(order))

    @property
    def is_day(self) -> bool:
        """Whether it is a day without a time of day."""
        return self.clock is None and self.exact is None

    @property
    def needs_zone(self) -> bool:
        """Return whether it is a time without an offset or zone."""
        return self.exact is None and self.offset is None

    def day(self, order: Order | None) -> date | None:
        """The day that the numbers are in this order; None where there is none, or the order is not known."""
        if self.order is not None:
            order = self.order
        if order is None:
            return None
        by_letter = dict(zip(order, self.numbers, strict=True))
        year = by_letter["y"] + (2000 if by_letter["y"] < 100 else 0)
        if order != "ymd" and self.order is None and self.numbers[2] >= 100 and self.numbers[2] not in YEARS:
            return None
        try:
            return date(year, by_letter["m"], by_letter["d"]) if year in YEARS else None
        except ValueError:
            return None

    def at(self, order: Order | None, zone: tzinfo | None) -> datetime:
        """The moment in naive UTC. Raises NoSuchTime."""
        if self.exact:
            return self.exact
        day = self.day(order)
        if day is None:
            known = self.orders
            raise NoSuchTime(
                "The date could mean two days; choose which comes first, the day or the month."
                if order is None and len(known) > 1
                else "The date is not a day in the order that was chosen, or no day at all."
            )
        local = datetime.combine(day, self.clock or time())
        if self.offset is not None:
            return local - self.offset
        if zone is None:
            raise NoSuchTime("The time has no offset; choose the time zone in which the file was written.")
        return in_utc(local, zone, is_day=self.is_day)


def in_utc(local: datetime, zone: tzinfo, *, is_day: bool) -> datetime:
    """A time on a clock of the zone in naive UTC. Raises NoSuchTime where clocks changed."""
    first, second = (local.replace(tzinfo=zone, fold=fold).utcoffset() or timedelta() for fold in (0, 1))
    if first != second and not is_day:  # a day begins even where its midnight is skipped
        what = "exists twice" if first > second else "does not exist"
        raise NoSuchTime(f"The time {what} in {zone}, where clocks changed; export the file in UTC.")
    return local - first


@lru_cache(maxsize=200_000)
def moment(text: str) -> Moment | None:
    """The time in a cell; None where the cell holds none."""
    cell = tidy(text)
    if len(cell) < 5 or len(cell) > 80 or not any(map(str.isdigit, cell)):
        return None
    if seconds := counted(cell):
        return seconds
    script = _JAVASCRIPT.fullmatch(cell)
    if script and (month := _MONTHS.get(script["name"].lower())):
        cell = f"{script['y']}-{month}-{script['d']} {script['clock']}{script['zone'] or ''}"
    for start in (0, found.end() if (found := _WEEKDAY.match(cell)) else 0):
        for pattern in (*_DATES, _BASIC):
            if (found := pattern.match(cell, start)) and (read := _read(found, cell[found.end() :], basic=pattern is _BASIC)):
                return read
    return None


def _read(found: re.Match[str], rest: str, *, basic: bool) -> Moment | None:
    """The moment of a date that was found, and of what follows it."""
    after = (_AFTER_BASIC.fullmatch(rest) if basic and rest else None) or _AFTER.fullmatch(rest)
    if not after:
        return None
    parts = found.groupdict()
    order: Order | None = None
    if "a" in parts:
        numbers = (int(parts["a"]), int(parts["b"]), int(parts["c"]))
    else:
        month = int(parts["m"]) if "m" in parts else _MONTHS.get(parts["name"].lower(), 0)
        if not month:
            return None
        order, numbers = "ymd", (int(parts["y"]), month, int(parts["d"]))
    try:
        read = Moment(numbers, order, clock_of(after.groupdict()), _offset(after.groupdict()))
    except ValueError:
        return None
    return read if read.orders else None


def clock_of(parts: dict[str, str | None]) -> time | None:
    """The time of day; raises ValueError for one that no clock shows."""
    if parts.get("hour") is None:
        return None
    hour = int(parts["hour"] or 0)
    if half := parts.get("half"):
        if not 1 <= hour <= 12:
            raise ValueError(hour)
        hour = hour % 12 + (12 if half in "pP" else 0)
    return time(
        hour, int(parts["minute"] or 0), int(parts.get("second") or 0), int((parts.get("fraction") or "").ljust(6, "0")[:6])
    )


def _offset(parts: dict[str, str | None]) -> timedelta | None:
    """How far ahead of UTC the clock is; raises ValueError for a name that is not known or means two zones."""
    named, offset = parts.get("named"), parts.get("offset")
    if named and named.upper() not in _ZONES:
        raise ValueError(named)
    if offset:
        hours, minutes = int(offset[1:3].rstrip(":") or 0), int(offset[-2:]) if len(offset) > 3 else 0
        if minutes > 59 or hours > 15:
            raise ValueError(offset)
        ahead = timedelta(hours=hours, minutes=minutes)
        return -ahead if offset[0] == "-" else ahead
    return timedelta(minutes=_ZONES[named.upper()]) if named else None


def counted(cell: str) -> Moment | None:
    """A count of seconds, or thousandths, millionths or billionths of them, since 1970; or of days, as Excel counts them."""
    if found := _SECONDS.fullmatch(cell):
        whole, fraction = found[1], (found[2] or "")
        if fraction and len(whole) != 10:
            fraction = ""
        micros = int(whole) * 10 ** (16 - len(whole)) if len(whole) <= 16 else int(whole) // 1000
        micros += int(fraction.ljust(6, "0")[:6] or 0) if fraction else 0
        exact = datetime(1970, 1, 1) + timedelta(microseconds=micros)
        return Moment(exact=exact) if exact.year in YEARS else None
    if (found := _SERIAL.fullmatch(cell)) and (day := _EXCEL + timedelta(days=int(found[1]))).year in YEARS:
        part = float(f"0.{found[2] or 0}")
        local = day + timedelta(milliseconds=round(part * 86_400_000))
        clock = local.time() if found[2] else None
        return Moment((local.year, local.month, local.day), "ymd", clock, serial=True)
    return None


def zone_of(name: str) -> tzinfo:
    """The zone of a name such as Europe/Berlin, UTC or +02:00. Raises ValueError."""
    fixed = re.fullmatch(r"(?:UTC|GMT)?([+-]\d{1,2}(?::?\d{2})?)", name)
    if fixed and (offset := _offset({"offset": fixed[1]})) is not None:
        return timezone(offset)
    if name.upper() in ("UTC", "GMT", "Z"):
        return UTC
    try:
        return ZoneInfo(name)
    except (OSError, LookupError) as error:
        raise ValueError(name) from error
