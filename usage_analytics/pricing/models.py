"""Which model a name means: every spelling of a Claude model to its first-party id."""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

_FAMILIES = "fable|haiku|mythos|opus|sonnet"
_VERSION = r"\d{1,2}(?:-\d{1,2})?"

# Where a provider's catalogue puts the name: `openrouter/anthropic/…`, `publishers/anthropic/models/…`, Bedrock regions and ARNs.
_PREFIX = re.compile(
    r"^(?:arn:[^/]*/)?(?:(?:anthropic|aws|azure|azure_ai|bedrock|converse|google|models|openrouter|publishers|vertex|vertex_ai)[/:])*"
    r"(?:(?:(?:[a-z]{2,6}|us-gov)\.)?anthropic\.)?"
)

# What may follow without changing whose price it is: a snapshot's date, a provider's revision, context size, effort and speed.
_SUFFIX = (
    r"20\d{6}|v\d+(?:-\d+)?|latest|default|beta"
    r"|thinking|minimal|low|medium|high|xhigh|max|fast"
    r"|(?:1m|200k)(?:-context)?"
)
_NAME = re.compile(
    rf"(?:claude-)?(?:(?P<family>{_FAMILIES})-(?P<version>{_VERSION})|(?P<old_version>{_VERSION})-(?P<old_family>{_FAMILIES}))"
    rf"(?P<suffixes>(?:-(?:{_SUFFIX}))*)"
)
_FAMILY_WORD = re.compile(rf"(?<![a-z])(?:{_FAMILIES})(?![a-z])")


class _Model(NamedTuple):
    model: str
    family: str
    version: str


@cache
def canonical(raw: str | None) -> str | None:
    """The first-party id that `raw` means, whatever its spelling; any other name trimmed and lower-cased; None without a name.

    A name without a version ("sonnet") could be any of several models and stays as it is. A date that we do not know still means
    the version it belongs to, because every snapshot of a version has been sold at that version's price.
    """
    name = (raw or "").strip().lower()
    found = _parse(name)
    return found.model if found else name or None


@cache
def speed(raw: str | None) -> str | None:
    """Say "fast" when the name itself says so (Cursor's `…-fast`), else None: it is the same model, at another price."""
    name = (raw or "").strip().lower()
    return "fast" if _parse(name) and "fast" in _words(name).split("-") else None


@cache
def display_name(model: str) -> str:
    """What people see: "Sonnet 4.5"; the id itself when it is not a model that we know."""
    found = _by_id().get(model) or _parse(model.strip().lower())
    return f"{found.family.capitalize()} {found.version}" if found else model


@cache
def family(model: str) -> str | None:
    """The family's word in a name ("sonnet"), also of a version that we do not know; None when there is none."""
    found = _FAMILY_WORD.search(model.lower())
    return found.group() if found else None


def has_new_tokenizer(model: str) -> bool:
    """Whether a model is of version 4.7 or later, whose tokenizer makes about 30 % more tokens of a text."""
    found = _by_id().get(model)
    return found is not None and tuple(map(int, found.version.split("."))) >= (4, 7)


def known() -> tuple[str, ...]:
    """The first-party ids of all models that we know, oldest first within a family."""
    return tuple(_by_id())


def _parse(name: str) -> _Model | None:
    # Vertex marks ids with `_vrtx_`; what follows it is sometimes the snapshot and sometimes a random id.
    for spelling in (name, name.partition("_vrtx_")[0]):
        if found := _NAME.fullmatch(_words(spelling)):
            version = (found["version"] or found["old_version"]).replace("-", ".").removesuffix(".0")
            return _by_version().get((found["family"] or found["old_family"], version))
    return None


def _words(name: str) -> str:
    bare = _PREFIX.sub("", name.replace("_vrtx_", "-"), count=1)
    return re.sub(r"[^a-z0-9]+", "-", bare).strip("-")


@cache
def _by_id() -> dict[str, _Model]:
    with Path(__file__).with_name("models.csv").open(encoding="utf-8", newline="") as lines:
        return {row["model"]: _Model(**row) for row in csv.DictReader(lines)}


@cache
def _by_version() -> dict[tuple[str, str], _Model]:
    return {(row.family, row.version): row for row in _by_id().values()}
