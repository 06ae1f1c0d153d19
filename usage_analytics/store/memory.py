"""How much memory DuckDB may use for a change: a share of the machine's memory. The rest spills to disk."""

from __future__ import annotations

import os
from typing import Final

LEAST_MEGABYTES: Final = 400
MOST_MEGABYTES: Final = 1500
SHARE: Final = 8  # the machine's memory, divided by this
BYTES_A_BYTE: Final = 8  # of memory, for a byte of compressed parts that is worked through


def megabytes(work_bytes: int) -> int:
    """Return the megabytes allowed for work on this many bytes of compressed parts."""
    try:
        machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 20
    except (AttributeError, ValueError, OSError):  # Windows does not say it so
        machine = 8192
    most = max(LEAST_MEGABYTES, min(machine // SHARE, MOST_MEGABYTES))
    return max(LEAST_MEGABYTES, min(BYTES_A_BYTE * work_bytes >> 20, most))
