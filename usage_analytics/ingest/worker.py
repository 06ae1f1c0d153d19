"""The child process that reads files: one task per line on standard input, one answer per line on standard output.

It runs with a memory limit, and its parent stops it if it takes too long, so a malicious file harms nothing but its own import. It
opens no database and no network, and writes only Parquet parts in its own folder.
"""

from __future__ import annotations

import errno
import gc
import os
import sys
import traceback
from codecs import BOM_UTF8
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from importlib.abc import MetaPathFinder
from itertools import count
from pathlib import Path
from typing import Final, Literal

import msgspec

from usage_analytics.errors import UnreadableFile
from usage_analytics.importers import Importer, claimed, importer
from usage_analytics.importers.sink import Head, Opened, Sink
from usage_analytics.ingest.magic import START_BYTES
from usage_analytics.ingest.mark import mark
from usage_analytics.ingest.tasks import Done, Headline, Task, done_of
from usage_analytics.ingest.unpack import unpack
from usage_analytics.ingest.unpacked import Unpacked

JUST_NOW: Final = timedelta(minutes=1)
MEMORY_BYTES: Final = 6 << 30  # of address space: Arrow reserves far more than it uses


class _Without(MetaPathFinder):
    """Arrow would load pandas and NumPy to look at plain lists: more than a second and 80 MB for nothing."""

    def find_spec(self, fullname: str, _path: object, _target: object = None) -> None:
        """Refuse both; leave the rest to the other finders."""
        if fullname in ("pandas", "numpy"):
            raise ImportError(fullname)


def main() -> None:
    """Work until standard input ends: `worker FOLDER FIRST STRIDE LINE TAG`."""
    folder, first, stride = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    with suppress(ImportError):  # Windows has no such limit; the parent's time limit remains
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.meta_path.insert(0, _Without())
    gc.disable()  # rows are plain data and die with the process
    sink = Sink(folder, line=sys.argv[4], tag=sys.argv[5])
    numbers = count(first, stride)
    tasks = msgspec.json.Decoder(Task)
    # Anything else that a library prints from here on is dropped, because it may quote what it read.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    for line in sys.stdin.buffer:
        task = tasks.decode(line)
        done: list[Done] = []  # of its one file, or of each file of an archive
        try:
            for found in unpack(Path(task.path), folder / "spool", name=task.name):
                if isinstance(found, Unpacked):
                    done.append(_read(task, found, sink, next(numbers)))
                    found.discard()
                else:
                    done.append(Done(name=found.name, unread=found.reason))
        except UnreadableFile as error:
            done.append(Done(name=task.name, unread=str(error)))
        except OSError as error:
            done.append(Done(name=task.name, unread=_unreadable(task.name, error)))
        answer = Headline(task.number, done)
        answers.write(msgspec.json.encode(answer) + b"\n")
        answers.flush()
    end = Headline(-1)
    try:
        sink.flush()
    except OSError as error:
        end.done.append(Done(name="", unread=_unreadable("what was read", error)))
    answers.write(msgspec.json.encode(end) + b"\n")


def _read(task: Task, found: Unpacked, sink: Sink, number: int) -> Done:
    account = sink.begin(number, task.account)
    try:
        if task.importer:
            chosen: Importer | None = importer(task.importer)
        else:
            start = found.start
            if not start:
                with found.path.open("rb", buffering=0) as file:
                    start = file.read(START_BYTES)
            chosen = claimed(Head(found.name, start.removeprefix(BOM_UTF8)))
        if chosen is None:
            from usage_analytics.ingest import unclaimed  # here: a transcript never needs it

            return unclaimed.read(task, found, start, sink, number)
        sink.reads(chosen.name)
        chosen.read(Opened(found.path, found.name, number, task.offset, task.whole, *_dated(task, found)), sink)
    except UnreadableFile as error:
        sink.forget(number)
        return Done(name=found.name, unread=str(error))
    except OSError as error:
        sink.forget(number)
        return Done(name=found.name, unread=_unreadable(found.name, error))
    except Exception as error:  # noqa: BLE001  a bug costs one file; its message is left out, because it may contain what someone wrote
        sink.forget(number)
        where = traceback.extract_tb(error.__traceback__)[-1]
        fault = f"{type(error).__name__} in {Path(where.filename).stem}, line {where.lineno}"
        return Done(
            name=found.name, unread=f"{found.name} could not be read ({fault}); please report this, and try the file alone."
        )
    done = done_of(found.name, number, chosen.name, account)
    if str(found.path) == task.path:  # and not unpacked
        done.mark = mark(task.path, found.path.stat().st_size if account.end_offset is None else account.end_offset)
    return done


def _unreadable(name: str, error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return f"There isn't enough room for {name} on the database's disk. Free some space and import again."
    return f"{name} can't be read ({error.strerror or type(error).__name__}). Check that it exists and that you can read it."


def _dated(task: Task, found: Unpacked) -> tuple[datetime, Literal["file", "import"]]:
    """When the file was last written, where that is its own time; else now. An upload and what was unpacked were written just now."""
    now = datetime.now(UTC).replace(tzinfo=None)
    if str(found.path) != task.path:
        return now, "import"
    written = datetime.fromtimestamp(found.path.stat().st_mtime, UTC).replace(tzinfo=None)
    return (written, "file") if now - written > JUST_NOW else (now, "import")


if __name__ == "__main__":
    main()
