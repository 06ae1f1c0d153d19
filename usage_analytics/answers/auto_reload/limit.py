"""The monthly limit: high enough that 95 of 100 ordinary months stay below it, and no higher."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from usage_analytics.answers.auto_reload.level import Level

# More than 95 of 100: a limit is rounded, and who will change habits looks like who won't
HELD: Final = 0.97


def limit_needed(level: Level) -> float:
    """Return the limit in dollars, before it is rounded."""
    return float(level.quantile(HELD))
