"""A full disk fails what was asked with one sentence and costs nothing that was there; with room again, the same works."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tests.campaign import killing
from tests.campaign.disks import disk, mount
from tests.campaign.frame import Result, all_of, answer, by_tests, holds
from tests.transcripts import call, prompt, write

PROMISES = "P5"
ROOM = tuple(4 * (step**2) for step in range(1, 27))  # KB that are left, from next to none to enough
WORDS = ("room", "space", "full")


def check(where: Path) -> Result:
    """Imports, backs up, rebuilds and reports on a small disk with 4 KB to 2.7 MB left, then makes room and imports again."""
    known = by_tests(
        where,
        "tests/store/test_lease.py::test_a_full_disk_fails_the_import_alone_and_everything_goes_on_without_a_restart",
        "tests/archive/test_written.py::test_where_the_disk_is_full_an_import_fails_alone_and_leaves_nothing",
        "tests/faults/test_canary.py::test_nothing_is_kept_by_an_import_that_found_no_room",
    )
    killing.ready()
    base, new = where / "base", where / "new"
    lines = [call(f"a{one}", one) for one in range(200)]
    write(base / "a.jsonl", prompt(), *lines)
    write(new / "b.jsonl", prompt(), *[call(f"b{one}", one, sessionId=f"b{one % 20}") for one in range(1500)])
    answer("import", base / "a.jsonl", db=base / "usage.duckdb")
    ends = Counter[str]()
    for left in ROOM:
        with disk(where / "disk", base, left) as folder:
            ends.update(step(folder / "usage.duckdb", new, where))
    return all_of(known, holds("; ".join(f"{count} {what}" for what, count in sorted(ends.items()))))


def step(db: Path, new: Path, where: Path) -> Iterator[str]:
    """Everything that writes, with the room that there is; then again with enough."""
    to = db.parent
    for words in (
        ("balance", "--set", "12.50"),
        ("import", new),
        ("backup", "--to", to / "copy"),
        ("rebuild",),
        ("report", "--format", "json", "--out", to / "r.json"),
    ):
        ended = killing.run(killing.verb(*words, "--db", db), where / "said")
        assert "Traceback" not in ended.said, f"{words[0]}: {ended.said[-1500:]}"
        assert ended.status == 0 or any(word in ended.said for word in WORDS), f"{words[0]} said: {ended.said[-500:]}"
        yield f"{words[0]} {'done' if ended.status == 0 else 'refused'}"
    mount("-o", "remount,size=200m", str(to))
    told = answer("import", new, db=db)
    assert told["events_total"] == 1700, told
    assert answer("archive", "--verify", db=db)["damaged"] == []
    shutil.rmtree(to / "copy", ignore_errors=True)
