"""The rules that make the house hold, read from the imports with `ast`. Its rooms and their order are drawn in docs/architecture.md."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from tests import measures
from tests.measures import imported_names, runtime_nodes

PROJECT = Path(__file__).parents[1]
PACKAGE = "usage_analytics"

# A room imports only from rooms to its left.
ORDER = (
    "errors", "events", "weeks", "filters", "format", "periods", "pricing",
    "importers", "sources",
    "archive",
    "store", "control",
    "demo", "ingest",
    "question", "answers", "figures", "reports", "alerts", "watch", "ui",
    "pages", "app", "server", "cli", "__main__",
)  # fmt: skip

# Rooms that everything else stands on: a change in one of them travels far, so their own modules stand on few others.
FOUNDATION = {"pricing", "importers", "sources", "archive", "store", "control", "ingest"}
LONGEST_CHAIN = 7  # from what reads files, through the store and how it is opened, to the archive's ledger

# Who may import what the others may not.
ONLY_IN = {
    "streamlit": {"ui", "pages", "app", "server"},
    "duckdb": {"store", "importers", "archive"},  # the archive sorts what does not fit into memory, and reads nothing derived
    "plotly": {"figures", "reports"},
}
# Who may ask the clock and the environment, and who may touch files besides. An importer reads the file that it is handed, and
# prices are read from the data file beside them.
ASKS_THE_WORLD = {"sources", "ingest", "store", "control", "alerts", "watch", "cli", "server", "ui/session"}
TOUCHES_FILES = ASKS_THE_WORLD | {"archive", "importers", "pricing", "demo", "reports"}
CLOCK = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "time.time_ns", "datetime.datetime.now"}
ENVIRONMENT = {"os.environ", "os.getenv", "os.environb", "Path.home", "Path.cwd", "os.getcwd"}
FILES = {"read_text", "read_bytes", "write_text", "write_bytes", "iterdir", "glob", "rglob", "unlink", "mkdir", "touch"}
VAGUE = {"util", "utils", "helper", "helpers", "common", "manager", "service", "services", "misc", "base", "core"}


@dataclass(frozen=True)
class Module:
    path: Path
    room: str
    tree: ast.Module

    @property
    def name(self) -> str:
        return self.path.relative_to(PROJECT).as_posix()

    def is_in(self, rooms: set[str]) -> bool:
        inside = self.name.removeprefix(f"{PACKAGE}/").removesuffix(".py")
        return self.room in rooms or inside in rooms


@cache
def modules() -> list[Module]:
    """Every module of the program; parsed once, since most tests look at all of them."""
    paths = [
        *sorted((PROJECT / PACKAGE).rglob("*.py")),
        *sorted((PROJECT / "pages").rglob("*.py")),
        *sorted(PROJECT.glob("*.py")),
    ]
    return [Module(path, room_of(path), ast.parse(path.read_text(encoding="utf-8"))) for path in paths]


def room_of(path: Path) -> str:
    parts = path.relative_to(PROJECT).with_suffix("").parts
    return parts[1] if parts[0] == PACKAGE else parts[0]


def imported(module: Module) -> Iterator[tuple[str, int]]:
    """Every module that is imported anywhere in the file, also inside functions, with its line."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{module.name}:{node.lineno} says where a module is relative to itself; name it in full"
            inner = node.module == PACKAGE
            yield from ((f"{node.module}.{alias.name}" if inner else str(node.module), node.lineno) for alias in node.names)


def rooms_imported(module: Module) -> Iterator[tuple[str, int]]:
    for name, line in imported(module):
        parts = name.split(".")
        if parts[0] == PACKAGE and len(parts) > 1:
            yield parts[1], line
        elif parts[0] in ("app", "pages", "server"):
            yield parts[0], line


