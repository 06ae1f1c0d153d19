"""Feed every importer generated damage: `./dev fuzz [FORMAT…] --minutes N`.

An input is an example of the format whose tree of values is changed by a grammar (other types, extreme numbers, missing and repeated
keys), written in another dress, and then damaged as bytes. A reader may refuse it in a sentence. It must not fail otherwise, must account
for every line, must not invent negative or endless figures, must read the same twice, and a line of junk behind it must change no event.
What fails goes into tests/campaign/inputs, where a test of the normal suite reads it again for good.
"""

from __future__ import annotations

import argparse
import copy
import csv
import hashlib
import io
import json
import math
import resource
import signal
import subprocess
import sys
import tempfile
import time
from codecs import BOM_UTF8
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import pyarrow.parquet as pq
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests.campaign.examples import examples
from tests.campaign.frame import HERE, PROJECT, environment
from usage_analytics.errors import UnreadableFile
from usage_analytics.events import TABLES
from usage_analytics.importers import NAMES, importer
from usage_analytics.importers.sink import Account, Head, Opened, Sink

INPUTS: Final = HERE / "inputs"
MEMORY: Final = 4 << 30
INPUT_SECONDS: Final = 10
ROUND: Final = 150
LARGEST: Final = 60_000  # bytes of an example that are used, so that many inputs fit into a minute
JUNK: Final = b"\x7b broken \x00 junk\n"

NASTY: Final[tuple[Any, ...]] = (
    None,
    True,
    False,
    0,
    -1,
    1,
    2**31,
    2**53 + 1,
    2**63,
    2**64,
    -(2**63) - 1,
    10**30,
    10**400,
    0.1,
    -0.0,
    1e308,
    -1e-308,
    float("nan"),
    float("inf"),
    "",
    " ",
    "0",
    "-5",
    "1e3",
    "1.000",
    "1,000.5",
    "NaN",
    "\u0661\u0662",
    "null",
    "2026-13-01",
    "2026-02-29T25:61:61Z",
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59+14:00",
    "1969-12-31",
    "1790000000",
    1790000000123,
    17900000000000000000,
    "\ud800",
    "\u202egpj",
    "x" * 5000,
    "\x00",
    "a\nb",
    '"',
    [],
    {},
    [[]],
    [None],
    {"": None},
    [[[[[[[[]]]]]]]],
    {"input_tokens": 5},
    ["a", 1, {}],
    "claude-opus-4-6",
    "synthetic",
    "<synthetic>",
)
BYTES: Final = (
    b"\x00",
    b"\x00" * 40,
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\xed\xa0\x80",
    b"\r",
    b"\n",
    b"\r\n",
    b"\n\n\n",
    b'"',
    b"'",
    b"{",
    b"}",
    b"[" * 3000,
    b"]",
    b",",
    b",,,,",
    b"\t",
    b";",
    b"\\",
    b"\\ud800",
    b"-",
    b"e999",
    b"Infinity",
    b"NaN",
    b"\x1a",
    b"\xe2\x80\xa8",
    b"PK\x03\x04",
    b"\x1f\x8b\x08",
    b"PAR1",
    b"9" * 400,
)


@dataclass(frozen=True)
class Finding:
    """What a reader made of an input."""

    account: Account
    rows: dict[str, list[dict[str, Any]]]
    refused: str | None


