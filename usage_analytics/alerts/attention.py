"""What needs attention now: running drains, blocked work, a balance that is running out, a setting that habits have left behind."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from usage_analytics import periods
from usage_analytics.alerts.alert import DASHBOARD, Alert, of_balance, of_block, of_changed_habits, of_flag
from usage_analytics.answers import auto_reload, background, balance, blocks
from usage_analytics.control import Control
from usage_analytics.filters import Filters
from usage_analytics.question.ask import ask

if TYPE_CHECKING:
    from usage_analytics.answers.background import Flag
    from usage_analytics.store import Store

EVERYTHING: Final = Filters()


@dataclass(frozen=True, slots=True)
class Attention:
    """What needs attention, latest first, and the flags that were checked."""

    alerts: tuple[Alert, ...]
    flags: tuple[Flag, ...]


def attention(
    store: Store, control: Control, now: datetime, *, as_of: bool, since: datetime, seen: Collection[str] = ()
) -> Attention:
    """What needs attention at `now`: what still runs then, and drains last seen after `since` that no one has `seen`.

    With `as_of`, no later event is used; without, not even what a clock elsewhere dates after ours is left out.
    """
    question = ask(store, control, now=now, as_of=now if as_of else None, dates=periods.everything)
    zone, known = question.filters.zone, question.decisions
    flags = tuple(flag for flag in background.flags(question) if flag.last_seen_at >= since)
    dashboard = control.setting("public_url") or DASHBOARD
    drains = [of_flag(flag, known.thresholds, zone, dashboard) for flag in flags if not flag.over or flag.key not in seen]
    blocked = [of_block(block, now, zone, dashboard) for block in blocks.answer(question.everything()).open]
    left = balance.answer(question)
    low = [of_balance(one.low, zone, dashboard) for one in left.each or (left,) if one.low]
    changed = auto_reload.changed_habits(question)
    news = [of_changed_habits(changed, dashboard)] if changed else []
    return Attention((*drains, *blocked, *low, *news), flags)


def data_until(store: Store, now: datetime) -> datetime | None:
    """The moment that is now as far as the data go: now, or the last event where that was before; None without any."""
    last_at: datetime | None = store.rows("extent", EVERYTHING)[0]["last_at"]
    return None if last_at is None else min(now, last_at)
