"""Every line of every file is accounted for: used, repaired, without usage, or rejected with its number and a reason."""

from __future__ import annotations

import json
from pathlib import Path

from tests.campaign.examples import examples
from tests.campaign.frame import Result, all_of, by_tests, command, holds

PROMISES = "P4"
TEXT = (".jsonl", ".csv", ".tsv")


def check(where: Path) -> Result:
    """Imports an example of every format and compares the account of each with a count of its lines; fuzzes damaged transcripts."""
    counted = 0
    for name, paths in examples().items():
        for number, path in enumerate(paths):
            done = command("import", path, "--json", db=where / f"{name}-{number}.duckdb")
            told = json.loads(done.stdout)
            assert done.returncode == int(bool(told["unread"])), done.stderr
            for one in told["imports"]:
                assert one["rejected"] == len(one["rejects"]) or one["rejected"] > 100, one
                assert one["lines"] >= one["lines_other"] + one["salvaged"] + one["rejected"], one
                if path.suffix in TEXT:
                    written = len(path.read_bytes().splitlines())
                    assert abs(one["lines"] - written) <= 1, f"{path.name}: {one['lines']} of {written} lines"  # a header
                counted += one["lines"]
    known = by_tests(
        where,
        "tests/ingest/test_known_totals.py::test_every_line_of_every_file_is_accounted_for",
        "tests/importers/test_claude_code_broken_lines.py::test_p4_whatever_the_damage_every_line_is_accounted_for",
        "tests/importers/test_delimited.py::test_every_line_is_accounted_for_and_block_size_changes_nothing",
    )
    return all_of(holds(f"{counted} lines"), known)
