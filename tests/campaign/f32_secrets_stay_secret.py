"""A key or password is in one file that only you can read: never in a message, a log, the database, a backup or a report."""

from __future__ import annotations

import stat
from pathlib import Path

import httpx

from tests.campaign.examples import examples
from tests.campaign.frame import Result, all_of, by_tests, command, holds
from tests.campaign.serving import dashboard
from tests.server.tab import opened

PROMISES = "P7"
KEY = "sk-ant-api03-" + "canary0secret0" * 4
PASSWORD = "canary-password-9f2c"


def check(where: Path) -> Result:
    """Puts a marked key and password into the environment, channels and settings, works, fails and backs up, then searches every byte."""
    db, home = where / "data" / "usage.duckdb", where / "home"
    home.mkdir()
    secrets = {"ANTHROPIC_API_KEY": KEY, "ANTHROPIC_ADMIN_KEY": KEY, "USAGE_ANALYTICS_SMTP_PASSWORD": PASSWORD, "HOME": str(home)}
    hook = f"https://127.0.0.1:9/services/{PASSWORD}"
    said = []
    files = [paths[0] for paths in examples().values() if paths]
    for words in (
        ("import", *files),
        ("alerts", "--webhook", hook, "--allow-private"),
        ("alerts", "--smtp", "smtps://me@127.0.0.1:9"),
        ("alerts", "--email", "me@example.com"),
        ("alerts", "--test"),
        ("alerts",),
        ("watch", "--once"),
        ("check",),
        ("backup", "--to", where / "copy"),
        ("report", "--format", "json"),
        ("import", where / "absent"),
        ("archive",),
    ):
        done = command(*words, db=db, env=secrets)
        said.append(done.stdout + done.stderr)
    with dashboard(db.parent, env=secrets) as served, httpx.Client() as http, opened(served.url, http) as tab:
        said += [tab.run(page).text for page in ("", "settings", "imports", "reports", "background")]
        said.append(served.said)
    assert not [text for text in said if KEY in text or PASSWORD in text]
    keeps = [path for path in where.rglob("*") if path.is_file() and holds_secret(path)]
    assert [path.name for path in keeps] in ([], ["keys.json"]), keeps
    for path in keeps:
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert KEY not in path.read_text()
    known = by_tests(
        where,
        "tests/alerts/test_delivery.py",
        "tests/alerts/test_mail.py",
        "tests/control/test_shares.py",
        only="secret or password or token_nor",
    )
    return all_of(holds(f"{len(said)} messages and pages, {sum(1 for _ in where.rglob('*'))} files"), known)


def holds_secret(path: Path) -> bool:
    """Whether the file has the key or the password in it."""
    content = path.read_bytes()
    return KEY.encode() in content or PASSWORD.encode() in content
