"""What a report is asked to be about, and the rows it is made from: the same queries, with the same parameters, as the pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar

import pandas as pd

from usage_analytics import format, periods
from usage_analytics.errors import BadRequest
from usage_analytics.filters import Filters
from usage_analytics.periods import Period
from usage_analytics.question.names import DIMENSIONS, Names, Redaction

if TYPE_CHECKING:
    from usage_analytics.control import Control
    from usage_analytics.store import Store

T = TypeVar("T")

SECTIONS: Final[dict[str, str]] = {
    "spend": "Spend over time",
    "balance": "Balance and runway",
    "auto_reload": "Auto-reload",
    "background": "Background drain",
    "models": "Models",
    "conversations": "Conversations",
    "apps": "Connected apps",
    "savings": "Savings",
    "method": "Method and coverage",
}
_BY_DAY: Final = ("conversations_", "burn")  # queries that know days of UTC only


class Read(Protocol):
    """How rows are read: the pages' cached read, or `reading(store)`."""

    def __call__(self, query: str, filters: Filters, **parameters: Any) -> pd.DataFrame: ...


class Place(Protocol):
    """Where usage belongs."""

    @property
    def app(self) -> str: ...
    @property
    def project(self) -> str | None: ...
    @property
    def account(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Asked:
    """A view worth keeping. `as_of`: the data may hold what came after `now`, and nothing of it may be used."""

    period: Period
    filters: Filters
    before: Filters | None
    now: datetime
    sections: tuple[str, ...] = tuple(SECTIONS)
    redaction: Redaction = "none"
    sample: bool = False
    as_of: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """The rows for what was asked, with names already replaced. `first_at` and `last_at` are the ends of all data that may be used."""

    asked: Asked
    read: Read
    control: Control
    names: Names
    models: tuple[str, ...]  # of the whole database, the dearest first: the order of their colours
    period: Period
    first_at: datetime
    last_at: datetime
    _made: dict[str, Any] = field(default_factory=dict)

    def once(self, name: str, make: Callable[[], T]) -> T:
        """What `make` returns, made once for a name."""
        if name not in self._made:
            self._made[name] = make()
        found: T = self._made[name]
        return found

    def rows(self, query: str, filters: Filters | None = None, **parameters: Any) -> pd.DataFrame:
        """The rows of a query for the span, or for other filters."""
        within = self._strict(query, filters or self.asked.filters)
        found = self.once(
            f"{query} {within} {parameters}",
            lambda: self.names.rename(self.read(query, within, **parameters), parameters.get("by")),
        )
        return found.copy(deep=False)

    def before(self, query: str, **parameters: Any) -> pd.DataFrame | None:
        """The same for the span before; None where there is none, or where the data do not reach back that far."""
        known = self.asked.before
        if known is None or known.start is None or self.first_at > known.start:
            return None
        return self.rows(query, known, **parameters)

    def load(self, queries: Mapping[str, Mapping[str, Any]]) -> dict[str, pd.DataFrame]:
        """The rows of several queries by name, as the analyses want them."""
        return {query: self.rows(query, **parameters) for query, parameters in queries.items()}

    def load_before(self, queries: Mapping[str, Mapping[str, Any]]) -> dict[str, pd.DataFrame] | None:
        """The same for the span before; None as in `before`."""
        found = {query: self.before(query, **parameters) for query, parameters in queries.items()}
        known = {query: rows for query, rows in found.items() if rows is not None}
        return known if len(known) == len(queries) else None

    @property
    def is_narrowed(self) -> bool:
        """Whether the report is about a part of the usage only."""
        kept = self.asked.filters
        return any((kept.models, kept.apps, kept.projects, kept.accounts))

    @property
    def days(self) -> int:
        """How long the span is, in whole days, one at least."""
        start, end = self.asked.filters.start or self.first_at, min(self.asked.filters.end or self.asked.now, self.asked.now)
        return max(round((end - start) / timedelta(days=1)), 1)

    def keeps(self, one: Place) -> bool:
        """Whether something of an app, project and account, by its real names, belongs into the report."""
        kept = self.asked.filters
        return (
            (not kept.apps or one.app in kept.apps)
            and (not kept.projects or (one.project or "") in kept.projects)
            and (not kept.accounts or (one.account or "") in kept.accounts)
        )

    def hue(self, model: str | None) -> int:
        """The slot of a model's colour, from 1; 0 is grey."""
        place = self.models.index(model) + 1 if model in self.models else 0
        return place if place <= 9 else 0

    def _strict(self, query: str, filters: Filters) -> Filters:
        """Where only whole days are known and later events exist, the last day is left out rather than read to its end."""
        if not self.asked.as_of or filters.end is None or not query.startswith(_BY_DAY):
            return filters
        return replace(filters, end=datetime.combine(filters.end.date(), time()))


def between(start: datetime | None, end: datetime | None, now: datetime, *, zone: str = "UTC", strict: bool = False) -> Asked:
    """A span as asked for on the command line, in whole hours that lie inside it; without one the last 30 days.

    `strict`: later events may be known, and none of them may be used.
    """
    if start is None and end in (None, now):
        over = periods.period("30 days", _hour(now) - timedelta(microseconds=1) if strict else now, zone)
        start, end = over.start, min(over.end or now, now) if strict else over.end
    last = _hour(end or now) if strict else (end or periods.next_hour(now))
    first = None if start is None else _hour(start + timedelta(hours=1) - timedelta(microseconds=1))
    if first is None or first >= last:
        raise BadRequest("A report needs a span of an hour or more; name its beginning with --from.")
    weeks = -(-(last - first) // timedelta(weeks=1))
    back = timedelta(weeks=weeks)
    period = Period(
        "",
        first,
        last,
        (first - back, last - back),
        f"the same days {format.plural(weeks, 'week')} earlier",
        f"in {format.plural(weeks, 'week')}",
        running=last > now,
    )
    filters = Filters(start=first, end=last, grain=periods.grain(first, last), zone=zone)
    return Asked(period, filters, replace(filters, start=first - back, end=last - back), now, as_of=strict)


def _hour(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)


def reading(store: Store) -> Read:
    """Read from a store as the pages do: numbers that may be unknown are floats."""

    def read(query: str, filters: Filters, **parameters: Any) -> pd.DataFrame:
        rows = store.frame(query, filters, **parameters)
        return rows.astype({name: "float64" for name, kind in rows.dtypes.items() if str(kind) == "Int64"})

    return read


def source(asked: Asked, read: Read, control: Control) -> Source:
    """Get ready to read. Raises BadRequest where there is nothing to report."""
    until = Filters(end=asked.now if asked.as_of else None)
    seen = {dimension: read("apps_seen", until, by=dimension) for dimension in DIMENSIONS}
    if seen["app"].empty:
        raise BadRequest("There is no usage to report yet; import something first.")
    first_at, last_at = seen["app"]["first_at"].min(), seen["app"]["last_at"].max()
    choices = read("choices", Filters())
    models = choices.loc[choices["dimension"] == "model", "value"]
    names = {
        dimension: list(rows.dropna(subset=["value"]).sort_values(["first_at", "value"])["value"])
        for dimension, rows in seen.items()
    }
    dated = replace(asked.period, name=_dated(asked, first_at, last_at))
    return Source(
        asked,
        read,
        control,
        Names(asked.redaction, names),
        tuple(models[models != ""]),
        dated,
        first_at.to_pydatetime(),
        min(last_at.to_pydatetime(), asked.now),
    )


def _dated(asked: Asked, first_at: pd.Timestamp, last_at: pd.Timestamp) -> str:
    """The span by its dates, fit to follow "in": "the last 30 days" means nothing in a file that is read next month."""
    zone = asked.filters.zone
    first = format.local(asked.filters.start or first_at.to_pydatetime(), zone).date()
    end = asked.filters.end or last_at.to_pydatetime() + timedelta(microseconds=1)
    last = format.local(min(end, asked.now) - timedelta(microseconds=1), zone).date()
    days = (max(last, first) - first).days + 1
    return f"the {format.plural(days, 'day')} to {format.day(last)}" if days > 1 else format.day(first)
