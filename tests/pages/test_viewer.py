"""A viewer of a team: every page that there is for them is drawn whole, and none of it acts."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.conftest import OpenPage
from usage_analytics.control import access as people
from usage_analytics.ui import access

PROJECT = Path(__file__).parents[2]
ACTS = {
    "Sync now", "Import files", "Undo this import", "Create link", "Delete everything", "Delete for good", "Mark as expected",
    "Dismiss this flag",
    "Save",
    "Save costs",
    "Save account", "Save balance", "Save changes", "Save setting", "Test", "Remove", "Start with my own data",
}  # fmt: skip


@pytest.fixture
def viewer(tmp_path: Path, sample_path: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """The dashboard as a viewer who has signed in sees it."""
    (tmp_path / "access.toml").write_text('owners = ["robin@example.com"]\nviewers = ["kim@example.com"]\n')
    monkeypatch.setenv(people.VARIABLE, str(tmp_path / "access.toml"))
    monkeypatch.setenv("USAGE_ANALYTICS_DB", str(sample_path))
    monkeypatch.setenv("USAGE_ANALYTICS_NOW", "2026-11-22T14:25")
    monkeypatch.setattr(access, "sign_in_is_set_up", lambda: True)
    app = AppTest.from_file(str(PROJECT / "app.py"), default_timeout=60)
    app.user.update({"is_logged_in": True, "email": "kim@example.com", "email_verified": True, "iat": int(time.time())})
    return app.run()


def test_every_page_of_a_viewer_is_drawn_whole_and_has_nothing_that_acts(viewer: AppTest) -> None:
    for name in sorted(path.relative_to(PROJECT).as_posix() for path in (PROJECT / "pages").rglob("*.py")):
        if name not in access.OWNERS_ONLY:
            shown = viewer.switch_page(name).run()
            assert not shown.exception, name
            assert [one.value for one in shown.error] == [], name
            assert {button.label for button in shown.button if not button.disabled} & ACTS == set(), name


@pytest.mark.parametrize("name", sorted(access.OWNERS_ONLY))
def test_an_owners_page_is_none_of_a_viewers(viewer: AppTest, name: str) -> None:
    with pytest.raises(ValueError, match="Could not find a navigation page"):
        viewer.switch_page(name)


def test_an_owner_has_what_a_viewer_has_not(sample_path: Path, open_page: OpenPage) -> None:
    shown = open_page("data/reports", sample_path)
    assert "Create link" in {button.label for button in shown.button}
