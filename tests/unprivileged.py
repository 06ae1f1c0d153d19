"""For tests of what is forbidden, also where they run as the superuser, for whom nothing is."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

NOBODY = 65534


@contextmanager
def forbidden() -> Iterator[Path]:
    """A folder that anybody may look into, while this process is somebody without privileges."""
    if not hasattr(os, "geteuid"):
        pytest.skip("this system knows other privileges")
    folder = Path(tempfile.mkdtemp(prefix="usage-analytics-"))
    folder.chmod(0o755)
    was = os.geteuid()
    try:
        yield folder
    finally:
        if os.geteuid() != was:
            os.seteuid(was)
        for path in [folder, *folder.rglob("*")]:
            path.chmod(0o700)
        shutil.rmtree(folder)


def give_up_privileges() -> None:
    """From here on, until the end of `forbidden`."""
    if os.geteuid() == 0:
        os.seteuid(NOBODY)
