"""Rows of a delimited file, and the account of its lines, however the file was written or damaged."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from usage_analytics.errors import UnreadableFile
from usage_analytics.importers import delimited
from usage_analytics.importers.delimited import header, read_rows
from usage_analytics.importers.sink import Account, Opened, Sink


class Read:
    """A file's rows as (line, cells), and its account."""

    def __init__(self, path: Path) -> None:
        sink = Sink(path.parent)
        self.account: Account = sink.begin(1)
        self.rows: list[tuple[int, dict[str, str]]] = []
        for batch in read_rows(Opened(path, path.name, 1), sink):
            self.rows += zip(batch.lines, batch.table.to_pylist(), strict=True)

    @property
    def cells(self) -> list[list[str]]:
        return [list(row.values()) for _, row in self.rows]

    @property
    def lines(self) -> list[int]:
        return [line for line, _ in self.rows]

    @property
    def rejects(self) -> dict[int | None, str]:
        return dict(self.account.rejects)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "file.csv"


def read(file: Path, content: str | bytes) -> Read:
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return Read(file)


def test_cells_are_text_as_written(file: Path) -> None:
    assert read(file, "a,b\n1.000, NA\n,null\n").cells == [["1.000", " NA"], ["", "null"]]


def test_a_header_is_compared_without_case_padding_and_mark() -> None:
    assert header('\ufeff Occurred At ,"APP",Cost-USD\r\n1,2,3'.encode()) == ("occurred_at", "app", "cost_usd")


@pytest.mark.parametrize("start", [b'{"a":1,"b":2}\n', b"[1,2]\n", b"word\n", b"", b"\n\n"])
def test_what_is_no_table_has_no_header(start: bytes) -> None:
    assert header(start) == ()


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_header_says_what_divides_the_cells(file: Path, delimiter: str) -> None:
    assert read(file, "a,b\n1,2\n".replace(",", delimiter)).cells == [["1", "2"]]


@pytest.mark.parametrize("content", ["a,b\r\n1,2\r\n3,4\r\n", "a,b\r1,2\r3,4\r", "a,b\n1,2\r\n3,4\r", "\ufeffa,b\n1,2\n3,4"])
def test_newlines_of_every_kind_end_a_line(file: Path, content: str) -> None:
    found = read(file, content)
    assert found.cells == [["1", "2"], ["3", "4"]]
    assert found.lines == [2, 3]


def test_a_quoted_newline_belongs_to_its_record_and_its_lines_are_counted(file: Path) -> None:
    found = read(file, 'a,b\n1,"two\r\nlines, ""quoted"""\n3,4\n')
    assert found.cells == [["1", 'two\nlines, "quoted"'], ["3", "4"]]
    assert found.lines == [2, 4]
    assert found.account.lines == 4


def test_an_unclosed_quote_costs_its_own_line_alone(file: Path) -> None:
    found = read(file, 'a,b\n1,"open\n3,4\n5,6\n')
    assert found.cells == [["3", "4"], ["5", "6"]]
    assert list(found.rejects) == [2]


def test_stray_quotes_in_many_lines_cost_those_lines_alone(file: Path) -> None:
    found = read(file, "a,b\n" + '1,"x" y\n2,ok\n3,"open\n' * 100)
    assert found.cells == [["2", "ok"]] * 100
    assert found.account.rejected == 200
    assert found.account.lines == 301


def test_a_quote_inside_an_unquoted_cell_is_a_character(file: Path) -> None:
    assert read(file, 'a,b\n1,5" disk\n').cells == [["1", '5" disk']]


def test_short_and_long_rows_are_rejected_by_number(file: Path) -> None:
    found = read(file, "a,b,c\n1,2\n1,2,3\n1,2,3,4\n")
    assert found.lines == [3]
    assert "fewer" in found.rejects[2]
    assert "more" in found.rejects[4]


def test_empty_cells_beyond_the_last_column_are_no_fault(file: Path) -> None:
    assert read(file, "a,b\n1,2,,\n").cells == [["1", "2"]]


def test_blank_lines_and_a_repeated_header_are_neither_rows_nor_faults(file: Path) -> None:
    found = read(file, "\n a ,b\n1,2\n\n,\n a ,b\n3,4\n  \n")
    assert found.lines == [3, 7]
    assert (found.account.lines, found.account.other, found.account.rejected) == (8, 6, 0)


def test_nul_and_bytes_that_are_not_utf_8_are_rejected_by_number(file: Path) -> None:
    found = read(file, b"a,b\n1,\0\n2,\xe9\n3,\xc3\xa9\n")
    assert found.cells == [["3", "é"]]
    assert "NUL" in found.rejects[2]
    assert "UTF-8" in found.rejects[3]


def test_a_column_that_is_named_twice_is_read_where_the_two_agree(file: Path) -> None:
    found = read(file, "a,b,A\n1,x,1\n1,x,\n,x,1\n1,x,2\n")
    assert [row for _, row in found.rows] == [{"a": "1", "b": "x"}] * 3
    assert list(found.rejects) == [5]


def test_a_file_without_a_header_is_refused(file: Path) -> None:
    with pytest.raises(UnreadableFile, match="no header"):
        read(file, "\n\n")


LINES = st.sampled_from(["1,2", 'q,"a,b"', '"multi\nline",2', "", "a,b", "1", "1,2,3", '1,"open', "é,2", "1,\0", '"x"y,1', " , "])


@settings(max_examples=150, deadline=None)
@given(st.lists(LINES, max_size=40))
def test_every_line_is_accounted_for_and_block_size_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str]
) -> None:
    path = tmp_path_factory.mktemp("lines") / "file.csv"
    path.write_text("\n".join(["a,b", *lines, ""]), encoding="utf-8", newline="")
    whole = Read(path)
    spans = {line: row["a"].count("\n") + row["b"].count("\n") + 1 for line, row in whole.rows}
    assert whole.account.lines == path.read_bytes().count(b"\n")
    assert whole.account.lines == sum(spans.values()) + whole.account.other + whole.account.rejected
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(delimited, "BLOCK_BYTES", 7)
        pieces = Read(path)
    assert pieces.rows == whole.rows
    assert pieces.account == whole.account


def test_a_row_of_nothing_is_passed_over_at_the_beginning_too(file: Path) -> None:
    found = read(file, "a,b\n,\n1,2\n")
    assert (found.cells, found.account.other) == ([["1", "2"]], 2)


def test_a_record_of_several_lines_is_given_up_once_it_is_longer_than_any(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delimited, "LONGEST_RECORD_CHARACTERS", 100)
    long, short = ("x" * length for length in (60, 20))
    assert read(file, f'a,b\n1,"{short}\n{short}\n{short}"\n').lines == [2]
    found = read(file, f'a,b\n1,"{short}\n{long}\n{long}\n2"\n3,4\n')
    assert (found.lines, found.rejects.keys()) == ([6], {2, 3, 4, 5})