def main() -> int:
    """Fuzz the formats that are asked for, one after the other; 1 when something failed."""
    asked = argparse.ArgumentParser(prog="./dev fuzz", description=__doc__.split("\n")[0])
    asked.add_argument("formats", nargs="*", metavar="FORMAT", help=", ".join(NAMES))
    asked.add_argument("--minutes", type=float, default=1, help="of each format; 1 when left out")
    asked.add_argument("--seed", type=int, default=None, help="begin with this one; another one each day when left out")
    asked.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    options = asked.parse_args()
    if unknown := set(options.formats) - set(NAMES):
        raise SystemExit(f"{', '.join(sorted(unknown))} is no format; there are {', '.join(NAMES)}.")
    first = options.seed if options.seed is not None else int(time.time() // 86400)
    if options.one:
        print(json.dumps(hunt(options.formats[0], options.minutes * 60, first)))
        return 0
    failed = 0
    for name in options.formats or NAMES:
        result = fuzzed(name, options.minutes * 60, first)
        failed += bool(result.get("fault"))
        print(told(name, result), flush=True)
    return int(failed > 0)


def fuzzed(name: str, seconds: float, first: int = 0) -> dict[str, Any]:
    """Hunt in a process of its own under a limit of memory: how many inputs, how many were refused, and the first fault with its file."""
    given = [sys.executable, "-m", "tests.campaign.fuzz", name, "--one", "--minutes", str(seconds / 60), "--seed", str(first)]
    ran = subprocess.run(
        given, cwd=PROJECT, env=environment(), capture_output=True, text=True, timeout=seconds + 240, check=False
    )
    if ran.returncode:
        return {"inputs": 0, "fault": f"the process ended with {ran.returncode}: {ran.stderr[-600:]}"}
    found: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    return found


def told(name: str, result: dict[str, Any]) -> str:
    """One line about a format."""
    if result.get("fault"):
        return f"{name:18} {result['inputs']:6} inputs: {result['fault']} ({result.get('file', 'no file')})"
    return (
        f"{name:18} {result['inputs']:6} inputs, {result['refused']} of them refused or of no format, "
        f"slowest {result['slowest']:.2f} s of processor time: nothing wrong"
    )


def hunt(name: str, seconds: float, first: int) -> dict[str, Any]:
    """Try generated inputs until the time is over or one fails; a failing one is made small and kept."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    shapes = [(path.name, one) for path in examples()[name] if (one := shape(path)) is not None]
    if not shapes:
        return {"inputs": 0, "refused": 0, "slowest": 0.0}
    counts, until, smallest = {"inputs": 0, "refused": 0, "slowest": 0.0}, time.monotonic() + seconds, b""
    number = first
    while time.monotonic() < until:

        @seed(number)
        @settings(
            max_examples=ROUND,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate, Phase.shrink],
            print_blob=False,
            report_multiple_bugs=False,
        )
        @given(st.data())
        def one(data: st.DataObject) -> None:
            nonlocal smallest
            file, made = data.draw(st.sampled_from(shapes))
            smallest = content = written(data, made)
            begun = time.process_time()
            found = judge(name, content, file)
            counts["inputs"] += 1
            counts["refused"] += found.refused is not None
            counts["slowest"] = max(counts["slowest"], time.process_time() - begun)

        try:
            one()
        except (Exception, Slow) as fault:  # noqa: BLE001  whatever it is, it is what we look for
            INPUTS.mkdir(exist_ok=True)
            kept = INPUTS / f"{name}-{hashlib.sha256(smallest).hexdigest()[:10]}.bin"
            kept.write_bytes(smallest)
            return counts | {"fault": f"{type(fault).__name__}: {str(fault)[:300]}", "file": kept.name, "seed": number}
        number += 1
    return counts


def judge(name: str, content: bytes, file: str = "one") -> Finding:
    """Read the input, called `file`, and hold the reader to its promises. Raises what it raises, AssertionError for a broken one."""
    signal.signal(signal.SIGVTALRM, too_slow)
    signal.setitimer(signal.ITIMER_VIRTUAL, INPUT_SECONDS)
    try:
        head = Head(file, content.removeprefix(BOM_UTF8)[: 64 << 10])
        claims = {other for other in NAMES if importer(other).claims(head)}
        if name not in claims:
            return Finding(Account(), {}, "not claimed")
        found = read(name, content, file)
        assert found == read(name, content, file), "it reads differently the second time"
        account = found.account
        assert min(account.lines, account.other, account.salvaged, account.rejected) >= 0, account
        assert account.other + account.salvaged + account.rejected <= account.lines or found.refused, (
            f"lines don't add up: {account}"
        )
        assert len(account.rejects) <= account.rejected
        for table, rows in found.rows.items():
            for row in rows:
                sane(table, row)
        if found.refused is None and content.endswith(b"\n") and content.lstrip()[:1] == b"{" and content.count(b"\n") > 1:
            more = read(name, content + JUNK, file)
            assert more.refused is not None or more.rows == found.rows, "a line of junk behind it changed an event"
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    return found


def read(name: str, content: bytes, file: str = "one") -> Finding:
    """What the importer makes of the bytes."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "content"
        path.write_bytes(content)
        sink, refused = Sink(Path(folder)), None
        account = sink.begin(0)
        try:
            importer(name).read(Opened(path, file, 0, dated=datetime(2026, 11, 1)), sink)
        except UnreadableFile as reason:
            refused = str(reason)
        sink.flush()
        found = (
            {
                table: [
                    row for part in sorted(Path(folder).glob(f"{table}-*.parquet")) for row in pq.read_table(part).to_pylist()
                ]
                for table in TABLES
            }
            if refused is None
            else {}
        )
    return Finding(account, found, refused)


def sane(table: str, row: dict[str, Any]) -> None:
    """No figure of a row is negative, endless or absurd, and no time lies outside the calendar's common part."""
    for column, value in row.items():
        if isinstance(value, float):
            assert math.isfinite(value), f"{table}.{column} is {value}"
        if column.endswith("_tokens") and isinstance(value, int):
            assert 0 <= value < 1 << 62, f"{table}.{column} is {value}"
        if isinstance(value, datetime):
            assert 1900 < value.year < 9999, f"{table}.{column} is {value}"


class Slow(BaseException):
    """One input took too long; nobody makes it smaller, since that would take longer still."""


def too_slow(*_: object) -> None:
    """One input has had its time."""
    raise Slow(f"more than {INPUT_SECONDS} s of processor time for one input")


# What an example is made of, and how it is changed.

Shape = tuple[str, Any]  # "json", "lines" or "table" with its tree; "bytes" with the content


def shape(path: Path) -> Shape | None:
    """The example as a tree of values, or as bytes where it is no text; None where it is empty."""
    content = path.read_bytes()[:LARGEST]
    if not content:
        return None
    try:
        return "json", json.loads(content)
    except ValueError:
        pass
    try:
        lines = [
            json.loads(line) for line in content.splitlines() if line.strip().startswith(b"{") and line.strip().endswith(b"}")
        ]
        if lines:
            return "lines", lines[:40]
        text = content.decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(text)))
        return "table", rows[:30]
    except ValueError:
        return "bytes", content


