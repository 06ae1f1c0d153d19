"""The only way in: find the files, stage them in child processes, commit them in one transaction, and say what became of every line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from usage_analytics.ingest.importing import Tell, commit, import_paths, stage, sync, undo
    from usage_analytics.ingest.pool import Cancelled, Progress
    from usage_analytics.ingest.receipt import FileReceipt, Receipt, Unread
    from usage_analytics.ingest.staging import Staged
    from usage_analytics.ingest.tables import Tables, keep

__all__ = [
    "Cancelled",
    "FileReceipt",
    "Progress",
    "Receipt",
    "Staged",
    "Tables",
    "Tell",
    "Unread",
    "commit",
    "import_paths",
    "keep",
    "stage",
    "sync",
    "undo",
]


def __getattr__(name: str) -> Any:
    """Import what is asked for: the child processes that read need none of it, and would load a database engine each."""
    if name not in __all__:
        raise AttributeError(name)
    from usage_analytics.ingest import importing

    return getattr(importing, name)
