"""The small changes that can be made to a file: Python by its syntax tree, SQL by its tokens."""

from __future__ import annotations

import ast
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from itertools import pairwise
from pathlib import Path
from typing import Final

import duckdb

PYTHON: Final = {
    "+": ("-",), "-": ("+",), "*": ("/",), "/": ("*",), "//": ("*",),
    "+=": ("-=",), "-=": ("+=",),
    "<": ("<=", ">="), "<=": ("<", ">"), ">": (">=", "<="), ">=": (">", "<"), "==": ("!=",), "!=": ("==",),
    "and": ("or",), "or": ("and",), "min": ("max",), "max": ("min",), "True": ("False",), "False": ("True",),
}  # fmt: skip
SQL: Final = {
    "+": ("-",), "-": ("+",), "*": ("/",), "/": ("*",), "//": ("*",),
    "<": ("<=", ">="), "<=": ("<", ">"), ">": (">=", "<="), ">=": (">", "<"), "=": ("<>",), "<>": ("=",),
    "and": ("or",), "or": ("and",), "true": ("false",), "false": ("true",),
    "min": ("max",), "max": ("min",), "arg_min": ("arg_max",), "arg_max": ("arg_min",),
    "least": ("greatest",), "greatest": ("least",), "bool_and": ("bool_or",), "bool_or": ("bool_and",),
}  # fmt: skip
GUARDS: Final = {"strict", "frozen", "slots", "kw_only", "check", "maxsize", "exist_ok", "missing_ok", "ignore_errors", "gc"}
TOKEN: Final = re.compile(
    r"--[^\n]*|'(?:[^']|'')*'|\"[^\"]*\"|\$?\w+(?:\.\d+)?|->>?|=>|:=|::|>>|<<|<>|!=|<=|>=|//|\|\||[^\w\s]|\s+"
)


@dataclass(frozen=True)
class Change:
    """One change to one place of a file."""

    path: str
    start: int  # in characters from the file's beginning
    before: str
    after: str
    line: int
    text: str  # the line it is on, without indentation

    @property
    def what(self) -> str:
        """The change in words, as equivalents are listed."""
        return f"{self.before or 'nothing'} → {self.after or 'nothing'}"

    def applied(self, source: str) -> str:
        """The file with the change."""
        return source[: self.start] + self.after + source[self.start + len(self.before) :]


def changes(root: Path, path: str) -> list[Change]:
    """Every change to the file at `path` that still can be read."""
    source = (root / path).read_text(encoding="utf-8")
    found = _python(source) if path.endswith(".py") else _sql(source)
    lines = source.split("\n")
    made = []
    for start, before, after in found:
        line = source.count("\n", 0, start)
        one = Change(path, start, before, after, line + 1, lines[line].strip())
        if path.endswith(".py") or _readable(one.applied(source)):
            made.append(one)
    return made


def _number(word: str) -> tuple[str, ...]:
    """0 and 1 for each other, and a small whole number for the next."""
    if not re.fullmatch(r"\d{1,3}", word):
        return ()
    return ({"0": "1", "1": "0"}.get(word, str(int(word) + 1)),)


def _python(source: str) -> Iterator[tuple[int, str, str]]:
    """Where, what and by what: operators, `not`, min and max, True and False, small numbers; nothing in annotations and texts."""
    tree = ast.parse(source)
    begins = [0]
    for line in source.splitlines(keepends=True):
        begins.append(begins[-1] + len(line))
    left_out = list(_left_out(tree))
    tokens = [
        (begins[one.start[0] - 1] + one.start[1], one.string, one)
        for one in tokenize.generate_tokens(StringIO(source).readline)
        if one.type in {tokenize.OP, tokenize.NAME, tokenize.NUMBER}
    ]
    binary = set(_binary(tree, source, begins))
    for (start, word, token), (_, following, _) in pairwise([*tokens, *tokens[-1:]]):
        if any(first <= (token.start[0], len(token.line[: token.start[1]].encode())) < last for first, last in left_out):
            continue
        if (word in {"min", "max"} and following != "(") or (word in {"+", "-", "*", "/", "//"} and start not in binary):
            continue
        sizes = following == "<<" or source[:start].rstrip().endswith("<<")  # of buffers: they change nothing but speed
        for after in PYTHON.get(word, ()) + (() if sizes else _number(word)):
            yield start, word, after
        if word == "not" and following != "in" and source[:start].split()[-1:] != ["is"]:
            yield start, "not ", ""


def _left_out(tree: ast.Module) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """The spans of annotations, decorators, `__all__`, what is only for types, and arguments that guard against our own mistakes."""
    for node in ast.walk(tree):
        spans: list[ast.AST | None] = []
        match node:
            case ast.FunctionDef():
                spans += [node.returns, *node.decorator_list]
            case ast.ClassDef():
                spans += node.decorator_list
            case ast.arg() | ast.AnnAssign():
                spans.append(node.annotation)
            case ast.If(test=ast.Name("TYPE_CHECKING")):
                spans.append(node)
            case ast.keyword() if node.arg in GUARDS:
                spans.append(node)
            case ast.Assign(targets=[ast.Name("__all__")]):
                spans.append(node)
            case _:
                pass
        for span in filter(None, spans):
            yield (span.lineno, span.col_offset), (span.end_lineno, span.end_col_offset)


def _binary(tree: ast.Module, source: str, begins: list[int]) -> Iterator[int]:
    """Where the operators between two values are: no signs, stars or slashes of a signature, and no types joined by `|`."""
    lines = source.splitlines(keepends=True)
    for node in ast.walk(tree):
        if isinstance(node, ast.BinOp):
            line, column = node.left.end_lineno, node.left.end_col_offset
            start = begins[line - 1] + len(lines[line - 1].encode()[:column].decode())
            yield start + re.match(r"(?:[\s\\)]|#[^\n]*\n)*", source[start:]).end()


def _sql(source: str) -> Iterator[tuple[int, str, str]]:
    """Where, what and by what; no comments, texts, types or columns."""
    tokens = [one for one in TOKEN.finditer(source) if not one[0].isspace() and not one[0].startswith("--")]
    words = ["", *(one[0] for one in tokens), "", ""]
    between: list[int] = []  # at which depths an `and` belongs to `between`
    depth = 0
    for number, token in enumerate(tokens, 1):
        last, word, following = words[number - 1], words[number], words[number + 1]
        depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(word, 0)
        if word == "between":
            between.append(depth)
        elif word == "and" and between and between[-1] == depth:
            between.pop()
        elif word == "is" and following in {"null", "not"} and words[number + 2] != "distinct":
            found = re.match(r"is\s+(not\s+)?null", source[token.start() :])
            if found:
                yield token.start(), found[0], "is null" if found[1] else "is not null"
        elif word == "not" and last not in {"is", "if"} and following != "null":
            yield token.start(), re.match(r"not\s+", source[token.start() :])[0], ""
        elif word == "*" and (last in {"", "(", ".", "select", ","} or following in {"exclude", ")"}):
            pass  # every column
        elif word in {"+", "-"} and last in {"", "(", "[", ",", "then", "else", "=", "<", ">", "by"}:
            pass  # a sign
        elif re.fullmatch(r"\w*m(in|ax)|least|greatest|bool_\w+", word) and following != "(":
            pass  # a column
        else:
            for after in SQL.get(word, ()) + (_number(word) if last != "as" else ()):
                yield token.start(), word, after


def _readable(sql: str) -> bool:
    try:
        duckdb.extract_statements(sql)
    except duckdb.Error:
        return False
    return True
