"""Backup, restore, merge and verify: what they leave is whole, whoever works meanwhile and whenever they are killed."""

from __future__ import annotations

import json
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.databases import DERIVED, OBSERVED, add, content, left_beside, new
from tests.store import world
from tests.transcripts import call, prompt, text
from usage_analytics.archive.copies import archive_in, faults, merge
from usage_analytics.cli import main
from usage_analytics.control import Control, balances
from usage_analytics.control.balances import Reading
from usage_analytics.errors import BadRequest
from usage_analytics.ingest import copies
from usage_analytics.ingest.removal import remove_everything
from usage_analytics.store import Store

ALL = (*DERIVED, *OBSERVED, "reject", "import")


def say(capsys: pytest.CaptureFixture[str], store: Store, *words: str, status: int = 0) -> dict[str, Any]:
    """What the command line answers in JSON."""
    store.close()
    assert main([*words, "--json", "--db", str(store.path)]) == status
    said: dict[str, Any] = json.loads(capsys.readouterr().out)
    return said


def test_the_archive_says_what_it_holds(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store = new(tmp_path)
    assert say(capsys, store, "archive")["imports"] == 0
    first, _ = add(store, {"a.jsonl": text(prompt(), call("a")), "b.jsonl": text(call("b", 60))})
    store.undo([first.import_id])
    said = say(capsys, store, "archive", "--verify")
    assert {name: said[name] for name in ("imports", "parts", "verified", "damaged")} == {
        "imports": 1,
        "parts": 2,
        "verified": True,
        "damaged": [],
    }
    assert said["bytes"] == sum(path.stat().st_size for path in store.archive.folder.rglob("*.parquet"))
    assert said["from"] == said["to"] == "2026-11-02T09:01:00Z"
    assert main(["archive", "--verify", "--db", str(store.path)]) == 0
    assert capsys.readouterr().out.splitlines()[1] == "Every part is intact."


def test_a_flipped_bit_is_found_by_the_files_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store = world.made(tmp_path)
    chance = random.Random(4)
    files = sorted(store.archive.folder.rglob("*.parquet"))
    for path in chance.sample(files, 8):
        sound = path.read_bytes()
        damaged = bytearray(sound)
        damaged[chance.randrange(len(damaged))] ^= 1 << chance.randrange(8)
        path.write_bytes(damaged)
        name = path.relative_to(store.archive.folder).as_posix()
        assert say(capsys, store, "archive", "--verify", status=1)["damaged"] == [f"{name} is damaged"]
        path.write_bytes(sound)
    path.unlink()
    assert say(capsys, store, "archive", "--verify", status=1)["damaged"] == [f"{name} is missing"]
    assert say(capsys, store, "rebuild", status=1)["left_out"] == [f"{name} is missing"]


def test_a_backup_is_restored_elsewhere_with_everything_that_was_decided(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = world.made(tmp_path / "here")
    balances.add_reading(Control.beside(store.path), Reading(datetime(2026, 11, 2), 10**9))
    (store.path.parent / "prices.json").write_text("{}")
    before = content(store, ALL)
    said = say(capsys, store, "backup", "--to", str(tmp_path / "backup"))
    assert said["imports"] == len(before["import"])
    assert said["copied_parts"] > 5
    assert say(capsys, store, "backup", "--to", str(tmp_path / "backup"))["copied_parts"] == 0
    there = Store(tmp_path / "there" / "usage.duckdb")
    said = say(capsys, there, "restore", "--from", str(tmp_path / "backup"))
    assert said["replaced"] is None
    assert content(there, ALL) == before
    assert len(balances.readings(Control.beside(there.path))) == 1
    assert (there.path.parent / "prices.json").exists()
    assert left_beside(there) == ["control.sqlite", "prices.json"]


def test_a_restore_overwrites_nothing_unless_it_is_told_to(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store = new(tmp_path / "here")
    add(store, {"a.jsonl": text(call("a"))})
    copies.backup(store, tmp_path / "backup")
    add(store, {"b.jsonl": text(call("b"))})
    store.close()
    assert main(["restore", "--from", str(tmp_path / "backup"), "--db", str(store.path)]) == 2
    assert capsys.readouterr().err.startswith("There is data already (usage.duckdb, archive); --force moves it to a folder")
    assert Store(store.path).rows("events_total") == [{"events": 2}]
    said = say(capsys, store, "restore", "--from", str(tmp_path / "backup"), "--force")
    assert said["events_total"] == 1
    aside = Store(store.path.parent / said["replaced"] / "usage.duckdb")
    assert aside.rows("events_total") == [{"events": 2}]
    aside.close()
    aside.path.unlink()
    assert Store(aside.path).rows("events_total") == [{"events": 2}]
    store.close()
    remove_everything(store)
    assert list(store.path.parent.iterdir()) == []


def test_what_is_no_backup_is_said_to_be_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store = new(tmp_path / "here")
    (tmp_path / "empty").mkdir()
    assert main(["restore", "--from", str(tmp_path / "empty"), "--force", "--db", str(store.path)]) == 2
    assert capsys.readouterr().err == ("There is no archive in empty. Use a folder that “usage-analytics backup” wrote.\n")
    assert main(["backup", "--to", str(tmp_path / "backup"), "--db", str(store.path)]) == 2
    assert main(["backup", "--to", str(tmp_path / "here"), "--db", str(store.path)]) == 2
    add(store, {"a.jsonl": text(call("a"))})
    other = new(tmp_path / "other")
    add(other, {"b.jsonl": text(call("b"))})
    copies.backup(store, tmp_path / "backup")
    with pytest.raises(BadRequest, match=r"backup holds the backup of another archive\. Use another folder"):
        copies.backup(other, tmp_path / "backup")
    with pytest.raises(BadRequest, match="can't be merged with itself"):
        merge(store.archive, store.archive)


def test_a_backup_forgets_what_was_undone_and_keeps_the_sound_copy_of_a_damaged_part(tmp_path: Path) -> None:
    store = new(tmp_path / "here")
    (one,) = add(store, {"a.jsonl": text(call("a"))})
    add(store, {"b.jsonl": text(call("b"))})
    copies.backup(store, tmp_path / "backup")
    store.undo([one.import_id])
    (part,) = store.archive.read().parts()
    (store.archive.folder / part.file).write_bytes(b"x" * part.bytes)
    assert copies.backup(store, tmp_path / "backup").left_out == ()
    kept = archive_in(tmp_path / "backup")
    assert list(faults(kept)) == []
    assert len(list(kept.folder.rglob("*.parquet"))) == 1


@pytest.mark.slow
def test_a_backup_while_others_import_and_undo_is_whole(tmp_path: Path) -> None:
    store = new(tmp_path / "here")
    add(store, {"first.jsonl": text(call("first"))})
    stop = threading.Event()

    def work() -> None:
        number = 0
        while not stop.is_set():
            (one,) = add(Store(store.path), {f"{number}.jsonl": text(call(f"{number}", number), call(f"{number}x", number))})
            if number % 2:
                Store(store.path).undo([one.import_id])
            number += 1

    worker = threading.Thread(target=work)
    worker.start()
    try:
        for number in range(4):
            copies.backup(store, tmp_path / f"backup-{number}")
    finally:
        stop.set()
        worker.join()
    for number in range(4):
        assert list(faults(archive_in(tmp_path / f"backup-{number}"))) == []
        there = Store(tmp_path / f"there-{number}" / "usage.duckdb")
        copies.restore(there, tmp_path / f"backup-{number}")
        (total,) = there.rows("events_total")
        assert total["events"] == sum(one.events_new for one in there.imports()) == 2 * len(there.imports()) - 1
        there.close()


def test_two_machines_archives_merge_and_the_same_call_counts_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = world.files()
    one, other, both = new(tmp_path / "one"), new(tmp_path / "other"), new(tmp_path / "both")
    world.import_files(one, {number: files[number] for number in (0, 1, 5, 8, 12)})
    gone = world.import_files(other, {number: files[number] for number in (0, 2, 3, 4, 6)})
    world.import_files(other, {number: files[number] for number in (7, 9, 10, 11, 13)})
    other.undo(gone[2:3])
    world.import_files(both, {number: files[number] for number in range(14) if number != 3})
    said = say(capsys, one, "archive", "--merge", str(tmp_path / "other"))
    assert said["merged"]["imports"] == 9
    for table in DERIVED:
        assert content(one, [table]) == content(both, [table]), table
    numbers = [row.import_id for row in one.imports()]
    assert len(numbers) == len(set(numbers)) == 14
    before = content(one, ALL)
    one.rebuild()
    assert content(one, ALL) == before
    assert [row.import_id for row in one.imports()] == numbers
    assert say(capsys, one, "archive", "--merge", str(tmp_path / "other" / "archive"))["merged"]["imports"] == 0
    assert content(one, ALL) == before


def test_what_is_undone_on_one_machine_is_undone_by_the_next_merge(tmp_path: Path) -> None:
    one, other = new(tmp_path / "one"), new(tmp_path / "other")
    (made,) = add(other, {"a.jsonl": text(call("a"))})
    add(other, {"b.jsonl": text(call("b"))})
    merge(one.archive, other.archive)
    assert Store(one.path).rows("events_total") == [{"events": 2}]
    other.undo([made.import_id])
    merge(one.archive, other.archive)
    assert Store(one.path).rows("events_total") == [{"events": 1}]
    merge(one.archive, other.archive)
    assert len(one.archive.read().lines) == 3


def test_a_damaged_part_is_left_out_of_a_merge_by_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one, other = new(tmp_path / "one"), new(tmp_path / "other")
    add(other, {"a.jsonl": text(call("a"))})
    add(other, {"b.jsonl": text(call("b"))})
    part = other.archive.read().parts()[0]
    (other.archive.folder / part.file).write_bytes(b"x" * part.bytes)
    said = say(capsys, one, "archive", "--merge", str(tmp_path / "other"), status=1)
    assert said["damaged"] == [f"{part.file} is damaged"]
    assert said["events_total"] == 1
    assert say(capsys, one, "archive", "--verify")["damaged"] == []


WORK = """
import sys
from pathlib import Path
from tests.databases import add
from tests.transcripts import call, text
from usage_analytics.ingest import copies
from usage_analytics.store import Store
store, to = Store(Path(sys.argv[1])), Path(sys.argv[2])
for number in range(10_000):
    act = sys.argv[3]
    if act in ("import", "undo"):
        (one,) = add(store, {f"{number}.jsonl": text(*[call(f"{sys.argv[4]}-{number}-{one}", one) for one in range(20)])})
        if act == "undo" and number % 2:
            store.undo([one.import_id])
            print(one.import_id, "undone", flush=True)
        else:
            print(one.import_id, "made", flush=True)
    elif act == "rebuild":
        store.rebuild()
        print(number, "rebuilt", flush=True)
    else:
        copies.backup(store, to / str(number))
        print(number, "copied", flush=True)
"""


def killed(where: Path, act: str, count: int, seed: int) -> None:
    """Kill a process that imports, undoes, rebuilds or backs up again and again, and look whether all agrees."""
    chance = random.Random(seed)
    store = new(where)
    add(store, {"first.jsonl": text(*[call(f"first-{one}", one) for one in range(20)])})
    for round_ in range(count):
        store.close()
        before = {one.import_id for one in store.imports()}
        store.close()
        words = [sys.executable, "-c", WORK, str(store.path), str(where / f"copies-{round_}"), act, str(round_)]
        with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout
            said = process.stdout.readline()
            time.sleep(chance.uniform(0, 0.8))
            process.kill()
            said += process.stdout.read()
        assert process.returncode == -signal.SIGKILL
        done = [line.split() for line in said.splitlines()]
        store = Store(store.path)
        there = {one.import_id for one in store.imports()}
        assert before <= there
        assert {int(number) for number, word in done if word == "made"} <= there
        assert not {int(number) for number, word in done if word == "undone"} & there
        assert store.rows("events_total") == [{"events": 20 * len(there)}]
        assert {one.number for one in store.archive.read().entries().values()} == there
        found = content(store, ALL)
        assert list(faults(store.archive)) == []
        for number, word in done:
            if word == "copied":
                assert list(faults(archive_in(where / f"copies-{round_}" / number))) == []
        unfinished = where / f"copies-{round_}" / str(len(done))
        if unfinished.exists():
            copies.backup(store, unfinished)
            assert list(faults(archive_in(unfinished))) == []
            assert len(archive_in(unfinished).read().entries()) == len(there)
        shutil.rmtree(where / f"copies-{round_}", ignore_errors=True)
        store.rebuild()
        assert content(store, ALL) == found


@pytest.mark.slow
def test_killed_at_a_random_moment_database_and_archive_agree(tmp_path: Path) -> None:
    killed(tmp_path, "import", 2, seed=6)


@pytest.mark.slow
@pytest.mark.parametrize("act", ["import", "undo", "rebuild", "backup"])
def test_killed_at_fifty_random_moments_database_and_archive_agree(tmp_path: Path, act: str) -> None:
    killed(tmp_path, act, 50, seed=100 + len(act))
