"""The state of each alert: a channel gets an episode once.

A sender claims the pair of episode and channel before it sends, in one transaction, so that only one of two watchers sends. The next
watcher retries what certainly failed; what may have arrived is not sent twice.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, Literal

from usage_analytics.control.alerts import Channel, Level

if TYPE_CHECKING:
    from usage_analytics.control import Control

State = Literal["claimed", "handed", "sent", "failed", "unsure"]

HOURLY: Final = 12  # messages to one channel; what is more waits
ABANDONED: Final = timedelta(minutes=2)  # the claimer was stopped before it sent anything
PAUSES: Final = tuple(timedelta(minutes=minutes) for minutes in (0.5, 2, 8, 30, 120, 360))  # before each further try


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to alert one channel about one episode; a later claim replaces it."""

    episode: str
    channel_id: int
    tries: int


@dataclass(frozen=True, slots=True)
class Delivery:
    """One line of the history: what a channel was sent, and the result."""

    episode: str
    channel: str
    level: Level
    title: str
    state: State
    tries: int
    claimed_at: datetime
    next_try_at: datetime | None
    problem: str | None


def claim(control: Control, channel: Channel, episode: str, now: datetime, *, level: Level, title: str) -> Claim | None:
    """Claim the alert of this episode for this channel; None if it was sent, is being sent, or has to wait."""
    key: dict[str, str | int | None] = {"episode": episode, "channel": channel.id}
    if not _is_open(_found(control.rows(_ONE, key)), now):
        return None  # most of the time, and without keeping anybody else from writing
    with control.deciding() as connection:
        known = _found(connection.execute(_ONE, key).fetchall())
        claimed_lately = connection.execute(
            "select count(*) from alert_delivery where channel_id = :channel and claimed_at > :since",
            {"channel": channel.id, "since": (now - timedelta(hours=1)).isoformat()},
        ).fetchone()[0]
        if not _is_open(known, now) or claimed_lately >= HOURLY:
            return None
        made = connection.execute(
            """
            insert into alert_delivery (episode, channel_id, level, title, state, tries, claimed_at)
            values (:episode, :channel, :level, :title, 'claimed', 1, :now)
            on conflict do update
                set level = :level, title = :title, state = 'claimed', tries = tries + 1, claimed_at = :now, next_try_at = null
            returning tries
            """,
            key | {"level": level, "title": title, "now": now.isoformat()},
        ).fetchone()
    return Claim(episode, channel.id, int(made["tries"]))


def is_wanted(control: Control, channel_id: int, episode: str, now: datetime) -> bool:
    """Whether this channel still needs the alert of this episode, and may get it now."""
    return _is_open(_found(control.rows(_ONE, {"episode": episode, "channel": channel_id})), now)


def hand_over(control: Control, claimed: Claim) -> bool:
    """Record that the message may arrive from now on, even if we crash; False if another process has claimed it meanwhile."""
    return _change(control, claimed, "claimed", "handed")


def sent(control: Control, claimed: Claim, now: datetime) -> None:
    """It arrived."""
    _change(control, claimed, "handed", "sent", settled_at=now)


def unsure(control: Control, claimed: Claim, now: datetime, problem: str) -> None:
    """It may have arrived; it is not sent again."""
    _change(control, claimed, "handed", "unsure", settled_at=now, problem=problem)


def failed(control: Control, claimed: Claim, now: datetime, problem: str) -> None:
    """It did not arrive; it is tried again after a pause that grows, and in the end no more."""
    again = now + PAUSES[claimed.tries - 1] if claimed.tries <= len(PAUSES) else None
    for state in ("claimed", "handed"):
        if _change(control, claimed, state, "failed", settled_at=now, problem=problem, next_try_at=again):
            return


def history(control: Control, limit: int = 50) -> tuple[Delivery, ...]:
    """What was sent, or tried, the newest first."""
    rows = control.rows(
        """
        select alert_delivery.*, label
        from alert_delivery join alert_channel using (channel_id)
        order by claimed_at desc, episode, channel_id limit :limit
        """,
        {"limit": limit},
    )
    return tuple(
        Delivery(
            episode=row["episode"],
            channel=row["label"],
            level=row["level"],
            title=row["title"],
            state=row["state"],
            tries=row["tries"],
            claimed_at=datetime.fromisoformat(row["claimed_at"]),
            next_try_at=datetime.fromisoformat(row["next_try_at"]) if row["next_try_at"] else None,
            problem=row["problem"],
        )
        for row in rows
    )


_ONE: Final = "select * from alert_delivery where episode = :episode and channel_id = :channel"


def _found(rows: list[sqlite3.Row]) -> sqlite3.Row | None:
    return rows[0] if rows else None


def _is_open(known: sqlite3.Row | None, now: datetime) -> bool:
    if known is None:
        return True
    if known["state"] == "failed":
        return known["next_try_at"] is not None and datetime.fromisoformat(known["next_try_at"]) <= now
    return known["state"] == "claimed" and datetime.fromisoformat(known["claimed_at"]) < now - ABANDONED


def _change(
    control: Control,
    claimed: Claim,
    before: State,
    after: State,
    *,
    settled_at: datetime | None = None,
    problem: str | None = None,
    next_try_at: datetime | None = None,
) -> bool:
    with control.deciding() as connection:
        changed = connection.execute(
            """
            update alert_delivery set state = :after, settled_at = :settled, next_try_at = :again, problem = :problem
            where episode = :episode and channel_id = :channel and tries = :tries and state = :before
            """,
            {
                "episode": claimed.episode,
                "channel": claimed.channel_id,
                "tries": claimed.tries,
                "before": before,
                "after": after,
                "settled": settled_at.isoformat() if settled_at else None,
                "again": next_try_at.isoformat() if next_try_at else None,
                "problem": problem,
            },
        ).rowcount
    return bool(changed)
