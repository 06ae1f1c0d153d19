"""Settings: an administrator's way from a key in the environment to spend; folders that are added and removed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from tests.organization_server import KEY, World, on_path, refused, serving
from tests.pages.conftest import OpenPage
from tests.pages.test_imports_page import settled
from tests.pages.test_settings_page import press, said
from tests.transcripts import call, prompt, write
from usage_analytics.control import Control, organization

PAGE = "data/settings"
IMPORTS = "pages/data/imports.py"


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    from usage_analytics.sources.organization import reports

    days = [date(2026, 11, number) for number in range(1, 22)]
    known = World(tokens={day: {"apikey_1": 1000} for day in days}, cents={day: {"Output": "150"} for day in days})
    known.clock = datetime(2026, 11, 22, 14, 25, tzinfo=UTC)
    monkeypatch.setattr(reports, "BACK", timedelta(days=25))
    with serving(known) as address:
        monkeypatch.setenv("USAGE_ANALYTICS_API_URL", address)
        monkeypatch.setenv("ANTHROPIC_ADMIN_KEY", KEY)
        yield known


def test_from_the_key_to_spend(open_page: OpenPage, tmp_path: Path, world: World) -> None:
    app = open_page(PAGE, tmp_path / "usage.duckdb", settings="Sources")
    assert "Admin key found: …Wxyz, from ANTHROPIC_ADMIN_KEY." in said(app)
    assert not any(one.label == "Sync now" for one in app.button)
    app = next(one for one in app.toggle if one.label.startswith("Sync usage")).set_value(True).run()
    assert "Not synced yet." in said(app)
    app = settled(press(app, "Sync now").switch_page(IMPORTS).run())
    assert not app.exception
    assert "new calls" in said(app)
    app = app.switch_page("pages/spend/apps.py").run()
    assert "$31.50" in said(app) + " ".join(one.value for one in app.metric)
    app = app.switch_page(f"pages/{PAGE}.py").run()
    assert "Last synced" in said(app)
    assert "kanarienvogel" not in str(app)


def test_what_went_wrong_is_one_sentence(open_page: OpenPage, tmp_path: Path, world: World) -> None:
    control = Control(tmp_path / "control.sqlite")
    organization.switch(control, on=True)
    world.fault = on_path("/v1/organizations/me", refused(401, "authentication_error"))
    app = settled(press(open_page(PAGE, tmp_path / "usage.duckdb", settings="Sources"), "Sync now").switch_page(IMPORTS).run())
    assert "refused the Admin key" in said(app)
    app = app.switch_page(f"pages/{PAGE}.py").run()
    assert "refused the Admin key" in " ".join(one.value for one in app.warning)


def test_without_a_key_the_page_says_where_to_put_one(
    open_page: OpenPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ANTHROPIC_ADMIN_KEY", raising=False)
    app = open_page(PAGE, tmp_path / "usage.duckdb", settings="Sources")
    assert "No Admin key found." in said(app)
    assert not any(one.label.startswith("Sync usage") for one in app.toggle)
    monkeypatch.setenv("ANTHROPIC_ADMIN_KEY", "sk-ant-api03-" + "x" * 40)
    app = open_page(PAGE, tmp_path / "usage.duckdb", settings="Sources")
    assert "holds a key for API calls" in " ".join(one.value for one in app.warning)


def test_a_folder_is_added_read_and_removed(open_page: OpenPage, tmp_path: Path) -> None:
    home = tmp_path / "laptop"
    write(home / ".claude" / "projects" / "-g" / "one.jsonl", prompt(), call("a", 1))
    app = open_page(PAGE, tmp_path / "usage.duckdb", settings="Sources")
    next(one for one in app.text_input if one.label == "Folder").set_value(str(home))
    next(one for one in app.text_input if one.label == "Account").set_value("Laptop")
    app = press(app, "Add folder")
    assert "~/laptop" in said(app)
    assert "Account: Laptop" in said(app)
    app = app.switch_page(IMPORTS).run()
    assert "~/laptop" in said(app)
    app = settled(press(app, "Sync now"))
    assert "1 file imported" in said(app)
    app = press(app.switch_page(f"pages/{PAGE}.py").run(), "Remove")
    assert "~/laptop" not in said(app)
    next(one for one in app.text_input if one.label == "Folder").set_value(str(tmp_path / "nowhere"))
    app = press(app, "Add folder")
    assert "isn't a folder on this machine" in said(app)
