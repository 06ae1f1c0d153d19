"""What the first visit says that we never open: sign-in tokens, browser cookies and source files stay closed while Claude Code is read."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.transcripts import call, prompt, text

# Every process of ours begins with this: it notes each file that is opened.
LISTENER = """
import os, sys
def heard(event, args):
    if event == "open" and isinstance(args[0], (str, bytes, os.PathLike)):
        line = os.fsencode(os.path.realpath(os.fsdecode(args[0]))) + b"\\n"
        os.write(noted, line)
noted = os.open(os.environ["NOTED"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
sys.addaudithook(heard)
"""


def test_a_sync_opens_the_log_and_neither_tokens_nor_cookies_nor_source_files(tmp_path: Path) -> None:
    home = tmp_path.resolve() / "home"
    source = home / "garden" / "secret.py"
    log = home / ".claude" / "projects" / "garden" / "one.jsonl"
    closed = [
        home / ".claude" / ".credentials.json",
        home / ".claude.json",
        home / ".claude" / "todos" / "one.json",
        home / ".config" / "google-chrome" / "Default" / "Cookies",
        home / ".ssh" / "id_ed25519",
        source,
    ]
    for path in (*closed, log):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("{}", encoding="utf-8")
    log.write_bytes(text(prompt(cwd=str(source.parent)), call("a", 1, cwd=str(source.parent))))
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "sitecustomize.py").write_text(LISTENER, encoding="utf-8")
    project = Path(__file__).parents[2]
    environment = os.environ | {
        "HOME": str(home),
        "USAGE_ANALYTICS_DB": str(tmp_path / "store" / "usage.duckdb"),
        "PYTHONPATH": os.pathsep.join([str(tmp_path / "site"), str(project)]),
        "NOTED": str(tmp_path / "noted"),
    }
    for name in ("CLAUDE_CONFIG_DIR", "XDG_CONFIG_HOME"):
        environment.pop(name, None)
    command = [sys.executable, "-m", "usage_analytics", "sync"]
    done = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    opened = set((tmp_path / "noted").read_text(encoding="utf-8").splitlines())
    assert str(log) in opened
    assert not opened & {str(path) for path in closed}
    at_home = {path for path in opened if path.startswith(f"{home}/")}
    assert at_home <= {str(log), str(home / ".claude" / "settings.json")}
