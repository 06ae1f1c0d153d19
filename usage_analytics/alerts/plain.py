"""Words that stay words: names come from data, and a chat, a mail or a desktop would take some of them for links, pings or markup."""

from __future__ import annotations

import re
from typing import Final

from usage_analytics import format as fmt

_JOINER: Final = "\N{WORD JOINER}"
# Where a chat would see a ping, an address, an image or a link: an invisible joiner inside it stops that.
_SPEAKING: Final = re.compile(r"(?<=@)(?=\w)|(?<=:)(?=//)|(?<=\bwww)(?=\.)|(?<=!)(?=\[)|(?<=\])(?=\()", re.IGNORECASE)


def plain(text: str | None, longest: int = 80) -> str:
    """One line without control and direction marks, not longer than that, in which nothing pings or leads anywhere."""
    return _SPEAKING.sub(_JOINER, fmt.name(text, longest))


def entities(text: str) -> str:
    """The same for readers of markup: with `&`, `<` and `>` as entities."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
