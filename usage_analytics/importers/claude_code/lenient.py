"""Records of valid JSON whose types are slightly off: a number as text, a time without an offset, half a character.

Such a record is read field by field, and an unreadable field is unknown. An unreadable count rejects the record, because a sum without
it would be wrong but look right.
"""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import datetime
from typing import Any, Final, get_args

import msgspec
from msgspec import Struct, structs
from msgspec import json as fast

from usage_analytics.importers.claude_code.records import CacheCreation, Record, Usage

COUNTS: Final[dict[type[Struct], tuple[str, ...]]] = {
    Usage: (
        "input_tokens",
        "output_tokens",
        "cache_read_input_tokens",
        "cache_creation_input_tokens",
        "cache_creation",
        "iterations",
    ),
    CacheCreation: ("ephemeral_5m_input_tokens", "ephemeral_1h_input_tokens"),
}


class UnclearCount(ValueError):
    """A token count that is not a whole number."""


def lenient(value: dict[str, Any]) -> Record:
    """The record that a JSON object means. Raises UnclearCount, or RecursionError for what is nested too deeply."""
    sound: dict[str, Any] = json.loads(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"))
    stamp = sound.get("timestamp")
    if isinstance(stamp, str):
        with suppress(ValueError):
            if datetime.fromisoformat(stamp).tzinfo is None:
                sound["timestamp"] = f"{stamp}Z"
    record = _sifted(Record, sound)
    assert isinstance(record, Record)
    return record


def _sifted(kind: type[Struct], value: dict[str, Any]) -> Struct:
    """The struct with those fields that can be read."""
    known: dict[str, Any] = {}
    for field in structs.fields(kind):
        given = value.get(field.encode_name)
        if given is None:
            continue
        nested = next((one for one in get_args(field.type) if isinstance(one, type) and issubclass(one, Struct)), None)
        try:
            if nested and isinstance(given, dict):
                known[field.name] = _sifted(nested, given)
            else:
                known[field.name] = fast.decode(fast.encode(given), type=field.type, strict=False)
        except (msgspec.MsgspecError, UnicodeError):
            if field.name in COUNTS.get(kind, ()):
                raise UnclearCount from None
    return kind(**known)
