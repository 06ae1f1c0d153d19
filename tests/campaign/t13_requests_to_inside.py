"""An address that you enter can't make this machine call others in its network, by no spelling, redirect or change of mind."""

from __future__ import annotations

from pathlib import Path

from tests.campaign.frame import Result, all_of, by_tests, command, holds
from tests.campaign.hostile import canary

PROMISES = "P8"
SPELLINGS = (
    "127.0.0.1",
    "2130706433",
    "0x7f000001",
    "0177.0.0.1",
    "127.1",
    "localhost",
    "[::1]",
    "[::ffff:127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "0.0.0.0",
    "169.254.169.254",
    "10.0.0.1",
    "metadata.google.internal",
    "localhost.",
    "LOCALHOST",
    "user@127.0.0.1",
)


def check(where: Path) -> Result:
    """Adds webhooks and mail servers at 16 spellings of inner addresses, redirects, changing names and a slow server; a canary listens."""
    db = where / "usage.duckdb"
    with canary() as (url, heard):
        port = url.rpartition(":")[2]
        for host in SPELLINGS:
            for scheme in ("https", "http"):
                done = command("alerts", "--webhook", f"{scheme}://{host}:{port}/hook", db=db, env={"HOME": str(where)})
                assert done.returncode == 2, (scheme, host, done.stdout)
            done = command(
                "alerts", "--smtp", f"smtp://{host}:{port}", db=db, env={"HOME": str(where), "USAGE_ANALYTICS_SMTP_PASSWORD": "x"}
            )
            if done.returncode == 0:
                command("alerts", "--email", "me@example.com", db=db, env={"HOME": str(where)})
                command("alerts", "--test", db=db, env={"HOME": str(where)})
        assert heard == [], heard
    known = by_tests(
        where,
        "tests/alerts/test_reach.py",
        "tests/alerts/test_webhook.py",
        "tests/alerts/test_mail.py",
        "tests/server/test_team.py",
        only="address or private or redirect or name or flood or slowly or another_machine or prove or cookie",
    )
    return all_of(holds(f"{len(SPELLINGS)} spellings, the canary heard 0 requests"), known)
