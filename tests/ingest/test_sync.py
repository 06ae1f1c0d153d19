"""Reading on where the last sync ended, whatever became of the files meanwhile."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.databases import add, content, new, read, rows
from tests.transcripts import call, prompt, record, text, write
from usage_analytics import ingest
from usage_analytics.store import Store


class Home:
    """Claude Code's folder of one person, and a store to sync it into."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "projects"
        self.file = self.folder / "-home-r-garden" / "one.jsonl"
        self.file.parent.mkdir(parents=True)
        self.store = new(folder / "store")

    def sync(self) -> tuple[int, int, int]:
        """Sync; how many files were read, how many of their lines, and how many events are new."""
        receipt = ingest.sync(self.store, [self.folder])
        assert receipt.unread == ()
        return len(receipt.files), sum(one.lines for one in receipt.files), receipt.events_new

    def append(self, what: bytes) -> None:
        with self.file.open("ab") as file:
            file.write(what)

    def calls(self) -> list[str]:
        return [row["event_id"].removeprefix("msg_") for row in rows(self.store, "select event_id from call order by 1")]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


OPENED: list[str] = []


@pytest.fixture
def watched() -> list[str]:
    """What this process opens and starts while the test runs."""
    if not OPENED:
        sys.addaudithook(
            lambda event, words: OPENED.append(f"{event} {words[0]}") if event in ("open", "subprocess.Popen") else None
        )
    OPENED.clear()
    return OPENED


def test_only_what_was_added_is_read_each_time(home: Home) -> None:
    home.append(text(prompt(), call("a", 1)))
    assert home.sync() == (1, 2, 1)
    for number in range(1, 4):
        home.append(text(call(f"b{number}", number), record("mode")))
        assert home.sync() == (1, 2, 1), f"in the {number}. sync after the first"
    assert home.calls() == ["a", "b1", "b2", "b3"]


def test_where_nothing_is_new_nothing_is_opened_or_started(home: Home, watched: list[str]) -> None:
    for number in range(10):
        write(home.folder / f"p{number}" / "one.jsonl", call(str(number)))
    home.sync()
    home.append(text(call("more")))
    home.sync()
    watched.clear()
    assert home.sync() == (0, 0, 0)
    assert [one for one in watched if str(home.folder) in one or "Popen" in one] == []


def test_a_first_sync_of_nothing_at_all_is_no_fault(home: Home) -> None:
    home.file.touch()
    assert home.sync() == (0, 0, 0)


def test_a_last_line_that_is_still_being_written_is_left_for_the_next_time(home: Home) -> None:
    line = text(call("b", 1, content=[{"type": "text", "text": "Gärten"}])).replace(b"\\u00e4", "ä".encode())
    cut = line.index("ä".encode()) + 1  # inside the character
    home.append(text(call("a")) + line[:cut])
    assert home.sync() == (1, 1, 1)
    assert home.sync() == (0, 0, 0)
    home.append(line[cut : cut + 5])
    assert home.sync()[1:] == (0, 0)
    home.append(line[cut + 5 :])
    assert home.sync() == (1, 1, 1)
    assert home.calls() == ["a", "b"]
    assert sum(one.rejected + one.salvaged for one in home.store.imports()) == 0


def test_wherever_a_file_is_cut_reading_on_gives_the_same_as_reading_it_whole() -> None:
    whole = text(prompt(), call("a", 1, stop=None), call("a", 2), record("mode"), call("b", 3, message={"content": "ä€"}))
    all_of_it = read(whole)
    for cut in range(0, len(whole) + 1, 61):
        first = read(whole[:cut], whole=False)
        end = first.account.end_offset or 0
        assert end <= cut
        rest = read(whole, offset=end)
        assert first.account.lines + rest.account.lines == all_of_it.account.lines
        assert first.account.rejected + rest.account.rejected == 0
        assert {row["event_id"] for row in first.observations + rest.observations} == {"msg_a", "msg_b"}


def test_many_small_syncs_give_the_same_as_one_import_of_the_whole(home: Home) -> None:
    lines = [
        prompt(0),
        *[call(name, place, stop=None if place % 3 else "end_turn") for place, name in enumerate("aaabbbccc")],
        prompt(20),
        call("d", 21),
    ]
    whole = text(*lines)
    step = len(whole) // 3 + 3
    for start in range(0, len(whole), step):
        home.append(whole[start : start + step])
        home.sync()
    together = new(home.folder.parent / "together")
    add(together, {"one.jsonl": whole})
    assert content(home.store) == content(together)


