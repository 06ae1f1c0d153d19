"""What every test may ask for."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from usage_analytics.demo import write_samples
from usage_analytics.ingest import import_paths
from usage_analytics.store import Store

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


@pytest.fixture(scope="session")
def sample_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of the sample data, imported like anybody's; for reading only. It ends on 21 November 2026.

    It is made once: by the first of the processes that tests run in. The others wait for it, and each reads a copy of its own.
    """
    own = tmp_path_factory.getbasetemp()
    shared = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "sample-of-all.duckdb"
    try:
        shared.with_suffix(".begun").touch(exist_ok=False)
    except FileExistsError:
        wait_for(shared, seconds=240)
    else:
        draft = tmp_path_factory.mktemp("draft")
        write_samples(draft / "exports", today=date(2026, 11, 22))
        store = Store(draft / "usage.duckdb")
        import_paths(store, [draft / "exports"])
        store.close()
        store.path.replace(shared)
    return Path(shutil.copy(shared, tmp_path_factory.mktemp("sample") / "usage.duckdb"))


def wait_for(file: Path, *, seconds: float) -> None:
    """Until the file is there."""
    until = time.monotonic() + seconds
    while not file.exists():
        assert time.monotonic() < until, "the process that makes the sample data has not finished"
        time.sleep(0.1)


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
