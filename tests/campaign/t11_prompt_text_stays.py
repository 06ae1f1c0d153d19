"""What you wrote in a transcript is in no file of ours: not after an import, a backup, a report, a page, a crash or a full disk."""

from __future__ import annotations

import time
from pathlib import Path

import httpx

from tests.campaign import killing
from tests.campaign.frame import Result, command, holds
from tests.campaign.serving import dashboard
from tests.faults.test_canary import WORD, canary_home, found_in
from tests.server.tab import opened

PROMISES = "P7"
VERBS = (
    ("sync",),
    ("spend",),
    ("background",),
    ("savings",),
    ("report", "--format", "html"),
    ("report", "--format", "md"),
    ("rebuild",),
    ("archive", "--verify"),
    ("check",),
    ("watch", "--once"),
)


def check(where: Path) -> Result:
    """Imports a transcript with a marked word in every text, uses every verb and page, kills imports, and searches all that is left."""
    home = canary_home(where)
    projects = where / "own" / "projects" / "garden"
    projects.mkdir(parents=True)
    (projects / "one.jsonl").write_bytes((home / "one.jsonl").read_bytes())
    db, own = where / "store" / "usage.duckdb", {"CLAUDE_CONFIG_DIR": str(home), "HOME": str(where), "TMPDIR": str(where / "tmp")}
    (where / "tmp").mkdir()
    said = ""
    killing.ready()
    killing.os.environ.update(own)
    for number in range(12):
        killing.run(killing.verb("import", home, "--db", db), where / "said", kill_after=number * 0.12)
    assert command("import", home, db=db, env=own).returncode in (0, 1)
    for words in (
        *VERBS,
        ("backup", "--to", where / "backup"),
        ("report", "--format", "pdf", "--out", where / "r.pdf"),
        ("imports", "--json"),
        ("import", where / "own" / "absent"),
    ):
        done = command(*words, db=db, env=own)
        said += done.stdout + done.stderr
    with dashboard(db.parent, env=own) as served, httpx.Client() as http, opened(served.url, http) as tab:
        for page in ("", "models", "conversations", "apps", "background", "imports", "reports", "settings"):
            said += tab.run(page).text
        said += served.said
    assert WORD not in said.lower()
    deadline = time.monotonic() + 10
    while (left := found_in(where, besides=home)) and time.monotonic() < deadline:
        time.sleep(1)
        command("import", home, db=db, env=own)  # sweeps what a killed reader had unpacked
    assert not left, left
    files = sum(path.is_file() for path in where.rglob("*"))
    return holds(f"{len(VERBS) + 4} verbs, 8 pages, 12 kills, {files} files searched")
