"""The campaign is whole: every fault and threat has a row, every row says what it is for, and docs/trust.md holds them all."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.campaign import document, fuzz, sabotage
from tests.campaign.frame import PROJECT, Row, rows

EXPECTED = [
    *(f"P{number}" for number in range(1, 10)),
    *(f"F{number:02}" for number in range(1, 39)),
    *(f"T{number:02}" for number in range(1, 17)),
]


def test_every_promise_fault_and_threat_has_one_row() -> None:
    assert [row.id for row in rows()] == EXPECTED


@pytest.mark.parametrize("row", rows(), ids=lambda row: row.id)
def test_a_row_says_what_we_promise_and_what_is_done(row: Row) -> None:
    assert re.fullmatch(r"[A-Z0-9].{20,200}\.", row.sentence)
    assert re.fullmatch(r"[A-Z].{20,240}\.", row.done)
    assert re.fullmatch(r"(P[1-9]( P[1-9])*)?", row.promises)


def test_the_document_holds_every_row_as_it_is_now() -> None:
    text = document.DOCUMENT.read_text(encoding="utf-8")
    assert document.written(text) == text, "run ./dev campaign --write, or python -m tests.campaign.document"


@pytest.mark.parametrize("one", sabotage.SABOTAGES, ids=lambda one: f"{one.row}-{one.file.rpartition('/')[2]}")
def test_a_defense_that_is_to_be_taken_out_is_there(one: sabotage.Sabotage) -> None:
    assert one.row in EXPECTED
    assert (PROJECT / one.file).read_text(encoding="utf-8").count(one.there) == 1


@pytest.mark.parametrize("kept", sorted(fuzz.INPUTS.glob("*.bin")), ids=lambda path: path.stem)
def test_what_once_made_a_reader_fail_is_read_or_refused(kept: Path) -> None:
    fuzz.judge(kept.name.rpartition("-")[0], kept.read_bytes())
