"""Names from data are Markdown to Streamlit: an image in a model's name would call out. Every such label goes through `md`."""

from __future__ import annotations

import re
from typing import Final

_JOINER: Final = "\N{WORD JOINER}"
_PUNCTUATION: Final = re.compile(r"[!-/:-@\[-`{-~]")

# What is turned into a link, an icon or a sign after the escapes are gone: an invisible joiner inside it stops that.
_LATE: Final = re.compile(r"(?<=:)(?=[/\w])|(?<=@)(?=\w)|(?<=\bwww)(?=\.)|(?<=[<>-])(?=[<>=-])", re.IGNORECASE)


def md(text: str) -> str:
    """`text` as Markdown that shows exactly it: no image, link, emphasis, formula, icon, colour or line of its own."""
    return _PUNCTUATION.sub(lambda found: f"\\{found.group()}", _LATE.sub(_JOINER, " ".join(text.split())))
