"""Decisions outlive the process that made them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from usage_analytics.control import Control


def test_a_setting_that_nobody_made_is_unknown(tmp_path: Path) -> None:
    assert Control(tmp_path / "control.sqlite").setting("balance") is None
    assert not (tmp_path / "control.sqlite").exists()


def test_a_setting_is_there_for_the_next_process(tmp_path: Path) -> None:
    Control(tmp_path / "control.sqlite").set_setting("balance", "12.50")
    assert Control(tmp_path / "control.sqlite").setting("balance") == "12.50"


def test_a_setting_can_be_forgotten(tmp_path: Path) -> None:
    control = Control(tmp_path / "control.sqlite")
    control.set_setting("balance", "12.50")
    control.set_setting("balance", None)
    assert control.setting("balance") is None


def test_many_may_write_at_once(tmp_path: Path) -> None:
    control = Control(tmp_path / "control.sqlite")
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: control.set_setting(f"name {number}", str(number)), range(40)))
    assert [control.setting(f"name {number}") for number in range(40)] == [str(number) for number in range(40)]