def written(data: st.DataObject, made: Shape) -> bytes:
    """A changed example as bytes."""
    kind, tree = made
    if kind == "bytes":
        return damaged(data, tree)
    tree = copy.deepcopy(tree)
    for _ in range(data.draw(st.integers(0, 4))):
        changed(data, tree)
    content = {"json": as_json, "lines": as_lines, "table": as_table}[kind](data, tree)
    return damaged(data, content) if data.draw(st.integers(0, 2)) == 0 else content


def changed(data: st.DataObject, tree: Any) -> None:
    """Change one place of the tree: another value, none, twice, or in another order."""
    place = tree
    for _ in range(data.draw(st.integers(1, 9))):
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        if not keys:
            return
        key = data.draw(st.sampled_from(keys))
        if not isinstance(place[key], dict | list) or not place[key]:
            break
        place = place[key] if data.draw(st.integers(0, 5)) else place
    keys = list(place) if isinstance(place, dict) else list(range(len(place)))
    if not keys:
        return
    key = data.draw(st.sampled_from(keys))
    how = data.draw(st.integers(0, 4))
    if how == 0:
        del place[key]
    elif how == 1 and isinstance(place, list):
        place.insert(key, copy.deepcopy(place[key]))
    elif how == 1:
        place[data.draw(st.text(max_size=8))] = copy.deepcopy(place[key])
    else:
        place[key] = copy.deepcopy(data.draw(st.sampled_from(NASTY)))


def as_json(data: st.DataObject, tree: Any) -> bytes:
    """One document, compact or laid out."""
    dress: dict[str, Any] = data.draw(st.sampled_from([{}, {"indent": 1}, {"separators": (",", ":")}, {"ensure_ascii": False}]))
    return json.dumps(tree, **dress).encode("utf-8", "surrogatepass")


def as_lines(data: st.DataObject, tree: Any) -> bytes:
    """A line each."""
    end = data.draw(st.sampled_from([b"\n", b"\n", b"\r\n", b"\n\n"]))
    return b"".join(as_json(data, line).replace(b"\n", b" ") + end for line in tree)


def as_table(data: st.DataObject, tree: Any) -> bytes:
    """A table, divided and quoted in some way."""
    out = io.StringIO()
    style = data.draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONE]))
    rows = csv.writer(
        out,
        delimiter=data.draw(st.sampled_from(",,,;\t|")),
        quoting=style,
        escapechar="\\",
        lineterminator=data.draw(st.sampled_from(["\n", "\r\n", "\r"])),
    )
    with suppress(csv.Error):  # what can't be written in this dress ends the table
        rows.writerows(row if isinstance(row, list) else [row] for row in tree)
    encoding = data.draw(st.sampled_from(["utf-8", "utf-8", "utf-8", "utf-8-sig"]))
    return out.getvalue().encode(encoding, "surrogatepass")


def damaged(data: st.DataObject, content: bytes) -> bytes:
    """One to four faults in the bytes."""
    found = bytearray(content)
    acts: list[Callable[[bytearray, int], None]] = [
        lambda held, at: held.__setitem__(slice(at, at), data.draw(st.sampled_from(BYTES))),
        lambda held, at: held.__setitem__(slice(at, at + data.draw(st.integers(1, 300))), b""),
        lambda held, at: held.__setitem__(slice(at, None), b""),
        lambda held, at: held.__setitem__(slice(at, at), held[at : at + data.draw(st.integers(1, 500))]),
        lambda held, at: held.__setitem__(slice(at, at + 1), bytes([data.draw(st.integers(0, 255))])),
    ]
    for _ in range(data.draw(st.integers(1, 4))):
        data.draw(st.sampled_from(acts))(found, data.draw(st.integers(0, max(0, len(found) - 1))))
    return bytes(found)


if __name__ == "__main__":
    sys.exit(main())
