"""What a refusal for want of allowance or credits says, in the vendor's words and codes of today and of before: which gauge was empty.

The prefixes are the client's own; see the product's error reference. An overloaded server is not a limit. A text is matched, never kept.
"""

from __future__ import annotations

import re
from typing import Final

from usage_analytics.events import Gauge

# The first that matches decides.
_WORDS: Final[tuple[tuple[str, Gauge], ...]] = (
    (r"now using (?:usage credits|credits|extra usage|your usage allocation)", "credits_started"),
    (r"(?:Fable|Haiku|Mythos|Opus|Sonnet)( [^·\n]{1,40})? requires usage credits", "model"),
    (r"out of (?:usage credits|extra usage)|now draw from your (?:extra usage|usage credits)", "balance"),
    (r"credit balance is too low", "balance"),
    (r"your org(?:anization)? is out of (?:extra )?usage|your org(?:anization)?'s monthly", "organisation"),
    (r"team's shared budget|workspace API usage limits", "organisation"),
    (r"seat type doesn't include|allocation has been disabled|group's usage limit is set to", "organisation"),
    (r"this service is disabled for your org", "organisation"),
    (r"individual spend limit|monthly spend limit|specified .{0,20}usage limits|enforced_spend_limit_reached", "monthly_limit"),
    (r"(?:hit|reached) your (?:Opus|Sonnet|Haiku|Fable|Mythos)\b[^·\n]{0,20}limit", "model"),
    (r"(?:hit|reached) your weekly limit", "weekly"),
    (r"(?:hit|reached) your (?:session|5-hour|usage) limit|AI usage limit reached", "session"),
    (r"you've (?:hit|reached) your |exceed your account's rate limit", "unknown"),
)
_NOTICES: Final = tuple((re.compile(pattern, re.IGNORECASE), gauge) for pattern, gauge in _WORDS)
_TRANSIENT: Final = re.compile(r"temporarily limiting requests|overloaded|\b529\b", re.IGNORECASE)

# The windows of a plan, as a refusal names them.
WINDOWS: Final[dict[str, Gauge]] = {
    "five_hour": "session",
    "seven_day": "weekly",
    "seven_day_opus": "model",
    "seven_day_sonnet": "model",
    "seven_day_overage_included": "model",
    "overage": "balance",
}
# The codes of an error. `rate_limit` alone does not say of what.
CODES: Final[dict[str, Gauge]] = {
    **WINDOWS,
    "out_of_credits": "balance",
    "out_of_extra_usage": "balance",
    "credits_required": "balance",
    "billing_error": "balance",
    "enforced_spend_limit_reached": "monthly_limit",
    "org_spend_cap_reached": "organisation",
    "org_level_disabled": "organisation",
    "org_level_disabled_until": "organisation",
    "org_service_level_disabled": "organisation",
    "seat_tier_level_disabled": "organisation",
    "seat_tier_zero_credit_limit": "organisation",
    "member_level_disabled": "organisation",
    "member_zero_credit_limit": "organisation",
    "group_zero_credit_limit": "organisation",
    "rate_limit": "unknown",
    "rate_limit_error": "unknown",
    "usage_limit": "unknown",
}


def is_transient(text: str) -> bool:
    """Return whether a text is about a busy server, which resolves by itself and is no limit."""
    return bool(_TRANSIENT.search(text))


def gauge_in(text: str) -> Gauge | None:
    """Return the gauge that a notice reports as empty; None for a text that is no refusal."""
    return next((gauge for pattern, gauge in _NOTICES if pattern.search(text)), None)


def gauge_of_error(error: str) -> Gauge | None:
    """Return the gauge that an error reports as empty, in words or by its code; None for every other failure."""
    text = error.replace("’", "'")
    if is_transient(text):
        return None
    return CODES.get(text.strip().lower().replace("-", "_").replace(" ", "_")) or gauge_in(text)
