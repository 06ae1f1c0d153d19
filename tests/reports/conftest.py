"""A report of the sample data, made once for all tests of this folder that only read it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from usage_analytics import reports
from usage_analytics.control import Control
from usage_analytics.filters import Filters
from usage_analytics.question import Question
from usage_analytics.question.ask import Range, ask
from usage_analytics.reports import Report
from usage_analytics.store import Store

NOW = datetime(2026, 11, 22, 14, 25)  # the sample ends the day before


def asked(store: Store, *, dates: Range | None = None, as_of: datetime | None = None, **kept: tuple[str, ...]) -> Question:
    """The last thirty days, as the page asks for them, or other dates."""
    named = {} if dates is None else {"dates": dates}
    return ask(store, Control.beside(store.path), now=NOW, as_of=as_of, kept=Filters(**kept), zone="UTC", sample=True, **named)


@pytest.fixture(scope="session")
def opened(sample_path: Path) -> Iterator[Store]:
    """The sample, open."""
    store = Store(sample_path)
    yield store
    store.close()


@pytest.fixture(scope="session")
def report(opened: Store) -> Report:
    """The sample's report with real names."""
    return reports.make(asked(opened))
