"""The way in, with its real child processes: what an import says, what it leaves behind, and what a bad file costs."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.databases import DERIVED, OBSERVED, content, left_beside, new, rows
from tests.transcripts import call, prompt, text, write
from tests.unprivileged import forbidden, give_up_privileges
from usage_analytics import ingest
from usage_analytics.ingest import pool
from usage_analytics.ingest.discover import candidates
from usage_analytics.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return new(tmp_path / "store")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder with three small transcripts."""
    folder = tmp_path / "home"
    for name in "abc":
        write(folder / f"{name}.jsonl", prompt(0, sessionId=name), call(name, 1, sessionId=name))
    return folder


def calls(store: Store) -> list[str]:
    return [row["event_id"].removeprefix("msg_") for row in rows(store, "select event_id from call order by 1")]


def test_an_import_says_what_became_of_every_file_and_leaves_nothing_behind(store: Store, home: Path) -> None:
    (home / "b.jsonl").write_bytes(text(prompt(), call("b", 1), call("a", 2)) + b"broken\n")
    receipt = ingest.import_paths(store, [home])
    assert receipt.unread == ()
    assert [(one.name, one.format, one.lines, one.lines_other, one.salvaged, one.rejected) for one in receipt.files] == [
        ("a.jsonl", "claude_code", 2, 1, 0, 0),
        ("b.jsonl", "claude_code", 4, 1, 0, 1),
        ("c.jsonl", "claude_code", 2, 1, 0, 0),
    ]
    assert sum(one.events_new for one in receipt.files) == receipt.events_total == 3
    assert sum(one.events_duplicate for one in receipt.files) == 1
    assert [one.rejects for one in receipt.files] == [(), ((4, "The line is not a JSON object."),), ()]
    assert left_beside(store) == []


def test_p1_the_same_bytes_twice_add_nothing_whatever_their_path(store: Store, home: Path, tmp_path: Path) -> None:
    file = home / "a.jsonl"
    (first,) = ingest.import_paths(store, [file]).files
    before = content(store, (*DERIVED, *OBSERVED, "import"))
    copy = tmp_path / "copy of a.jsonl"
    copy.write_bytes(file.read_bytes())
    for path in (file, copy):
        (again,) = ingest.import_paths(store, [path]).files
        assert (again.id, again.lines, again.events_new, again.events_duplicate) == (first.id, 2, 0, 1)
        assert content(store, (*DERIVED, *OBSERVED, "import")) == before
    ingest.import_paths(store, [home])
    assert calls(store) == ["a", "b", "c"]


def test_a_file_whose_import_was_undone_can_be_imported_again(store: Store, home: Path) -> None:
    (first,) = ingest.import_paths(store, [home / "a.jsonl"]).files
    before = content(store)
    ingest.undo(store, [first.id])
    (again,) = ingest.import_paths(store, [home / "a.jsonl"]).files
    assert (again.events_new, again.id > first.id) == (1, True)
    assert content(store) == before


def test_what_is_staged_is_not_in_the_database_and_is_gone_when_discarded(store: Store, home: Path) -> None:
    ready = ingest.stage(store, [home])
    assert len(ready.batch.imports) == 3
    assert store.rows("events_total") == [{"events": 0}]
    assert left_beside(store) != []
    ready.discard()
    assert left_beside(store) == []


def test_an_import_of_nothing_is_an_empty_receipt(store: Store, tmp_path: Path) -> None:
    receipt = ingest.import_paths(store, [tmp_path / "home"])
    assert (receipt.files, len(receipt.unread), receipt.events_total) == ((), 1, 0)
    (tmp_path / "empty").mkdir()
    receipt = ingest.import_paths(store, [tmp_path / "empty"])
    assert (receipt.files, receipt.unread, receipt.events_total) == ((), (), 0)


def test_empty_transcripts_in_a_folder_are_no_fault(store: Store, home: Path) -> None:
    (home / "new.jsonl").touch()
    receipt = ingest.import_paths(store, [home])
    assert receipt.unread == ()
    assert receipt.events_total == 3


