"""The question that auto-reload answers and the answer: settings, what they are weighed by, the advice and its evidence.

Money is in nano-dollars where it is a fact or a setting, and in dollars (`…_usd`) where it is an expectation or what the person
says something costs them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

Confidence = Literal["high", "medium", "low", "none"]
PolicyName = Literal["recommended", "current", "article", "week's burn", "product default"]

USD: Final = 1_000_000_000
MOST_A_DAY_NANOS: Final = 2_000 * USD  # that credits can be bought for
SMALLEST_GAP_NANOS: Final = 10 * USD  # the product's form, in US dollars: reload-to at least $10 above the threshold


@dataclass(frozen=True, slots=True)
class Policy:
    """The three numbers of the product's form. A balance below the threshold is filled up to `reload_to_nanos`."""

    threshold_nanos: int
    reload_to_nanos: int
    monthly_limit_nanos: int | None = None  # None is unlimited

    @property
    def gap_nanos(self) -> int:
        """Return the reload amount, as people call it, in nanos."""
        return self.reload_to_nanos - self.threshold_nanos


@dataclass(frozen=True, slots=True)
class Economics:
    """What the advice trades off, which the person can set, and how reloads behave.

    A reload takes about `latency_minutes` (the median). A share of `slow_share` takes between the two `slow_minutes`, and a share
    of `failed_share` is declined until someone fixes the payment, half of them within `repair_hours`.
    """

    hour_blocked_usd: float = 25.0
    reload_usd: float = 0.50
    idle_share_per_month: float = 0.03
    latency_minutes: float = 1.0
    slow_share: float = 0.03
    slow_minutes: tuple[float, float] = (5.0, 60.0)
    failed_share: float = 0.015
    repair_hours: float = 2.0


@dataclass(frozen=True, slots=True)
class Expected:
    """What a setting comes to in a month of 28 days."""

    p_no_block: float
    blocked_hours_per_month: float
    reloads_per_month: float
    mean_balance_nanos: int
    p_limit_hit: float | None  # None where there is no limit
    cost_usd_per_month: float  # of blocked hours, reloads and idle money, as Economics prices them; not the credits themselves


@dataclass(frozen=True, slots=True)
class Compared:
    """A setting on the person's own past weeks, each held out in turn."""

    policy_name: PolicyName
    policy: Policy
    expected: Expected


@dataclass(frozen=True, slots=True)
class History:
    """The data behind the advice."""

    weeks: float
    events: int
    credit_spend_nanos: int


@dataclass(frozen=True, slots=True)
class LimitAdvice:
    """What the monthly limit does: how likely an ordinary month reaches it, and how much a runaway agent can burn below it.

    The limit is soft: a call is admitted below it and charged when it completes. `overshoot_nanos` holds the usual and the largest
    amount that may be charged beyond it. A runaway agent at `runaway_usd_per_hour` that starts mid-month burns `runaway_nanos` in
    `runaway_hours` before the limit stops it.
    """

    p_hit: float
    overshoot_nanos: tuple[int, int]
    runaway_usd_per_hour: float
    runaway_nanos: int
    runaway_hours: float


@dataclass(frozen=True, slots=True)
class Flat:
    """The range within which a setting costs less than a dollar a month more than the best."""

    threshold_nanos: tuple[int, int]
    reload_to_nanos: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Checked:
    """How often such predictions came true in `months` simulated months with `weeks` of history: predicted, then actual."""

    weeks: int
    months: int
    no_block: tuple[float, float]
    reloads: tuple[float, float]  # a month
    held: tuple[float, float]  # months below the monthly limit


@dataclass(frozen=True, slots=True)
class Changed:
    """A certain change of habits: since `since` (naive UTC), a day's credit spend is `times` what it was."""

    since: datetime
    times: float


@dataclass(frozen=True, slots=True)
class Advice:
    """The recommendation and its evidence. Without enough data `policy` is None and `reasons` say what to import."""

    policy: Policy | None
    confidence: Confidence
    expected: Expected | None
    compared: tuple[Compared, ...]
    history: History
    reasons: tuple[str, ...]
    flat: Flat | None = None
    keep_current: bool = False  # the present setting is as good as the recommended one, within what the data can tell
    limit: LimitAdvice | None = None
    checked: Checked | None = None
    changed: Changed | None = None


@dataclass(frozen=True, slots=True)
class TradeOff:
    """A setting on the curve of blocked hours against idle balance: none beats it in both."""

    policy: Policy
    p_no_block: float
    blocked_hours_per_month: float
    mean_balance_nanos: int
    cost_usd_per_month: float
