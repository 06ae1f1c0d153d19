"""The docs hold: every command in them is understood, every option exists, and every link leads somewhere in the repository."""

from __future__ import annotations

import json
import re
import shlex
from importlib.util import find_spec
from pathlib import Path

import pytest

from usage_analytics.cli.parser import VERBS, understand
from usage_analytics.errors import BadRequest

PROJECT = Path(__file__).parents[1]
DOCS = [
    *(PROJECT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")),
    *sorted((PROJECT / "docs").rglob("*.md")),
    *sorted((PROJECT / "data").glob("*.md")),
]
PROGRAM = re.compile(
    r"^(?:\*\S* \S+ \S+ \S+ \S+ +)?(?:\.venv/bin/)?usage-analytics(?: +|$)"
)  # after the five columns of cron, if any
SCRIPT = (PROJECT / "dev").read_text(encoding="utf-8")


def fenced(doc: Path) -> list[str]:
    """The lines of a document's code blocks; a line that ends in a backslash goes on."""
    text = "\n".join(re.findall(r"^ *```\w*\n(.*?)^ *```", doc.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL))
    return [line.strip() for line in text.replace("\\\n", " ").splitlines() if line.strip()]


def inline(doc: Path) -> list[str]:
    """What stands in backticks."""
    return re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", doc.read_text(encoding="utf-8"), flags=re.DOTALL))


def commands(doc: Path) -> list[list[str]]:
    """The commands of ours in a document, as a shell would cut them; what shows the shape of a command is none."""
    found = []
    for line in (*fenced(doc), *inline(doc)):
        if match := PROGRAM.match(line):
            command = re.split(r"\s+(?:>|&&|\|\||\|)\s*", line[match.end() :])[0]
            if not re.search(r"[\[\]]|\|", command):
                found.append(shlex.split(command, comments=True))
    return found


def anchors(doc: Path) -> set[str]:
    """The names of a document's headings, as GitHub makes them."""
    heads = re.findall(r"^#+ (.+)$", doc.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


def named(doc: Path) -> str:
    return doc.relative_to(PROJECT).as_posix()


@pytest.mark.parametrize("doc", DOCS, ids=named)
def test_every_link_leads_somewhere_in_the_repository(doc: Path) -> None:
    wrong = []
    for link in re.findall(r"\]\(([^)\s]+)\)", doc.read_text(encoding="utf-8")):
        place, _, anchor = link.partition("#")
        if re.match(r"[a-z]+:", link):
            continue
        target = (doc.parent / place).resolve() if place else doc
        if not target.exists() or not target.is_relative_to(PROJECT) or (anchor and anchor not in anchors(target)):
            wrong.append(link)
    assert not wrong


@pytest.mark.parametrize("doc", DOCS, ids=named)
def test_every_command_is_understood(doc: Path) -> None:
    wrong = [f"{shlex.join(command)}: {problem}" for command in commands(doc) if (problem := misunderstood(command))]
    assert not wrong, "\n".join(wrong)


def misunderstood(command: list[str]) -> str | None:
    """Why a command isn't understood; None if it is. Capital letters stand for a number where only a number fits."""
    problem = None
    for words in (command, ["5" if re.fullmatch(r"[A-Z]+", word) else word for word in command]):
        try:
            understand(words)
        except BadRequest as found:
            problem = str(found)
        else:
            return None
    return problem


@pytest.mark.parametrize("doc", DOCS, ids=named)
def test_every_verb_of_the_entry_script_and_every_module_is_there(doc: Path) -> None:
    said = [*fenced(doc), *inline(doc)]
    verbs = {found for line in said for found in re.findall(r"^\./dev (\w+)", line)}
    modules = {found for line in said for found in re.findall(r"^python -m (tests[\w.]*)", line)}
    assert not {verb for verb in verbs if not re.search(rf"^    (\w+ \| )*{verb}( \| \w+)*\)", SCRIPT, flags=re.MULTILINE)}
    assert not {module for module in modules if find_spec(module) is None}


def test_every_option_in_the_table_of_commands_exists() -> None:
    parts = (line.split("|", 2) for line in (PROJECT / "README.md").read_text(encoding="utf-8").splitlines())
    rows = [(row[1], row[2]) for row in parts if len(row) == 3 and row[1].strip().startswith("`usage-analytics ")]
    assert len(rows) >= len(VERBS)
    wrong = []
    for usage, text in rows:
        verb = usage.strip(" `").split()[1].strip("[]`")
        known = {option for option in re.findall(r"--[a-z][\w-]*", usage + text) if option not in options(verb)}
        wrong += [f"{verb} {option}" for option in known]
    assert not wrong


def options(verb: str) -> set[str]:
    """The options of a verb, as its help lists them."""
    from contextlib import redirect_stdout
    from io import StringIO

    with redirect_stdout(StringIO()) as said, pytest.raises(SystemExit):
        understand([verb, "--help"])
    return set(re.findall(r"--[a-z][\w-]*", said.getvalue()))


def test_the_examples_of_documents_in_json_are_sound() -> None:
    text = (PROJECT / "docs" / "mappings.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```json\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL)
    assert blocks
    assert all(json.loads(block) for block in blocks)


def test_a_command_that_is_wrong_would_be_noticed(tmp_path: Path) -> None:
    doc = tmp_path / "wrong.md"
    doc.write_text("```sh\nusage-analytics spend --by colour   # no\n```\nand `usage-analytics fly`\n")
    assert commands(doc) == [["spend", "--by", "colour"], ["fly"]]
    assert all(misunderstood(command) for command in commands(doc))