def test_of_the_json_documents_in_a_folder_only_exports_are_read(store: Store, tmp_path: Path) -> None:
    folder = tmp_path / "export"
    folder.mkdir()
    (folder / "settings.json").write_text('{"theme": "dark", "cleanupPeriodDays": 30}')
    (folder / "users.json").write_text('\ufeff[{"uuid": "a", "full_name": "Robin", "email_address": "robin@example.com"}]')
    (folder / "prepaid.json").write_text('{"amount": 1250, "currency": "USD", "auto_reload_settings": null}')
    receipt = ingest.import_paths(store, [folder])
    assert ([one.name for one in receipt.files], receipt.unread) == (["prepaid.json", "users.json"], ())
    named = ingest.import_paths(store, [folder / "settings.json"])
    assert named.unread[0].reason.startswith("settings.json ")


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="needs a file that cannot be read, even by the superuser")
def test_a_file_that_cannot_be_read_is_named_and_costs_itself_alone(store: Store, home: Path) -> None:
    receipt = ingest.import_paths(store, [Path("/proc/self/mem"), home])
    assert receipt.events_total == 3
    (unread,) = receipt.unread
    assert unread.name == "mem"
    assert unread.reason.startswith("mem can't be read (")


def test_what_is_no_text_is_refused_with_what_to_do_and_no_fault_of_ours(store: Store, tmp_path: Path) -> None:
    (tmp_path / "photo.jpg").write_bytes(b"\xfe\xb3\xa3\x18\x00,kG.\xf4\xd3\n\x01,\x02\n")
    (one,) = ingest.import_paths(store, [tmp_path / "photo.jpg"]).unread
    assert one.reason == "photo.jpg isn't text. If it's a table, save it as CSV in UTF-8 and import it again."


def test_a_file_that_may_not_be_read_is_named(store: Store, home: Path) -> None:
    with forbidden() as folder:
        closed = write(folder / "closed.jsonl", call("x"))
        inside = write(folder / "closed" / "inside.jsonl", call("y"))
        for path in (closed, inside.parent):
            path.chmod(0)
        give_up_privileges()
        found, unread = candidates([closed, inside])
    assert found == []
    assert [one.reason for one in unread] == [
        "closed.jsonl can't be read (Permission denied). Check that it exists and that you can read it.",
        "inside.jsonl can't be read (Permission denied). Check that it exists and that you can read it.",
    ]


