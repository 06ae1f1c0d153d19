"""On which day a week begins: as the person chose, else as in the place that a browser's language names. Monday elsewhere."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final, Literal

WeekStart = Literal["Monday", "Saturday", "Sunday"]
WEEK_STARTS: Final[tuple[WeekStart, ...]] = ("Monday", "Saturday", "Sunday")
_BEFORE_MONDAY: Final[dict[WeekStart, int]] = {"Monday": 0, "Sunday": 1, "Saturday": 2}  # days

# Where weeks don't begin on Monday, by Unicode's CLDR 47 (supplemental/weekData).
_SUNDAY: Final = frozenset(
    "AG AS BD BR BS BT BW BZ CA CO DM DO ET GT GU HK HN ID IL IN JM JP KE KH KR LA MH MM MO MT MX MZ NI NP PA PE PH PK PR PT PY SA SG "
    "SV TH TT TW UM US VE VI WS YE ZA ZW".split()
)
_SATURDAY: Final = frozenset("AE AF BH DJ DZ EG IQ IR JO KW LY OM QA SD SY".split())
# The place of a language that names none.
_LIKELY: Final = {
    "en": "US",
    "pt": "BR",
    "ja": "JP",
    "ko": "KR",
    "he": "IL",
    "hi": "IN",
    "th": "TH",
    "id": "ID",
    "ar": "EG",
    "fa": "IR",
}


def starts_of(locale: str | None) -> WeekStart:
    """The first day of the week where a browser speaks `locale` (en-US, zh-Hant-TW)."""
    language, *rest = (locale or "").replace("_", "-").split("-")
    place = next((part.upper() for part in rest if len(part) == 2), _LIKELY.get(language.lower(), ""))
    return "Sunday" if place in _SUNDAY else "Saturday" if place in _SATURDAY else "Monday"


def days_before_monday(start: WeekStart) -> int:
    """By how many days such a week begins before one that begins on Monday."""
    return _BEFORE_MONDAY[start]


def begin(day: datetime, start: WeekStart = "Monday") -> datetime:
    """The first day of the week that `day` lies in, at the same time of day."""
    return day - timedelta(days=(day.weekday() + _BEFORE_MONDAY[start]) % 7)
