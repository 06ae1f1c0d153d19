"""Decisions outlive the process that made them."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from usage_analytics.control import Control
from usage_analytics.errors import UsageError


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


def test_a_file_of_decisions_that_is_damaged_or_full_is_said_in_a_sentence(tmp_path: Path) -> None:
    control = Control(tmp_path / "control.sqlite")
    control.set_setting("zone", "UTC")
    code = """
import resource, signal, sys
from pathlib import Path
import pytest

from usage_analytics.control import Control
from usage_analytics.errors import UsageError
from usage_analytics.errors import UsageError
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100, resource.RLIM_INFINITY))
try:
    Control(Path(sys.argv[1])).set_setting("zone", "x" * 50_000)
except UsageError as error:
    print(error)
"""
    said = subprocess.run([sys.executable, "-c", code, str(control.path)], capture_output=True, text=True, check=False)
    assert said.stdout == "control.sqlite can't be written. Free some space on its disk and try again.\n", said.stderr
    assert control.setting("zone") == "UTC"
    control.path.write_bytes(b"no such file" * 999)
    with pytest.raises(UsageError, match=r"control\.sqlite, your settings, is damaged. Move it away, or restore a backup\."):
        control.setting("zone")