def test_a_file_that_was_cut_short_loses_nothing_that_was_known(home: Home) -> None:
    home.append(text(call("a"), call("b", 1), call("c", 2)))
    home.sync()
    write(home.file, call("a"), call("z", 9))
    assert home.sync() == (1, 2, 1)
    assert home.calls() == ["a", "b", "c", "z"]
    home.append(text(call("y", 10)))
    assert home.sync() == (1, 1, 1)


def test_a_file_that_was_rewritten_at_the_same_size_is_read_from_its_start(home: Home) -> None:
    home.append(text(*[call(f"a{number}", 1) for number in range(5)]))
    home.sync()
    size = home.file.stat().st_size
    write(home.file, *[call(f"z{number}", 1) for number in range(5)])
    os.utime(home.file, ns=(1, 1))
    assert home.file.stat().st_size == size
    assert home.sync() == (1, 5, 5)


@pytest.mark.slow
def test_a_file_that_was_rewritten_and_is_longer_is_read_from_its_start(home: Home) -> None:
    home.append(text(*[call(f"a{number}", 1) for number in range(5)]))
    home.sync()
    write(home.file, *[call(f"z{number}", 1) for number in range(9)])
    assert home.sync() == (1, 9, 9)


@pytest.mark.slow
def test_a_file_that_was_replaced_by_a_copy_of_itself_adds_nothing(home: Home) -> None:
    home.append(text(call("a"), call("b", 1)))
    home.sync()
    before = content(home.store)
    copy = home.file.with_suffix(".copy")
    shutil.copy(home.file, copy)
    copy.replace(home.file)
    os.utime(home.file, ns=(5, 5))
    assert home.sync()[2] == 0
    assert content(home.store) == before
    assert home.sync() == (0, 0, 0)


def test_a_file_that_was_renamed_adds_nothing(home: Home) -> None:
    home.append(text(prompt(), call("a", 1)))
    home.sync()
    before = content(home.store)
    home.file.rename(home.file.with_name("two.jsonl"))
    assert home.sync()[2] == 0
    assert content(home.store) == before


def test_what_was_read_stays_when_its_file_goes(home: Home) -> None:
    home.append(text(call("a")))
    home.sync()
    home.file.unlink()
    assert home.sync() == (0, 0, 0)
    assert home.calls() == ["a"]


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_a_file_that_was_replaced_by_a_link_is_read_where_it_leads(home: Home, tmp_path: Path) -> None:
    home.append(text(call("a")))
    home.sync()
    elsewhere = write(tmp_path / "elsewhere.jsonl", call("b"))
    home.file.unlink()
    home.file.symlink_to(elsewhere)
    assert home.sync() == (1, 1, 1)
    (home.file.parent / "two.jsonl").symlink_to(elsewhere)
    (home.folder / "all").symlink_to(home.file.parent)
    assert home.sync() == (0, 0, 0)
    assert home.calls() == ["a", "b"]


def test_subagents_are_read_in_place(home: Home) -> None:
    home.append(text(prompt(), call("a", 1)))
    inside = home.file.with_suffix("") / "subagents"
    write(inside / "agent-ab.jsonl", call("b", 2, isSidechain=True))
    write(inside / "workflows" / "wf_1" / "agent-cd.jsonl", call("c", 3, isSidechain=True))
    write(home.file.parent / "agent-ef.jsonl", call("d", 4, isSidechain=True))
    assert home.sync() == (4, 5, 4)
    found = rows(home.store, "select agent_id, run, conversation_id from event order by occurred_at")
    assert [one["agent_id"] for one in found] == [None, "ab", "cd", "ef"]
    assert {one["conversation_id"] for one in found} == {"one"}
    assert [one["run"] for one in found] == ["interactive", "subagent", "subagent", "subagent"]


@pytest.mark.parametrize(
    "undone", [[2], *(pytest.param(ids, marks=pytest.mark.slow) for ids in ([1], [3], [1, 3], [1, 2, 3]))], ids=str
)
def test_an_undone_sync_is_brought_back_by_the_next(home: Home, undone: list[int]) -> None:
    for name in "abc":
        home.append(text(call(name, ord(name))))
        assert home.sync() == (1, 1, 1)
    before = content(home.store)
    ingest.undo(home.store, undone)
    assert home.sync()[2] == len(undone)
    assert content(home.store) == before
    assert home.sync() == (0, 0, 0)


