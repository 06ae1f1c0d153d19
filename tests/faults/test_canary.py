"""P7: nothing that anybody wrote is kept anywhere: not in the database, not beside it, not in temporary files, not on the screen."""

from __future__ import annotations

import io
import json
import os
import random
import resource
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.databases import DERIVED, NOW, OBSERVED, new, rows
from tests.transcripts import Line, call, notice, prompt, record, result, text, usage
from usage_analytics import ingest
from usage_analytics.ingest.preview import preview
from usage_analytics.store import Store

WORD = "kanarienvogel"  # with a number behind it in each place where people's words are found


class Canaries:
    """Gives out words that must not be found again."""

    def __init__(self) -> None:
        self.given = 0

    def one(self) -> str:
        self.given += 1
        return f"{WORD}{self.given}"


def canary_lines() -> list[Line]:
    """Lines of every kind that holds what somebody wrote."""
    said = Canaries().one
    block = [
        {"type": "text", "text": said()},
        {"type": "thinking", "thinking": said(), "signature": said()},
        {"type": "tool_use", "id": "t", "name": f"mcp__{said()}", "input": {said(): said()}},
    ]
    refused = notice(
        f"You've hit your session limit {said()}",
        9,
        error=f"{said()} was said",
        quotaLimits={"overageDisabledReason": f"{said()} x"},
    )
    return [
        prompt(0, said(), cwd=f"/home/{said()}/garden", gitBranch=said()),
        prompt(1, [{"type": "text", "text": said()}, {"type": "image", "source": {"data": said()}}]),
        call("a", 2, content=block, slug=said()),
        call("b", 3, content=block, stop=None, counts=usage(output=1)),
        result(4, toolUseResult={"stdout": said(), "file": {"content": said()}}),
        prompt(4, [{"type": "tool_result", "tool_use_id": "t", "content": said()}]),
        {"type": "summary", "summary": said(), "leafUuid": "u"},
        {"type": "ai-title", "title": said(), "sessionId": "one"},
        {"type": "custom-title", "customTitle": said(), "sessionId": "one"},
        {"type": "last-prompt", "lastPrompt": said(), "sessionId": "one"},
        {
            "type": "queue-operation",
            "operation": "enqueue",
            "content": said(),
            "sessionId": "one",
            "timestamp": "2026-11-02T09:00:00Z",
        },
        {"type": said(), "sessionId": "one", said(): said()},
        record("attachment", 5, attachment={"content": said()}),
        record("system", 6, subtype="away_summary", content=said()),
        record("system", 7, subtype="informational", content=f"You're now using usage credits {said()}"),
        record("progress", 8, data={"message": call("c", content=block), "prompt": said()}),
        refused,
        notice(f"API Error: 400 {said()}", 10),
        call("d", 11, counts=usage() | {"input_tokens": said()}),
        call("e", 12, stop_reason=said(), message={"stop_details": said()}, attributionSkill=said()),
        {
            "type": "cost-state",
            "sessionId": "one",
            "modelUsage": {"claude-opus-4-6": {"costUSD": 1.0, "note": said()}},
            "note": said(),
        },
        {"type": "file-history-snapshot", "snapshot": {"trackedFileBackups": {said(): {}}}},
    ]


def canary_home(folder: Path) -> Path:
    """Transcripts, sound and broken, and usage events with columns of words."""
    sound = text(*canary_lines())
    whole = text(call("s", content=[{"type": "text", "text": f"{WORD}900"}])).rstrip(b"\n")
    broken = whole[:150] + whole + b"\n" + b"\0" * 20 + whole + b"\n" + whole[:-40] + b"\n" + f"{WORD}901\n".encode()
    home = folder / "own"
    home.mkdir()
    (home / "one.jsonl").write_bytes(sound + broken + whole[:-3])
    typed = {"display": f"{WORD}910", "pastedContents": {"1": {"content": f"{WORD}911"}}, "project": f"/home/{WORD}912"}
    lists = [typed | {"timestamp": 1793620800000, "sessionId": session} for session in ("one", f"{WORD}913 words", None)]
    (home / "history.jsonl").write_text("".join(json.dumps(one) + "\n" for one in lists) + f'{{"display": "{WORD}914')
    head = "occurred_at,app,model,input_tokens,prompt,title,error"
    row = f"2026-11-02T09:00:00Z,tool,claude-opus-4-6,5,{WORD}902,{WORD}903,{WORD}904 is why it failed"
    (home / "events.csv").write_text(f"{head}\n{row}\n")
    event = {
        "occurred_at": "2026-11-02T09:00:00Z",
        "app": "tool",
        "cost_usd": 1,
        "prompt": f"{WORD}905",
        "text": {"a": f"{WORD}906"},
    }
    (home / "events.jsonl").write_text(
        json.dumps(event) + "\n" + f'{{"occurred_at":"2026-11-02","app":"tool","input_tokens":"{WORD}907"}}\n'
    )
    return home


