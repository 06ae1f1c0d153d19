"""Tables of usage in any form that programs and people write, with what they hold known beforehand; and what an import makes of them."""

from __future__ import annotations

import csv
import io
import json
import tempfile
import zipfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Final
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

import msgspec
import pyarrow.parquet as pq

from usage_analytics.importers.mapped.proposal import Proposal, Wishes
from usage_analytics.importers.mapped.questions import answered
from usage_analytics.importers.sink import Account, Sink
from usage_analytics.ingest import worker
from usage_analytics.ingest.tasks import Done, Task
from usage_analytics.ingest.unpack import unpack
from usage_analytics.ingest.unpacked import Unpacked


@dataclass(frozen=True)
class Use:
    """One call as it was: the truth."""

    at: datetime  # naive UTC
    model: str
    sent: int
    answered: int
    cost: Decimal


def uses(
    count: int = 24, start: datetime = datetime(2026, 3, 9, 9, 17, 5), step: timedelta = timedelta(hours=7, minutes=13)
) -> list[Use]:
    """Calls over some days, with amounts and counts of one to five digits."""
    models = ("claude-opus-5-5", "claude-sonnet-4-5", "claude-haiku-4-5")
    return [
        Use(start + number * step, models[number % 3], 900 + 1371 * number, 12 + 77 * number, Decimal(137 * number + 5) / 100)
        for number in range(count)
    ]


Cell = Callable[[Any], str]


@dataclass(frozen=True)
class Writing:
    """How a table is written down."""

    header: Sequence[str] = ("Timestamp", "Model", "Input tokens", "Output tokens", "Cost (USD)")
    time: Cell = lambda at: f"{at.isoformat()}Z"
    amount: Cell = lambda cost: f"{cost:.2f}"
    count: Cell = str
    delimiter: str = ","
    newline: str = "\n"
    quoting: Any = csv.QUOTE_MINIMAL

    def rows(self, truth: Sequence[Use]) -> list[list[str]]:
        """The cells, without the header."""
        return [
            [self.time(one.at), one.model, self.count(one.sent), self.count(one.answered), self.amount(one.cost)] for one in truth
        ]

    def text(self, truth: Sequence[Use], *, above: str = "", below: Sequence[Sequence[str]] = ()) -> str:
        """The table as delimited text."""
        return above + delimited([list(self.header), *self.rows(truth), *below], self)


def delimited(rows: Sequence[Sequence[str]], how: Writing = Writing()) -> str:
    """Rows as delimited text."""
    text = io.StringIO()
    csv.writer(text, delimiter=how.delimiter, lineterminator=how.newline, quoting=how.quoting).writerows(rows)
    return text.getvalue()


def local(zone: str, form: str) -> Cell:
    """A moment as a clock of the zone shows it."""
    return lambda at: at.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).strftime(form)


def german(number: Any, places: int = 2) -> str:
    """1.234,50"""
    text = f"{number:,.{places}f}" if places else f"{number:,}"
    return text.translate(str.maketrans(",.", ".,"))


def workbook(
    sheets: Mapping[str, Sequence[Sequence[Any]]], *, number_format: str = "General", hidden: Sequence[str] = ()
) -> bytes:
    """An Excel workbook: numbers are numbers (in that format), datetimes are days that Excel counts, all else is text."""
    schemas = "http://schemas.openxmlformats.org"
    main, rel = f"{schemas}/spreadsheetml/2006/main", f"{schemas}/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    numbers = range(1, len(sheets) + 1)
    styles = (
        f'<styleSheet xmlns="{main}"><numFmts count="2"><numFmt numFmtId="164" formatCode="{escape(number_format, {chr(34): "&quot;"})}"/>'
        '<numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd hh:mm:ss"/></numFmts><fonts><font/></fonts><fills><fill/></fills>'
        "<borders><border/></borders><cellStyleXfs><xf/></cellStyleXfs>"
        '<cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="165"/></cellXfs></styleSheet>'
    )
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="rels" ContentType='
        '"application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{kind}.styles+xml"/>'
        + "".join(f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{kind}.worksheet+xml"/>' for n in numbers)
        + "</Types>",
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" Type="{rel}/officeDocument"'
        ' Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{rel}"><sheets>'
        + "".join(
            f'<sheet name="{escape(name)}" sheetId="{n}" state="{"hidden" if name in hidden else "visible"}" r:id="rId{n}"/>'
            for n, name in zip(numbers, sheets, strict=True)
        )
        + "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">'
        + "".join(f'<Relationship Id="rId{n}" Type="{rel}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in numbers)
        + f'<Relationship Id="styles" Type="{rel}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": styles,
    }
    for n, rows in zip(numbers, sheets.values(), strict=True):
        body = "".join(
            f'<row r="{y}">{"".join(_cell(x, y, value) for x, value in enumerate(row))}</row>' for y, row in enumerate(rows, 1)
        )
        parts[f"xl/worksheets/sheet{n}.xml"] = f'<worksheet xmlns="{main}"><sheetData>{body}</sheetData></worksheet>'
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, '<?xml version="1.0" encoding="UTF-8"?>' + text)
    return packed.getvalue()


