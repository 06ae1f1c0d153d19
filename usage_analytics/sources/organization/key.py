"""The Admin key: from the environment or the system keyring, and nowhere else.

It is held in a `Key`, which no repr, log or message can show. It leaves this process in one header of requests to one host.
"""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from typing import Any, Final

from usage_analytics.errors import BadRequest

VARIABLE: Final = "ANTHROPIC_ADMIN_KEY"
SERVICE: Final = "usage-analytics"
ENTRY: Final = "anthropic-admin-key"
NO_KEY: Final = (
    f"There is no Admin key. Set {VARIABLE} before you start usage-analytics, or store one with: "
    "usage-analytics sources --keep-key"
)
_SECRET: Final = re.compile(r"sk-ant-[A-Za-z0-9_-]+")
_USABLE: Final = re.compile(r"[!-~]{20,300}")
_FOR_CALLS: Final = ("sk-ant-api", "sk-ant-oat")


class Key:
    """A secret; as text it is its last four characters."""

    __slots__ = ("_secret", "where")

    def __init__(self, secret: str, where: str) -> None:
        """`where` it was found, in words. Raises BadRequest for what cannot be an Admin key."""
        text, place = secret.strip(), f"{where[:1].upper()}{where[1:]}"
        if not _USABLE.fullmatch(text):
            raise BadRequest(
                f"{place} doesn't hold an Admin key. Copy the whole key from the Console; it starts with sk-ant-admin."
            )
        if text.startswith(_FOR_CALLS):
            raise BadRequest(f"{place} holds a key for API calls. Reports need an Admin key, which starts with sk-ant-admin.")
        self._secret = text
        self.where = where

    def reveal(self) -> str:
        """The key itself, for the one header."""
        return self._secret

    def __repr__(self) -> str:
        return f"…{self._secret[-4:]}"

    def __reduce__(self) -> Any:
        raise TypeError("a key is not written anywhere")


def find_key(environment: Mapping[str, str] | None = None) -> Key | None:
    """The key of the environment, else that of the keyring; None when there is neither. Raises BadRequest for what is no key."""
    known = os.environ if environment is None else environment
    if known.get(VARIABLE, "").strip():
        return Key(known[VARIABLE], VARIABLE)
    found = None
    keyring = _keyring()
    if keyring is not None:
        with suppress(Exception):  # a locked or broken keyring is one without a key; its message may say anything
            found = keyring.get_password(SERVICE, ENTRY)
    return Key(found, "the system keyring") if found else None


def needed_key() -> Key:
    """The same; raises BadRequest where there is none, too."""
    key = find_key()
    if key is None:
        raise BadRequest(NO_KEY)
    return key


def keep_key(secret: str | None) -> Key | None:
    """Put a key into the system keyring; None removes it. Raises BadRequest where there is no keyring, or it refuses."""
    keyring = _keyring()
    if keyring is None:
        raise BadRequest(
            f"The keyring needs one more package: pip install 'usage-analytics[keyring]'; or set {VARIABLE} instead."
        )
    key = None if secret is None else Key(secret, "standard input")
    try:
        if key is None:
            keyring.delete_password(SERVICE, ENTRY)
        else:
            keyring.set_password(SERVICE, ENTRY, key.reveal())
    except Exception:  # noqa: BLE001  its message may say anything
        raise BadRequest(f"The system keyring refused. Unlock it, or set {VARIABLE} instead.") from None
    return key


def without_keys(text: str) -> str:
    """The text, with whatever looks like a key replaced."""
    return _SECRET.sub("sk-ant-…", text)


@cache
def hide_keys_in_logs() -> None:
    """Remove keys from every log record of this process, whatever library writes it."""
    made = logging.getLogRecordFactory()

    def record(*args: Any, **kwargs: Any) -> logging.LogRecord:
        found = made(*args, **kwargs)
        with suppress(Exception):  # a record whose arguments do not fit its message is its handler's to complain about
            text = found.getMessage()
            if _SECRET.search(text):
                found.msg, found.args = without_keys(text), ()
        if found.exc_info and _SECRET.search(repr(found.exc_info[1])):
            found.exc_info = None
        return found

    logging.setLogRecordFactory(record)


def _keyring() -> Any:
    """The package for the system's keyring; None where it is not installed."""
    try:
        import keyring  # type: ignore[import-not-found, unused-ignore]
    except ImportError:
        return None
    return keyring
