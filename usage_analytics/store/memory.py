"""How much memory DuckDB may use for a change: a share of the machine's memory. The rest spills to disk.

And what becomes of memory that this process freed; only glibc lets a program choose, everywhere else nothing happens.
"""

from __future__ import annotations

import os
from contextlib import suppress
from typing import Final

LEAST_MEGABYTES: Final = 400
MOST_MEGABYTES: Final = 1500
SHARE: Final = 8  # the machine's memory, divided by this
BYTES_A_BYTE: Final = 8  # of memory, for a byte of compressed parts that is worked through
TRIM_THRESHOLD, MMAP_THRESHOLD, ARENA_MAX = -1, -3, -8  # glibc's numbers of what can be set
LARGEST: Final = 32 << 20  # bytes: what is larger always comes from the system and goes back to it


def megabytes(work_bytes: int) -> int:
    """Return the megabytes allowed for work on this many bytes of compressed parts."""
    try:
        machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 20
    except (AttributeError, ValueError, OSError):  # Windows does not say it so
        machine = 8192
    most = max(LEAST_MEGABYTES, min(machine // SHARE, MOST_MEGABYTES))
    return max(LEAST_MEGABYTES, min(BYTES_A_BYTE * work_bytes >> 20, most))


def keep_freed() -> None:
    """Keep freed memory for what is needed next, as a command does that ends in seconds.

    A judgement makes hundreds of arrays of some megabytes. Getting each from the system, page by page, took a fifth of its time.
    """
    with suppress(ImportError, AttributeError, OSError, TypeError):
        from ctypes import CDLL  # here: few commands need it

        libc = CDLL(None)
        libc.mallopt(MMAP_THRESHOLD, LARGEST)
        libc.mallopt(TRIM_THRESHOLD, 2**31 - 1)


def share_freed() -> None:
    """Let threads share freed memory, as a dashboard does that draws each page on a thread of its own.

    Left to itself, glibc gives every few threads memory of their own, which the others never use.
    """
    with suppress(ImportError, AttributeError, OSError, TypeError):
        from ctypes import CDLL

        CDLL(None).mallopt(ARENA_MAX, 2)


def return_freed() -> None:
    """Return freed memory to the system. It takes milliseconds, so call it now and then."""
    with suppress(ImportError, AttributeError, OSError, TypeError):
        from ctypes import CDLL

        CDLL(None).malloc_trim(0)
