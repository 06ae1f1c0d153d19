"""A file of API responses: its pages, and what is known of the request that they answer.

`sync` writes one file a window: an object that begins with `MARK`, says what was asked and when, and holds every page. What people save
by hand is a page, an array of pages, or one page after the other; such a file was stated when it was last written.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from usage_analytics.errors import UnreadableFile
from usage_analytics.importers.json_values import moment
from usage_analytics.importers.sink import Opened

MARK: Final = b'"usage_analytics_reading"'
LARGEST_BYTES: Final = 256 << 20
_DECODER: Final = json.JSONDecoder(parse_float=Decimal)
_GAPS: Final = " \t\r\n,\ufeff"


@dataclass(frozen=True, slots=True)
class Reading:
    """The items of each page; when they were stated (naive UTC); whether every row of each bucket is among them; and whose they are.

    `grouped_by`, `names` (key and workspace ids to names) and `endpoint` are what `sync` knows; None and empty for a file saved by hand.
    """

    pages: tuple[list[Any], ...]
    stated_at: datetime | None
    is_whole: bool = False
    organization_id: str | None = None
    account: str | None = None
    grouped_by: frozenset[str] | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    endpoint: str = ""

    def is_grouped_by(self, dimension: str) -> bool:
        """Whether a null of this dimension means "none" and not "all": as asked, else as some row shows."""
        if self.grouped_by is not None:
            return dimension in self.grouped_by
        items = [item for page in self.pages for item in page if isinstance(item, dict)]
        rows = [row for item in items for row in (item.get("results") or [item.get("group")])]
        return any(isinstance(row, dict) and row.get(dimension) is not None for row in rows)


def read_file(opened: Opened) -> Reading:
    """The pages of a file. Raises UnreadableFile for what is no sound JSON, is too large, or is the API's refusal."""
    if opened.path.stat().st_size > LARGEST_BYTES:
        raise UnreadableFile(f"{opened.name} is larger than any report. Ask for fewer days at once.")
    documents = list(_documents(opened.path.read_bytes(), opened.name))
    if len(documents) == 1 and isinstance(documents[0], dict) and MARK.decode().strip('"') in documents[0]:
        return _written_by_sync(documents[0], opened.name)
    pages: list[list[Any]] = []
    for document in documents:
        for page in document if isinstance(document, list) else [document]:
            if isinstance(page, dict) and page.get("type") == "error":
                raise UnreadableFile(f"{opened.name} is an error from the API, not a report. Try again with an Admin API key.")
            items = page.get("data") if isinstance(page, dict) else None
            if not isinstance(items, list):
                raise UnreadableFile(
                    f"{opened.name} contains something that isn't a page of a report. Save the API's responses unchanged."
                )
            if items not in pages:  # the same page saved twice
                pages.append(items)
    return Reading(tuple(pages), opened.dated)


def _written_by_sync(document: Mapping[str, Any], name: str) -> Reading:
    pages, organization = document.get("pages"), document.get("organization") or {}
    stated_at = moment(document.get("asked_at"))
    if not isinstance(pages, list) or stated_at is None or not all(isinstance(page, list) for page in pages):
        raise UnreadableFile(f"{name} was written by another version of this program. Sync again.")
    return Reading(
        tuple(pages),
        stated_at,
        is_whole=True,
        organization_id=organization.get("id"),
        account=organization.get("name"),
        grouped_by=frozenset(document.get("group_by", ())),
        names=document.get("names", {}),
        endpoint=document.get("endpoint", ""),
    )


def _documents(content: bytes, name: str) -> Iterator[Any]:
    """Yield consecutive JSON values."""
    text, at = content.decode("utf-8", "replace"), 0
    while True:
        while at < len(text) and text[at] in _GAPS:
            at += 1
        if at == len(text):
            return
        try:
            value, at = _DECODER.raw_decode(text, at)
        except (ValueError, RecursionError):
            raise UnreadableFile(f"{name} is cut off or damaged. Save the API's response again.") from None
        yield value
