"""Every page of a window, and what the ids in it are called."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from usage_analytics.errors import NotRead
from usage_analytics.sources.organization.connection import Connection, Expired, NotOffered
from usage_analytics.sources.organization.reports import Parameters, Report, Window

STARTS: Final = 4  # of a window whose pages get lost
MOST_PAGES: Final = 10_000


@dataclass(frozen=True, slots=True)
class Organization:
    """Whose reports these are, and what its keys and workspaces are called; None and empty where the key may not ask."""

    id: str | None = None
    name: str | None = None
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answered:
    """All items of a window, page by page, and when the first was asked for (by the server's clock, naive UTC)."""

    asked_at: datetime
    pages: tuple[list[Any], ...]


class _Astray(Exception):
    """The pages lead back to one that was read, or nowhere."""


def organization(connection: Connection) -> Organization:
    """Ask the API who we are. Raise NotRead if it refuses the key or does not answer."""
    try:
        me = connection.get("/v1/organizations/me")
    except NotOffered:
        me = {}
    names: dict[str, str] = {}
    for path in ("/v1/organizations/api_keys", "/v1/organizations/workspaces"):
        try:
            names |= {one["id"]: one["name"] for one in _listed(connection, path)}
        except NotOffered:
            continue
    return Organization(_text(me.get("id")), _text(me.get("name")), names)


def read_window(connection: Connection, report: Report, window: Window) -> Answered:
    """Ask for a window until all of it was answered; from its beginning when the pages get lost. Raises NotRead or NotOffered."""
    for _ in range(STARTS):
        asked_at = connection.now
        pages: list[list[Any]] = []
        try:
            for parameters in report.requests(window):
                pages += _pages(connection, report, parameters)
        except (Expired, _Astray):
            continue
        return Answered(asked_at, tuple(pages))
    raise NotRead(f"The API kept losing its place in the {report.label}. Sync again later; earlier data stays.")


def _pages(connection: Connection, report: Report, parameters: Parameters) -> Iterator[list[Any]]:
    """The items of each page."""
    known: set[str] = set()
    seen: set[int] = set()
    page: Parameters = ()
    while len(known) < MOST_PAGES:
        answer = connection.get(report.path, (*parameters, *page), report.beta)
        items = answer.get("data")
        if not isinstance(items, list):
            raise NotRead(f"The API answered the {report.label} with something else. Update usage-analytics.")
        digest = hash(repr(items))
        if items and digest in seen:
            raise _Astray
        seen.add(digest)
        yield items
        if not answer.get("has_more"):
            return
        following = answer.get("next_page")
        if not isinstance(following, str) or following in known:
            raise _Astray
        known.add(following)
        page = (("page", following),)
    raise _Astray


def _listed(connection: Connection, path: str) -> Iterator[dict[str, str]]:
    """Every named thing of a list that goes on after the last id."""
    known: set[str] = set()
    after: Parameters = ()
    while True:
        answer = connection.get(path, (("limit", "100"), *after))
        items = answer.get("data")
        for one in items if isinstance(items, list) else []:
            if isinstance(one, dict) and _text(one.get("id")) and _text(one.get("name")):
                yield one
        last = _text(answer.get("last_id"))
        if not answer.get("has_more") or last is None or last in known:
            return
        known.add(last)
        after = (("after_id", last),)


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and 0 < len(value) <= 200 else None
