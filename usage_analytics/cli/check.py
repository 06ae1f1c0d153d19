"""`check`: for cron, CI and hooks. One line for each thing that needs attention, and then the exit status is 1."""

from __future__ import annotations

from argparse import Namespace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from usage_analytics.cli import answer, asked
from usage_analytics.control import Control
from usage_analytics.control.flags import flag_history
from usage_analytics.filters import instant

if TYPE_CHECKING:
    from usage_analytics.alerts.alert import Alert

UNSEEN: Final = timedelta(days=7)  # a drain that is over needs attention until someone has seen it, or for this long


def check(options: Namespace) -> int:
    """Print what needs attention; 1 if anything does."""
    from usage_analytics.alerts.attention import (  # here: it brings numpy and pandas, and a wrong word should not
        attention,
        data_until,
    )

    as_of = min((instant(text) for text in (options.as_of, options.end) if text), default=None)
    now = as_of or datetime.now(UTC).replace(tzinfo=None)
    with asked.reading(options) as store:
        until = data_until(store, now)
        found: tuple[Alert, ...] = ()
        if until is not None:
            control = Control.beside(asked.database(options))
            since = instant(options.start) if options.start else until - UNSEEN
            seen = {one.key for one in flag_history(control) if one.seen_at is not None and one.seen_at <= now}
            found = attention(store, control, now, as_of=as_of is not None, since=since, seen=seen).alerts
    if options.json:
        documents = [alert.document for alert in found]
        answer.write_json({"as_of": answer.time(now), "data_until": answer.time(until), "attention": documents})
    elif until is None:
        print(answer.NOTHING_YET)
    else:
        if not found:
            print("Nothing needs your attention.")
        for alert in found:
            print(f"{alert.title}. {alert.what_to_do}")
    return 1 if found else 0
