"""Digests: which channel gets the numbers of the week or of the month, and when the next are due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from usage_analytics.errors import BadRequest

if TYPE_CHECKING:
    from usage_analytics.control import Control

Cadence = Literal["weekly", "monthly"]
Redaction = Literal["none", "names", "totals"]

HOUR: Final = 8  # of the morning after the span, where the person is
LATEST: Final = timedelta(days=6)  # what is older than that is news no more


@dataclass(frozen=True, slots=True)
class Digest:
    """What a channel gets. `told_of` is the start of the last period it got a digest of; times are naive UTC."""

    channel_id: int
    cadence: Cadence
    zone: str
    redaction: Redaction
    with_link: bool
    made_at: datetime
    told_of: datetime | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """A complete week or month, half-open in naive UTC, its `name` for people, and when its digest is due."""

    start: datetime
    end: datetime
    tell_at: datetime
    name: str


def last_span(cadence: Cadence, zone: str, now: datetime) -> Span:
    """The newest complete week or month before `now`."""
    there = now.replace(tzinfo=UTC).astimezone(ZoneInfo(zone))
    begins = _begin(cadence, (there - timedelta(hours=HOUR)).replace(tzinfo=None))
    before = _begin(cadence, begins - timedelta(days=1))
    name = f"{before:%G-W%V}" if cadence == "weekly" else f"{before:%Y-%m}"
    start, end, tell_at = (_utc(moment, zone) for moment in (before, begins, begins + timedelta(hours=HOUR)))
    return Span(start, end, tell_at, name)


def due(digest: Digest, now: datetime) -> Span | None:
    """The period whose digest the channel is due now; None if there is none."""
    span = last_span(digest.cadence, digest.zone, now)
    told = digest.told_of is not None and digest.told_of >= span.start
    # One that was set up in the middle of a week begins with that week.
    return None if told or span.end <= digest.made_at or now - span.tell_at > LATEST else span


def next_at(digest: Digest, now: datetime) -> datetime:
    """When the channel gets its next digest if watching is on; now if it is due."""
    if due(digest, now) is not None:
        return now
    begun = last_span(digest.cadence, digest.zone, now).end.replace(tzinfo=UTC).astimezone(ZoneInfo(digest.zone))
    following = _begin(digest.cadence, begun.replace(tzinfo=None) + timedelta(days=7 if digest.cadence == "weekly" else 31))
    return _utc(following + timedelta(hours=HOUR), digest.zone)


def digests(control: Control) -> tuple[Digest, ...]:
    """All that are set up, for channels that there are."""
    rows = control.rows(
        "select digest.* from digest join alert_channel using (channel_id) where removed_at is null order by channel_id"
    )
    return tuple(
        Digest(
            channel_id=row["channel_id"],
            cadence=row["cadence"],
            zone=row["zone"],
            redaction=row["redaction"],
            with_link=bool(row["with_link"]),
            made_at=datetime.fromisoformat(row["made_at"]),
            told_of=datetime.fromisoformat(row["told_of"]) if row["told_of"] else None,
        )
        for row in rows
    )


def keep(control: Control, digest: Digest) -> None:
    """Set a channel's digest up, or change it. Raises BadRequest."""
    try:
        ZoneInfo(digest.zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise BadRequest(f"“{digest.zone}” isn't a time zone. Write it like Europe/Berlin.") from None
    with control.deciding() as connection:
        connection.execute(
            """
            insert into digest (channel_id, cadence, zone, redaction, with_link, made_at)
            values (:channel_id, :cadence, :zone, :redaction, :with_link, :made_at)
            on conflict do update set cadence = :cadence, zone = :zone, redaction = :redaction, with_link = :with_link
            """,
            {
                "channel_id": digest.channel_id,
                "cadence": digest.cadence,
                "zone": digest.zone,
                "redaction": digest.redaction,
                "with_link": int(digest.with_link),
                "made_at": digest.made_at.isoformat(),
            },
        )


def forget(control: Control, channel_id: int) -> None:
    """Send no digest there any more. Raises BadRequest when none was sent."""
    with control.deciding() as connection:
        if not connection.execute("delete from digest where channel_id = :id", {"id": channel_id}).rowcount:
            raise BadRequest(f"Channel {channel_id} gets no digest. List those that do with: usage-analytics digest")


def told(control: Control, channel_id: int, span: Span) -> None:
    """Record that the channel got the digest of a period."""
    with control.deciding() as connection:
        connection.execute(
            "update digest set told_of = :start where channel_id = :id", {"start": span.start.isoformat(), "id": channel_id}
        )


def _begin(cadence: Cadence, moment: datetime) -> datetime:
    """The beginning of the week (a Monday) or month around a moment, on the person's own clock."""
    day = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    return day - timedelta(days=day.weekday()) if cadence == "weekly" else day.replace(day=1)


def _utc(moment: datetime, zone: str) -> datetime:
    return moment.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC).replace(tzinfo=None)
