"""The same files imported twice add nothing and change no total, in every format that we read."""

from __future__ import annotations

from pathlib import Path

from tests.campaign.examples import examples
from tests.campaign.frame import Result, answer, holds

PROMISES = "P1"


def check(where: Path) -> Result:
    """Imports an example of every format twice with the real command, and compares the counts and the money."""
    db = where / "usage.duckdb"
    files = [path for paths in examples().values() for path in paths]
    first = answer("import", *files, db=db)
    money = answer("spend", "--by", "day", db=db)
    assert first["events_total"] > 0
    again = answer("import", *files, db=db)
    assert not again["unread"], again["unread"]
    assert [one["name"] for one in again["imports"] if one["events_new"]] == []
    assert again["events_total"] == first["events_total"]
    assert answer("spend", "--by", "day", db=db) == money
    formats = sum(1 for paths in examples().values() if paths)
    return holds(f"{len(files)} files of {formats} formats, {first['events_total']} events, ${money['cost_usd']}")
