"""Share links: a frozen report behind a secret address, until it expires, is paused or is revoked.

The address holds a random token that is shown once; only its SHA-256 is kept. Viewing never grants anything else.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, Literal

from usage_analytics.errors import BadRequest

if TYPE_CHECKING:
    from usage_analytics.control import Control

State = Literal["open", "paused", "expired", "revoked"]

DAYS: Final = 14
MOST_DAYS: Final = 90
SHORTEST_PASSCODE: Final = 8
LONGEST_PASSCODE: Final = 200

_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)
_ADD: Final = (
    "insert into share (digest, title, redaction, created_at, created_by, expires_at, salt, passcode, html, json)"
    " values (:digest, :title, :redaction, :created_at, :created_by, :expires_at, :salt, :passcode, :html, :json)"
)
_CONTENT: Final = {
    "html": "select html from share where share_id = :share_id",
    "json": "select json from share where share_id = :share_id",
}


@dataclass(frozen=True, slots=True)
class Share:
    """A report that was shared. Times are naive UTC; `created_by` is who did it, where people sign in."""

    share_id: int
    title: str
    redaction: str
    created_at: datetime
    created_by: str | None
    expires_at: datetime
    paused: bool
    revoked_at: datetime | None
    has_passcode: bool
    views: int
    last_view_at: datetime | None

    def state(self, now: datetime) -> State:
        """Whether its link opens, and if not, why."""
        if self.revoked_at is not None:
            return "revoked"
        if now >= self.expires_at:
            return "expired"
        return "paused" if self.paused else "open"


def create(
    control: Control,
    *,
    title: str,
    html: str,
    json: str,
    redaction: str,
    now: datetime,
    days: int = DAYS,
    passcode: str | None = None,
    created_by: str | None = None,
) -> str:
    """Freeze a report for a link and return its token, which is stored nowhere. Raise BadRequest."""
    if not 1 <= days <= MOST_DAYS:
        raise BadRequest(f"A link lasts 1 to {MOST_DAYS} days. Choose a number in between.")
    if passcode is not None and not SHORTEST_PASSCODE <= len(passcode) <= LONGEST_PASSCODE:
        raise BadRequest(f"A passcode has {SHORTEST_PASSCODE} to {LONGEST_PASSCODE} characters. Choose another, or none.")
    token = secrets.token_urlsafe(32)
    salt = secrets.token_bytes(16) if passcode else None
    values = {
        "digest": _digest(token),
        "title": title,
        "redaction": redaction,
        "created_at": now.isoformat(),
        "created_by": created_by,
        "expires_at": (now + timedelta(days=days)).isoformat(),
        "salt": salt,
        "passcode": stretched(passcode, salt) if passcode and salt else None,
        "html": html,
        "json": json,
    }
    with control.deciding() as connection:
        connection.execute(_ADD, values)
    return token


def shares(control: Control) -> tuple[Share, ...]:
    """All that was ever shared, newest first."""
    return tuple(_share(row) for row in control.rows("select * from link order by created_at desc, share_id desc"))


def find(control: Control, token: str, now: datetime) -> Share | None:
    """The share whose link this is; None for any link that does not open, whatever the reason."""
    if not _TOKEN.fullmatch(token):
        return None
    digest = _digest(token)
    for row in control.rows("select * from link where digest = :digest", {"digest": digest}):
        share = _share(row)
        if hmac.compare_digest(row["digest"], digest) and share.state(now) == "open":
            return share
    return None


def content(control: Control, share_id: int, kind: Literal["html", "json"]) -> str | None:
    """The frozen report; None if it was revoked meanwhile."""
    rows = control.rows(_CONTENT[kind], {"share_id": share_id})
    return rows[0][0] if rows else None


def pause(control: Control, share_id: int) -> None:
    """Let the link open nothing until it is resumed. Raises BadRequest."""
    _change(control, "update share set paused = 1 where share_id = :share_id", share_id)


def resume(control: Control, share_id: int) -> None:
    """Let the link open again. Raises BadRequest."""
    _change(control, "update share set paused = 0 where share_id = :share_id", share_id)


def revoke(control: Control, share_id: int, now: datetime) -> None:
    """Take the report back for good: its content and its passcode are gone. Raises BadRequest."""
    with control.deciding() as connection:
        connection.execute("pragma secure_delete = on")
        changed = connection.execute(
            "update share set html = null, json = null, salt = null, passcode = null, revoked_at = coalesce(revoked_at, :now)"
            " where share_id = :share_id",
            {"share_id": share_id, "now": now.isoformat()},
        ).rowcount
        if not changed:
            raise BadRequest(f"There is no shared report {share_id}. Reload the page.")


def sweep(control: Control, now: datetime) -> None:
    """Delete the content of what has expired."""
    about = {"now": now.isoformat()}
    if control.rows("select 1 from share where expires_at <= :now and html is not null limit 1", about):
        with control.deciding() as connection:
            connection.execute("pragma secure_delete = on")
            connection.execute(
                "update share set html = null, json = null, salt = null, passcode = null"
                " where expires_at <= :now and html is not null",
                about,
            )


def viewed(control: Control, share_id: int, now: datetime) -> None:
    """Count one view."""
    with control.deciding() as connection:
        connection.execute(
            "update share set views = views + 1, last_view_at = :now where share_id = :share_id",
            {"share_id": share_id, "now": now.isoformat()},
        )


def stretched(passcode: str, salt: bytes) -> bytes:
    """What we store of a passcode: it costs 16 MB and some hundredths of a second to compute once."""
    return hashlib.scrypt(passcode.encode(), salt=salt, n=2**14, r=8, p=1)


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def _change(control: Control, statement: str, share_id: int) -> None:
    with control.deciding() as connection:
        if not connection.execute(statement, {"share_id": share_id}).rowcount:
            raise BadRequest(f"There is no shared report {share_id}. Reload the page.")


def _share(row: sqlite3.Row) -> Share:
    found = dict(row)
    del found["digest"]
    for name in ("created_at", "expires_at", "revoked_at", "last_view_at"):
        found[name] = None if found[name] is None else datetime.fromisoformat(found[name])
    return Share(**found | {"paused": bool(row["paused"]), "has_passcode": bool(row["has_passcode"])})
