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
    """The advice for one balance. `settled` is the end of the last complete day (naive UTC); nothing later counts.

    `account` is None for all accounts together; `accounts` are those that drew on credits, highest spend first. `current` is how
    auto-reload is set today; None if unknown. `unknown_nanos` is spend for which we don't know what paid.
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
        """Return what the person should set or keep."""
        return self.current if self.advice.keep_current and self.current else self.advice.policy

    @property
    def worth_changing(self) -> str:
        """Return one sentence on what to change the setting to and why now; "" if it may stay or isn't known."""
        if self.current is None or self.advice.policy is None or self.advice.keep_current:
            return ""
        return wording.worth_changing(self.advice.policy, self.current, self.since)

    @property
    def since(self) -> str:
        """Return since when habits have changed and by how much, without a full stop; "" if that isn't certain."""
        return since_when(self.advice.changed) if self.advice.changed else ""

    @property
    def names(self) -> tuple[str, ...]:
        """Return what people call the compared settings, in the order of `advice.compared`."""
        return tuple(wording.NAMES[one.policy_name] for one in self.advice.compared)

    @property
    def compared_with(self) -> dict[str, Policy]:
        """Return the settings to look at next to it, by name; the person's own first."""
        shown = {wording.NAMES[one.policy_name]: one.policy for one in self.advice.compared if one.policy != self.policy}
        mine = wording.NAMES["current"]
        return {mine: shown[mine], **shown} if mine in shown else shown

    @property
    def rows(self) -> pd.DataFrame:
        """Return the compared settings as a table."""
        return wording.as_rows(self.advice)

    @property
    def today(self) -> str:
        """Return one sentence on how auto-reload is set now."""
        return wording.today(self.current)

    @property
    def flat(self) -> str:
        """Return one sentence on the range in which a setting hardly matters; "" if there is none."""
        return wording.flat(self.advice)

    @property
    def limits(self) -> tuple[str, ...]:
        """Return what the monthly limit stops and what it doesn't, in sentences."""
        return wording.about_limit(self.advice)

    @property
    def steps(self) -> tuple[str, ...]:
        """Return the steps to the form with the numbers filled in; empty without advice."""
        return wording.steps(self.policy) if self.policy else ()
