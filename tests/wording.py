"""What the program says to people: every sentence in it, words that we do not use, and how easily it reads.

`python -m tests.wording` prints the offenders, file by file, and the figures; `tests/test_wording.py` holds them.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

PROJECT: Final = Path(__file__).parents[1]
PACKAGE: Final = PROJECT / "usage_analytics"
# Rooms whose sentences are shown; of the others, what an error says.
SHOWN: Final = ("ui", "answers", "figures", "reports", "alerts", "cli", "control", "server")
ERRORS: Final = re.compile(r"Error|^Bad|^Not|^Unread|^Damaged|^Unreadable")

# One word for one thing: what we say, and what we never say for it.
GLOSSARY: Final = {
    "call": r"(?<!usage )(?<!usage-)(?<!Usage )\bevents?\b(?! format)",
    "run": r"\bfires?\b",
    "unattended": r"\bwith nobody there|nobody (is|was) (there|watching)|while nobody",
    "flag": r"\bepisodes?\b",
    "dismiss, restore": r"\bputs? (it |a flag )?aside|\bset aside",
    "undo": r"\btakes? (it |that |such |one |a reading )?back|\btaken back|\btaking it back",
    "mark as expected": r"\bdeclared (as|by)|\bit is yours\b",
    "credits, balance": r"\bpools?\b|\bpurse\b|\bwallet\b",
    "plan allowance": r"\bplan's windows",
    "monthly limit": r"\bcaps?\b",
    "blocked": r"\btime without work",
    "idle balance": r"\bidle money|money that lies idle|\blies idle",
    "hassle per reload": r"\bnuisance",
    "cache reads, re-sent history": r"\bsent anew|\bread again",
    "start fresh, again": r"\bafresh\b|\banew\b",
    "saving": r"\blevers?\b",
    "burn rate": r"\bpace\b",
    "runway": r"\bdrained by\b",
    "billed, computed": r"\bstated\b",
    "repaired": r"\bsalvaged?\b",
    "list prices": r"\brates in force",
    "date range, period": r"\bspans?\b",
    "expensive": r"\bdear(er|est)?\b",
    "unpriced": r"\b(has|have|had) no price\b",
    "paid by": r"\bwho pays\b|\bown pools\b",
    "shared report": r"\bwhat leaves\b|\bas it leaves",
    "name the person or the program": r"\b(some|any|every)body\b|\bnobody\b(?! there)|\bwhoever\b",
    "Claude's guide": r"\bthe article\b",
    "the time you're usually back": r"\busual hours?\b(?<!your usual hours)",
    "rebuilt": r"\bmade (again|anew)\b",
    "runs out": r"\bgone about\b|\bruns? dry\b",
    "alerts, says": r"\btold\b|\bhears? of\b",
    "is in": r"\blies? (in|beside|there)\b",
    "email": r"\be-mail",
    "Nov 21, 2026": r"\b\d{1,2} (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\b",
    "US spelling": r"\b(organis|behaviour|colour|favour|honour|labell|cancell|travell|licence|catalogue|whilst)|\b(centre|grey)\b",
    "in the future": r"\bin future\b",
}
# Slips that a reader trips over, in code and in what is filled in.
GRAMMAR: Final = {
    "one of a kind: per": r"\b(?i:one|an?) (row|line|record|document|object|file|page|sentence) an? ",
    "said twice": r"(?<!-)\b([a-z]{2,}) \1\b",
    "listed twice": r"\b([A-Za-z][\w-]{2,}), \1(,| and )|\b(?!again|more|over)([A-Za-z][\w-]{3,}) and \3\b",
    "1 is": r"(?<![\d.,])\b1 [a-z]+ (are|were|have)\b",
    "an": r"\ba (?!one\b|once\b|eu|of\b|on\b|in\b|is\b|and\b|or\b|as\b|at\b|if\b|it\b)[aeio][a-z]+",
    "a": r"\ban (?!hour|honest|heir)[bcdfghjklmnpqrstvwz][a-z]+",
}
_IDENTIFIER: Final = re.compile(r"[\w./:*%{}<>=\[\]()?&+-]*")
NOT_FOR_USERS: Final = ("architecture.md", "conventions.md", "trust.md", "licenses.md")
_LABEL: Final = re.compile(r"[A-Z][a-z]+")  # one word that is a label, and no name
_TAGS: Final = re.compile(r"</?[a-z][^<>]*>|</?[a-z][\w-]*(?= |$)")
_SQL: Final = re.compile(
    r"\s*(select|insert|update|delete|create|with|alter|pragma|attach)\b.*\b(from|into|set|table|as|exists)\b", re.DOTALL
)
_VOWELS: Final = re.compile(r"[aeiouy]+")


@dataclass(frozen=True, slots=True)
class Text:
    """A text that people read. What is filled in stands in it as `{}`."""

    file: str
    line: int
    text: str

    @property
    def sentences(self) -> list[str]:
        """Its whole sentences, of at least three words."""
        parts = re.split(r"(?<=[.?!])\s+", re.sub(r"[`*“”\"]", "", self.text))
        return [part for part in parts if part.endswith((".", "?", "!")) and len(words(part)) >= 3]


def shown() -> Iterator[Text]:
    """Every text in the pages and the rooms that speak; elsewhere the sentences of errors."""
    for path in [*sorted((PROJECT / "pages").rglob("*.py")), *sorted(PACKAGE.rglob("*.py")), PROJECT / "app.py"]:
        name = path.relative_to(PROJECT).as_posix()
        tree = ast.parse(path.read_text(encoding="utf-8"))
        speaks = not name.startswith("usage_analytics/") or name.split("/")[1] in SHOWN
        places = [tree] if speaks else [node for node in ast.walk(tree) if isinstance(node, ast.Call) and _is_error(node)]
        for place in places:
            for node, text in _texts(place):
                if (_LABEL.fullmatch(text) or not _IDENTIFIER.fullmatch(text)) and not _SQL.match(text):
                    yield Text(name, node.lineno, _TAGS.sub(" ", text))


def documents() -> Iterator[Text]:
    """Every line of the README and of the guides, without their code."""
    for path in [PROJECT / "README.md", *sorted((PROJECT / "docs").glob("*.md"))]:
        if path.name in NOT_FOR_USERS:
            continue
        text = re.sub(
            r"```.*?```", lambda found: "\n" * found.group().count("\n"), path.read_text(encoding="utf-8"), flags=re.DOTALL
        )
        for number, line in enumerate(text.splitlines(), 1):
            yield Text(path.relative_to(PROJECT).as_posix(), number, re.sub(r"`[^`]*`|\]\([^)]*\)", " ", line))


def _is_error(node: ast.Call) -> bool:
    called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    return bool(ERRORS.search(called))


def _texts(tree: ast.AST) -> Iterator[tuple[ast.expr, str]]:
    """The literals below a node, f-strings whole; no docstring, no comment, no subscript, no comparison."""
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.JoinedStr):
            yield node, "".join(str(one.value) if isinstance(one, ast.Constant) else "{}" for one in node.values)
            waiting += [one.value for one in node.values if isinstance(one, ast.FormattedValue)]
        elif isinstance(node, ast.Constant):
            if isinstance(node.value, str):
                yield node, node.value
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            pass  # a docstring
        elif isinstance(node, ast.Subscript):
            waiting.append(node.value)
        elif isinstance(node, ast.keyword):
            waiting += [node.value] if node.arg not in ("key", "name", "icon") else []
        elif not isinstance(node, ast.Compare):
            waiting += list(ast.iter_child_nodes(node))


def offenders(texts: Iterator[Text] | list[Text]) -> list[str]:
    """Return where a word is that we don't use, or a slip of grammar, and what we say instead."""
    return [
        f"{one.file}:{one.line}: “{found.group()}” ({ours}) in: {one.text.strip()[:140]}"
        for one in texts
        for rules, flags in ((GLOSSARY, re.IGNORECASE), (GRAMMAR, re.NOFLAG))
        for ours, never in rules.items()
        for found in re.finditer(never, one.text, flags)
    ]


