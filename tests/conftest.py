"""What every test may ask for."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]
SAMPLES = PROJECT.parent / "shared" / "samples"
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--accept", action="store_true", help="rewrite the expected outputs; read them in the diff")


@pytest.fixture
def project() -> Path:
    """The checkout's root."""
    return PROJECT


@pytest.fixture
def store_path(tmp_path: Path) -> Path:
    """Where a database may be made; the folder is the test's own."""
    return tmp_path / "store" / "usage.duckdb"


@pytest.fixture
def samples() -> Path:
    """The folder of real and shape-true exports, which is not part of the project."""
    if not SAMPLES.is_dir():
        pytest.skip("the sample exports (../shared/samples) are not on this machine")
    return SAMPLES


@pytest.fixture
def chromium() -> str:
    """The browser that Playwright drives: the one that CHROMIUM names, or one of this machine."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        pytest.skip(f"no Chromium on this machine ({', '.join(BROWSERS)}); CHROMIUM may name one")
    return found


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[Path, str], None]:
    """Compare a text with the expected one in a file beside its input; with --accept, write it there."""

    def compare(expected: Path, text: str) -> None:
        if request.config.getoption("--accept"):
            expected.write_text(text, encoding="utf-8")
        assert text == expected.read_text(encoding="utf-8")

    return compare
