"""What paid for each part of the spend (the plan, prepaid credits or an API key) and how we know. We never assume it silently.

What a source reports is a fact, a setting is the person's decision, and the rest is an inference that names its rule. Settings
override it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    import pandas as pd

Sureness = Literal["stated", "own setting", "inferred", "unknown"]

POOLS: Final = {"credits": "Usage credits", "plan": "Plan", "api": "API key", None: "Unknown"}
REASONS: Final[dict[str, tuple[Sureness, str]]] = {
    "stated": ("stated", "Named by the source"),
    "notice": ("stated", "Claude Code said it continued on credits"),
    "own_setting": ("own setting", "As you chose for the app"),
    "fast_mode": ("inferred", "Inferred: fast mode is paid from credits"),
    "cache_1h": ("inferred", "Inferred: the cache is kept for 1 hour, as on the plan"),
    "cache_5m": ("inferred", "Inferred: the cache is kept for 5 minutes; on the plan, it's 1 hour"),
    "unknown": ("unknown", "Unknown. Choose it below"),
}


@dataclass(frozen=True, slots=True)
class Payment:
    """What one pool paid, for one reason. `nanos` is None if none of the calls has a price."""

    pool: str | None
    pool_name: str
    reason: str
    sureness: Sureness
    why: str
    calls: int
    nanos: int | None
    apps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PaidFrom:
    """What paid, by pool and reason, highest first. `sure_share`: the share of spend that is reported or set; None without any."""

    payments: tuple[Payment, ...]
    credit_nanos: int
    unknown_nanos: int
    total_nanos: int
    sure_share: float | None

    @property
    def rows(self) -> pd.DataFrame:
        """Return the payments as a table."""
        return as_rows(self)


def paid_from(rows: pd.DataFrame) -> PaidFrom:
    """Return what paid, from rows of the query `pools`: one per pool, reason, app and account, highest first."""
    import pandas as pd  # here: who asks what is left needs no table

    found = []
    keys = rows.assign(pool=rows["pool"].where(rows["pool"].notna(), ""))
    for (pool, reason), group in keys.groupby(["pool", "reason"], sort=False):
        sureness, why = REASONS[str(reason)]
        known = str(pool) or None
        nanos = group["nanos"].sum(min_count=1)
        found.append(
            Payment(
                known,
                POOLS[known],
                str(reason),
                sureness,
                why,
                int(group["calls"].sum()),
                None if pd.isna(nanos) else int(nanos),
                tuple(dict.fromkeys(group["app"])),
            )
        )
    payments = tuple(sorted(found, key=lambda one: (-(one.nanos or 0), one.pool_name, one.reason)))
    total = sum(one.nanos or 0 for one in payments)
    sure = sum(one.nanos or 0 for one in payments if one.sureness in ("stated", "own setting"))
    return PaidFrom(
        payments,
        sum(one.nanos or 0 for one in payments if one.pool == "credits"),
        sum(one.nanos or 0 for one in payments if one.pool is None),
        total,
        sure / total if total else None,
    )


def as_rows(found: PaidFrom) -> pd.DataFrame:
    """Return the payments as a table."""
    import pandas as pd

    rows = [(one.pool_name, one.why, one.calls, one.nanos, ", ".join(one.apps)) for one in found.payments]
    return pd.DataFrame(rows, columns=["pool", "why", "calls", "cost_nanos", "apps"])
