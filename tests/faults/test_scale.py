"""F25: ten thousand files."""

from __future__ import annotations

import time
from itertools import pairwise
from pathlib import Path

import pytest

from tests.databases import new
from tests.transcripts import call, prompt, text, write
from usage_analytics import ingest

FILES = 10_000


@pytest.mark.slow
def test_ten_thousand_files_are_read_in_seconds_and_known_in_less_than_one(tmp_path: Path) -> None:
    for number in range(FILES):
        session = str(number)
        lines = prompt(0, sessionId=session), call(session, 1, sessionId=session)
        last = write(tmp_path / "projects" / f"p{number % 60}" / f"{session}.jsonl", *lines)
    store = new(tmp_path / "store")
    told: list[float] = []
    begun = time.monotonic()
    receipt = ingest.sync(store, [tmp_path / "projects"], lambda _: told.append(time.monotonic()))
    assert time.monotonic() - begun < 15
    assert (receipt.events_total, len(receipt.files)) == (FILES, FILES)
    assert max(after - before for before, after in pairwise(told)) < 1
    begun = time.monotonic()
    assert ingest.sync(store, [tmp_path / "projects"]).files == ()
    assert time.monotonic() - begun < 1
    with last.open("ab") as file:
        file.write(text(call("more", 2, sessionId=str(FILES - 1))))
    assert [one.lines for one in ingest.sync(store, [tmp_path / "projects"]).files] == [1]
