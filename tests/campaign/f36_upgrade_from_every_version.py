"""A database of any earlier version is brought up to date with its content, after a copy was made; the copy opens with the old program."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from tests.campaign import killing
from tests.campaign.frame import PROJECT, NotHere, Result, all_of, answer, by_tests, environment, holds
from tests.transcripts import call, prompt, usage, write

PROMISES = "P5 P9"
MIGRATION = re.compile(r"usage_analytics/store/migrations/(\d{3})_\w+\.sql")


def check(where: Path) -> Result:
    """Imports with the program of every earlier schema, taken from the history; upgrades, kills the upgrade, and goes back."""
    path = write(where / "a.jsonl", prompt(), *[call(f"a{one}", one, counts=usage(900, output=70_000)) for one in range(60)])
    expected = answer("spend", db=where / "fresh.duckdb") if answer("import", path, db=where / "fresh.duckdb") else None
    versions = every_version(where / "old")
    for number, program in versions.items():
        db = where / str(number) / "usage.duckdb"
        old(program, "import", path, db=db)
        (db.parent / "before.duckdb").write_bytes(db.read_bytes())
        killed(db, number)
        assert answer("spend", db=db) == expected, f"after version {number}"
        backup = db.with_name(f"usage.duckdb.version-{number}.backup")
        assert backup.exists() or number == max(versions), f"no copy of version {number}"
        said = subprocess.run(
            words(program, "spend", db=db),
            env=environment() | {"PYTHONPATH": str(program)},
            cwd=program,
            capture_output=True,
            text=True,
            check=False,
        )
        assert "Traceback" not in said.stderr, f"version {number}: {said.stderr[-500:]}"
        assert answer("spend", db=db) == expected, "the older program changed what the newer one made"
        if backup.exists():
            back = db.parent / "back" / "usage.duckdb"
            back.parent.mkdir()
            shutil.copy(backup, back)
            assert old(program, "spend", db=back)["calls"] == 60
    known = by_tests(
        where,
        "tests/store/test_migrations.py",
        "tests/archive/test_written.py",
        "tests/archive/test_rebuild.py",
        only="version or migration or brought_up",
    )
    return all_of(holds(f"versions {min(versions)} to {max(versions)}, each also killed while it was brought up to date"), known)


def killed(db: Path, number: int) -> None:
    """Kill the upgrade at three moments; each time the database is there and has its content."""
    killing.ready()
    for moment in (0.15, 0.4, 0.8):
        ended = killing.run(killing.verb("spend", "--json", "--db", db), db.parent / "said", kill_after=moment)
        assert "Traceback" not in ended.said, f"version {number}: {ended.said[-800:]}"


def every_version(folder: Path) -> dict[int, Path]:
    """The last program of each earlier schema, by its number, as far as the history goes. Raises NotHere where there is none."""
    git = ["git", "-C", str(PROJECT)]
    log = subprocess.run(
        [*git, "log", "--format=%H", "--", "usage_analytics/store/migrations"], capture_output=True, text=True, check=False
    )
    commits = log.stdout.split()
    if log.returncode or len(commits) < 2:
        raise NotHere("this copy has no history, from which older versions of the program could be taken (git log)")
    found: dict[int, Path] = {}
    for commit in commits:  # the newest first
        for revision in (commit, f"{commit}~1"):
            listed = subprocess.run(
                [*git, "ls-tree", "-r", "--name-only", revision, "usage_analytics/store/migrations"],
                capture_output=True,
                text=True,
                check=False,
            ).stdout
            number = max((int(one) for one in MIGRATION.findall(listed)), default=0)
            ours = all((PROJECT / name).exists() for name in listed.split())  # else it was renumbered before anybody got it
            if number and number not in found and ours:
                found[number] = folder / str(number)
                found[number].mkdir(parents=True)
                packed = subprocess.run([*git, "archive", revision], capture_output=True, check=True).stdout
                subprocess.run(["tar", "-x", "-C", str(found[number])], input=packed, check=True)
    return dict(sorted(found.items()))


def words(program: Path, *said: object, db: Path) -> list[str]:
    """A command of an older program."""
    assert (program / "usage_analytics").is_dir()
    return [sys.executable, "-m", "usage_analytics", *map(str, said), "--json", "--db", str(db)]


def old(program: Path, *said: object, db: Path) -> dict[str, object]:
    """What an older program answers."""
    db.parent.mkdir(parents=True, exist_ok=True)
    env = environment() | {"PYTHONPATH": str(program), "HOME": os.fspath(db.parent)}
    done = subprocess.run(words(program, *said, db=db), env=env, cwd=program, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{program.name}: {done.stderr[-800:]}"
    found: dict[str, object] = json.loads(done.stdout)
    return found
