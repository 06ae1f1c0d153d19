"""How long a message was, and how many tokens that may have been.

The export counts no tokens. English prose has four to five characters a token, code and other languages three, so a count is an estimate
between five and three characters. A picture or a document whose text is not in the export adds nothing but to the high estimate.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal
from urllib.parse import urlsplit

import msgspec

from usage_analytics.importers.labels import is_label

LIKELY: Final = 4.0  # characters a token
FEW_TOKENS: Final = 5.0
MANY_TOKENS: Final = 3.0
FILE_TOKENS: Final = 1_600  # the most that a picture takes
# Tools of the site's own, which are no connected app.
_BUILT_IN: Final = frozenset(("web search", "web fetch", "research", "analysis tool", "artifacts", "visualize", "memory", "repl"))
Kind = Literal["said", "result"]


@dataclass(frozen=True, slots=True)
class Piece:
    """Part of a message, in characters: its text, or a tool's result."""

    kind: Kind
    characters: int


def pieces(message: Mapping[str, Any]) -> list[Piece]:
    """Return the parts of a message in order, attachments first; `text` counts if `content` is empty."""
    attached = sum(_written(one.get("extracted_content")) for one in mappings(message.get("attachments")))
    found = [piece for block in mappings(message.get("content")) for piece in parts(block)]
    if not any(piece.characters for piece in found):
        found = [Piece("said", _written(message.get("text")))]
    return [Piece("said", attached), *found]


def files(message: Mapping[str, Any]) -> int:
    """Return how many of its pictures or documents have no text in the export."""
    return len(mappings(message.get("files")))


def connected_app(message: Mapping[str, Any]) -> str | None:
    """The connector that the message uses first: its name, else the host of its server."""
    for block in mappings(message.get("content")):
        named, server = block.get("integration_name"), block.get("mcp_server_url")
        if isinstance(named, str) and is_label(named.strip()) and named.strip().lower().replace("_", " ") not in _BUILT_IN:
            return named.strip()
        try:
            host = urlsplit(server).hostname if isinstance(server, str) else None
        except ValueError:
            host = None
        if host:
            return host
    return None


def mappings(value: object) -> Sequence[Mapping[str, Any]]:
    """The objects in a list; none for anything else."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def parts(block: Mapping[str, Any]) -> Iterator[Piece]:
    """Return the text of a block: a tool's result, a tool's input, an answer or thinking."""
    if "content" in block and "input" not in block:  # a tool's result
        yield Piece("result", texts(block["content"]))
    said = _written(block.get("text")) + _written(block.get("thinking"))
    if block.get("input"):
        said += len(msgspec.json.encode(block["input"]))
    if said:
        yield Piece("said", said)


def texts(value: object) -> int:
    """The characters of a text, or of all texts in a tool's result. What the site shows beside them was not sent."""
    if isinstance(value, list):
        return sum(texts(one) for one in value)
    if isinstance(value, dict):
        return _written(value.get("text")) + texts(value.get("content"))
    return _written(value)


def _written(value: object) -> int:
    return len(value) if isinstance(value, str) else 0
