"""Measure the shape of the package and print it: `python -m tests.measures`.

What is counted, over every module of `usage_analytics/`:
- A body is the lines of a function from its first statement after the docstring to its end, without blank lines and comments.
- A private helper is a function or method whose name begins with one underscore. It has one caller if its name is used exactly
  once in the package outside its own body, and that use is a call (of a property: a read). A function that is handed on as a value,
  as a callback or in a table, has no single caller. A name that several modules define is looked up in its own module only.
- A module imports another where an `import` stands anywhere in its file, also inside a function, except under `if TYPE_CHECKING`.
  `from room import name` counts for module `room.name` where there is one, else for `room`; a parent package doesn't count for its
  children. Modules that import each other in a circle are condensed to one. The longest chain is counted in modules.
- A file name is shared if modules in several folders have it; `__init__.py` and `__main__.py` are left out.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

PROJECT = Path(__file__).parents[1]
PACKAGE = "usage_analytics"

Function = ast.FunctionDef | ast.AsyncFunctionDef
Graph = dict[str, frozenset[str]]


@dataclass(frozen=True)
class Measures:
    """The shape of a package. Shares run from 0 to 1; names are sorted, for a person to look at."""

    functions: int
    mean_body: float  # lines
    over_40: float
    one_caller: float  # private helpers with one caller, of all functions
    one_caller_helpers: tuple[str, ...]  # path:line name
    longest_chain: tuple[str, ...]  # modules, from the importer down
    shared_names: float
    shared_name_files: tuple[str, ...]
    in_circles: tuple[str, ...]  # modules

    def text(self) -> str:
        """A line per measure."""
        circles = ", ".join(self.in_circles) or "none"
        return "\n".join(
            [
                f"Functions                              {self.functions}",
                f"Mean function body, lines              {self.mean_body:.1f}",
                f"Function bodies over 40 lines          {self.over_40:.1%}",
                f"Private helpers with one caller        {self.one_caller:.1%} of functions ({len(self.one_caller_helpers)})",
                f"Longest import chain                   {len(self.longest_chain)}: {' → '.join(self.longest_chain)}",
                f"Files whose name several folders share {self.shared_names:.0%}",
                f"Files in import circles                {len(self.in_circles)}: {circles}",
            ]
        )


def measure(folder: Path = PROJECT / PACKAGE) -> Measures:
    """Measure the package in `folder`."""
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted(folder.rglob("*.py"))}
    names = {path: module_name(path, folder) for path in trees}
    functions = [(path, node) for path, tree in trees.items() for node in ast.walk(tree) if isinstance(node, Function)]
    bodies = [body_lines(node, path) for path, node in functions]
    helpers = sorted(one_caller_helpers(trees, folder))
    graph = imports({names[path]: tree for path, tree in trees.items()}, folder.name)
    groups = circles(graph)
    shared, plain = shared_names(list(trees), folder), [path for path in trees if not path.name.startswith("__")]
    return Measures(
        functions=len(functions),
        mean_body=sum(bodies) / len(bodies),
        over_40=sum(lines > 40 for lines in bodies) / len(bodies),
        one_caller=len(helpers) / len(functions),
        one_caller_helpers=tuple(helpers),
        longest_chain=longest_chain(graph, groups),
        shared_names=len(shared) / len(plain),
        shared_name_files=tuple(shared),
        in_circles=tuple(sorted(module for group in groups if len(group) > 1 for module in group)),
    )


def module_name(path: Path, folder: Path) -> str:
    parts = path.relative_to(folder.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def body_lines(function: Function, path: Path) -> int:
    """The lines of a body that hold code."""
    first = 1 if ast.get_docstring(function, clean=False) is not None else 0
    if len(function.body) == first:
        return 0
    start, end = function.body[first].lineno, function.end_lineno or function.lineno
    lines = source_lines(path)[start - 1 : end]
    return sum(1 for line in lines if line.strip() and not line.strip().startswith("#"))


@cache
def source_lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def one_caller_helpers(trees: dict[Path, ast.Module], folder: Path) -> Iterator[str]:
    """Every private function that is used exactly once, by a call, as `path:line name`."""
    defined = Counter(
        node.name for tree in trees.values() for node in ast.walk(tree) if isinstance(node, Function) and private(node.name)
    )
    by_module = {path: uses(tree) for path, tree in trees.items()}
    called = {path: set(calls(tree)) for path, tree in trees.items()}
    everywhere: Counter[str] = sum(by_module.values(), Counter())
    called_anywhere = set().union(*called.values())
    for path, tree in trees.items():
        for node in ast.walk(tree):
            if isinstance(node, Function) and private(node.name):
                alone = defined[node.name] == 1
                known, calling = (everywhere, called_anywhere) if alone else (by_module[path], called[path])
                once = known[node.name] - uses(node)[node.name] == 1
                if once and (node.name in calling or is_property(node)):
                    yield f"{path.relative_to(folder.parent).as_posix()}:{node.lineno} {node.name}"


def private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__")


def uses(tree: ast.AST) -> Counter[str]:
    """How often each name is used, be it called or handed on; an import of it isn't a use."""
    found = (
        node.id if isinstance(node, ast.Name) else node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Load)
    )
    return Counter(found)


