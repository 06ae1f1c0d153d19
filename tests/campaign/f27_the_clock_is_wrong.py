"""A wrong clock or events from the future change no figure about the past, and nothing is judged by what comes later."""

from __future__ import annotations

import ctypes.util
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.campaign.frame import Result, all_of, answer, by_tests, command, holds
from tests.transcripts import call, prompt, write

PROMISES = "P6"
ZONES = ("UTC", "America/New_York", "Asia/Kathmandu", "Pacific/Kiritimati")


def check(where: Path) -> Result:
    """Imports calls of two days ahead, asks as of moments and in time zones, sets the clock back between syncs, and watches."""
    db, home = where / "usage.duckdb", where / "claude"
    now = datetime.now(UTC).replace(microsecond=0)
    path = home / "projects" / "garden" / "one.jsonl"
    stamps = [now + timedelta(hours=hours) for hours in (-48, -24, -1, 24, 48)]
    write(path, prompt(), *[call(f"a{n}", timestamp=moment.isoformat()) for n, moment in enumerate(stamps)])
    env = {"CLAUDE_CONFIG_DIR": str(home), "HOME": str(where)}
    assert answer("sync", db=db, env=env)["events_total"] == 5
    as_of = ("--as-of", now.strftime("%Y-%m-%dT%H:%M:%SZ"))
    found = {zone: answer("spend", *as_of, db=db, env=env | {"TZ": zone}) for zone in ZONES}
    assert [one["calls"] for one in found.values()] == [3] * len(ZONES), found
    told = "the clock was not moved (libfaketime is not installed)"
    library = ctypes.util.find_library("faketime") or next(iter(Path("/usr/lib").glob("**/faketime/libfaketime.so.1")), None)
    if library or shutil.which("faketime"):
        told = moved(db, path, env | {"LD_PRELOAD": str(library)}, now)
    known = by_tests(
        where,
        "tests/control/test_digests.py",
        "tests/test_question.py::test_nothing_after_the_as_of_is_read",
        "tests/test_cli_background.py::test_as_of_a_moment_nothing_later_is_known",
        "tests/test_watch.py::test_where_the_data_end_long_ago_what_went_on_at_their_end_is_told",
        only="clock or sleep or whenever or as_of or long_ago",
    )
    return all_of(holds(f"{len(ZONES)} time zones; {told}"), known)


def moved(db: Path, path: Path, env: dict[str, str], now: datetime) -> str:
    """Sync with the clock a month back, then ten years ahead, then as it is; the same calls are there each time."""
    for number, jump in enumerate(("-30d", "+10y", "+0")):
        with path.open("ab") as file:
            file.write(b"")
        write(path.with_name(f"more-{number}.jsonl"), call(f"more{number}", timestamp=(now - timedelta(hours=2)).isoformat()))
        shifted = env | {"FAKETIME": jump}
        assert answer("sync", db=db, env=shifted)["events_total"] == 6 + number
        assert command("check", db=db, env=shifted).returncode in (0, 1)
        assert command("watch", "--once", db=db, env=shifted).returncode == 0
    assert answer("archive", "--verify", db=db, env=env)["damaged"] == []
    return "the clock moved by -30 days, +10 years and back"
