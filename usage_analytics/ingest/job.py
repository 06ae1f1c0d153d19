"""Background work for a page: it reports progress, can be cancelled, and keeps its result."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from usage_analytics.ingest.pool import Progress

T = TypeVar("T")
Work = Callable[[Callable[[Progress], None], Callable[[], bool]], T]


class Job(Generic[T]):
    """One piece of work in its own thread. It continues if the page is closed: an import is complete or absent either way."""

    def __init__(self, work: Work[T]) -> None:
        """Start right away; `work` gets a function to report progress and one to check for cancellation."""
        self.progress: Progress | None = None
        self._cancelled = threading.Event()
        self._result: list[T] = []
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, args=(work,), name="usage-analytics job", daemon=True)
        self._thread.start()

    @property
    def finished(self) -> bool:
        """Whether there is a result, or an error."""
        return not self._thread.is_alive()

    @property
    def reading(self) -> bool:
        """Whether files are still being read; after that it can no longer be cancelled."""
        return self.progress is None or self.progress.files < self.progress.files_total

    @property
    def cancelled(self) -> bool:
        """Whether it was asked to stop."""
        return self._cancelled.is_set()

    def cancel(self) -> None:
        """Ask it to stop; `result` then raises Cancelled, unless it was too late."""
        self._cancelled.set()

    def result(self) -> T:
        """Return the result once the work has finished. Raise what the work raised."""
        self._thread.join()
        if self._error is not None:
            raise self._error
        return self._result[0]

    def _run(self, work: Work[T]) -> None:
        try:
            self._result.append(work(self._tell, self._cancelled.is_set))
        except BaseException as error:  # noqa: BLE001  raised again when the result is read
            self._error = error

    def _tell(self, progress: Progress) -> None:
        self.progress = progress
