"""A person who only chats: the export of claude.ai alone fills the pages, and everything on them is labeled as estimated."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pages.conftest import OpenPage, table_with
from tests.pages.test_settings_page import press, said
from usage_analytics.ingest import import_paths
from usage_analytics.store import Store
from usage_analytics.store.own_rates import assumed_for

CHATS = Path(__file__).parents[1] / "fixtures" / "claude_ai"


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """The database of somebody who imported nothing else."""
    store = Store(tmp_path / "kept" / "usage.duckdb")
    import_paths(store, [CHATS])
    store.close()
    return store.path


@pytest.mark.parametrize(
    ("page", "names"), [("spend/conversations", {"1–5 calls"}), ("spend/apps", {"claude.ai", "Gmail", "mcp.tracker.example.com"})]
)
def test_spend_by_length_and_by_app_is_labeled_as_estimated(
    open_page: OpenPage, database: Path, page: str, names: set[str]
) -> None:
    app = open_page(page, database, now="2026-10-05T12:00", span="All")
    assert not app.exception
    table = table_with(app, "guessed_nanos")
    assert names <= set(table["label"])
    assert table["guessed_nanos"].iloc[0] == table["cost_nanos"].iloc[0] > 0
    assert "doesn't count tokens" in said(app)
    assert any("Estimated: $" in one.value.replace("\\", "") for one in app.markdown)


def test_the_assumed_model_is_chosen_in_settings(open_page: OpenPage, database: Path) -> None:
    app = open_page("data/settings", database, settings="Prices")
    next(one for one in app.selectbox if one.label == "Model").set_value("claude-opus-5-5")
    press(app, "Save model")
    assert not app.exception
    assert assumed_for(database) == "claude-opus-5-5"