def words(module: Module) -> Iterator[tuple[str, int]]:
    """Every dotted name in the code, and every attribute that is called on something."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Attribute):
            yield ast.unparse(node), node.lineno
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node.func.id, node.lineno


def listed(found: list[str]) -> str:
    return "\n".join(found)


def test_every_room_has_its_place_in_the_order() -> None:
    strangers = sorted({module.room for module in modules()} - set(ORDER) - {"__init__"})
    assert not strangers, f"{strangers}: put it where it belongs in ORDER, or into the room whose sentence covers it"


def test_a_room_imports_only_from_rooms_to_its_left() -> None:
    wrong = [
        f"{module.name}:{line} imports {room}, which stands to the right of {module.room}"
        for module in modules()
        if module.room in ORDER
        for room, line in rooms_imported(module)
        if room in ORDER and ORDER.index(room) > ORDER.index(module.room)
    ]
    assert not wrong, listed(wrong)


def test_what_everything_stands_on_has_no_circles_and_no_long_chains_of_imports() -> None:
    trees = {
        measures.module_name(module.path, PROJECT / PACKAGE): module.tree for module in modules() if module.room in FOUNDATION
    }
    graph = measures.imports(trees, PACKAGE)
    groups = measures.circles(graph)
    assert not [sorted(group) for group in groups if len(group) > 1]
    chain = measures.longest_chain(graph, groups)
    assert len(chain) <= LONGEST_CHAIN, " → ".join(chain)


@pytest.mark.parametrize("package", ONLY_IN)
def test_a_heavy_package_is_imported_only_in_its_rooms(package: str) -> None:
    wrong = [
        f"{module.name}:{line} imports {name}"
        for module in modules()
        if not module.is_in(ONLY_IN[package])
        for name, line in imported(module)
        if name.split(".")[0] == package
    ]
    assert not wrong, listed(wrong)


def test_only_the_edges_read_the_clock_and_the_environment() -> None:
    wrong = [
        f"{module.name}:{line} reads {word}; take it as an argument"
        for module in modules()
        if not module.is_in(ASKS_THE_WORLD)
        for word, line in words(module)
        if word in CLOCK | ENVIRONMENT
    ]
    assert not wrong, listed(wrong)


def test_only_the_edges_touch_the_disk() -> None:
    wrong = [
        f"{module.name}:{line} touches the disk with {word}"
        for module in modules()
        if not module.is_in(TOUCHES_FILES)
        for word, line in words(module)
        if word == "open" or word.split(".")[-1] in FILES
    ]
    assert not wrong, listed(wrong)


def test_no_module_has_a_name_that_says_nothing() -> None:
    vague = [module.name for module in modules() if VAGUE & set(module.path.relative_to(PROJECT).with_suffix("").parts)]
    assert not vague, listed(vague)


def test_every_module_opens_with_what_it_is_for() -> None:
    silent = [module.name for module in modules() if module.tree.body and not ast.get_docstring(module.tree)]
    assert not silent, listed(silent)


def test_a_page_only_arranges() -> None:
    pages = [module for module in modules() if module.room == "pages"]
    long = [f"{page.name} is long" for page in pages if len(page.path.read_text(encoding="utf-8").splitlines()) > 60]
    judging = [
        f"{page.name}:{line} computes with {word}; that belongs into answers or a query"
        for page in pages
        for word, line in words(page)
        if word.split(".")[-1] in {"groupby", "merge", "pivot", "pivot_table", "resample", "add_trace", "update_layout"}
    ]
    assert not long + judging, listed(long + judging)


def test_a_module_holds_one_concept() -> None:
    long = [module.name for module in modules() if len(module.path.read_text(encoding="utf-8").splitlines()) > 300]
    assert not long, f"{long}: split it by concept"


def test_the_command_line_starts_without_what_it_does_not_need() -> None:
    """Cron and hooks call it often; a table of spend needs no data frame, no figure and no web server."""
    heavy = {"pandas", "streamlit", "plotly", "pydantic", "numpy"}
    wrong = [
        f"{module.name}:{node.lineno} imports {heavy & names} when it is loaded"
        for module in modules()
        if module.room
        in {
            "cli",
            "archive",
            "store",
            "control",
            "ingest",
            "importers",
            "pricing",
            "sources",
            "errors",
            "events",
            "filters",
            "format",
        }
        for node in module.tree.body
        if isinstance(node, ast.Import | ast.ImportFrom)
        for names in [{name.split(".")[0] for name, _ in imported(Module(module.path, module.room, ast.Module([node], [])))}]
        if heavy & names
    ]
    assert not wrong, listed(wrong)


# What renders answers, and the few of its modules that open a store to put a question or to change what is kept.
SURFACES = {"figures", "reports", "alerts", "ui", "cli", "pages"}
OPENS_A_STORE = {
    "ui/session",
    "ui/incoming",
    "ui/intake",
    "ui/prices",
    "cli/asked",
    "cli/imports",
    "cli/prices",
    "cli/reconcile",
    "cli/dashboard",
    "cli/derive",
}


def test_a_surface_imports_the_top_of_an_answer_and_neither_its_inside_nor_the_store() -> None:
    wrong = []
    for module in modules():
        if not module.is_in(SURFACES):
            continue
        for node in runtime_nodes(module.tree):
            for name in imported_names(node):
                inside = name.startswith(f"{PACKAGE}.answers.") and is_module(name.rpartition(".")[0]) and name.count(".") > 3
                store = name.startswith(f"{PACKAGE}.store") and not module.is_in(OPENS_A_STORE)
                if inside or store:
                    wrong.append(f"{module.name} imports {name}; ask the answer for it")
    assert not wrong, listed(wrong)


def is_module(name: str) -> bool:
    """Whether a dotted name is a file that lies inside a folder, not the folder itself."""
    return PROJECT.joinpath(*name.split(".")).with_suffix(".py").exists()
