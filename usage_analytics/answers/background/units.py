"""What calls are counted in: arrays, and milliseconds since 1970."""

from __future__ import annotations

from typing import Any, Final

from numpy.typing import NDArray

Array = NDArray[Any]

SECOND: Final = 1_000
MINUTE: Final = 60 * SECOND
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR
PAUSE: Final = 45 * SECOND  # from which on a call begins something new
BREAK: Final = 15 * MINUTE  # from which on work is taken up again
HABIT_DAYS: Final = 28
