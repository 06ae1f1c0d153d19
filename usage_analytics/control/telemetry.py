"""The token that programs on other machines show to stream their telemetry here."""

from __future__ import annotations

import hmac
import secrets
from typing import TYPE_CHECKING, Final

from usage_analytics.control.keys import keep_key, key

if TYPE_CHECKING:
    from usage_analytics.control import Control

_NAME: Final = "telemetry"


def token(control: Control) -> str | None:
    """The token; None where there is none, so that only this machine's programs are heard."""
    return key(control, _NAME)


def new_token(control: Control) -> str:
    """Make a token in place of the one that there is. Raises UsageError."""
    made = secrets.token_urlsafe(32)
    keep_key(control, _NAME, made)
    return made


def forget_token(control: Control) -> None:
    """Hear only this machine's programs from now on. Raises UsageError."""
    keep_key(control, _NAME, None)


def is_right(control: Control, authorization: str) -> bool:
    """Whether an `Authorization` header shows the token. Raises UsageError."""
    kind, _, shown = authorization.partition(" ")
    known = token(control)
    return known is not None and kind.lower() == "bearer" and hmac.compare_digest(shown.strip().encode(), known.encode())
