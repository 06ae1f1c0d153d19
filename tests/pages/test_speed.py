"""A page that is drawn again asks the database nothing and works nothing out, so that many people can look at once.

How long that takes is measured by `python -m tests.benchmarks.page_redraw`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.pages.conftest import OpenPage
from usage_analytics.question.kept import Kept
from usage_analytics.store import Store

PAGES = (
    "spend/overview",
    "spend/models",
    "spend/conversations",
    "spend/apps",
    "control/auto_reload",
    "control/background",
    "control/savings",
    "data/reports",
)


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Counts the queries that reach the database and the answers that are worked out, by name."""
    counted: Counter[str] = Counter()

    def asking(ask: Callable[..., Any]) -> Callable[..., Any]:
        def asked(store: Store, query: str, *args: Any, **kwargs: Any) -> Any:
            counted[f"query {query}"] += 1
            return ask(store, query, *args, **kwargs)

        return asked

    keep = Kept.get

    def kept(self: Kept, key: Any, make: Callable[[], Any]) -> Any:
        def made() -> Any:
            counted[f"answer {key[0]}"] += 1
            return make()

        return keep(self, key, made)

    for name in ("frame", "rows", "columns"):
        monkeypatch.setattr(Store, name, asking(getattr(Store, name)))
    monkeypatch.setattr(Kept, "get", kept)
    return counted


@pytest.mark.parametrize("page", PAGES)
def test_a_page_that_is_drawn_again_asks_and_works_out_nothing(
    page: str, open_page: OpenPage, sample_path: Path, done: Counter[str]
) -> None:
    app = open_page(page, sample_path)
    app.run()  # what the first run kept in the session is known from here on
    done.clear()
    app.run()
    assert not app.exception
    assert not done, "a redraw must be free"