def zipped(home: Path, archive: Path) -> Path:
    """The same in an archive, in a folder that somebody named."""
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        for path in home.iterdir():
            file.write(path, f"{WORD}908/{path.name}")
    return archive


def found_in(folder: Path, *, besides: Path) -> list[str]:
    """Every file below the folder in which a canary is, whatever holds it; the person's own files are none of ours."""
    seen = []
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or besides in path.parents or path == besides:
            continue
        content = path.read_bytes()
        words = content.lower() + unpacked(content)
        if any(WORD.encode(encoding) in words for encoding in ("utf-8", "utf-16-le", "utf-16-be")) or WORD in path.name:
            seen.append(str(path.relative_to(folder)))
    return seen


def unpacked(content: bytes) -> bytes:
    """What the rows of a Parquet file say; a part that a kill cut short has none, as nobody can read it."""
    whole = content[:4] == content[-4:] == b"PAR1"
    return str(pq.read_table(io.BytesIO(content)).to_pylist()).lower().encode() if whole else b""


def found_by_asking(store: Store) -> list[str]:
    """Every table in which a canary is, for the file itself is compressed."""
    tables = rows(
        store, "select table_name from duckdb_tables() union all select view_name from duckdb_views() where not internal"
    )
    named = sorted(row["table_name"] for row in tables)
    assert {*DERIVED, *OBSERVED, "import", "reject", "event", "conversation"} <= set(named)
    return [name for name in named if WORD in str(rows(store, f"from {name}")).lower()]


