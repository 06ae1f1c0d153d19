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
    about = {"share_id": share.share_id, "address": address}
    kept = None
    with control.deciding() as connection:  # a try is counted before it is judged
        connection.execute("delete from share_try where tried_at <= :before", {"before": (now - WITHIN).isoformat()})
        of_all, of_address = connection.execute(
            "select count(*), count(*) filter (where address = :address) from share_try where share_id = :share_id", about
        ).fetchone()
        if of_all < TRIES_OF_ALL and of_address < TRIES:
            connection.execute("insert into share_try values (:share_id, :address, :now)", {**about, "now": now.isoformat()})
            known = {"share_id": share.share_id}
            kept = connection.execute("select salt, passcode from share where share_id = :share_id", known).fetchone()
    if kept is None or kept["passcode"] is None:
        return "too many"
    salt, expected = kept["salt"], kept["passcode"]
    if not 0 < len(passcode) <= LONGEST_PASSCODE or not hmac.compare_digest(stretched(passcode, salt), expected):
        return "wrong"
    with control.deciding() as connection:
        connection.execute("delete from share_try where share_id = :share_id and address = :address", about)
    return "right"
