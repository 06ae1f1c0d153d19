"""The dashboard on a database of its own: pages are driven through app.py, as a browser would."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from usage_analytics.filters import Filters, instant
from usage_analytics.store import Store
from usage_analytics.store.location import VARIABLE

PROJECT = Path(__file__).parents[2]
NOW = "2026-11-22T14:25"  # the sample ends the day before
OpenPage = Callable[..., AppTest]


@pytest.fixture(scope="session")
def month_dollars(sample_path: Path, tmp_path_factory: pytest.TempPathFactory) -> float:
    """What the sample's last thirty days cost, asked of a copy: a page may still hold the file."""
    copy = Path(shutil.copy(sample_path, tmp_path_factory.mktemp("copy")))
    store = Store(copy)
    nanos = store.frame("models", Filters(instant("2026-10-24"), instant("2026-11-22T15:00")))["cost_nanos"].sum()
    store.close()
    return float(nanos) / 1e9


@pytest.fixture
def open_page(monkeypatch: pytest.MonkeyPatch) -> OpenPage:
    """Open a page of the dashboard on a database, with what the URL asks for: `open_page("spend/models", path, span="All")`."""

    def opened(page: str, database: Path, now: str = NOW, **asked: str | list[str]) -> AppTest:
        monkeypatch.setenv(VARIABLE, str(database))
        monkeypatch.setenv("USAGE_ANALYTICS_NOW", now)
        monkeypatch.setenv("HOME", str(database.parent))  # nobody's Claude Code folders are found by accident
        app = AppTest.from_file(str(PROJECT / "app.py"), default_timeout=60)
        app.query_params.update(asked)
        app.run()
        return app.switch_page(f"pages/{page}.py").run()

    return opened


def table_with(app: AppTest, column: str) -> pd.DataFrame:
    """The first table on the page that has the column; a table that takes no click has no key to ask for."""
    return next(one.value for one in app.dataframe if column in one.value.columns)