@pytest.fixture
def scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path, Store]:
    """A folder that holds everything there is, temporary files and the home too; the person's own files in it; and a store."""
    for name in ("HOME", "TMPDIR", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME"):
        (tmp_path / name.lower()).mkdir()
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    home = canary_home(tmp_path)
    return tmp_path, home, Store(tmp_path / "data" / "usage.duckdb")


def command(store: Store, *paths: Path) -> list[str]:
    return [sys.executable, "-m", "usage_analytics", "import", "--json", "--db", str(store.path), *map(str, paths)]


def test_nothing_that_was_written_is_kept(scene: tuple[Path, Path, Store]) -> None:
    everything, home, store = scene
    done = subprocess.run(command(store, home), capture_output=True, text=True, check=False)
    assert WORD not in (done.stdout + done.stderr).lower()
    assert json.loads(done.stdout)["events_total"] > 5
    assert found_in(everything, besides=home) == []
    assert found_by_asking(store) == []
    table = subprocess.run(
        [*command(store, home)[:4], "--db", str(store.path), str(home)], capture_output=True, text=True, check=False
    )
    assert WORD not in (table.stdout + table.stderr).lower()


def test_nothing_of_an_archive_is_kept_but_the_names_of_its_files(scene: tuple[Path, Path, Store]) -> None:
    everything, home, store = scene
    archive = zipped(home, home / "all.zip")
    done = subprocess.run(command(store, archive), capture_output=True, text=True, check=False)
    assert WORD not in (done.stdout + done.stderr).lower()
    names = {one["name"] for one in json.loads(done.stdout)["imports"]}
    assert names == {"one.jsonl", "events.csv", "events.jsonl", "history.jsonl"}
    assert found_in(everything, besides=home) == []
    assert found_by_asking(store) == []


def killed(scene: tuple[Path, Path, Store], rounds: int, seed: int) -> None:
    everything, home, store = scene
    (home / "large.jsonl").write_bytes(text(*canary_lines()) * 400)
    chance = random.Random(seed)
    for _ in range(rounds):
        with subprocess.Popen(command(store, home), stdout=subprocess.DEVNULL) as process:
            time.sleep(chance.uniform(0.2, 1.2))
            process.kill()
        assert found_in(everything, besides=home) == []


def test_nothing_is_kept_by_an_import_that_was_killed(scene: tuple[Path, Path, Store]) -> None:
    killed(scene, 3, seed=7)


@pytest.mark.slow
def test_nothing_is_kept_by_many_imports_that_were_killed(scene: tuple[Path, Path, Store]) -> None:
    killed(scene, 60, seed=70)


def test_what_a_killed_import_had_unpacked_is_gone_with_the_next(scene: tuple[Path, Path, Store]) -> None:
    everything, home, store = scene
    archive = zipped(home, home / "all.zip")
    with subprocess.Popen(command(store, archive), stdout=subprocess.DEVNULL) as process:
        time.sleep(0.5)
        process.kill()
    deadline = time.monotonic() + 15
    while time.monotonic() < deadline:
        ingest.import_paths(store, [home / "events.csv"])
        if found_in(everything, besides=home) == []:
            return
        time.sleep(0.3)
    pytest.fail(f"still there: {found_in(everything, besides=home)}")


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such limit there")
@pytest.mark.parametrize("limit", [0, pytest.param(3_000, marks=pytest.mark.slow)])
def test_nothing_is_kept_by_an_import_that_found_no_room(scene: tuple[Path, Path, Store], limit: int) -> None:
    everything, home, store = scene
    store.rows("events_total")
    store.close()

    def without_room() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    done = subprocess.run(command(store, home), capture_output=True, text=True, check=False, preexec_fn=without_room)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "enough room" in done.stdout + done.stderr
    assert WORD not in (done.stdout + done.stderr).lower()
    assert found_in(everything, besides=home) == []


def test_nothing_is_kept_of_a_preview_that_was_discarded(scene: tuple[Path, Path, Store]) -> None:
    everything, home, store = scene
    ready = ingest.stage(store, [home])
    seen = preview(store, ready, NOW)
    assert WORD not in repr(seen).lower()
    assert found_in(everything, besides=home) == []
    ready.discard()
    assert found_in(everything, besides=home) == []


@pytest.mark.parametrize("where", ["unpack.py", "claude_code"], ids=["while it is unpacked", "in its importer"])
def test_nothing_is_said_by_a_reader_that_fails(scene: tuple[Path, Path, Store], where: str) -> None:
    """A failure planted from outside, whose message holds what was read."""
    everything, home, store = scene
    plant = everything / "plant"
    plant.mkdir()
    (plant / "sitecustomize.py").write_text(
        "import sys\n"
        "def callers(frame):\n"
        "    while frame:\n"
        "        yield frame.f_code.co_filename\n"
        "        frame = frame.f_back\n"
        "def watch(event, words):\n"
        "    if event == 'open' and str(words[0]).endswith('one.jsonl') and any(\n"
        f"        {where!r} in one for one in callers(sys._getframe())\n"
        "    ):\n"
        f"        print({WORD + '999'!r})\n"
        f"        print({WORD + '998'!r}, file=sys.stderr)\n"
        f"        raise RuntimeError({WORD + '997'!r})\n"
        "sys.addaudithook(watch)\n"
    )
    known = os.environ.get("PYTHONPATH", "")
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, (str(plant), known)))}
    done = subprocess.run(command(store, home), capture_output=True, text=True, check=False, env=environment)
    assert WORD not in (done.stdout + done.stderr).lower()
    assert done.returncode == 1
    assert [one["name"] for one in json.loads(done.stdout)["unread"]] == ["one.jsonl"]
    assert found_in(everything, besides=home) == [str((plant / "sitecustomize.py").relative_to(everything))]


def test_the_search_would_find_what_is_there(tmp_path: Path) -> None:
    store = new(tmp_path)
    with store._lease.writing() as connection:
        connection.execute(f"insert into reject select 1, range, '{WORD}' || range from range(5000)")
    assert found_by_asking(store) == ["reject"]
    assert found_in(tmp_path, besides=tmp_path / "none") == ["usage.duckdb"]
