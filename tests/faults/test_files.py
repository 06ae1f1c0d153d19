"""Files with every fault that real ones have, imported in one go: each is read right, or refused with a reason, and costs no other file.

The letters are those of the fault matrix: F12 to F22 lie in files; F23 and F24 happen to them while they are synced.
"""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest

from tests.databases import new
from tests.tables import workbook
from tests.transcripts import call, prompt, text
from usage_analytics import ingest
from usage_analytics.ingest import FileReceipt, Receipt

pytestmark = pytest.mark.slow  # half a minute; each fault has a fast test beside the reader that it troubles

HEADER: Final = "occurred_at,app,model,input_tokens,cost_usd\n"
ROWS: Final = [f"2026-11-02T09:0{number}:00Z,bot {{}},claude-opus-5-5,{100 + number},0.0{number + 1}" for number in range(5)]


@dataclass(frozen=True)
class Fault:
    """A file; how many calls it holds, how many lines are rejected, and what the reason says; a file that is refused holds none."""

    content: bytes
    calls: int = 0
    rejected: int = 0
    why: str = ""
    refused: bool = False


def events(name: str, *, rows: Sequence[str] = ROWS, header: str = HEADER) -> str:
    """Five events of an app of its own, so that no two files hold the same."""
    return header + "".join(f"{row.format(name)}\n" for row in rows)


def with_row(name: str, row: str) -> bytes:
    return events(name, rows=[*ROWS[:2], row.replace("bot", "bot {}", 1), *ROWS[2:]]).encode()


