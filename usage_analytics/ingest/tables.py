"""Tables without an importer: how to read them, and whether the amounts that a mapping gives are plausible."""

from __future__ import annotations

from collections.abc import Mapping as Asked
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from statistics import median
from typing import TYPE_CHECKING, Final

import msgspec

from usage_analytics import format
from usage_analytics.control import Control, mappings, settings
from usage_analytics.ingest.receipt import Unread

if TYPE_CHECKING:
    from usage_analytics.importers.mapped.mapping import Mapping
    from usage_analytics.importers.mapped.proposal import Question
    from usage_analytics.importers.sink import Summary
    from usage_analytics.ingest.staging import Staged
    from usage_analytics.store import Store

ENOUGH_DAYS: Final = 5
TIMES_THE_USUAL: Final = 100  # a day that costs more than this many usual days may be in cents
SMALLEST_NANOS: Final = 50_000_000_000  # below $50 a day we do not ask
DEAREST_MILLION_NANOS: Final = 200_000_000_000  # no model's tokens cost more than $200 a million


@dataclass(frozen=True, slots=True)
class Tables:
    """How to read them: with `chosen` (of several, the first that has been made for the columns), else with one that was kept for the same

    columns, else, if `auto`, as suggested where nothing is left to ask. `propose` reads nothing and says what there is.
    """

    chosen: Mapping | None = None
    tried: Sequence[Mapping] = ()
    auto: bool = False
    propose: bool = False

    def wishes(self, store: Store, ask_units: tuple[str, ...] = ()) -> bytes:
        """The same for the child process, with the mappings that were kept beside the store, as JSON."""
        from usage_analytics.importers.mapped.proposal import Wishes

        control = Control.beside(store.path)
        kept = [*self.tried, *mappings.kept(control)]
        zone = settings.zone(control)
        return msgspec.json.encode(Wishes(self.chosen, kept, self.auto, self.propose, list(ask_units), zone))


def keep(store: Store, made: Sequence[Mapping]) -> None:
    """Keep mappings for the next tables with the same columns. Raises BadRequest for a name that cannot be one."""
    for one in made:
        mappings.keep(Control.beside(store.path), one)


def doubtful(store: Store, ready: Staged) -> dict[str, Question]:
    """The files whose amounts are so large that they may be cents, and what to ask about each."""
    unsure = {}
    usual: list[int] | None = None
    for name, summary in ready.summaries:
        if summary.amounts_stated or not summary.days:
            continue
        if usual is None:
            usual = [int(row["cost_nanos"]) for row in store.rows("days")] if store.path.exists() else []
        if found := doubt(summary, usual):
            unsure[name] = found
    return unsure


def doubt(summary: Summary, usual: Sequence[int]) -> Question | None:
    """Return what to ask if amounts are out of proportion to usual days, the file's other days or its tokens; None if they fit."""
    day, most = max(summary.days.items(), key=lambda one: one[1])
    own = list(summary.days.values())
    beside = ""
    if len(usual) >= ENOUGH_DAYS:
        if most >= max(TIMES_THE_USUAL * median(usual), SMALLEST_NANOS):
            beside = f"your days usually come to {format.dollars(median(usual))}"
    elif len(own) >= ENOUGH_DAYS and most >= max(TIMES_THE_USUAL * median(own), SMALLEST_NANOS):
        beside = f"the file's other days come to about {format.dollars(median(own))}"
    if not beside and summary.tokens and sum(own) > SMALLEST_NANOS and sum(own) * 1e6 / summary.tokens > DEAREST_MILLION_NANOS:
        beside = f"a million tokens would cost {format.dollars(sum(own) * 1e6 / summary.tokens)}"
    return _are_these_cents(day, most, beside) if beside else None


def _are_these_cents(day: str, nanos: int, beside: str) -> Question:
    from usage_analytics.importers.mapped.proposal import Choice, Question

    when = format.day(date.fromisoformat(day))
    return Question(
        "amounts_in",
        f"{when} comes to {format.dollars(nanos)}, and {beside}. Are these cents?",
        [
            Choice("units", f"No, whole dollars: {when} is {format.dollars(nanos)}."),
            Choice("cents", f"Yes, cents: {when} is {format.dollars(nanos / 100)}."),
            Choice("micros", f"No, millionths of a dollar: {when} is {format.dollars(nanos / 1e6)}."),
        ],
    )


def asking(ready: Staged, unsure: Asked[str, Question]) -> Staged:
    """The same, where each of these tables asks its question too."""
    for one in ready.proposals:
        if question := unsure.get(one.table.facts.name):
            one.questions.append(question)
    unread = tuple(
        Unread(one.name, f"{one.name}: {unsure[one.name].asks}") if one.name in unsure else one for one in ready.unread
    )
    return replace(ready, unread=unread)
