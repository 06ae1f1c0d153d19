"""What the tests of importers ask for: a file read by the importer that claims it, its rows and the account of its lines."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from usage_analytics.events import OBSERVATION
from usage_analytics.importers import claimant
from usage_analytics.importers.sink import Account, Head, Opened, Sink


@dataclass(frozen=True)
class Imported:
    """What an importer made of one file."""

    format: str
    rows: list[dict[str, Any]]
    account: Account
    folder: Path

    @property
    def rejected_lines(self) -> list[int | None]:
        return [line for line, _ in self.account.rejects]

    @property
    def reasons(self) -> list[str]:
        return [reason for _, reason in self.account.rejects]

    def every_line_is_accounted_for(self) -> bool:
        """For a format in which every line is an event or none."""
        known = self.account.other + self.account.salvaged + self.account.rejected
        return self.account.lines == len(self.rows) + known


Import = Callable[..., Imported]


@pytest.fixture
def imported(tmp_path: Path) -> Import:
    """Read a file, or bytes or text under a name, with the importer that claims it."""

    def read(content: Path | bytes | str, name: str = "usage.csv", encoding: str = "utf-8") -> Imported:
        path = content if isinstance(content, Path) else tmp_path / name
        if isinstance(content, bytes | str):
            path.write_bytes(content.encode(encoding) if isinstance(content, str) else content)
        folder = tmp_path / f"parts-{len(list(tmp_path.iterdir()))}"
        folder.mkdir()
        sink = Sink(folder)
        account = sink.begin(7)
        importer = claimant(Head(path.name, path.read_bytes()[: 64 << 10].removeprefix(b"\xef\xbb\xbf")))
        importer.read(Opened(path, path.name, 7), sink)
        sink.flush()
        return Imported(importer.name, _rows(folder), account, folder)

    return read


def _rows(folder: Path) -> list[dict[str, Any]]:
    parts = [pq.read_table(part) for part in sorted(folder.glob("observation-*.parquet"))]
    for part in parts:
        assert part.column_names == list(OBSERVATION)
    return pa.concat_tables(parts).to_pylist() if parts else []
