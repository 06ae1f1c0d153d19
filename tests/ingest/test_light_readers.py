"""A process that reads transcripts loads what it needs and no more: two of them start for every large import."""

from __future__ import annotations

import subprocess
import sys

HEAVY = ("duckdb", "numpy", "pandas", "usage_analytics.store")


def test_a_process_that_reads_transcripts_loads_no_database_engine_and_no_array_library() -> None:
    program = (
        "import sys; from usage_analytics.ingest import worker; from usage_analytics.importers import importer;"
        " sys.meta_path.insert(0, worker._Without()); importer('claude_code'); import pyarrow.compute, pyarrow.parquet;"
        f" print([name for name in {HEAVY} if name in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
