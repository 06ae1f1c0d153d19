"""The state of every flag: raised, seen, dismissed, over. One row per episode, so that no one is alerted twice."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final, Protocol

from usage_analytics.errors import BadRequest

if TYPE_CHECKING:
    from usage_analytics.control import Control

_RAISE: Final = """
insert into flag (key, app, account, project, kind, started_at, flagged_at, raised_at, over_at, spent_nanos)
values (:key, :app, :account, :project, :kind, :started, :flagged, :now, :over, :spent)
on conflict (key) do update set over_at = excluded.over_at, spent_nanos = max(spent_nanos, excluded.spent_nanos)
where over_at is not excluded.over_at or spent_nanos < excluded.spent_nanos
"""
_COLUMNS: Final = (
    "key, app, account, project, kind, spent_nanos, started_at, flagged_at, raised_at, seen_at, dismissed_at, over_at, reason,"
    " stopped_at, saved_nanos"
)


class Episode(Protocol):
    """What we store of a flag."""

    @property
    def key(self) -> str: ...
    @property
    def app(self) -> str: ...
    @property
    def account(self) -> str | None: ...
    @property
    def project(self) -> str | None: ...
    @property
    def kind(self) -> str: ...
    @property
    def started_at(self) -> datetime: ...
    @property
    def flagged_at(self) -> datetime: ...
    @property
    def last_seen_at(self) -> datetime: ...
    @property
    def spent_nanos(self) -> int: ...
    @property
    def over(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class FlagHistory:
    """One episode and its moments; None is not yet."""

    key: str
    app: str
    account: str | None
    project: str | None
    kind: str
    spent_nanos: int
    started_at: datetime
    flagged_at: datetime
    raised_at: datetime
    seen_at: datetime | None
    dismissed_at: datetime | None
    over_at: datetime | None
    reason: str | None
    stopped_at: datetime | None = None
    saved_nanos: int | None = None  # what it would have gone on to spend, as far as was known when it was stopped


def note_raised(control: Control, flags: Iterable[Episode], now: datetime) -> tuple[str, ...]:
    """Keep the flags; the keys of those that were not known before."""
    flags = tuple(flags)
    if not flags:
        return ()
    with control.deciding() as connection:
        known = {row["key"] for row in connection.execute("select key from flag")}
        for flag in flags:
            connection.execute(
                _RAISE,
                {
                    "key": flag.key,
                    "app": flag.app,
                    "account": flag.account,
                    "project": flag.project,
                    "kind": flag.kind,
                    "started": flag.started_at.isoformat(),
                    "flagged": flag.flagged_at.isoformat(),
                    "now": now.isoformat(),
                    "over": flag.last_seen_at.isoformat() if flag.over else None,
                    "spent": flag.spent_nanos,
                },
            )
    return tuple(flag.key for flag in flags if flag.key not in known)


def note_seen(control: Control, keys: Iterable[str], now: datetime) -> None:
    """A person has looked at these flags; the first time counts."""
    unseen = set(keys) & {row["key"] for row in control.rows("select key from flag where seen_at is null")}
    if unseen:
        with control.deciding() as connection:
            for key in sorted(unseen):
                connection.execute(
                    "update flag set seen_at = :now where key = :key and seen_at is null", {"now": now.isoformat(), "key": key}
                )


def dismiss(control: Control, key: str, reason: str, now: datetime) -> None:
    """Put one episode aside, with a reason; a later one of the same source is flagged again. Raises BadRequest."""
    if not reason.strip():
        raise BadRequest("Say why you dismiss it. A few words are enough.")
    with control.deciding() as connection:
        values = {"key": key, "reason": reason.strip(), "now": now.isoformat()}
        done = connection.execute("update flag set dismissed_at = :now, reason = :reason where key = :key", values).rowcount
    if not done:
        raise BadRequest(f"There is no flag {key}. List the flags with: usage-analytics background")


def restore(control: Control, key: str) -> None:
    """Take a dismissal back."""
    with control.deciding() as connection:
        connection.execute("update flag set dismissed_at = null, reason = null where key = :key", {"key": key})


def stop(control: Control, key: str, saved_nanos: int | None, now: datetime) -> None:
    """Keep that a person stopped this drain, and what that saved; the first time counts. Raises BadRequest if there is no such flag."""
    with control.deciding() as connection:
        values = {"key": key, "saved": saved_nanos, "now": now.isoformat()}
        done = connection.execute(
            "update flag set stopped_at = coalesce(stopped_at, :now), saved_nanos = coalesce(saved_nanos, :saved) where key = :key",
            values,
        ).rowcount
    if not done:
        raise BadRequest(f"No flag has the key {key}. List the flags with: usage-analytics background")


def unstop(control: Control, key: str) -> None:
    """Take back that a drain was stopped."""
    with control.deciding() as connection:
        connection.execute("update flag set stopped_at = null, saved_nanos = null where key = :key", {"key": key})


def stopped(control: Control) -> dict[str, FlagHistory]:
    """The drains that a person said they stopped, by key."""
    return {one.key: one for one in flag_history(control) if one.stopped_at is not None}


def dismissed(control: Control) -> frozenset[str]:
    """The keys of the dismissed flags."""
    return frozenset(row["key"] for row in control.rows("select key from flag where dismissed_at is not null"))


def flag_history(control: Control) -> tuple[FlagHistory, ...]:
    """Every episode that was ever raised, the newest first."""
    found = control.rows(f"select {_COLUMNS} from flag order by flagged_at desc, key")  # noqa: S608  our own column names
    return tuple(
        FlagHistory(
            key=row["key"],
            app=row["app"],
            account=row["account"],
            project=row["project"],
            kind=row["kind"],
            spent_nanos=row["spent_nanos"],
            started_at=datetime.fromisoformat(row["started_at"]),
            flagged_at=datetime.fromisoformat(row["flagged_at"]),
            raised_at=datetime.fromisoformat(row["raised_at"]),
            seen_at=_moment(row["seen_at"]),
            dismissed_at=_moment(row["dismissed_at"]),
            over_at=_moment(row["over_at"]),
            reason=row["reason"],
            stopped_at=_moment(row["stopped_at"]),
            saved_nanos=row["saved_nanos"],
        )
        for row in found
    )


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
