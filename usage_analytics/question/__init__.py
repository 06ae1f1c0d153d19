"""The question, as every surface puts it: as of when, over which dates, of what, under which decisions, from which data.

The dashboard, the command line, a report and an alert each build one `Question` from their own inputs with `ask`, and nothing else about
the question is decided anywhere. Equal questions have equal answers on every surface.

question = ask(store, control, now=now)
found = answers.overview.answer(question)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar
from zoneinfo import ZoneInfo

from usage_analytics import format, periods
from usage_analytics.filters import Filters
from usage_analytics.periods import Period
from usage_analytics.question.kept import ANSWERS
from usage_analytics.question.names import DIMENSIONS, Names

if TYPE_CHECKING:
    import pandas as pd

    from usage_analytics.control.decisions import Decisions
    from usage_analytics.store import Store

T = TypeVar("T")
_BY_DAY: Final = ("conversations_", "burn")  # queries that know whole days of UTC only


class Place(Protocol):
    """Where usage belongs."""

    @property
    def app(self) -> str: ...
    @property
    def project(self) -> str | None: ...
    @property
    def account(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked; hashable, and equal questions have equal answers. Times are naive UTC.

    `as_of` is the moment of asking: only what is called "as of" in an answer may depend on it. `until` is None where all data may be
    used, else nothing at or after it is. `filters` are the date range and what is kept, `before` the same for the range that `period` is
    compared with. `state` says which data: it changes with every import. `names` is None where names are shown as they are; else rows
    arrive with their names replaced. `first_at` and `last_at` are the ends of the usable data, None where there is none.
    """

    as_of: datetime
    until: datetime | None
    period: Period
    filters: Filters
    before: Filters | None
    decisions: Decisions
    first_at: datetime | None
    last_at: datetime | None
    state: str
    names: Names | None = None
    sample: bool = field(default=False, compare=False)
    store: Store = field(kw_only=True, compare=False, repr=False)

    def read(self, query: str, filters: Filters | None = None, **parameters: Any) -> pd.DataFrame:
        """The rows of `store/queries/<query>.sql` within the question, or within other filters; a copy of your own.

        Numbers that may be unknown are floats with NaN, exact up to nine million dollars in nanos.
        """
        within = self._within(query, filters)

        def rows() -> pd.DataFrame:
            found = self.store.frame(query, within, **parameters)
            found = found.astype({name: "float64" for name, kind in found.dtypes.items() if str(kind) == "Int64"})
            return found if self.names is None else self.names.rename(found, parameters.get("by"))

        key = ("rows", self.state, self.names, query, within, repr(parameters))
        return ANSWERS.get(key, rows).copy(deep=False)

    def columns(self, query: str, filters: Filters | None = None, **parameters: Any) -> dict[str, Any]:
        """The same as arrays by column, which needs no frame: missing values are masked. They are shared: do not change them."""
        within = self._within(query, filters)

        def arrays() -> dict[str, Any]:
            found = self.store.columns(query, within, **parameters)
            return found if self.names is None else self.names.rename_arrays(found)

        key = ("columns", self.state, self.names, query, within, repr(parameters))
        return dict(ANSWERS.get(key, arrays))

    def rows(self, query: str, filters: Filters | None = None, **parameters: Any) -> tuple[Mapping[str, Any], ...]:
        """The same as dictionaries, for few rows: unknown is None. They are shared: do not change them."""
        within = self._within(query, filters)

        def found() -> tuple[Mapping[str, Any], ...]:
            rows = self.store.rows(query, within, **parameters)
            return tuple(rows if self.names is None else map(self.names.rename_row, rows))

        return ANSWERS.get(("dictionaries", self.state, self.names, query, within, repr(parameters)), found)

    def read_before(self, query: str, **parameters: Any) -> pd.DataFrame | None:
        """The rows for the range before; None where there is none, or where the data do not reach back that far."""
        known = self.before
        if known is None or known.start is None or self.first_at is None or self.first_at > known.start:
            return None
        return self.read(query, known, **parameters)

    def load(self, queries: Mapping[str, Mapping[str, Any]]) -> dict[str, pd.DataFrame]:
        """The rows of several queries, by name; each has its own parameters."""
        return {query: self.read(query, **parameters) for query, parameters in queries.items()}

    def load_before(self, queries: Mapping[str, Mapping[str, Any]]) -> dict[str, pd.DataFrame] | None:
        """The same for the range before; None as in `read_before`."""
        found = {query: self.read_before(query, **parameters) for query, parameters in queries.items()}
        known = {query: rows for query, rows in found.items() if rows is not None}
        return known if len(known) == len(queries) else None

    def kept(self, name: str, make: Callable[[], T]) -> T:
        """What `make` returns, worked out once for this question and a name; every surface of the process shares it. Do not change it."""
        return ANSWERS.get((name, self), make)

    @property
    def settled(self) -> datetime:
        """The end of the last complete day before `as_of` in the person's zone: what is recommended rests on the data up to here."""
        zone = self.filters.zone
        midnight = datetime.combine(format.local(self.as_of, zone).date(), time(), ZoneInfo(zone))
        return midnight.astimezone(UTC).replace(tzinfo=None)

    def settled_question(self) -> Question:
        """The question as of the last complete day, of all data: the same for every minute of a day."""
        asked = self.everything()
        return replace(asked, as_of=self.settled, until=self.settled, filters=replace(asked.filters, end=self.settled))

    def everything(self) -> Question:
        """The same question about all that there is, whatever the filters keep."""
        end = self.until or periods.next_hour(self.as_of)
        period = periods.period("All", self.as_of, self.filters.zone)
        return replace(self, period=period, filters=Filters(end=end, zone=self.filters.zone), before=None)

    def recent(self) -> Question:
        """The same question about the last 30 days, whatever the filters keep."""
        period = periods.clipped(periods.default(self.as_of, self.filters.zone), self.until)
        return replace(
            self, period=period, filters=Filters(start=period.start, end=period.end, zone=self.filters.zone), before=None
        )

    @property
    def is_narrowed(self) -> bool:
        """Whether the question is about a part of the usage only."""
        kept = self.filters
        return any((kept.models, kept.apps, kept.projects, kept.accounts))

    @property
    def days(self) -> int:
        """How long the date range is, in whole days, one at least."""
        start, end = self.filters.start or self.first_at or self.as_of, min(self.filters.end or self.as_of, self.as_of)
        return max(round((end - start) / timedelta(days=1)), 1)

    def keeps(self, one: Place) -> bool:
        """Whether something of an app, project and account (by the names that the rows of this question bear) belongs to the question."""
        kept = self.filters
        chosen = dict(zip(DIMENSIONS, (kept.apps, kept.projects, kept.accounts), strict=True))
        if self.names is not None:
            named = self.names
            chosen = {dimension: tuple(named.of(dimension, name) for name in names) for dimension, names in chosen.items()}
        return all(not names or (getattr(one, dimension) or "") in names for dimension, names in chosen.items())

    def _within(self, query: str, filters: Filters | None) -> Filters:
        """Where only whole days are known and nothing after `until` may be used, the last day is left out, not read to its end."""
        within = filters or self.filters
        if self.until is None:
            return within
        end = min(within.end or self.until, self.until)
        return replace(within, end=datetime.combine(end.date(), time()) if query.startswith(_BY_DAY) else end)
