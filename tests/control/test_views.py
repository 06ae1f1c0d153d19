"""Saved views are kept by name, and a bad name is one sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from usage_analytics.control import Control
from usage_analytics.control.views import LONGEST, MOST, View, delete, save, views
from usage_analytics.errors import BadRequest

PAGE = "pages/spend/models.py"


def test_a_view_is_kept_under_its_name_with_its_page_and_filters(tmp_path: Path) -> None:
    control = Control(tmp_path / "control.sqlite")
    assert views(control) == ()
    save(control, View("  Opus,  this cycle ", PAGE, (("model", ("Opus 5.5", "Opus 4.6")), ("span", ("Cycle",)))))
    save(control, View("apps", "pages/spend/apps.py"))
    assert [one.name for one in views(control)] == ["apps", "Opus, this cycle"]
    assert dict(views(control)[1].query) == {"model": ("Opus 5.5", "Opus 4.6"), "span": ("Cycle",)}


def test_a_view_of_the_same_name_takes_the_place_of_the_first_and_can_be_deleted(tmp_path: Path) -> None:
    control = Control(tmp_path / "control.sqlite")
    save(control, View("mine", PAGE, (("span", ("7 days",)),)))
    save(control, View("mine", PAGE, (("span", ("All",)),)))
    assert views(control) == (View("mine", PAGE, (("span", ("All",)),)),)
    delete(control, "mine")
    delete(control, "never there")
    assert views(control) == ()


def test_a_view_without_a_name_or_with_a_long_one_and_one_too_many_are_refused(tmp_path: Path) -> None:
    control = Control(tmp_path / "control.sqlite")
    for name, said in ((" ", "no name"), ("x" * (LONGEST + 1), "longer than")):
        with pytest.raises(BadRequest, match=said):
            save(control, View(name, PAGE))
    for number in range(MOST):
        save(control, View(f"view {number}", PAGE))
    save(control, View("view 0", PAGE))  # in the place of the first
    with pytest.raises(BadRequest, match="Delete one first"):
        save(control, View("one more", PAGE))
