"""The last look at what leaves: a key, a path, an email address or an id in it, at any level, and it does not leave."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from usage_analytics.errors import BadRequest

MARKS: Final = "⟦⟧"  # around the stand-in of a name that was to be left out
_KINDS: Final = {
    "an API key": re.compile(
        r"\bsk-(?:ant|proj|live|test|svcacct|admin)-|\bsk-[A-Za-z0-9_-]{16,}"
        r"|\b(?:ghp|gho|ghs|ghu|github_pat|xox[abprs]|glpat)[_-][A-Za-z0-9_-]{16,}"
        r"|\bAKIA[0-9A-Z]{16}\b|\bAIza[0-9A-Za-z_-]{30,}|\beyJ[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{10,}"
    ),
    "an email address": re.compile(r"[\w.+-]+\s?@\s?[\w-]+(?:\.[\w-]+)+"),
    "an ID": re.compile(
        r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b|\b[0-9a-f]{32,}\b"
        r"|\b(?:msg|req|session|conv|org|user|agent|wrkspc|apikey)_[A-Za-z0-9]{12,}|\bproj_(?=[A-Za-z]*[0-9])[A-Za-z0-9]{16,}",
        re.IGNORECASE,
    ),
    "a path": re.compile(
        r"(?<![\w./<:])~?/(?:home|Users|root|mnt|var|opt|usr|etc|tmp|srv|Volumes|private|workspace|data)/[\w.@-]"
        r"|(?<![\w.])~/[\w.-]|\b[A-Za-z]:[\\/][\w.-]|\\\\[\w.-]+\\[\w.-]|(?:^|[\s“(])/[\w.-]+/[\w.-]+|\bfile:/"
    ),
}


def kind_of(text: str) -> str | None:
    """What a text holds that never leaves, in words; None where it holds nothing of that sort."""
    return next((kind for kind, looks in _KINDS.items() if looks.search(text)), None)


def refuse(texts: Iterable[tuple[str, str]]) -> None:
    """Raise BadRequest when a text, given with the place where it stands, holds what never leaves.

    It says what was found and where, and never the thing itself.
    """
    for place, text in texts:
        kind = kind_of(text) or ("a name that was to be left out" if any(mark in text for mark in MARKS) else None)
        if kind:
            raise BadRequest(
                f"We didn't make the report, because “{place}” contains {kind}. Leave that section out and try again."
            )
