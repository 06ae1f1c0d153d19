"""The scores in docs/conventions.md add up, and each names tests that are there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

PROJECT: Final = Path(__file__).parents[1]
TEXT: Final = (PROJECT / "docs" / "conventions.md").read_text(encoding="utf-8")
ROWS: Final = re.findall(r"^\| (\d+) \| ([^|]+) \| ([012]) \|([^|]*)\|$", TEXT, re.MULTILINE)
OWED: Final = 74


def test_each_of_forty_conventions_has_one_score() -> None:
    assert [int(number) for number, *_ in ROWS] == list(range(1, 41))


def test_the_total_is_the_sum_and_no_less_than_is_owed() -> None:
    total = sum(int(score) for _, _, score, _ in ROWS)
    assert f"Total: {total} of 80." in TEXT
    assert total >= OWED


def test_what_is_there_is_shown_by_a_test_and_what_is_absent_claims_none() -> None:
    assert not [number for number, _, score, shown in ROWS if bool(shown.strip()) != (score != "0")]


def test_every_test_that_is_named_is_there() -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", TEXT)
    assert len(named) >= 39
    missing = [f"{file}::{name}" for file, name in named if f"def {name}(" not in (PROJECT / file).read_text(encoding="utf-8")]
    assert not missing
