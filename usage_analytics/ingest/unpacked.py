"""The contents of a file that someone sends: plain files to read, and what can't be read."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Unpacked:
    """A plain UTF-8 or Parquet file to read, and its name for people."""

    path: Path
    name: str
    spooled: bool = False
    currencies: tuple[str, ...] = ()  # of a workbook's amounts, where only the cells' format names it
    start: bytes = field(default=b"", compare=False, repr=False)  # its first bytes, where they were looked at

    def discard(self) -> None:
        """Remove it if it is a copy of ours."""
        if self.spooled:
            self.path.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Something in an archive that is not read, and why."""

    name: str
    reason: str
