"""Views that people saved: a name, a page, and what its URL said. Everybody who sees the dashboard sees them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import msgspec

from usage_analytics.errors import BadRequest

if TYPE_CHECKING:
    from usage_analytics.control import Control

LONGEST: Final = 40  # letters of a name
MOST: Final = 20
_SETTING: Final = "views"


@dataclass(frozen=True, slots=True)
class View:
    """A page with its filters. `query` has the names in the URL with the values behind them, days in ISO form."""

    name: str
    page: str
    query: tuple[tuple[str, tuple[str, ...]], ...] = ()


def views(control: Control) -> tuple[View, ...]:
    """The saved views in the order of their names."""
    text = control.setting(_SETTING)
    try:
        return () if text is None else msgspec.json.decode(text, type=tuple[View, ...])
    except msgspec.MsgspecError:  # written by a version that knew more
        return ()


def save(control: Control, view: View) -> None:
    """Keep a view in the place of one of the same name. Raises BadRequest."""
    name = " ".join(view.name.split())
    if not name:
        raise BadRequest("The view has no name. Type one first.")
    if len(name) > LONGEST:
        raise BadRequest(f"The name is longer than {LONGEST} letters. Type a shorter one.")
    others = [one for one in views(control) if one.name != name]
    if len(others) >= MOST:
        raise BadRequest(f"There are {MOST} saved views already. Delete one first.")
    _keep(control, [*others, View(name, view.page, view.query)])


def delete(control: Control, name: str) -> None:
    """Drop a view; nothing happens where there is none of that name."""
    _keep(control, [one for one in views(control) if one.name != name])


def _keep(control: Control, kept: list[View]) -> None:
    kept.sort(key=lambda one: one.name.casefold())
    control.set_setting(_SETTING, msgspec.json.encode(kept).decode() if kept else None)
