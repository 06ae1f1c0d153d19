"""The words as values: which database, which span of time."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from usage_analytics import format as fmt
from usage_analytics import periods
from usage_analytics.archive import Archive, archive_beside
from usage_analytics.cli import answer
from usage_analytics.control import Control
from usage_analytics.errors import BadRequest
from usage_analytics.filters import Filters, instant
from usage_analytics.periods import Period
from usage_analytics.question import Question
from usage_analytics.question.ask import Range, ask
from usage_analytics.store import Store
from usage_analytics.store.location import default_database, is_named
from usage_analytics.store.memory import keep_freed
from usage_analytics.store.own_rates import rates_for


def database(options: Namespace) -> Path:
    """The database that --db names, else the one of this machine; it may not exist yet."""
    return Path(options.db).expanduser().absolute() if options.db else default_database()


@contextmanager
def reading(options: Namespace) -> Iterator[Store]:
    """The store to read from. Raise BadRequest for a database that does not exist: it would answer 0 to everything."""
    path = database(options)
    if not path.exists() and (options.db or is_named()) and not Archive(archive_beside(path)).mark:
        raise BadRequest(f"There is no database {path.name} yet. Import something first, or name another with --db.")
    keep_freed()
    with closing(Store(path, rates_for(path), tell=answer.complain)) as store:
        yield store


@contextmanager
def writing(options: Namespace, *, quiet: bool = False) -> Iterator[Store]:
    """The store to write to; it is made when it is not there. It says when it had to be made again, unless that was the wish."""
    path = database(options)
    with closing(Store(path, rates_for(path), tell=(lambda _: None) if quiet else answer.complain)) as store:
        yield store


def question(options: Namespace, store: Store, *, dates: Range | None = None) -> Question:
    """The question that the words put: --from and --to (else the last 30 days, or `dates`), --as-of, --zone, and what is kept.

    Raises BadRequest.
    """
    start, end, _ = _moments(options)
    return _ask(options, store, periods.between(start, end) if dates is None or start or end else dates)


def exact(options: Namespace, store: Store) -> Question:
    """The same, from --from to --to as they are and not in whole hours; of all that there is where neither is named. Raises BadRequest."""
    within, (start, end, _) = span(options), _moments(options)
    if start is end is None:
        words = "all your data"
    elif start and end and start.time() == end.time() == time():
        first, last = start.date(), (end - timedelta(days=1)).date()
        words = f"the {fmt.plural((last - first).days + 1, 'day')} from {fmt.day(first)} to {fmt.day(last)}"
    else:  # times, as these are no whole days; the words may follow "in"
        since = f" from {fmt.moment(start, 'UTC')}" if start else ""
        until = f" to {fmt.moment(end, 'UTC')}" if end else ""
        words = f"the time{since}{until}"
    known = _ask(options, store, lambda _moment, _zone: Period(words, within.start, within.end))
    return replace(known, filters=replace(known.filters, start=within.start, end=within.end))


def span(options: Namespace) -> Filters:
    """The half-open span that --from, --to and --as-of leave. Raises BadRequest."""
    start, end, as_of = _moments(options)
    return Filters(start=start, end=min(filter(None, (end, as_of)), default=None))


def _moments(options: Namespace) -> tuple[datetime | None, datetime | None, datetime | None]:
    start, end, as_of = (instant(text) if text else None for text in (options.start, options.end, options.as_of))
    if start and end and end <= start:
        raise BadRequest(
            f"--to {options.end} is not after --from {options.start}. Choose a later end; --to itself is not included."
        )
    return start, end, as_of


def _ask(options: Namespace, store: Store, dates: Range) -> Question:
    kept = Filters(
        models=tuple(options.models), apps=tuple(options.apps), projects=tuple(options.projects), accounts=tuple(options.accounts)
    )
    try:
        zone = options.zone and ZoneInfo(options.zone).key
    except (ZoneInfoNotFoundError, ValueError):
        raise BadRequest(f"“{options.zone}” isn't a time zone. Write it like Europe/Berlin.") from None
    now = datetime.now(UTC).replace(tzinfo=None)
    control, as_of = Control.beside(database(options)), _moments(options)[2]
    return ask(store, control, now=now, as_of=as_of, dates=dates, kept=kept, zone=zone)