def test_what_is_no_file_is_named_and_never_waited_for(store: Store, home: Path, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.jsonl"
    os.mkfifo(pipe)
    odd = [pipe, tmp_path / "gone", Path("/dev/zero"), tmp_path / ("x" * 300), home / "a.jsonl" / "inside"]
    receipt = ingest.import_paths(store, [*odd, home])
    assert [one.name for one in receipt.unread] == [path.name for path in odd]
    assert receipt.events_total == 3


def test_progress_is_reported_and_ends_with_everything_read(store: Store, home: Path) -> None:
    told: list[ingest.Progress] = []
    ingest.import_paths(store, [home], told.append)
    assert [one.files for one in told] == sorted(one.files for one in told)
    last = told[-1]
    assert (last.files, last.files_total, last.lines, last.bytes) == (3, 3, 6, last.bytes_total)


def test_a_cancelled_import_leaves_nothing(store: Store, home: Path) -> None:
    with pytest.raises(ingest.Cancelled):
        ingest.import_paths(store, [home], cancelled=lambda: True)
    assert store.rows("events_total") == [{"events": 0}]
    assert left_beside(store) == []


def test_an_error_in_the_callers_callback_leaves_no_import_running(store: Store, home: Path) -> None:
    import psutil

    def stop(_: ingest.Progress) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ingest.import_paths(store, [home], stop)
    assert left_beside(store) == []
    assert [child for child in psutil.Process().children() if "ingest.worker" in " ".join(child.cmdline())] == []
    assert ingest.import_paths(store, [home]).events_total == 3


# A file at which the reader fails. The fault is planted from outside, into the child process: Python loads `sitecustomize` where it finds
# one, and this one watches which files are opened.

PLANTED = """
    import os, sys, time
    def watch(event, words):
        if event == "open" and str(words[0]).endswith("poison.jsonl"):
            {harm}
    sys.addaudithook(watch)
"""
HARMS = {
    "it dies": "os._exit(11)",
    "it runs out of memory": "raise MemoryError('canary')",
    "it is a bug": "raise RuntimeError('canary')",
    "it hangs": "time.sleep(600)",
}


@pytest.fixture
def plant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Plants a harm."""

    def planted(harm: str) -> None:
        (tmp_path / "plant").mkdir()
        (tmp_path / "plant" / "sitecustomize.py").write_text(textwrap.dedent(PLANTED).format(harm=harm))
        monkeypatch.setenv("PYTHONPATH", str(tmp_path / "plant"))
        monkeypatch.setattr(pool, "PATIENCE_SECONDS", 3.0)

    return planted


@pytest.mark.parametrize("harm", [pytest.param(harm, marks=[pytest.mark.slow] if harm == "it hangs" else []) for harm in HARMS])
def test_a_file_at_which_the_reader_fails_costs_itself_alone(
    store: Store, home: Path, plant: Callable[[str], None], harm: str, capfd: pytest.CaptureFixture[str]
) -> None:
    plant(HARMS[harm])
    write(home / "poison.jsonl", call("poison"))
    receipt = ingest.import_paths(store, [home])
    assert [one.name for one in receipt.unread] == ["poison.jsonl"]
    assert "poison.jsonl" in receipt.unread[0].reason
    assert sorted(one.name for one in receipt.files) == ["a.jsonl", "b.jsonl", "c.jsonl"]
    assert calls(store) == ["a", "b", "c"]
    assert left_beside(store) == []
    said = capfd.readouterr()
    assert "canary" not in said.out + said.err + receipt.unread[0].reason
    assert "Traceback" not in said.err


def test_several_files_at_which_the_reader_dies_cost_themselves_alone(
    store: Store, home: Path, plant: Callable[[str], None]
) -> None:
    plant(HARMS["it dies"])
    for number in range(3):
        write(home / f"{number}-poison.jsonl", call(f"p{number}"))
    receipt = ingest.import_paths(store, [home])
    assert sorted(one.name for one in receipt.unread) == [f"{number}-poison.jsonl" for number in range(3)]
    assert calls(store) == ["a", "b", "c"]
    assert len({one.import_id for one in store.imports()}) == 3


@pytest.mark.skipif(sys.platform == "win32", reason="a process cannot be stopped there")
def test_two_imports_at_once_of_the_same_files_both_end_well(store: Store, home: Path) -> None:
    """F07."""
    command = [sys.executable, "-m", "usage_analytics", "import", str(home), "--db", str(store.path), "--json"]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    said = [one.communicate(timeout=60) for one in both]
    assert [one.returncode for one in both] == [0, 0], said
    assert calls(store) == ["a", "b", "c"]
    assert sum(row["calls"] for row in store.rows("spend", by="model")) == 3


def test_a_staging_folder_that_a_dead_process_left_is_swept_and_a_living_ones_is_not(store: Store, home: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", "pass"]) as dead:
        dead.wait()
    for owner in (dead.pid, os.getppid()):
        (store.path.parent / f".staging-{owner}-abc").mkdir()
    ingest.import_paths(store, [home])
    assert left_beside(store) == [f".staging-{os.getppid()}-abc"]


def test_text_in_every_encoding_is_the_same_transcript(store: Store, tmp_path: Path) -> None:
    lines = text(prompt(), call("a", 1)).decode()
    for name, encoding in (("bom", "utf-8-sig"), ("little", "utf-16-le"), ("big", "utf-16-be")):
        bom = "\ufeff" if encoding.endswith("e") else ""
        (tmp_path / f"{name}.jsonl").write_bytes((bom + lines).encode(encoding))
        receipt = ingest.import_paths(store, [tmp_path / f"{name}.jsonl"])
        assert receipt.unread == ()
        assert [one.lines for one in receipt.files] == [2]
    assert calls(store) == ["a"]


@pytest.mark.parametrize("place", ["file/usage.duckdb", "file/folder/usage.duckdb"])
def test_a_database_that_cannot_be_kept_there_is_refused_with_a_sentence(home: Path, tmp_path: Path, place: str) -> None:
    (tmp_path / "file").write_text("no folder")
    command = [sys.executable, "-m", "usage_analytics", "import", str(home), "--db", str(tmp_path / place)]
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (said.returncode, said.stdout, said.stderr.count("\n")) == (2, "", 1)
    assert said.stderr.startswith("usage.duckdb can't be kept there (")