def test_a_folder_that_was_imported_while_it_was_written_is_read_on_from_the_last_whole_line(home: Home) -> None:
    line = text(call("b", 1))
    home.append(text(call("a")) + line[:100])
    receipt = ingest.import_paths(home.store, [home.folder])
    assert [(one.lines, one.events_new, one.rejected) for one in receipt.files] == [(2, 1, 1)]
    home.append(line[100:])
    assert home.sync() == (1, 1, 1)
    assert home.calls() == ["a", "b"]


def test_a_folder_that_was_imported_is_known_to_the_next_import_and_to_the_sync(home: Home) -> None:
    home.append(text(call("a"), call("b", 1)))
    ingest.import_paths(home.store, [home.folder])
    assert home.sync() == (0, 0, 0)
    again = ingest.import_paths(home.store, [home.folder])
    assert [(one.id, one.lines, one.events_new, one.events_duplicate) for one in again.files] == [(1, 2, 0, 2)]
    assert len(home.store.imports()) == 1


def test_lines_are_numbered_as_in_the_file_when_reading_on(home: Home) -> None:
    home.append(text(call("a"), call("b", 1)))
    home.sync()
    home.append(text(call("c", 2)) + b"not json\n")
    receipt = ingest.sync(home.store, [home.folder])
    assert [one.rejects for one in receipt.files] == [((4, "The line is not a JSON object."),)]


def test_a_file_that_goes_while_it_is_read_costs_itself_alone(home: Home) -> None:
    other = write(home.folder / "p" / "two.jsonl", call("b"))
    home.append(text(call("a")))

    def take_away(_: Any) -> None:
        home.file.unlink(missing_ok=True)

    receipt = ingest.sync(home.store, [home.folder], progress=take_away)
    assert other.exists()
    assert "b" in home.calls()
    assert receipt.events_total in (1, 2)
    assert home.sync()[2] == 0


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not allow such names")
def test_a_name_that_is_not_utf8_is_passed_over_by_a_sync_and_said_by_an_import(home: Home) -> None:
    home.append(text(call("a")))
    odd = os.fsencode(home.file.parent) + b"/b\xff.jsonl"
    with open(odd, "wb") as file:  # noqa: PTH123  a path object would be text
        file.write(text(call("b")))
    assert home.sync() == (1, 1, 1)
    receipt = ingest.import_paths(home.store, [home.folder])
    assert [one.reason for one in receipt.unread] == ["This file name isn't UTF-8. Rename the file."]


def test_two_syncs_at_once_count_everything_once(home: Home) -> None:
    import threading

    home.append(text(*[call(str(number), number) for number in range(20)]))
    stores = [home.store, Store(home.store.path)]
    threads = [threading.Thread(target=ingest.sync, args=(store, [home.folder])) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(home.calls()) == 20
    assert home.sync() == (0, 0, 0)


def test_the_command_syncs_the_folders_of_the_person_who_calls_it(home: Home, tmp_path: Path) -> None:
    write(tmp_path / "me" / ".claude" / "projects" / "p" / "one.jsonl", call("a"))
    write(tmp_path / "work" / "projects" / "p" / "two.jsonl", call("b"))
    environment = os.environ | {
        "HOME": str(tmp_path / "me"),
        "USERPROFILE": str(tmp_path / "me"),
        "CLAUDE_CONFIG_DIR": str(tmp_path / "work"),
    }
    command = [sys.executable, "-m", "usage_analytics", "sync", "--json", "--db", str(home.store.path)]
    for new_events in (2, 0):
        said = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
        answer = json.loads(said.stdout)
        assert (sum(one["events_new"] for one in answer["imports"]), answer["events_total"], said.stderr) == (new_events, 2, "")


def test_days_whose_transcripts_are_gone_come_from_the_statistics_and_are_read_again_when_those_change(home: Home) -> None:
    home.append(text(call("a", 1)))
    statistics = Path(__file__).parents[1] / "fixtures" / "stats_cache" / "stats-cache.json"
    beside = home.folder.parent / "stats-cache.json"
    shutil.copy(statistics, beside)
    home.sync()
    asked = "select source, count(*)::int as rows, sum(output_tokens)::int as output from call where grain = 'day' group by all"
    before = rows(home.store, asked)
    assert [(row["source"], row["rows"]) for row in before] == [("stats_cache", 4)]
    assert home.sync() == (0, 0, 0)
    beside.write_text(statistics.read_text(encoding="utf-8").replace("110000", "220000"), encoding="utf-8")
    home.sync()
    (after,) = rows(home.store, asked)
    assert (after["rows"], after["output"] > before[0]["output"]) == (4, True)
