"""What an active hour costs in four ways of working, and how long the balance lasts in each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from usage_analytics import format
from usage_analytics.answers.burn import Burn, Pattern

if TYPE_CHECKING:
    import pandas as pd

EXAMPLE: Final = 10 * 10**9  # nano-dollars: what the article asks about, until a balance is known
NOTE: Final = (
    "A conversation counts as active between its calls, for at most ten minutes per gap. We sort conversations by who started them "
    "and how many calls they have. We compare with Claude's guide to usage credits, and use the middle of its range "
    "where we don't know your own rate."
)


@dataclass(frozen=True, slots=True)
class BurnRate:
    """The four patterns, and a balance (nano-dollars) that is to last: the person's own where it `is_known`."""

    burn: Burn
    balance: int
    is_known: bool

    @property
    def said(self) -> str:
        """What the pattern that most was spent on costs an hour, and how long the balance lasts at that."""
        measured = [one for one in self.burn.patterns if one.per_hour]
        if not measured:
            return "We don't know yet what an hour costs you: we need half an hour of active work."
        most = max(measured, key=lambda one: one.nanos)
        whose = "Your balance of" if self.is_known else "A balance of"
        lasting = format.span(most.lasts(self.balance))
        return (
            f"{most.name} cost the most: {format.per_hour(most.per_hour)} over {format.hours(most.active_hours)} of active work. "
            f"{whose} {format.dollars(self.balance)} lasts {lasting} at that rate."
        )

    @property
    def lasts_title(self) -> str:
        """What the column is called that says how long the balance lasts."""
        return f"{format.dollars(self.balance)} lasts"

    @property
    def rows(self) -> pd.DataFrame:
        """A row a pattern."""
        import pandas as pd  # here: the command line answers without it

        return pd.DataFrame(self._row(pattern) for pattern in self.burn.patterns).astype(
            {"per_hour": "float64", "lasts": "float64"}
        )

    def _row(self, pattern: Pattern) -> dict[str, object]:
        return {
            "name": pattern.name,
            "meaning": pattern.meaning,
            "conversations": pattern.conversations,
            "hours": pattern.active_hours,
            "per_hour": pattern.per_hour,
            "article": pattern.article_words,
            "lasts": pattern.lasts(self.balance),
        }
