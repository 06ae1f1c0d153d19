"""Passcodes of share links: how often one may be tried, and whether it is right.

A try is counted before it is looked at, so that many at once are no way around the limit.
"""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, Literal

from usage_analytics.control.shares import LONGEST_PASSCODE, stretched

if TYPE_CHECKING:
    from usage_analytics.control import Control
    from usage_analytics.control.shares import Share

Verdict = Literal["right", "wrong", "too many"]

TRIES: Final = 5  # from one address
TRIES_OF_ALL: Final = 50  # from everywhere: addresses are cheap
WITHIN: Final = timedelta(minutes=15)


def judge(control: Control, share: Share, passcode: str, address: bytes, now: datetime) -> Verdict:
    """Whether the passcode opens the share; `address` is a digest of where it comes from."""
    kept = _try(control, share.share_id, address, now)
    if kept is None:
        return "too many"
    salt, expected = kept
    if not 0 < len(passcode) <= LONGEST_PASSCODE or not hmac.compare_digest(stretched(passcode, salt), expected):
        return "wrong"
    with control.deciding() as connection:
        connection.execute(
            "delete from share_try where share_id = :share_id and address = :address",
            {"share_id": share.share_id, "address": address},
        )
    return "right"


def _try(control: Control, share_id: int, address: bytes, now: datetime) -> tuple[bytes, bytes] | None:
    """Count one try; the salt and what scrypt made of the passcode, or None when there were too many tries."""
    about = {"share_id": share_id, "address": address, "now": now.isoformat(), "before": (now - WITHIN).isoformat()}
    with control.deciding() as connection:
        connection.execute("delete from share_try where tried_at <= :before", {"before": about["before"]})
        of_all, of_address = connection.execute(
            "select count(*), count(*) filter (where address = :address) from share_try where share_id = :share_id",
            {"share_id": share_id, "address": address},
        ).fetchone()
        if of_all >= TRIES_OF_ALL or of_address >= TRIES:
            return None
        connection.execute(
            "insert into share_try values (:share_id, :address, :now)",
            {"share_id": share_id, "address": address, "now": about["now"]},
        )
        row = connection.execute("select salt, passcode from share where share_id = :share_id", {"share_id": share_id}).fetchone()
        return (row["salt"], row["passcode"]) if row and row["passcode"] is not None else None
