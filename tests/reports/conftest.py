"""A report of the sample data, made once for all tests of this folder that only read it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from usage_analytics import periods, reports
from usage_analytics.control import Control
from usage_analytics.filters import Filters
from usage_analytics.reports import Asked, Redaction, Report
from usage_analytics.store import Store

NOW = datetime(2026, 11, 22, 14, 25)  # the sample ends the day before


def asked(redaction: Redaction = "none", **filters: tuple[str, ...]) -> Asked:
    """The last thirty days, as the page asks for them."""
    period = periods.period("30 days", NOW, "UTC")
    assert period.before is not None
    kept = Filters(period.start, period.end, **filters)
    return Asked(period, kept, Filters(*period.before, **filters), NOW, redaction=redaction, sample=True)


@pytest.fixture(scope="session")
def opened(sample_path: Path) -> Iterator[Store]:
    """The sample, open."""
    store = Store(sample_path)
    yield store
    store.close()


@pytest.fixture(scope="session")
def report(opened: Store) -> Report:
    """The sample's report with names as they are."""
    return reports.make(asked(), reports.reading(opened), Control.beside(opened.path))
