"""Digests: which channel gets the numbers of the week or of the month, and when the next are due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from usage_analytics import weeks
from usage_analytics.control import settings
from usage_analytics.errors import BadRequest
from usage_analytics.weeks import WeekStart

if TYPE_CHECKING:
    from usage_analytics.control import Control

Cadence = Literal["weekly", "monthly"]
Redaction = Literal["none", "names", "totals"]

HOUR: Final = 8  # of the morning after the span, where the person is
LATEST: Final = timedelta(days=6)  # what is older than that is news no more


@dataclass(frozen=True, slots=True)
class Digest:
    """What a channel gets. `told_of` is the start of the last period it got a digest of; times are naive UTC.

    `week_start` is the person's setting when the digest was read, and not kept with it.
    """

    channel_id: int
    cadence: Cadence
    zone: str
    redaction: Redaction
    with_link: bool
    made_at: datetime
    told_of: datetime | None = None
    week_start: WeekStart = "Monday"


@dataclass(frozen=True, slots=True)
class Span:
    """A complete week or month, half-open in naive UTC, its `name` for people, and when its digest is due."""

    start: datetime
    end: datetime
    tell_at: datetime
    name: str


def last_span(digest: Digest, now: datetime) -> Span:
    """The newest complete week or month before `now`."""
    zone = digest.zone
    there = now.replace(tzinfo=UTC).astimezone(ZoneInfo(zone))
    begins = _begin(digest, (there - timedelta(hours=HOUR)).replace(tzinfo=None))
    before = _begin(digest, begins - timedelta(days=1))
    start, end, tell_at = (_utc(moment, zone) for moment in (before, begins, begins + timedelta(hours=HOUR)))
    return Span(start, end, tell_at, _name(digest, before))


def due(digest: Digest, now: datetime) -> Span | None:
    """The period whose digest the channel is due now; None if there is none."""
    span = last_span(digest, now)
    told = digest.told_of is not None and digest.told_of >= span.start
    # One that was set up in the middle of a week begins with that week.
    return None if told or span.end <= digest.made_at or now - span.tell_at > LATEST else span


def next_at(digest: Digest, now: datetime) -> datetime:
    """When the channel gets its next digest if watching is on; now if it is due."""
    if due(digest, now) is not None:
        return now
    begun = last_span(digest, now).end.replace(tzinfo=UTC).astimezone(ZoneInfo(digest.zone))
    following = _begin(digest, begun.replace(tzinfo=None) + timedelta(days=7 if digest.cadence == "weekly" else 31))
    return _utc(following + timedelta(hours=HOUR), digest.zone)


def digests(control: Control) -> tuple[Digest, ...]:
    """All that are set up, for channels that there are."""
    week_start = settings.week_start(control) or "Monday"
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
            week_start=week_start,
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


def _begin(digest: Digest, moment: datetime) -> datetime:
    """The beginning of the week or month around a moment, on the person's own clock."""
    day = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    return weeks.begin(day, digest.week_start) if digest.cadence == "weekly" else day.replace(day=1)


def _name(digest: Digest, begins: datetime) -> str:
    """2026-11 for a month, 2026-W47 for a week from Monday as in ISO 8601, else the week's first and last day."""
    if digest.cadence == "monthly":
        return f"{begins:%Y-%m}"
    return f"{begins:%G-W%V}" if digest.week_start == "Monday" else f"{begins:%Y-%m-%d}/{begins + timedelta(days=6):%Y-%m-%d}"


def _utc(moment: datetime, zone: str) -> datetime:
    return moment.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC).replace(tzinfo=None)