def packed(files: dict[str, bytes], change: Callable[[zipfile.ZipFile], None] | None = None) -> bytes:
    found = io.BytesIO()
    with zipfile.ZipFile(found, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
        if change:
            change(archive)
    return found.getvalue()


def link(archive: zipfile.ZipFile) -> None:
    entry = zipfile.ZipInfo("link.csv")
    entry.external_attr = 0o120777 << 16
    archive.writestr(entry, "/etc/passwd")


def line(name: str, number: int, **more: Any) -> bytes:
    return json.dumps({"occurred_at": f"2026-11-02T10:{number:02d}:00Z", "app": name, "cost_usd": 0.5} | more).encode()


def faults() -> dict[str, Fault]:
    """One file each, by letter and what is wrong."""
    zipped = gzip.compress(events("F14").encode())
    odd = {
        "decimal comma": '"1,5"',
        "currency": "€5.00",
        "refund": "(3.00)",
        "minus": "−3.00",
        "exponent": "1e3",
        "nan": "NaN",
        "inf": "inf",
    }
    return {
        "F12 bomb.csv.gz": Fault(gzip.compress(bytes(40 << 20)), refused=True, why="200 times"),
        "F12 bomb.xlsx": Fault(
            packed({"[Content_Types].xml": b"<x/>", "xl/workbook.xml": b" " * (40 << 20)}), refused=True, why="200 times"
        ),
        "F12 repeated.xlsx": Fault(workbook({"a": [["x" * 30_000] * 20] * 40}), refused=True, why="200 times"),
        "F13 traversal.zip": Fault(packed({"../../evil.csv": events("F13").encode()}), calls=5),
        "F13 link.zip": Fault(packed({"a.csv": events("F13 link").encode()}, link), calls=5, why="link"),
        "F13 nested.zip": Fault(
            packed({"b.zip": packed({"c.zip": packed({"d.csv": b"x"})})}), refused=True, why="archive within two others"
        ),
        "F14 truncated.csv.gz": Fault(zipped[:-20], refused=True, why="cut off at byte"),
        "F14 corrupt.csv.gz": Fault(zipped[:40] + b"\0\0\0\0" + zipped[44:], refused=True, why="damaged"),
        "F14 mislabelled.csv": Fault(gzip.compress(events("F14 csv").encode()), calls=5),
        "F14 mislabelled.gz": Fault(events("F14 gz").encode(), calls=5),
        **{
            f"F15 {one}.csv": Fault(events(f"F15 ü {one}").encode(one), calls=5)
            for one in ("utf-8-sig", "utf-16", "latin-1", "cp1252")
        },
        **{
            f"F15 {one}.csv": Fault(("\ufeff" + events(f"F15 ü {one}")).encode(one), calls=5)
            for one in ("utf-16-le", "utf-16-be")
        },
        "F16 quoted newline.csv": Fault(
            with_row("F16", '2026-11-02T09:30:00Z,"bot\nx",m,1,1'), calls=5, rejected=1, why="line break"
        ),
        "F16 crlf.csv": Fault(events("F16 crlf").replace("\n", "\r\n").encode(), calls=5),
        "F16 mixed.csv": Fault(events("F16 mixed").replace("\n", "\r\n", 3).encode(), calls=5),
        "F16 open quote.csv": Fault(with_row("F16 open", '2026-11-02T09:30:00Z,"bot,m,1,1'), calls=5, rejected=1, why="quote"),
        **{
            f"F17 {name}.csv": Fault(with_row(f"F17 {name}", f"2026-11-02T09:30:00Z,bot,m,1,{cost}"), 5, 1, "cost_usd")
            for name, cost in odd.items()
        },
        "F17 digits.csv": Fault(with_row("F17 d", "2026-11-02T09:30:00Z,bot,m,12345678901234567890,1"), 5, 1, "input_tokens"),
        "F17 points.csv": Fault(with_row("F17 p", "2026-11-02T09:30:00Z,bot,m,1.000,1"), 5, 1, "input_tokens"),
        **{
            f"F18 {name}.csv": Fault(with_row(f"F18 {name}", f"{at},bot,m,1,1"), 5, 1, "occurred_at")
            for name, at in {"order": "03/04/2026", "millis": "1793610000000", "month": "2026-11", "nothing": ""}.items()
        },
        "F18 offsets.csv": Fault(with_row("F18 o", "2026-11-02T09:30:00+05:30,bot,m,1,1"), calls=6),
        "F19 padded.csv": Fault(events("F19 p", header=" Occurred At ,APP, Model,Input-Tokens ,cost_usd\n").encode(), calls=5),
        "F19 twice.csv": Fault(
            events("F19 t", header="occurred_at,app,Model,model,cost_usd\n").encode(), rejected=5, why="names a column twice"
        ),
        "F19 missing.csv": Fault(
            events("F19 m", header="occurred_at,bot,model,input_tokens,cost_usd\n").encode(), refused=True, why="table of usage"
        ),
        "F19 more.csv": Fault("".join(f"{one},x\n" for one in events("F19 n").splitlines()).encode(), calls=5),
        "F20 short.csv": Fault(with_row("F20 s", "2026-11-02T09:30:00Z,bot,m,1"), 5, 1, "fewer columns"),
        "F20 long.csv": Fault(with_row("F20 l", "2026-11-02T09:30:00Z,bot,m,1,1,1"), 5, 1, "more columns"),
        "F21 far down.csv": Fault(_far_down(), calls=30_000, rejected=1, why="input_tokens"),
        **{f"F22 {name}.jsonl": fault for name, fault in broken_lines().items()},
    }


def _far_down() -> bytes:
    rows = [f"2026-11-02T09:00:00Z,F21 {number},m,{number},0.1" for number in range(30_000)]
    return (HEADER + "\n".join([*rows, "2026-11-02T09:00:00Z,F21,m,many,0.1"]) + "\n").encode()


def broken_lines() -> dict[str, Fault]:
    """JSON Lines with three whole events and one line that is not."""

    def around(name: str, between: bytes) -> bytes:
        return b"\n".join([line(name, 1), line(name, 2), between, line(name, 3)]) + b"\n"

    deep = b"[" * 20_000 + b"]" * 20_000
    return {
        "long": Fault(around("F22 long", line("F22 long", 4, note="x" * (1 << 20))), calls=4),
        "longer": Fault(around("F22 longer", line("F22 longer", 4, note="x" * (20 << 20))), calls=4),
        "nul": Fault(around("F22 nul", b"\0" * 900 + line("F22 nul", 4)), calls=4),
        "only nul": Fault(around("F22 only nul", b"\0" * 900), 3, 1, "NUL"),
        "splice": Fault(around("F22 splice", line("F22 splice", 4)[:30] + line("F22 splice", 5)), calls=4),
        "no newline": Fault(around("F22 joined", line("F22 joined", 4) + line("F22 joined", 5)), calls=5),
        "tail": Fault(around("F22 tail", line("F22 tail", 4)) + line("F22 tail", 5)[:40], 4, 1, "cut off"),
        "bom": Fault(b"\xef\xbb\xbf" + around("F22 bom", line("F22 bom", 4)), calls=4),
        "bytes": Fault(around("F22 bytes", b'{"occurred_at": "\xff\xfe", "app": "x"}'), 3, 1, "UTF-8"),
        "surrogate": Fault(around("F22 sur", b'{"occurred_at": "2026-11-02T10:00:00Z", "app": "\\ud800"}'), 3, 1),
        "deep": Fault(around("F22 deep", b'{"occurred_at": "2026-11-02T10:00:00Z", "app": ' + deep + b"}"), 3, 1),
        "twice": Fault(
            around("F22 twice", b'{"occurred_at": "2026-11-02T10:00:00Z", "app": "a", "App": "b"}'), 3, 1, "same column twice"
        ),
    }


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Fault], Receipt]:
    """All files, imported at once."""
    folder, known = tmp_path_factory.mktemp("faults"), faults()
    paths = []
    for name, fault in known.items():
        (folder / name).write_bytes(fault.content)
        paths.append(folder / name)
    store = new(folder / "database")
    receipt = ingest.import_paths(store, paths)
    assert not list((folder / "database").glob(".staging-*")), "copies are left behind"
    assert not list(folder.rglob("evil.csv"))
    store.close()
    return known, receipt


