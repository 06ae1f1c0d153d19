"""What a column is called, and which values of columns that we do not know are kept: labels, never what a person or a model wrote."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from typing import Final

_WORDS_OF_PEOPLE: Final = (
    "prompt", "content", "text", "title", "message", "summary", "response", "completion", "output", "input", "body",
    "description", "note", "question", "answer", "query", "reply", "comment", "subject", "transcript", "instruction",
    "chat", "thought", "thinking", "caption", "snippet", "topic", "conversation", "excerpt", "memo",
)  # fmt: skip
# At most 64 characters and three words on one line. `usage_events/mapping.sql` says the same.
_LABEL: Final = re.compile(r"(?=.{1,64}\Z)[^\s{\[]\S*(?: \S+){0,2}")


def column_name(text: str) -> str:
    """A header cell as we compare it: without case, padding and byte-order mark, words joined by underscores."""
    readable = text.encode("utf-8", "replace").decode()  # undecoded bytes cannot be written anywhere
    return re.sub(r"[\s-]+", "_", readable.strip("\ufeff \t\r\n\"'").lower())


@cache
def may_hold_words(column: str) -> bool:
    """Return whether a column's name suggests that it holds text by a person or a model."""
    name = column.lower().replace("context", "")
    return any(word in name for word in _WORDS_OF_PEOPLE)


def is_label(value: str) -> bool:
    """Whether a value is a number, a truth value or a short label."""
    return bool(_LABEL.fullmatch(value))


def extra(others: Mapping[str, str | None]) -> str | None:
    """The JSON object of those columns that are kept; None when nothing is."""
    kept = {column: value for column, value in others.items() if value and is_label(value) and not may_hold_words(column)}
    return json.dumps(kept, ensure_ascii=False, sort_keys=True) if kept else None
