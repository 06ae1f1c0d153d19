"""Files from the browser: they stay in a temporary folder while we read them, and are then deleted."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, BinaryIO, Final

from usage_analytics.importers import account_json
from usage_analytics.importers.sink import Head
from usage_analytics.ingest.importing import Tell, stage
from usage_analytics.ingest.staging import PREFIX, Staged
from usage_analytics.ingest.tables import Tables

if TYPE_CHECKING:
    from usage_analytics.store import Store

NAME_BYTES: Final = 180
PASTED_BALANCE: Final = "pasted balance"
PASTED_TEXT: Final = "pasted text"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as the browser sends it."""

    name: str
    content: BinaryIO


def pasted(text: str, now: datetime) -> Upload:
    """Text that a person pasted, as a file: what an account says of its balance and limits (`PASTED_BALANCE`), or any other export.

    An account's document is from a second before `now` unless it says when it is from: it was copied before it was pasted.
    """
    content = text.encode("utf-8", "replace")
    if not account_json.claims(Head(PASTED_BALANCE, content)):
        return Upload(PASTED_TEXT, BytesIO(content))
    try:
        json.loads(text)
    except ValueError:  # several documents, one a line
        return Upload(PASTED_BALANCE, BytesIO(content))
    dated = f'{{"seen_at": "{(now - timedelta(seconds=1)).isoformat()}Z", "pasted": {text}}}'
    return Upload(PASTED_BALANCE, BytesIO(dated.encode("utf-8", "replace")))


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
