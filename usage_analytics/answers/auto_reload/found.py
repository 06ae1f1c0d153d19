"""The answer for one balance: the settings and their evidence, with the sentences and tables that every surface shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from usage_analytics.answers.auto_reload import wording
from usage_analytics.answers.auto_reload.advice import Advice, Economics, Policy
from usage_analytics.answers.auto_reload.demand import Demand
from usage_analytics.answers.auto_reload.reasons import since as since_when

if TYPE_CHECKING:
    import pandas as pd

    from usage_analytics.answers import Headline, Kpi


@dataclass(frozen=True, slots=True, eq=False)
class AutoReload:
    """The advice for one balance. `settled` is the end of the last complete day, on whose data all of it rests (naive UTC).

    `account` is whose balance it is, None for all together; `accounts` are those that drew on credits, highest spend first. `current` is
    how auto-reload is set today, None where not known. `unknown_nanos` is spend of which nobody knows who paid.
    """

    settled: datetime
    headline: Headline
    figures: tuple[Kpi, ...]
    advice: Advice
    reasons: tuple[str, ...]
    current: Policy | None
    economics: Economics
    account: str | None
    accounts: tuple[str, ...]
    demand: Demand
    unknown_nanos: int
    unknown_apps: tuple[str, ...]
    unknown: str

    @property
    def policy(self) -> Policy | None:
        """What the person is told to set, or to keep."""
        return self.current if self.advice.keep_current and self.current else self.advice.policy

    @property
    def worth_changing(self) -> str:
        """What to change the present setting to, and why now, in a sentence; "" where it may stay or isn't known."""
        if self.current is None or self.advice.policy is None or self.advice.keep_current:
            return ""
        return wording.worth_changing(self.advice.policy, self.current, self.since)

    @property
    def since(self) -> str:
        """Since when the person's habits are others, and by how much, without a full stop; "" where that isn't certain."""
        return since_when(self.advice.changed) if self.advice.changed else ""

    @property
    def names(self) -> tuple[str, ...]:
        """What people call the settings compared, in the order of `advice.compared`."""
        return tuple(wording.NAMES[one.policy_name] for one in self.advice.compared)

    @property
    def compared_with(self) -> dict[str, Policy]:
        """The settings that can be looked at beside it, by name; the person's own first."""
        shown = {wording.NAMES[one.policy_name]: one.policy for one in self.advice.compared if one.policy != self.policy}
        mine = wording.NAMES["current"]
        return {mine: shown[mine], **shown} if mine in shown else shown

    @property
    def rows(self) -> pd.DataFrame:
        """Settings compared, as rows of a table."""
        return wording.as_rows(self.advice)

    @property
    def today(self) -> str:
        """How auto-reload is set now, in a sentence."""
        return wording.today(self.current)

    @property
    def flat(self) -> str:
        """How far a setting may be off without it mattering, in a sentence; "" where it may not be."""
        return wording.flat(self.advice)

    @property
    def limits(self) -> tuple[str, ...]:
        """What the monthly limit stops, and what it does not, in sentences."""
        return wording.about_limit(self.advice)

    @property
    def steps(self) -> tuple[str, ...]:
        """The way to the form, with the numbers filled in; nothing where there is no advice."""
        return wording.steps(self.policy) if self.policy else ()
