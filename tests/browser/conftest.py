"""The dashboard on sample data, for tests in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pages.conftest import NOW
from tests.shots import served


@pytest.fixture(scope="module")
def address(sample_path: Path) -> Iterator[str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("USAGE_ANALYTICS_NOW", NOW)
        with served(sample_path) as url:
            yield url
