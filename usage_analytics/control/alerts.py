"""Alerts as decided: where they go, and from how many dollars on."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final, Literal

from usage_analytics.errors import BadRequest

if TYPE_CHECKING:
    from usage_analytics.control import Control

Kind = Literal["desktop", "webhook", "email"]
Level = Literal["notify", "act"]

NOTIFY_NANOS: Final = 0  # every drain that is flagged
ACT_NANOS: Final = 20 * 10**9


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
    """Add a channel, or change the one with this address; return its id. A removed channel comes back with its history."""
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
        raise BadRequest(f"There is no channel {channel_id}. List the channels with: usage-analytics alerts")


def thresholds(control: Control) -> Thresholds:
    """The two thresholds, as set or by default."""
    notify, act = control.setting("alert_notify_nanos"), control.setting("alert_act_nanos")
    return Thresholds(NOTIFY_NANOS if notify is None else int(notify), ACT_NANOS if act is None else int(act))


def set_thresholds(control: Control, chosen: Thresholds) -> None:
    """Keep the two thresholds. Raises BadRequest when they are the wrong way round."""
    if not 0 <= chosen.notify_nanos <= chosen.act_nanos:
        raise BadRequest("The alert amount can't be negative or above the urgent amount. Choose other amounts.")
    control.set_setting("alert_notify_nanos", str(chosen.notify_nanos))
    control.set_setting("alert_act_nanos", str(chosen.act_nanos))
