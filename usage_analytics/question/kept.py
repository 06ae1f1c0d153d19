"""Answers that are kept: what was worked out once for a key serves every surface and every session of this process."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, Final, TypeVar
from weakref import WeakSet

from usage_analytics import format

T = TypeVar("T")
MOST: Final = 512
_EVERY: Final[WeakSet[Kept]] = WeakSet()


class Kept:
    """The last values by key. Threads that ask for the same key at once wait for the first; an error is not kept."""

    def __init__(self, most: int = MOST, weigh: Callable[[Any], int] = lambda _: 1) -> None:
        """Nothing is kept yet. All values together weigh `most` at most, unless a single one weighs more."""
        self._most, self._weigh = most, weigh
        _EVERY.add(self)
        self._values: OrderedDict[Hashable, Any] = OrderedDict()
        self._makers: dict[Hashable, Lock] = {}
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """The value of a key, made at the first call; sentences have the numbers of whoever asks. It is shared: do not change it."""
        key = format.numbers(), key
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
                found: T = self._values[key]
                return found
            maker = self._makers.setdefault(key, Lock())
        with maker:
            with self._lock:
                if key in self._values:
                    found = self._values[key]
                    return found  # noqa: RET504  named for its type
            try:
                made = make()
                with self._lock:
                    self._values[key] = made
                    while len(self._values) > 1 and sum(map(self._weigh, self._values.values())) > self._most:
                        self._values.popitem(last=False)
            finally:
                with self._lock:
                    self._makers.pop(key, None)
        return made

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._values.clear()


def clear_all() -> None:
    """Forget every answer, for a database that was removed: no key leads there again, but its content should not stay in memory."""
    for one in list(_EVERY):
        one.clear()


ANSWERS: Final = Kept()
