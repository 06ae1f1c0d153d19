"""Measure what it costs to draw each page again on the sample data: `python -m tests.benchmarks.page_redraw [RUNS]`.

Prints the smallest and the median time of a core per redraw, in milliseconds.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from streamlit.testing.v1 import AppTest

from tests.pages.test_speed import PAGES
from usage_analytics.demo import write_samples
from usage_analytics.ingest import import_paths
from usage_analytics.store import Store
from usage_analytics.store.location import VARIABLE

PROJECT = Path(__file__).parents[2]


def main(runs: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        write_samples(Path(folder) / "exports", today=date(2026, 11, 22))
        store = Store(Path(folder) / "usage.duckdb")
        import_paths(store, [Path(folder) / "exports"])
        store.close()
        os.environ |= {VARIABLE: str(store.path), "USAGE_ANALYTICS_NOW": "2026-11-22T14:25", "HOME": folder}
        for page in PAGES:
            app = AppTest.from_file(str(PROJECT / "app.py"), default_timeout=120).run()
            app.switch_page(f"pages/{page}.py").run()
            spent = [redraw(app) for _ in range(runs)]
            print(f"{page:<24} {min(spent):6.0f} ms, median {statistics.median(spent):6.0f} ms")


def redraw(app: AppTest) -> float:
    before = time.process_time()
    app.run()
    return (time.process_time() - before) * 1000


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
