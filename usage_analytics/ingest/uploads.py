"""Files that come from the browser: they lie in a folder of ours while they are read, and are gone when that is done."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, BinaryIO, Final

from usage_analytics.ingest import Staged, Tables, Tell, stage
from usage_analytics.ingest.staging import PREFIX

if TYPE_CHECKING:
    from usage_analytics.store import Store

NAME_BYTES: Final = 180


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as the browser sends it."""

    name: str
    content: BinaryIO


def stage_uploads(
    store: Store,
    uploads: Sequence[Upload],
    progress: Tell | None = None,
    cancelled: Callable[[], bool] = lambda: False,
    tables: Tables | None = None,
) -> Staged:
    """Read uploads without adding anything yet. Raises Cancelled, with nothing left behind."""
    store.path.parent.mkdir(parents=True, exist_ok=True)
    spool = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-upload-", dir=store.path.parent))
    try:
        paths = []
        for number, upload in enumerate(uploads):
            # A name that is safe as one part of a path, and still the person's own.
            last = PurePosixPath(upload.name.replace("\\", "/").replace("\0", "")).name
            kept = last.encode("utf-8", "replace")[-NAME_BYTES:].decode("utf-8", "ignore")
            path = spool / f"{number:04d}" / (kept if kept.strip(". ") else "file")
            path.parent.mkdir()  # two files may have one name
            with path.open("xb") as file:
                upload.content.seek(0)
                shutil.copyfileobj(upload.content, file)
            paths.append(path)
        ready = stage(store, paths, progress, cancelled, tables)
    finally:
        shutil.rmtree(spool, ignore_errors=True)
    # the spool's own paths say nothing to a later sync
    imports = tuple(replace(one, sync_position=None) for one in ready.batch.imports)
    return replace(ready, batch=replace(ready.batch, imports=imports))
