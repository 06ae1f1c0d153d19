"""Workers that read files in parallel, and what to do if one dies or hangs."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import msgspec

from usage_analytics.errors import UnreadableFile
from usage_analytics.ingest.tasks import Done, Headline, Task

AHEAD: Final = 16  # tasks a worker is given at once
FEW_BYTES: Final = 24 << 20  # not worth a second process
SLOWEST_BYTES_A_SECOND: Final = 250_000
PATIENCE_SECONDS: Final = 120.0


@dataclass(frozen=True, slots=True)
class Progress:
    """How far reading has come."""

    files: int
    files_total: int
    lines: int
    bytes: int
    bytes_total: int
    seconds: float


class Cancelled(Exception):
    """The person cancelled; nothing is kept."""


@dataclass
class Pool:
    """Reads tasks with a few worker processes into one folder of parts a worker, for a `line` of the archive's ledger."""

    folder: Path
    line: str
    progress: Callable[[Progress], None] | None = None
    cancelled: Callable[[], bool] = lambda: False
    answers: dict[int, list[Done]] = field(default_factory=dict)
    _waiting: deque[Task] = field(default_factory=deque)
    _sizes: dict[int, int] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _started: float = 0.0
    _workers: int = 0
    _deadlines: dict[int, tuple[float, subprocess.Popen[bytes]]] = field(default_factory=dict)
    _failure: BaseException | None = None

    def read(self, tasks: Sequence[Task], sizes: Sequence[int]) -> dict[int, list[Done]]:
        """Return the result of each task, by number. Raise Cancelled."""
        self._sizes = {task.number: size for task, size in zip(tasks, sizes, strict=True)}
        # The largest first, so that no worker is left alone with one at the end.
        self._waiting = deque(sorted(tasks, key=lambda task: -self._sizes[task.number]))
        self._started = time.monotonic()
        count = 1 if sum(sizes) < FEW_BYTES else min(os.cpu_count() or 1, len(tasks), 8)
        threads = [threading.Thread(target=self._serve, args=(count,), daemon=True) for _ in range(count)]
        for thread in threads:
            thread.start()
        try:
            self._watch(threads, self._tell)
        except BaseException:  # the progress callback may raise to cancel; no reader outlives the import
            self.cancelled = lambda: True
            self._watch(threads)
            raise
        if self.cancelled():
            raise Cancelled
        if self._failure:
            raise self._failure
        return self.answers

    def _watch(self, threads: Sequence[threading.Thread], tell: Callable[[], None] = lambda: None) -> None:
        """Wait until all have ended."""
        for thread in threads:
            while thread.is_alive():
                thread.join(0.1)
                # Workers that let us wait longer than a file of that size may take, or all of them once cancelled.
                for deadline, process in list(self._deadlines.values()):
                    if time.monotonic() > deadline or self.cancelled():
                        process.kill()
                tell()

    def _serve(self, stride: int) -> None:
        try:
            while self._waiting and not self.cancelled():
                with self._lock:
                    number = self._workers
                    self._workers += 1
                folder = self.folder / f"worker-{number:03d}"
                folder.mkdir(parents=True)
                given: list[Task] = []
                answers: dict[int, list[Done]] = {}
                first = number % stride + (number // stride) * 1_000_000
                with _process(folder, first, stride, self.line, f"{number}.") as process:
                    culprit = self._feed(process, given, answers)
                    self._deadlines.pop(process.pid, None)
                if culprit is None or self.cancelled():
                    continue
                shutil.rmtree(folder)
                blame = f"{culprit.name} failed or took too long. The other files were read. Import it alone, or split it."
                self.answers[culprit.number] = [Done(culprit.name, unread=blame)]
                with self._lock:  # its other files are read again by another process
                    self._waiting.extendleft(task for task in given if task.number != culprit.number)
        except BaseException as error:  # noqa: BLE001  a thread's failure is the import's
            self._failure = error

    def _feed(self, process: subprocess.Popen[bytes], given: list[Task], answers: dict[int, list[Done]]) -> Task | None:
        """Give tasks and take answers. Returns the task at which the worker failed."""
        assert process.stdin
        assert process.stdout
        pending: deque[Task] = deque()
        decoder = msgspec.json.Decoder(Headline)
        while True:
            with suppress(BrokenPipeError):  # it has died, which reading its answer shows
                while len(pending) < AHEAD and not self.cancelled():
                    with self._lock:
                        if not self._waiting:
                            break
                        task = self._waiting.popleft()
                    pending.append(task)
                    given.append(task)
                    process.stdin.write(msgspec.json.encode(task) + b"\n")
                process.stdin.flush()
            seconds = PATIENCE_SECONDS + (self._sizes[pending[0].number] / SLOWEST_BYTES_A_SECOND if pending else 0)
            self._deadlines[process.pid] = (time.monotonic() + seconds, process)
            if not pending:
                break
            line = process.stdout.readline()
            if not line:
                return pending[0]
            answer = decoder.decode(line)
            answers[pending.popleft().number] = answer.done
            self.answers[answer.number] = answer.done
        with suppress(OSError):
            process.stdin.close()
        line = process.stdout.readline()
        for problem in decoder.decode(line).done if line else ():
            raise UnreadableFile(problem.unread or "")
        return None if line or not given else given[-1]

    def _tell(self) -> None:
        if self.progress is None:
            return
        done = dict(self.answers)
        self.progress(
            Progress(
                files=len(done),
                files_total=len(self._sizes),
                lines=sum(one.lines for dones in done.values() for one in dones),
                bytes=sum(self._sizes[number] for number in done if number in self._sizes),
                bytes_total=sum(self._sizes.values()),
                seconds=time.monotonic() - self._started,
            )
        )


@contextmanager
def _process(folder: Path, first: int, stride: int, line: str, tag: str) -> Iterator[subprocess.Popen[bytes]]:
    """A worker process, gone when the block is left."""
    command = [sys.executable, "-m", "usage_analytics.ingest.worker", str(folder), str(first), str(stride), line, tag]
    # Output that a worker didn't mean as an answer isn't shown: it may quote what it read.
    package = str(Path(__file__).parents[2])
    paths = [package, *filter(None, [os.environ.get("PYTHONPATH")])]
    process = subprocess.Popen(  # noqa: S603
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(paths), "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe:
                with suppress(OSError):
                    pipe.close()
