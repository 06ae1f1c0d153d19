"""Work on many rows is cut into slices and kept to a share of memory; neither changes a figure."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.databases import add, content, new
from tests.transcripts import call, prompt, text
from usage_analytics.store import derivation, memory


def test_positions_worked_out_in_slices_are_those_worked_out_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {}
    for number in range(7):
        session = f"session-{number}"
        lines = [call(f"{number}-{minute}", minute, sessionId=session) for minute in range(1, 2 + number)]
        files[f"{number}.jsonl"] = text(prompt(0, sessionId=session), *lines, call("shared", 30, sessionId=session))
    whole = new(tmp_path / "whole")
    add(whole, files)
    monkeypatch.setattr(derivation, "ROWS_A_SLICE", 3)
    sliced = new(tmp_path / "sliced")
    add(sliced, files)
    assert content(sliced) == content(whole)


def test_memory_grows_with_the_work_up_to_a_share_of_the_machine() -> None:
    given = [memory.megabytes(size) for size in (0, 60 << 20, 100 << 20, 1 << 40)]
    assert given == sorted(given)
    assert given[0] == memory.LEAST_MEGABYTES
    assert given[-1] <= memory.MOST_MEGABYTES
