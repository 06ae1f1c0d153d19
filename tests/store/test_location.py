"""Where the database lies."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from usage_analytics.store import location


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """As if installed as a package, for a person whose home is this folder."""
    monkeypatch.setattr(location, "PROJECT", tmp_path / "site-packages")
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    for name in (location.VARIABLE, "XDG_DATA_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def test_a_checkout_keeps_its_database_in_its_data_folder(monkeypatch: pytest.MonkeyPatch, project: Path) -> None:
    monkeypatch.delenv(location.VARIABLE, raising=False)
    assert location.default_database() == project / "data" / "usage.duckdb"


def test_the_environment_has_the_first_word(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(location.VARIABLE, str(tmp_path / "mine.duckdb"))
    assert location.default_database() == tmp_path / "mine.duckdb"


@pytest.mark.parametrize(
    ("platform", "folder"),
    [("linux", ".local/share"), ("darwin", "Library/Application Support"), ("win32", "AppData/Local")],
)
def test_an_installed_package_uses_the_platforms_folder(
    installed: Path, monkeypatch: pytest.MonkeyPatch, platform: str, folder: str
) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    assert location.default_database() == installed / folder / "usage-analytics" / "usage.duckdb"


def test_the_sample_data_has_a_folder_of_its_own(installed: Path) -> None:
    assert location.demo_database().parent != location.default_database().parent
