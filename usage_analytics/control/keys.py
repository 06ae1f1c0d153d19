"""What is secret: addresses of webhooks, signing keys, passwords of mail servers.

They lie beside the decisions in a file of their own that only its owner may read, so that a copy of the decisions holds none of them.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from usage_analytics.errors import UsageError

if TYPE_CHECKING:
    from usage_analytics.control import Control

OWNER_ONLY = 0o600


def key(control: Control, name: str) -> str | None:
    """The secret of this name; None when there is none."""
    return _read(_file(control)).get(name)


def keep_key(control: Control, name: str, secret: str | None) -> None:
    """Keep a secret; None forgets it. Raises UsageError."""
    with control.deciding():  # one writer at a time
        known = _read(_file(control))
        known.pop(name, None)
        if secret is not None:
            known[name] = secret
        path = _file(control)
        draft = path.with_name(f".{path.name}.{os.getpid()}")
        with suppress(FileNotFoundError):
            draft.unlink()
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(known, file)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)


def _file(control: Control) -> Path:
    return control.path.with_name("keys.json")


def _read(path: Path) -> dict[str, str]:
    try:
        known = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError):
        known = None
    if not isinstance(known, dict):
        raise UsageError(f"{path.name}, which holds your secrets, can't be read. Move it away and add your alert channels again.")
    return {str(name): str(secret) for name, secret in known.items()}
