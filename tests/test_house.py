"""Prose is tested too: what the README promises, what a query says of itself, and that the project speaks of itself alone."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from usage_analytics.importers import NAMES, importer

PROJECT = Path(__file__).parents[1]
PAGES = sorted((PROJECT / "pages").rglob("*.py"))
SQL = sorted((PROJECT / "usage_analytics").rglob("*.sql"))
QUERIES = [path for path in SQL if path.parent.name in ("queries", "views")]


def tracked() -> list[Path]:
    """The files that git knows."""
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=PROJECT, capture_output=True, text=True, check=False)
    if listing.returncode:
        pytest.skip("this is not a git checkout, so nobody knows which files belong to the project")
    return [path for name in listing.stdout.split("\0") if name and (path := PROJECT / name).is_file()]


def texts() -> list[tuple[str, str]]:
    """Every tracked text file's name and content."""
    found = []
    for path in tracked():
        content = path.read_bytes()
        if b"\0" not in content[:8000]:
            found.append((path.relative_to(PROJECT).as_posix(), content.decode("utf-8", "replace")))
    return found


def readme() -> str:
    return (PROJECT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_every_importer_is_named_in_the_readme(name: str) -> None:
    assert importer(name).label.lower() in readme().lower()


def test_every_verb_of_the_command_line_is_in_the_readme() -> None:
    from usage_analytics.cli.parser import VERBS

    missing = [verb for verb in VERBS if f"usage-analytics {verb}" not in readme()]
    assert not missing


def test_the_readmes_two_commands_are_verbs_of_the_entry_script() -> None:
    script = (PROJECT / "dev").read_text(encoding="utf-8")
    commands = re.findall(r"^\./dev (\w+)", readme(), flags=re.MULTILINE)
    assert commands[:2] == ["run", "test"]
    assert all(re.search(rf"^    {command}\)", script, flags=re.MULTILINE) for command in commands)


def test_every_link_in_the_readme_leads_somewhere() -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", readme())
    assert "docs/overview.png" in links
    assert not [link for link in links if not (PROJECT / link).exists()]


@pytest.mark.parametrize("query", QUERIES, ids=lambda path: path.stem)
def test_every_query_opens_with_its_grain(query: Path) -> None:
    first = query.read_text(encoding="utf-8").splitlines()[0]
    assert re.match(r"-- One row( per .+|: .+|[,.])", first), f"{query.name} opens with: {first}"


@pytest.mark.parametrize("sql", SQL, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_sql_is_written_in_lower_case(sql: Path) -> None:
    code = re.sub(r"--[^\n]*|'[^']*'", "", sql.read_text(encoding="utf-8"))
    assert not re.search(r"\b(SELECT|FROM|WHERE|GROUP|ORDER|JOIN|INSERT|CREATE|SUM|COUNT)\b", code)


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_every_page_is_in_the_navigation(page: Path) -> None:
    assert page.relative_to(PROJECT).as_posix() in (PROJECT / "app.py").read_text(encoding="utf-8")


def test_pages_lie_one_level_down_so_that_a_deep_link_keeps_the_frame() -> None:
    assert not list((PROJECT / "pages").glob("*.py"))


def test_no_file_carries_a_path_of_the_machine_it_was_written_on() -> None:
    known = {f"{place}/" for place in (PROJECT, PROJECT.parent, Path.home())}
    places = {place for place in known if place.count("/") > 2}  # a folder of every machine, such as /tmp, gives nothing away
    wrong = [f"{name} names {place}" for name, text in texts() for place in places if place in text]
    assert not wrong, "\n".join(wrong)


def test_no_file_holds_a_key() -> None:
    key = re.compile(r"sk-ant-(?:api|admin)\d\d-[A-Za-z0-9_-]{40,}")
    assert not [name for name, text in texts() if key.search(text)]


def test_the_database_is_never_part_of_the_project() -> None:
    assert [path.name for path in tracked() if path.parent == PROJECT / "data"] == ["README.md"]


def test_every_package_is_pinned_and_no_index_is_named() -> None:
    lines = (PROJECT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert all(re.match(r"[a-z0-9-]+==[0-9][\w.]*( ; .+)?$", line) for line in lines)
    pinned = {line.split("==")[0] for line in lines}
    wanted = project()["dependencies"] + project()["optional-dependencies"]["dev"]
    assert {re.split(r"[<>=;\s]", requirement)[0] for requirement in wanted} <= pinned


def test_the_newest_version_is_in_the_changelog() -> None:
    assert f"## {project()['version']}" in (PROJECT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_an_installed_package_brings_the_dashboard_with_it() -> None:
    text = (PROJECT / "pyproject.toml").read_text(encoding="utf-8")
    brought = tomllib.loads(text)["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    assert brought == {
        part: f"usage_analytics/dashboard/{part}" for part in ("app.py", "pages", "static", ".streamlit/config.toml")
    }
    assert all((PROJECT / part).exists() for part in brought)


def test_every_lint_rule_that_is_left_out_says_why() -> None:
    text = (PROJECT / "pyproject.toml").read_text(encoding="utf-8")
    ignored = text.split("\nignore = [")[1].split("\n]")[0].strip().splitlines()
    assert all("#" in line for line in ignored)


def project() -> dict[str, list[str]]:
    return tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