def calls(tree: ast.AST) -> Iterator[str]:
    """The name of everything that is called."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
            yield node.func.id if isinstance(node.func, ast.Name) else node.func.attr


def is_property(function: Function) -> bool:
    return any(ast.unparse(one).endswith("property") for one in function.decorator_list)


def imports(trees: dict[str, ast.Module], package: str) -> Graph:
    """Which modules of the package each module imports."""
    graph = {}
    for module, tree in trees.items():
        named = {
            name
            for node in runtime_nodes(tree)
            for name in imported_names(node)
            if name == package or name.startswith(f"{package}.")
        }
        found = {closest(name, trees) for name in named}
        graph[module] = frozenset(found - {module, package, ""})
    return graph


def runtime_nodes(node: ast.AST) -> Iterator[ast.AST]:
    """Every node below this one, except what only a type checker reads."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and ast.unparse(child.test).endswith("TYPE_CHECKING"):
            for other in child.orelse:
                yield from (other, *runtime_nodes(other))
            continue
        yield child
        yield from runtime_nodes(child)


def imported_names(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module:
        yield from (f"{node.module}.{alias.name}" for alias in node.names)


def closest(name: str, modules: dict[str, ast.Module]) -> str:
    """The module that a name belongs to: itself, or the one it is defined in."""
    while name and name not in modules:
        name = name.rpartition(".")[0]
    return name


def circles(graph: Graph) -> list[frozenset[str]]:
    """The modules in groups that all reach each other; a group comes after every group it imports (Tarjan's algorithm)."""
    order: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    groups: list[frozenset[str]] = []

    def visit(module: str) -> None:
        order[module] = low[module] = len(order)
        stack.append(module)
        for other in sorted(graph[module]):
            if other not in order:
                visit(other)
                low[module] = min(low[module], low[other])
            elif other in stack:
                low[module] = min(low[module], order[other])
        if low[module] == order[module]:
            at = stack.index(module)
            groups.append(frozenset(stack[at:]))
            del stack[at:]

    for module in sorted(graph):
        if module not in order:
            visit(module)
    return groups


def longest_chain(graph: Graph, groups: list[frozenset[str]]) -> tuple[str, ...]:
    """The longest way down from a module through its imports; a circle counts as one module, named by its members."""
    home = {module: group for group in groups for module in group}
    chains: dict[frozenset[str], tuple[str, ...]] = {}
    for group in groups:
        below = {home[other] for module in group for other in graph[module]} - {group}
        deepest = max((chains[one] for one in below), key=lambda chain: (len(chain), chain), default=())
        chains[group] = ("+".join(sorted(module.partition(".")[2] for module in group)), *deepest)
    return max(chains.values(), key=lambda chain: (len(chain), chain))


def shared_names(paths: list[Path], folder: Path) -> list[str]:
    """The files whose name also stands in another folder."""
    plain = [path for path in paths if not path.name.startswith("__")]
    count = Counter(path.name for path in plain)
    return sorted(path.relative_to(folder).as_posix() for path in plain if count[path.name] > 1)


if __name__ == "__main__":
    print(measure().text())
