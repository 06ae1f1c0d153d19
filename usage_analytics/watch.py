"""Watching: sync, judge and alert, again and again, alone or while the dashboard is open.

Between two checks we close the database, so that other processes can open it. Two watchers at once do the work twice and alert once: the
sender claims an alert first. The clock is read here.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from usage_analytics import ingest
from usage_analytics.alerts.alert import Alert
from usage_analytics.alerts.delivery import Told, deliver
from usage_analytics.alerts.digest import send_due
from usage_analytics.control import Control, organization
from usage_analytics.control.flags import note_raised
from usage_analytics.errors import UsageError
from usage_analytics.ingest import Cancelled
from usage_analytics.ingest.discover import SUFFIXES
from usage_analytics.ingest.sources import Read, Sync, sources
from usage_analytics.sources.claude_code import Transcript, history, statistics, transcripts
from usage_analytics.store import Store
from usage_analytics.store.own_rates import rates_for

EVERY_SECONDS: Final = 60.0
TRANSCRIPTS: Final = (".jsonl",)
RECENT: Final = timedelta(days=1)  # what ended longer ago, as far as the data go, is for the page, and no news
JUDGED_ANEW: Final = timedelta(hours=1)  # though nothing is new: a block may have ended meanwhile
ASKED_EVERY: Final = timedelta(minutes=5)  # the organization's APIs, whose figures are five minutes old anyway
SWITCH: Final = "watch_in_dashboard"
SWITCH_SECONDS: Final = 1.0  # how soon the switch is noticed
LEAVE_SECONDS: Final = 10.0

Tell = Callable[["Look"], None]


@dataclass(frozen=True, slots=True)
class Look:
    """The result of one check: what was read, what needs attention, which alerts were sent, and what went wrong."""

    at: datetime
    files: int = 0
    events_new: int = 0
    alerts: tuple[Alert, ...] = ()
    told: tuple[Told, ...] = ()
    problems: tuple[str, ...] = ()
    seconds: float = 0.0


class Watcher:
    """Looks at one database again and again; it judges only when something may have changed."""

    def __init__(self, database: Path, folders: Sequence[Path] | None = None, watched: Sequence[Path] = ()) -> None:
        """`folders` are Claude Code's (None: those of this machine); `watched` are further folders, with exports of any kind."""
        self._database = database
        self._folders = folders
        self._watched = tuple(watched)
        self._control = Control.beside(database)
        self._read_at: tuple[list[Transcript], str] | None = None
        self._judged = ("", "")
        self._judged_at: datetime | None = None
        self._alerts: tuple[Alert, ...] = ()

    def look(self, stopped: Callable[[], bool] = lambda: False) -> Look:
        """Read, judge, alert. A failure becomes a sentence in the result, and the next check starts fresh."""
        now, begun = _now(), time.monotonic()
        files = events_new = 0
        told: tuple[Told, ...] = ()
        problems: list[str] = []
        try:
            with closing(Store(self._database, rates_for(self._database))) as store:
                receipts, problems = self._read(store, stopped)
                for receipt in receipts:
                    files, events_new = files + len(receipt.files), events_new + receipt.events_new
                    problems += [one.reason for one in receipt.unread]
                state = (store.revision, self._control.revision)
                if not (state == self._judged and self._judged_at is not None and now - self._judged_at < JUDGED_ANEW):
                    # Here: it brings numpy and pandas, which reading the switch does not need.
                    from usage_analytics.alerts.attention import attention, data_until

                    since = (data_until(store, now) or now) - RECENT
                    found = attention(store, self._control, now, as_of=False, since=since)
                    note_raised(self._control, found.flags, now)
                    self._alerts = found.alerts
                    self._judged, self._judged_at = (store.revision, self._control.revision), now
                told = (*deliver(self._control, self._alerts, now), *send_due(store, self._control, now))
        except Cancelled:
            pass
        except UsageError as problem:
            problems.append(str(problem))
        except Exception as error:  # noqa: BLE001  a watcher that is left alone goes on; the message is left out, for it may quote data
            problems.append(f"This look failed ({type(error).__name__}); it is tried again, and please report it if it stays.")
        return Look(now, files, events_new, self._alerts, told, tuple(problems), time.monotonic() - begun)

    def _read(self, store: Store, stopped: Callable[[], bool]) -> tuple[list[ingest.Receipt], list[str]]:
        """Read what is new, and what went wrong. Where folders and database are as before, the database is not even opened."""
        now = _now()
        sync = Sync(store, self._control, now, cancelled=stopped)
        here = [one for one in sources(self._control, self._folders) if one.kind != "organization"]
        found: list[Read] = []
        asked_at = organization.asked_at(self._control)
        if organization.is_on(self._control) and (asked_at is None or now - asked_at >= ASKED_EVERY):
            found += [sync.read_source(one) for one in sources(self._control, ()) if one.kind == "organization"]
        places = [place for one in here for place in one.places]
        exports = [*self._watched, *(one.folder for one in here if one.folder and not one.places)]
        lists = [one for place in places for one in (*history(place), *statistics(place))]
        listed = [*_listed(places, TRANSCRIPTS), *lists, *_listed(exports, SUFFIXES)]
        receipts = [one.receipt for one in found]
        if self._read_at != (listed, store.revision):
            self._read_at = None
            found += (more := [sync.read_source(one) for one in here])
            receipts += [one.receipt for one in more]
            if self._watched:
                receipts.append(ingest.import_paths(store, self._watched, cancelled=stopped))
            if not any(receipt.unread for receipt in receipts):
                self._read_at = (listed, store.revision)
        return receipts, [one.problem for one in found if one.problem]


def _listed(folders: Sequence[Path], names: tuple[str, ...]) -> list[Transcript]:
    """The files below the folders, each with the size and time that tell whether it has changed."""
    return [file for folder in folders for file in transcripts(folder, names)]


def watch_forever(watcher: Watcher, every: float, stop: threading.Event, tell: Tell) -> None:
    """Look every so many seconds until stopped."""
    while not stop.is_set():
        look = watcher.look(stop.is_set)
        tell(look)
        stop.wait(max(0.0, every - look.seconds))


@asynccontextmanager
async def task(database: Path, every: float = EVERY_SECONDS) -> AsyncIterator[None]:
    """Watch while the dashboard is open and the person has switched it on; the switch may be moved at any time."""
    stop = threading.Event()
    thread = threading.Thread(target=_watch_if_wanted, args=(database, every, stop), name="usage-analytics watch", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        await asyncio.to_thread(thread.join, LEAVE_SECONDS)


def is_switched_on(control: Control) -> bool:
    """Whether the dashboard watches while it is open."""
    return control.setting(SWITCH) == "on"


def switch(control: Control, *, on: bool) -> None:
    """Watch while the dashboard is open, or no more."""
    control.set_setting(SWITCH, "on" if on else None)


def latest(database: Path) -> Look | None:
    """The last look of this process at a database; None when it has not looked."""
    return _latest.get(database)


_latest: dict[Path, Look] = {}


def _watch_if_wanted(database: Path, every: float, stop: threading.Event) -> None:
    watcher, control, due = Watcher(database), Control.beside(database), 0.0
    while not stop.wait(min(SWITCH_SECONDS, every)):
        if time.monotonic() < due:
            continue
        try:
            wanted = is_switched_on(control)
        except Exception:  # noqa: BLE001  a file of decisions that cannot be read now is asked again
            wanted = False
        if wanted:
            due = time.monotonic() + every
            _latest[database] = watcher.look(stop.is_set)


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)
