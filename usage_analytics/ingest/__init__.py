"""The only way in: find the files, stage them in child processes, commit them in one transaction, and say what became of every line."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from usage_analytics.ingest.importing import Tell as Tell
    from usage_analytics.ingest.importing import commit as commit
    from usage_analytics.ingest.importing import import_paths as import_paths
    from usage_analytics.ingest.importing import stage as stage
    from usage_analytics.ingest.importing import sync as sync
    from usage_analytics.ingest.importing import undo as undo
    from usage_analytics.ingest.pool import Cancelled as Cancelled
    from usage_analytics.ingest.pool import Progress as Progress
    from usage_analytics.ingest.receipt import FileReceipt as FileReceipt
    from usage_analytics.ingest.receipt import Receipt as Receipt
    from usage_analytics.ingest.receipt import Unread as Unread
    from usage_analytics.ingest.staging import Staged as Staged
    from usage_analytics.ingest.tables import Tables as Tables
    from usage_analytics.ingest.tables import keep as keep
    from usage_analytics.ingest.undone import Undone as Undone
    from usage_analytics.ingest.undone import delete_undone as delete_undone
    from usage_analytics.ingest.undone import redo as redo

MODULES: Final = {
    **dict.fromkeys(("Tell", "commit", "import_paths", "stage", "sync", "undo"), "importing"),
    **dict.fromkeys(("Cancelled", "Progress"), "pool"),
    **dict.fromkeys(("FileReceipt", "Receipt", "Unread"), "receipt"),
    "Staged": "staging",
    **dict.fromkeys(("Tables", "keep"), "tables"),
    **dict.fromkeys(("Undone", "delete_undone", "redo"), "undone"),
}


def __getattr__(name: str) -> Any:
    """Import what is asked for: the child processes that read need none of it, and would load a database engine each."""
    if name not in MODULES:
        raise AttributeError(name)
    return getattr(import_module(f"{__name__}.{MODULES[name]}"), name)
