"""`import --map` and `mappings`: what the columns of a table mean that has no importer; proposed, answered, kept and passed on."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec

from usage_analytics import format as fmt
from usage_analytics import ingest
from usage_analytics.cli import answer, asked
from usage_analytics.control import Control
from usage_analytics.control import mappings as kept
from usage_analytics.errors import BadRequest

if TYPE_CHECKING:
    from usage_analytics.importers.mapped.mapping import Mapping
    from usage_analytics.importers.mapped.proposal import Proposal
    from usage_analytics.ingest import Receipt, Staged, Tables
    from usage_analytics.store import Store

LARGEST: Final = 1 << 20  # of a mapping's file


def mappings(options: Namespace) -> int:
    """List what was kept; or write, add or forget one."""
    from usage_analytics.importers.mapped.checks import encoded

    control = Control.beside(asked.database(options))
    if options.export:
        sys.stdout.write(f"{encoded(kept.find(control, options.export))}\n")
        return 0
    if options.add:
        added = kept.keep(control, _in_file(Path(options.add)))
        print(f"Saved the mapping “{added.name}”. It will read every table with the same {len(added.header)} columns.")
        return 0
    if options.forget:
        kept.forget(control, options.forget)
        print(f"Deleted the mapping “{options.forget}”. What you imported with it stays.")
        return 0
    found = kept.kept(control)
    if options.json:
        answer.write_json({"mappings": [msgspec.to_builtins(one) for one in found]})
    elif found:
        answer.write_table(
            ["Name", "Columns", "Reads"], [[one.name, str(len(one.header)), ", ".join(one.columns)] for one in found], words=3
        )
    else:
        print(
            "No saved mappings yet. Get a proposal for a table we don't recognize with: usage-analytics import FILE --map suggest"
        )
    return 0


def tables(store: Store, paths: Sequence[Path], options: Namespace) -> Tables | None:
    """How tables are to be read, as the words say. Raises BadRequest."""
    if not options.map:
        if options.answer or options.keep:
            raise BadRequest("--answer and --keep need --map. Add --map auto, or name a mapping.")
        return None
    if options.map == "auto":
        if not options.answer and not options.keep:
            return ingest.Tables(auto=True)
        found = proposals(store, paths, options)
        if not found:
            return ingest.Tables(auto=True)
        if len(found) > 1:
            raise BadRequest("--answer and --keep work on one table. Import one file at a time.")
        chosen = found[0].mapping
    else:
        chosen = _answered(named(store, options.map), options.answer)
    if options.keep:
        from usage_analytics.importers.mapped.checks import checked_name, renamed

        chosen = renamed(chosen, checked_name(options.keep))
    return ingest.Tables(chosen=chosen)


def keep(store: Store, receipt: Receipt, used: Tables | None, options: Namespace) -> None:
    """Keep the mapping once a table was read by it."""
    if options.keep and used and used.chosen and any(one.format == "mapped" for one in receipt.files):
        ingest.keep(store, [used.chosen])


def suggest(store: Store, paths: Sequence[Path], options: Namespace) -> int:
    """Say what each table seems to be, what is left to ask, and what it would come to; nothing is added."""
    staged = ingest.stage(store, paths, tables=ingest.Tables(propose=True))
    staged.discard()
    found = [_with_answers(one, options.answer) for one in staged.proposals]
    waiting = {one.table.facts.name for one in found}
    unread = [one for one in staged.unread if one.name not in waiting]
    ready = [one for one in found if not one.questions]
    read = _read(store, paths, ready) if ready else None
    if options.json:
        answers = [as_json(one, read) for one in found]
        one = {"mapping": answers[0]["mapping"]} if len(answers) == 1 else {}
        answer.write_json(one | {"tables": answers, "unread": [{"name": one.name, "reason": one.reason} for one in unread]})
    else:
        for proposal in found:
            show(proposal, read)
        if not found and not unread:
            print("We recognize these files. They need no mapping.")
    for other in unread if not options.json else ():
        answer.complain(other.reason)
    return 1 if unread else 0


def proposals(store: Store, paths: Sequence[Path], options: Namespace) -> list[Proposal]:
    """What each table seems to be, with the answers that the words give."""
    staged = ingest.stage(store, paths, tables=ingest.Tables(propose=True))
    staged.discard()
    return [_with_answers(one, options.answer) for one in staged.proposals]


def _read(store: Store, paths: Sequence[Path], ready: Sequence[Proposal]) -> Staged:
    """What the tables come to that nothing is left to ask about."""
    staged = ingest.stage(store, paths, tables=ingest.Tables(tried=[one.mapping for one in ready], auto=True))
    staged.discard()
    return staged


def _with_answers(proposal: Proposal, answers: Sequence[str]) -> Proposal:
    from usage_analytics.importers.mapped.questions import questions

    mapping = _answered(proposal.mapping, answers)
    return msgspec.structs.replace(proposal, mapping=mapping, questions=questions(proposal.table, mapping))


def _answered(mapping: Mapping, answers: Sequence[str]) -> Mapping:
    from usage_analytics.importers.mapped.questions import answered, understood

    for one in answers:
        field, sign, value = one.partition("=")
        if not sign or not value.strip():
            raise BadRequest(f"“{one[:60]}” isn't an answer. Write it like zone=Europe/Berlin.")
        mapping = answered(mapping, field.strip(), understood(field.strip(), value.strip()))
    return mapping


def named(store: Store, name: str) -> Mapping:
    """The mapping that --map names: kept, or in a file. Raises BadRequest."""
    path = Path(name).expanduser()
    if name.endswith(".json") or path.is_file():
        return _in_file(path)
    return kept.find(Control.beside(store.path), name)


def _in_file(path: Path) -> Mapping:
    from usage_analytics.importers.mapped.checks import decoded

    try:
        if path.stat().st_size > LARGEST:
            raise BadRequest(
                f"{path.name} is too large for a mapping. Make one with: usage-analytics import FILE --map suggest --json"
            )
        return decoded(path.read_bytes())
    except OSError as error:
        raise BadRequest(f"{path.name} can't be read ({error.strerror}). Check the path of the mapping.") from error


def as_json(one: Proposal, read: Staged | None) -> dict[str, Any]:
    """A proposal for programs."""
    facts = one.table.facts
    return {
        "name": facts.name,
        "rows": facts.rows,
        "mapping": msgspec.to_builtins(one.mapping),
        "questions": msgspec.to_builtins(one.questions),
        "doubts": one.table.doubts,
        "like": one.table.like or None,
        "new_columns": one.table.new,
        "missing_columns": one.table.missing,
        "columns": [{"name": column.name, "label": column.label, "examples": column.examples} for column in facts.columns],
        "comes_to": _comes_to(facts.name, read),
    }


def _comes_to(name: str, read: Staged | None) -> dict[str, Any] | None:
    """What the table would add, where nothing was left to ask."""
    found = next((summary for file, summary in read.summaries if file == name), None) if read else None
    if found is None or read is None:
        return None
    rejected = next((one for one in read.batch.imports if one.name == name), None)
    return {
        "calls": found.rows,
        "cost_usd": answer.money(found.cost_nanos),
        "tokens": found.tokens,
        "stated": found.stated,
        "from": answer.time(found.first_at),
        "to": answer.time(found.last_at),
        "totals_rows": found.totals,
        "repeated_headers": found.headers,
        "rejected": rejected.rejected if rejected else 0,
        "rejects": [{"line": line, "reason": reason} for line, reason in rejected.rejects] if rejected else [],
    }


def show(one: Proposal, read: Staged | None) -> None:
    """A proposal for people."""
    from usage_analytics.importers.mapped.checks import encoded

    facts, mapping = one.table.facts, one.mapping
    print(f"{fmt.name(facts.name)}: a table of usage with {fmt.plural(facts.rows, 'row')}.\n")
    rows = []
    for role in mapping.columns:
        columns = [column for name in mapping.source(role) if (column := facts.column(name))]
        examples = next((column.examples for column in columns if column.examples), [])
        rows.append([role, " + ".join(column.label for column in columns), ", ".join(examples)[:60]])
    rows += [[role, f"always “{value}”", ""] for role, value in mapping.constants.items()]
    answer.write_table(["Field", "Column", "Examples"], rows, words=3)
    for question in one.questions:
        print(f"\n{question.asks}")
        for choice in question.choices:
            counted = f"  ({fmt.plural(choice.rows, 'row')})" if choice.rows else ""
            print(f"  --answer {_word(question.about, choice.value)}  {choice.means}{counted}")
        if question.kind == "rate":
            print(f'  --answer "{question.about}=1.08"')
    if came := _comes_to(facts.name, read):
        left = fmt.plural(came["totals_rows"], "totals row")
        spend = "no cost" if came["cost_usd"] is None else f"${came['cost_usd']}"
        print(
            f"\nComes to {fmt.plural(came['calls'], 'call')}, {spend}; {fmt.plural(came['rejected'], 'line')} rejected, {left} left out."
        )
        for reject in came["rejects"][:10]:
            print(f"  line {reject['line']}: {reject['reason']}")
    print(f"\n{encoded(mapping)}")
    print(
        "\nNothing was imported. To import, use the same answers with --map auto, or save the mapping above to a file and pass it to --map."
    )


def _word(about: str, value: object) -> str:
    text = f"{about}={str(value).lower() if isinstance(value, bool) else value}"
    return f'"{text}"' if " " in text else text
