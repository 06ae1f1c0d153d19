"""A cell's text without invisible differences, and the words that mean empty."""

from __future__ import annotations

import unicodedata
from typing import Final

NOTHING: Final = frozenset({"", "-", "--", "–", "—", "n/a", "na", "null", "none", "\\n", "#n/a", "(null)", "(none)"})
_DASHES: Final = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63\uff0d\u2043", "-"))
_APOSTROPHES: Final = str.maketrans(dict.fromkeys("\u2019\u2018\u02bc\u2032\u00b4`", "'"))


def tidy(text: str) -> str:
    """Return a cell without invisible differences: kinds of space, dash and apostrophe, hidden marks, wide digits."""
    if text.isascii():
        if text.isprintable() and "  " not in text:
            return text.strip()
        return " ".join(text.split())
    spaced = "".join(" " if character.isspace() or unicodedata.category(character) == "Zs" else character for character in text)
    plain = unicodedata.normalize("NFKC", spaced).translate(_DASHES).translate(_APOSTROPHES)
    return " ".join("".join(one for one in plain if unicodedata.category(one) not in ("Cf", "Cc")).split())


def says_nothing(text: str) -> bool:
    """Whether a cell is empty, or holds a word for that."""
    return text.strip().lower() in NOTHING
