"""What becomes of a table that no importer claims: the mapping that was chosen or kept for it, or a proposal with questions."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path
from typing import Final

import msgspec

from usage_analytics.errors import UnreadableFile
from usage_analytics.importers.delimited import header_cells
from usage_analytics.importers.mapped import names
from usage_analytics.importers.mapped.evidence import decided
from usage_analytics.importers.mapped.mapping import Mapping, applies, fits
from usage_analytics.importers.mapped.proposal import Proposal, Suggestion, TableFacts, Wishes
from usage_analytics.importers.mapped.questions import questions
from usage_analytics.importers.mapped.suggest import suggest

MOST_HEADER_LINES: Final = 30
_TELLING: Final = ("occurred_at", "cost_usd", "model", "input_tokens", "output_tokens", "app", "account", "project")


def judged(found: TableFacts, rows: list[list[str]], wishes: Wishes) -> Proposal | Mapping:
    """The mapping to read the table with, or what to ask first. Raises UnreadableFile for what is no table of usage."""
    chosen = wishes.chosen if wishes.chosen and applies(wishes.chosen, found.header) else None
    mapping = chosen or next((one for one in wishes.kept if fits(one, found.header)), None)
    table = suggest(found, rows, wishes.kept)
    if mapping is not None:
        table = table or Suggestion(found, mapping)
        table.mapping, table.doubts = doubted(found, mapping)
    elif table is None:
        times = any(one.times > one.rows * 0.5 for one in found.columns if one.rows)
        lacks = "neither costs nor token counts" if times else "no dates"
        raise UnreadableFile(f"{found.name} is a table, but we found {lacks} in it. Check that it is an export of usage.")
    asked = questions(table, table.mapping, wishes.zone)
    unsure = found.name in wishes.ask_units and table.mapping.amounts_in is None
    settled = mapping is not None or wishes.auto
    if wishes.propose or not settled or asked or table.doubts or unsure:
        return Proposal(table, table.mapping, asked)
    return named(table.mapping)


def named(mapping: Mapping) -> Mapping:
    """The mapping with a name: one that was never kept is known by its columns."""
    if mapping.name:
        return mapping
    return msgspec.structs.replace(mapping, name=blake2b("\x1f".join(sorted(mapping.header)).encode(), digest_size=4).hexdigest())


def doubted(found: TableFacts, mapping: Mapping) -> tuple[Mapping, list[str]]:
    """The mapping with what the table contradicts left open, and what that is, in sentences."""
    shown = decided(found, mapping)
    said: dict[str, str] = {}
    if mapping.decimal and shown.decimal and shown.decimal != mapping.decimal:
        said["decimal"] = "Its numbers have another decimal sign than the mapping says."
    if mapping.date_order and shown.date_order and shown.date_order != mapping.date_order:
        said["date_order"] = "Its dates are in another order than the mapping says."
    return msgspec.structs.replace(mapping, **dict.fromkeys(said)), list(said.values())


def head_line(lines: list[str]) -> int:
    """Which of the first lines of a text is the header, counted from 0: the first of those that name most columns; -1 where none does."""
    best, most = -1, 1
    for number, line in enumerate(lines[:MOST_HEADER_LINES]):
        cells = [cell.strip() for cell in header_cells(line.encode())]
        if len(cells) < 2:
            continue
        roles = {role for cell in cells for role in _TELLING if names.score(role, cell) > names.LEAST}
        if len(roles) > most:
            best, most = number, len(roles)
    return best


def blanked(path: Path, lines: int) -> Iterator[bytes]:
    """A text with its first lines emptied, so that all others keep their numbers."""
    with path.open("rb") as source:
        first = source.read(1 << 20)
        while (chunk := source.read(1 << 20)) and first.count(b"\n") <= lines and first.count(b"\r") <= lines:
            first += chunk
        newline = b"\n" if b"\n" in first else b"\r"
        yield b"\n" * lines + first.split(newline, lines)[-1] + chunk
        while chunk := source.read(1 << 20):
            yield chunk


def waiting(proposal: Proposal) -> str:
    """Why the table was not read, and what to do."""
    name, table = proposal.table.facts.name, proposal.table
    if table.doubts:
        return f"{name} has the columns of the mapping “{table.mapping.name}”. {table.doubts[0]} Check the mapping and import it again."
    if table.like and (table.new or table.missing):
        what = f"a new column “{table.new[0]}”" if table.new else f"no column “{table.missing[0]}”"
        return f"{name} is like the mapping “{table.like}”, but has {what}. Check its mapping and import it again."
    if proposal.questions:
        asks = proposal.questions[0].asks
        return f"{name} is a table of usage that needs a mapping: {asks} Answer on the page Imports, or with --map suggest."
    return f"{name} is a table of usage in a format of its own. Map its columns on the page Imports, or with --map suggest."