def words(sentence: str) -> list[str]:
    """The words of a sentence; a number or a name that is filled in is one."""
    return re.findall(r"\{\}|[$€]?\d[\d,.:%]*|[A-Za-z][A-Za-z'’-]*", sentence)


def syllables(word: str) -> int:
    """About how many syllables a word has."""
    plain = re.sub(r"[^a-z]", "", word.lower())
    count = len(_VOWELS.findall(re.sub(r"(?<=[^l])e$|(?<=[^td])ed$", "", plain)))
    return max(count, 1)


def flesch(sentences: list[str]) -> float:
    """The reading ease of all of them together: 60 to 70 is plain English, and higher is easier."""
    said = [word for sentence in sentences for word in words(sentence)]
    return 206.835 - 1.015 * len(said) / len(sentences) - 84.6 * sum(map(syllables, said)) / len(said)


def main() -> None:
    """Print what a person would change."""
    texts = list(shown())
    print("\n".join(offenders([*texts, *documents()])))
    sentences = [sentence for one in texts for sentence in one.sentences]
    print(f"{len(texts)} texts, {len(sentences)} sentences, reading ease {flesch(sentences):.1f}")
    for one in texts:
        print(
            *(f"{one.file}:{one.line}: {len(words(long))} words: {long}" for long in one.sentences if len(words(long)) > 30),
            sep="\n",
            end="",
        )


if __name__ == "__main__":
    main()