def of(name: str, fault: Fault, receipt: Receipt) -> list[FileReceipt]:
    """What was read of a file, or of what lies in it."""
    inside = {"F13 traversal.zip": "evil.csv", "F13 link.zip": "a.csv", "F14 mislabelled.csv": "F14 mislabelled.csv"}
    return [one for one in receipt.files if one.name == inside.get(name, name)]


@pytest.mark.parametrize("name", faults())
def test_a_file_with_a_fault_is_read_right_or_refused_with_the_reason(
    name: str, imported: tuple[dict[str, Fault], Receipt]
) -> None:
    known, receipt = imported
    fault, read = known[name], of(name, known[name], receipt)
    reasons = [reason for one in read for _, reason in one.rejects] + [one.reason for one in receipt.unread]
    if fault.refused:
        assert read == []
        inside = "b.zip" if name == "F13 nested.zip" else name.removesuffix(".gz")
        assert any(fault.why in one.reason for one in receipt.unread if inside in one.reason or "c.zip" in one.reason), (
            receipt.unread
        )
        return
    (one,) = read
    assert (one.events_new + one.events_duplicate, one.rejected) == (fault.calls, fault.rejected), one.rejects
    assert one.lines >= one.lines_other + one.salvaged + one.rejected
    assert any(fault.why in reason for reason in reasons)


def test_what_fails_costs_no_other_file(imported: tuple[dict[str, Fault], Receipt]) -> None:
    known, receipt = imported
    assert len(receipt.files) == sum(not fault.refused for fault in known.values())
    assert receipt.events_total == sum(fault.calls for fault in known.values())


# F23, F24: a transcript that changes while it is synced


def synced(folder: Path) -> tuple[Callable[[], int], Path]:
    """A sync of a folder with one transcript of two calls; each time it says how many calls the database holds then."""
    place = folder / "projects" / "garden"
    place.mkdir(parents=True)
    file = place / "one.jsonl"
    file.write_bytes(text(prompt(), call("a", 1), call("b", 2)))
    store = new(folder / "database")
    return (lambda: ingest.sync(store, [folder / "projects"]).events_total), file


@pytest.mark.parametrize(
    ("what", "calls"), [("incomplete", 3), ("truncated", 2), ("rewritten", 3), ("rotated", 3), ("replaced by a link", 3)]
)
def test_a_file_that_changes_between_two_syncs_is_neither_lost_nor_counted_twice(tmp_path: Path, what: str, calls: int) -> None:
    sync, file = synced(tmp_path)
    assert sync() == 2
    third = text(call("c", 3))
    if what == "incomplete":
        file.write_bytes(file.read_bytes() + third[: len(third) // 2])
        assert sync() == 2, "a line that is still being written is left for the next sync"
        file.write_bytes(file.read_bytes() + third[len(third) // 2 :])
    elif what == "truncated":
        file.write_bytes(text(prompt(), call("a", 1)))
    elif what == "rewritten":
        same = text(prompt(), call("a", 1), call("c", 2))
        assert len(same) == file.stat().st_size
        file.unlink()
        file.write_bytes(same)
    elif what == "rotated":
        file.rename(file.with_name("one-old.jsonl"))
        file.write_bytes(third)
    else:
        secret = tmp_path / "secret.jsonl"
        secret.write_bytes(third)
        file.unlink()
        file.symlink_to(secret)
    assert sync() == calls
    assert sync() == calls
