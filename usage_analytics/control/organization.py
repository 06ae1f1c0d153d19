"""Whether the organization's APIs are asked at a sync, and when they were last. The key is never kept here."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from usage_analytics.control import Control

PACE: Final = timedelta(minutes=1)  # the APIs ask not to be asked more often
_SWITCH: Final = "organization_sync"
_ASKED_AT: Final = "organization_asked_at"
_RESULT: Final = "organization_result"


def is_on(control: Control) -> bool:
    """Whether a sync asks them. Off until a person switches it on."""
    return control.setting(_SWITCH) == "on"


def switch(control: Control, *, on: bool) -> None:
    """Have every sync ask them, or none."""
    control.set_setting(_SWITCH, "on" if on else None)


def asked_at(control: Control) -> datetime | None:
    """When they were last asked, in naive UTC; None when they never were."""
    text = control.setting(_ASKED_AT)
    return datetime.fromisoformat(text) if text else None


def may_ask(control: Control, now: datetime, pace: timedelta = PACE) -> bool:
    """Whether it is time to ask again, and if so note that it is done now. A clock that was put back does not stop it."""
    last = asked_at(control)
    if last is not None and timedelta() <= now - last < pace:
        return False
    control.set_setting(_ASKED_AT, now.isoformat(timespec="seconds"))
    return True


def result(control: Control) -> str | None:
    """The sentence in which the last sync failed; None when it did not."""
    return control.setting(_RESULT)


def note_result(control: Control, problem: str | None) -> None:
    """Keep it for the Settings page."""
    control.set_setting(_RESULT, problem)
