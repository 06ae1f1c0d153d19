"""Loops, pipes, devices, forbidden folders and names in no alphabet are passed over, links are read once, and nothing waits."""

from __future__ import annotations

import os
import stat
import time
from pathlib import Path

from tests.campaign.frame import NotHere, Result, all_of, answer, by_tests, command, holds
from tests.transcripts import call, write

PROMISES = "P4"
SECONDS = 60


def check(where: Path) -> Result:
    """Puts one of each beside a good transcript in a Claude Code folder, syncs it, and imports the folder by name."""
    if not hasattr(os, "mkfifo"):
        raise NotHere("this system has no pipes in folders")
    home, db = where / "claude", where / "usage.duckdb"
    folder = home / "projects" / "garden"
    write(folder / "good.jsonl", call("good"))
    elsewhere = write(where / "elsewhere" / "other.jsonl", call("other"))
    (folder / "loop").symlink_to(folder, target_is_directory=True)
    (folder / "self.jsonl").symlink_to("self.jsonl")
    (folder / "link.jsonl").symlink_to(elsewhere)
    (folder / "folder").symlink_to(elsewhere.parent, target_is_directory=True)
    (folder / "passwd.jsonl").symlink_to("/etc/passwd")
    os.mkfifo(folder / "pipe.jsonl")
    devices = 0
    try:
        os.mknod(folder / "device.jsonl", stat.S_IFCHR | 0o600, os.makedev(1, 5))  # as /dev/zero, without an end
        devices = 1
    except PermissionError:
        pass
    with open(os.fsencode(folder) + b"/\xff\xfe.jsonl", "wb") as odd:  # noqa: PTH123  such a name is bytes
        odd.write((folder / "good.jsonl").read_bytes())
    write(folder / "closed" / "c.jsonl", call("closed"))
    (folder / "closed").chmod(0)
    for deep in range(40):
        folder = folder / f"d{deep}"
    write(folder / "deep.jsonl", call("deep"))
    begun = time.monotonic()
    env = {"CLAUDE_CONFIG_DIR": str(home), "HOME": str(where)}
    synced = answer("sync", db=db, env=env)
    assert synced["events_total"] in (3, 4), synced  # the superuser may read what is closed
    done = command("import", home / "projects", "--json", db=where / "other.duckdb", env=env)
    assert done.returncode in (0, 1)
    assert b"root:" not in b"".join(path.read_bytes() for path in where.glob("*.duckdb"))
    assert time.monotonic() - begun < SECONDS
    known = by_tests(
        where, "tests/ingest/test_import.py", "tests/ingest/test_sync.py", only="no_file or utf8 or may_not_be_read or by_a_link"
    )
    return all_of(holds(f"{9 + devices} kinds, {time.monotonic() - begun:.0f} s"), known)
