"""Alerts as decided: where they go, from how many dollars on, and what became of each.

A channel hears of an episode once. Whoever alerts claims the pair of episode and channel before anything is sent, in one transaction, so
that of two watchers one sends. What failed for sure is tried again by whoever comes next; what may have arrived is not.
"""

from __future__ import annotations

import hashlib
import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from usage_analytics.control import Control
from usage_analytics.errors import BadRequest

Kind = Literal["desktop", "webhook", "email"]
Level = Literal["notify", "act"]

NOTIFY_NANOS: Final = 0  # every drain that is flagged
ACT_NANOS: Final = 20 * 10**9
HOURLY: Final = 12  # messages to one channel; what is more waits
ABANDONED: Final = timedelta(minutes=2)  # whoever claimed it was stopped before anything was sent
PAUSES: Final = tuple(timedelta(minutes=minutes) for minutes in (0.5, 2, 8, 30, 120, 360))  # before each further try


@dataclass(frozen=True, slots=True)
class Channel:
    """Where alerts go; `label` may be shown to anybody."""

    id: int
    kind: Kind
    label: str
    from_level: Level
    private_allowed: bool
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From how many nano-dollars on a drain is worth a notice, and from how many it calls for action."""

    notify_nanos: int = NOTIFY_NANOS
    act_nanos: int = ACT_NANOS


@dataclass(frozen=True, slots=True)
class Delivery:
    """One line of the history: what a channel was told, and what came of it."""

    episode: str
    channel: str
    level: Level
    title: str
    state: Literal["claimed", "handed", "sent", "failed", "unsure"]
    tries: int
    claimed_at: datetime
    next_try_at: datetime | None
    problem: str | None


def channels(control: Control) -> tuple[Channel, ...]:
    """Where alerts go, the oldest first."""
    rows = control.rows("select * from alert_channel where removed_at is null order by channel_id")
    return tuple(
        Channel(
            row["channel_id"],
            row["kind"],
            row["label"],
            row["from_level"],
            bool(row["private_allowed"]),
            datetime.fromisoformat(row["made_at"]),
        )
        for row in rows
    )


def add_channel(
    control: Control, kind: Kind, address: str, label: str, now: datetime, *, from_level: Level, private_allowed: bool
) -> int:
    """Add a channel, or change the one of this address; its id. One that was removed comes back, with what it was told before."""
    digest = hashlib.sha256(f"{kind} {address}".encode()).hexdigest()
    values = {
        "kind": kind,
        "digest": digest,
        "label": label,
        "level": from_level,
        "private": int(private_allowed),
        "now": now.isoformat(),
    }
    with control.deciding() as connection:
        found = connection.execute(
            """
            insert into alert_channel (kind, digest, label, from_level, private_allowed, made_at)
            values (:kind, :digest, :label, :level, :private, :now)
            on conflict (digest) do update
                set label = :label, from_level = :level, private_allowed = :private, removed_at = null
            returning channel_id
            """,
            values,
        ).fetchone()
    return int(found[0])


def remove_channel(control: Control, channel_id: int, now: datetime) -> None:
    """Send nothing there any more; the history stays. Raises BadRequest for an unknown id."""
    with control.deciding() as connection:
        changed = connection.execute(
            "update alert_channel set removed_at = :now where channel_id = :id and removed_at is null",
            {"now": now.isoformat(), "id": channel_id},
        ).rowcount
    if not changed:
        raise BadRequest(f"There is no channel {channel_id}; “usage-analytics alerts” lists those that there are.")


def thresholds(control: Control) -> Thresholds:
    """The two thresholds, as set or by default."""
    notify, act = control.setting("alert_notify_nanos"), control.setting("alert_act_nanos")
    return Thresholds(NOTIFY_NANOS if notify is None else int(notify), ACT_NANOS if act is None else int(act))


def set_thresholds(control: Control, chosen: Thresholds) -> None:
    """Keep the two thresholds. Raises BadRequest when they are the wrong way round."""
    if not 0 <= chosen.notify_nanos <= chosen.act_nanos:
        raise BadRequest("The amount for a notice cannot be negative or above the amount that calls for action; choose them anew.")
    control.set_setting("alert_notify_nanos", str(chosen.notify_nanos))
    control.set_setting("alert_act_nanos", str(chosen.act_nanos))


def claim(control: Control, channel: Channel, episode: str, level: Level, title: str, now: datetime) -> bool:
    """Take on telling this channel of this episode; False when it was told, is being told, or has to wait."""
    key = {"episode": episode, "channel": channel.id}
    with control.deciding() as connection:
        known = connection.execute(
            "select * from alert_delivery where episode = :episode and channel_id = :channel", key
        ).fetchone()
        if (known and not _open_again(known, now)) or _sent_lately(connection, channel.id, now) >= HOURLY:
            return False
        connection.execute(
            """
            insert into alert_delivery (episode, channel_id, level, title, state, tries, claimed_at)
            values (:episode, :channel, :level, :title, 'claimed', 1, :now)
            on conflict do update
                set level = :level, title = :title, state = 'claimed', tries = tries + 1, claimed_at = :now, next_try_at = null
            """,
            key | {"level": level, "title": title, "now": now.isoformat()},
        )
    return True


def settled(control: Control, channels: tuple[Channel, ...], episodes: tuple[str, ...], now: datetime) -> set[tuple[str, int]]:
    """The pairs of episode and channel that need no claim now. It only reads: most of the time there is nothing to do."""
    rows = control.rows("select * from alert_delivery")
    wanted = {(episode, channel.id) for episode in episodes for channel in channels}
    return {
        pair for row in rows if (pair := (row["episode"], row["channel_id"])) in wanted and not _open_again(row, now)
    }


def handed(control: Control, channel: Channel, episode: str) -> None:
    """From here on it may arrive, whatever happens to us."""
    _set(control, channel, episode, "handed", None, None, None)


def sent(control: Control, channel: Channel, episode: str, now: datetime) -> None:
    """It arrived."""
    _set(control, channel, episode, "sent", now, None, None)


def unsure(control: Control, channel: Channel, episode: str, now: datetime, problem: str) -> None:
    """It may have arrived; it is not sent again."""
    _set(control, channel, episode, "unsure", now, None, problem)


def failed(control: Control, channel: Channel, episode: str, now: datetime, problem: str) -> None:
    """It did not arrive; it is tried again after a pause that grows, and in the end no more."""
    with control.deciding() as connection:
        row = connection.execute(
            "select tries from alert_delivery where episode = :episode and channel_id = :channel",
            {"episode": episode, "channel": channel.id},
        ).fetchone()
    tries = int(row["tries"])
    again = now + PAUSES[tries - 1] if tries <= len(PAUSES) else None
    _set(control, channel, episode, "failed", now, again, problem)


def history(control: Control, limit: int = 50) -> tuple[Delivery, ...]:
    """What was sent, or tried, the newest first."""
    rows = control.rows(
        """
        select alert_delivery.*, label
        from alert_delivery join alert_channel using (channel_id)
        order by claimed_at desc, episode limit :limit
        """,
        {"limit": limit},
    )
    return tuple(
        Delivery(
            row["episode"],
            row["label"],
            row["level"],
            row["title"],
            row["state"],
            row["tries"],
            datetime.fromisoformat(row["claimed_at"]),
            datetime.fromisoformat(row["next_try_at"]) if row["next_try_at"] else None,
            row["problem"],
        )
        for row in rows
    )


def _open_again(row: sqlite3.Row, now: datetime) -> bool:
    if row["state"] == "failed":
        return row["next_try_at"] is not None and row["next_try_at"] <= now.isoformat()
    return row["state"] == "claimed" and datetime.fromisoformat(row["claimed_at"]) < now - ABANDONED


def _sent_lately(connection: sqlite3.Connection, channel_id: int, now: datetime) -> int:
    found = connection.execute(
        "select count(*) from alert_delivery where channel_id = :channel and claimed_at > :since",
        {"channel": channel_id, "since": (now - timedelta(hours=1)).isoformat()},
    ).fetchone()
    return int(found[0])


def _set(
    control: Control,
    channel: Channel,
    episode: str,
    state: str,
    settled_at: datetime | None,
    next_try_at: datetime | None,
    problem: str | None,
) -> None:
    with control.deciding() as connection:
        connection.execute(
            """
            update alert_delivery set state = :state, settled_at = :settled, next_try_at = :again, problem = :problem
            where episode = :episode and channel_id = :channel
            """,
            {
                "state": state,
                "settled": settled_at.isoformat() if settled_at else None,
                "again": next_try_at.isoformat() if next_try_at else None,
                "problem": problem,
                "episode": episode,
                "channel": channel.id,
            },
        )