def _cell(x: int, y: int, value: Any) -> str:
    place = f"{chr(65 + x)}{y}"
    if value is None or value == "":
        return ""
    if isinstance(value, bool | str):
        return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(str(value))}</t></is></c>'
    if isinstance(value, datetime):
        return f'<c r="{place}" s="2"><v>{(value - datetime(1899, 12, 30)) / timedelta(days=1)!r}</v></c>'
    return f'<c r="{place}" s="1"><v>{value}</v></c>'


@dataclass
class Outcome:
    """What an import made of one file: its rows, the account of its lines, or what it asked."""

    done: list[Done]
    rows: list[dict[str, Any]]
    proposals: list[Proposal] = field(default_factory=list)

    @property
    def asked(self) -> set[str]:
        """The fields that questions are about."""
        return {question.about for one in self.proposals for question in one.questions}

    @property
    def unread(self) -> list[str]:
        return [one.unread for one in self.done if one.unread is not None]

    @property
    def rejected(self) -> int:
        return sum(one.rejected for one in self.done)

    @property
    def reasons(self) -> list[str]:
        return [reason for one in self.done for _, reason in one.rejects]

    @property
    def found(self) -> Counter[tuple[Any, ...]]:
        """The rows as facts: time, model, tokens sent and answered, nano-dollars."""
        names = ("occurred_at", "model_raw", "input_tokens", "output_tokens", "reported_cost_nanos")
        return Counter(tuple(row[name] for name in names) for row in self.rows)


def facts(truth: Sequence[Use], rate: Decimal = Decimal(1)) -> Counter[tuple[Any, ...]]:
    """The truth in the same form."""
    return Counter((one.at, one.model, one.sent, one.answered, int((one.cost * rate).scaleb(9))) for one in truth)


AUTO: Final = Wishes(auto=True)


def read(content: bytes, name: str = "gateway.csv", wishes: Wishes = AUTO) -> Outcome:
    """Read a file as the child process does."""
    with tempfile.TemporaryDirectory() as place:
        path, folder = Path(place) / "upload", Path(place) / "parts"
        path.write_bytes(content)
        folder.mkdir()
        sink = Sink(folder)
        task = Task(0, str(path), name, wishes=msgspec.Raw(msgspec.json.encode(wishes)))
        done: list[Done] = []
        try:
            for number, found in enumerate(unpack(path, folder / "spool", name=name)):
                done.append(
                    worker._read(task, found, sink, number)
                    if isinstance(found, Unpacked)
                    else Done(found.name, unread=found.reason)
                )
                if isinstance(found, Unpacked):
                    found.discard()
        except worker.UnreadableFile as error:
            done.append(Done(name, unread=str(error)))
        sink.flush()
        left = [one.name for one in (folder / "spool").iterdir()] if (folder / "spool").exists() else []
        assert left == [], "copies are left behind"
        rows = [row for part in sorted(folder.glob("observation-*.parquet")) for row in pq.read_table(part).to_pylist()]
    proposals = [msgspec.json.decode(one.proposal, type=Proposal) for one in done if bytes(one.proposal) != b"null"]
    return Outcome(done, rows, proposals)


def read_with(content: bytes, name: str, answers: Mapping[str, Any]) -> Outcome:
    """Read a file, answer what is asked, and read it again with the answers, until nothing is left to ask."""
    outcome, wishes = read(content, name), Wishes(auto=True)
    for _ in range(5):
        if not outcome.asked & answers.keys():
            break
        tried = []
        for one in outcome.proposals:
            mapping = one.mapping
            for question in one.questions:
                if question.about in answers:
                    mapping = answered(mapping, question.about, answers[question.about])
            tried.append(mapping)
        wishes = replace_kept(wishes, tried)
        outcome = read(content, name, wishes)
    return outcome


def replace_kept(wishes: Wishes, kept: list[Any]) -> Wishes:
    """The same wishes with these mappings kept."""
    return msgspec.structs.replace(wishes, kept=kept)


def json_rows(header: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """A JSON array of objects."""
    return json.dumps([dict(zip(header, row, strict=True)) for row in rows])


__all__ = ["Account", "Outcome", "Use", "Writing", "replace"]
