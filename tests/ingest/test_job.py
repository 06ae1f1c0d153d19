"""Work in the background: it is told of, can be cancelled, and its failure is not lost."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from usage_analytics.ingest import Cancelled, Progress
from usage_analytics.ingest.job import Job


def test_a_job_reports_its_progress_and_keeps_its_result() -> None:
    go_on = threading.Event()

    def work(tell: Callable[[Progress], None], _cancelled: Callable[[], bool]) -> str:
        tell(Progress(1, 2, 10, 5, 9, 0.1))
        go_on.wait(10)
        tell(Progress(2, 2, 20, 9, 9, 0.2))
        return "done"

    job = Job(work)
    while job.progress is None:
        pass
    assert job.reading
    assert not job.finished
    go_on.set()
    assert job.result() == "done"
    assert not job.reading
    assert job.finished


def test_a_job_that_is_cancelled_says_so() -> None:
    def work(_tell: Callable[[Progress], None], cancelled: Callable[[], bool]) -> None:
        while not cancelled():
            pass
        raise Cancelled

    job = Job(work)
    job.cancel()
    assert job.cancelled
    with pytest.raises(Cancelled):
        job.result()


def test_what_goes_wrong_in_a_job_is_raised_where_its_result_is_asked_for() -> None:
    def work(_tell: object, _cancelled: object) -> None:
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="the disk is full"):
        Job(work).result()
