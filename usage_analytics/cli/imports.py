"""`import`, `sync` and `imports`: read files in, say what became of every line, and take an import back."""

from __future__ import annotations

import gc
import sys
from argparse import Namespace
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Final

from usage_analytics import format as fmt
from usage_analytics import ingest
from usage_analytics.cli import answer, asked
from usage_analytics.control import Control, settings
from usage_analytics.ingest import FileReceipt, Progress, Receipt, Undone
from usage_analytics.ingest.retention import Retention, retention
from usage_analytics.ingest.sources import Read, Sync, sources, together
from usage_analytics.ingest.undone import undone as found_undone
from usage_analytics.sources.claude_code import folders, transcripts
from usage_analytics.store.ledger import Import

SHOWN: Final = 20  # rows of a table and reasons on a screen; JSON has all of them
HEAD: Final = ("File", "Format", "Lines", "New", "Known", "Other", "Repaired", "Rejected")


def import_files(options: Namespace) -> int:
    """Read the named files and folders; 1 when one of them could not be read."""
    from usage_analytics.cli import mappings  # here: only some imports bring tables of their own

    paths = [Path(path).expanduser() for path in options.paths]
    with asked.writing(options) as store, _without_collector():
        if options.map == "suggest":
            return mappings.suggest(store, paths, options)
        tables = mappings.tables(store, paths, options)
        receipt = ingest.import_paths(store, paths, progress_line(), tables=tables)
        mappings.keep(store, receipt, tables, options)
    return tell(receipt, options)


@contextmanager
def _without_collector() -> Iterator[None]:
    """Don't search for objects that refer to each other: thousands of files make many objects, and hardly any of these."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def sync(options: Namespace) -> int:
    """Read what is new in every source: the Claude Code folders of this machine, added folders, the organization's APIs."""
    places, control = folders(), Control.beside(asked.database(options))
    if not sources(control):
        answer.complain("There is no Claude Code folder on this machine. Add a folder with: usage-analytics sources --add PATH")
    with asked.writing(options) as store:
        now = datetime.now(UTC).replace(tzinfo=None)
        look = cache(lambda place: tuple(transcripts(place)))
        found = Sync(store, control, now, progress_line(), look=look).read()
        keeping = retention(store, now, places, look)
        zone = settings.zone(control) or "UTC"
    status = tell(together(found), options, keeping, found)
    if keeping and not options.json:
        from usage_analytics.answers.imports import kept_safe  # here: it brings pandas, which programs are answered without

        for one in keeping:
            print("\n" + " ".join(kept_safe(one, now, zone)))
    return status


def imports(options: Namespace) -> int:
    """List what was imported, the newest first; or take imports back."""
    if options.undo:
        return undo(options)
    if options.redo:
        return redo(options)
    span = asked.span(options)
    with asked.reading(options) as store:
        ledger = [
            one
            for one in store.imports()
            if (span.start is None or span.start <= one.imported_at) and (span.end is None or one.imported_at < span.end)
        ]
        undone = found_undone(store)
    if options.json:
        answer.write_json(
            {
                "imports": [
                    _counts(one.import_id, one) | _extent(one) | {"imported_at": answer.time(one.imported_at)} for one in ledger
                ],
                **({"undone": [_undone(one) for one in undone]} if undone else {}),
            }
        )
    elif ledger:
        rows = [[str(one.import_id), fmt.moment(one.imported_at, "UTC"), *_cells(one)] for one in ledger[:SHOWN]]
        answer.write_table(["ID", "Imported (UTC)", *HEAD], rows, words=4)
        _more(len(ledger))
    else:
        print(answer.NOTHING_YET)
    if undone and not options.json:
        print()
        for one in undone:
            names = fmt.listed([fmt.name(name, longest=44) for name in one.names])
            print(
                f"Undone: {names}. Until {fmt.day(one.kept_until)}, bring back with: usage-analytics imports --redo {one.ids[0]}"
            )
    return 0


def undo(options: Namespace) -> int:
    """Take the named imports back. Raises BadRequest for an unknown id."""
    with asked.reading(options) as store:
        ingest.undo(store, options.undo)
        left = int(store.rows("events_total")[0]["events"])
    if options.json:
        answer.write_json({"undone": options.undo, "events_total": left})
    else:
        print(f"{fmt.plural(len(options.undo), 'import')} undone. The database now has {fmt.plural(left, 'call')}.")
    return 0


def redo(options: Namespace) -> int:
    """Bring undone imports back. Raises BadRequest if that isn't possible."""
    with asked.reading(options) as store:
        again = ingest.redo(store, options.redo)
        total = int(store.rows("events_total")[0]["events"])
    if options.json:
        answer.write_json({"imports": [_counts(one.import_id, one) | _extent(one) for one in again], "events_total": total})
    else:
        print(f"{fmt.plural(len(again), 'file')} imported again. The database now has {fmt.plural(total, 'call')}.")
    return 0


def tell(receipt: Receipt, options: Namespace, keeping: Sequence[Retention] = (), found: Sequence[Read] = ()) -> int:
    """Write the receipt of an import or a sync; 1 when a file or a source could not be read."""
    problems = [one.problem for one in found if one.problem]
    if options.json:
        answer.write_json(
            {
                "imports": [
                    _counts(one.id, one)
                    | {"rejects": [{"line": line, "reason": reason} for line, reason in one.rejects]}
                    | _extent(one)
                    for one in receipt.files
                ],
                "unread": [{"name": one.name, "reason": one.reason} for one in receipt.unread],
                "events_total": receipt.events_total,
                **({"sources": [_source(one) for one in found]} if found else {}),
                **({"retention": [_retention(one) for one in keeping]} if keeping else {}),
            }
        )
    else:
        known = sum(one.events_duplicate for one in receipt.files)
        print(
            f"{fmt.plural(len(receipt.files), 'file')} in {fmt.span(receipt.seconds)}: {fmt.plural(receipt.events_new, 'new call')}, "
            f"{fmt.count(known)} already known{_range_totals(receipt)}. The database has {fmt.plural(receipt.events_total, 'call')}."
        )
        if receipt.files:
            print()
            answer.write_table(HEAD, [_cells(one) for one in receipt.files[:SHOWN]], words=2)
            _more(len(receipt.files))
        rejects = [(one.name, line, reason) for one in receipt.files for line, reason in one.rejects]
        for name, line, reason in rejects[:SHOWN]:
            answer.complain(f"{fmt.name(name)}{f', line {line}' if line else ''}: {reason}")
        for problem in [*(one.reason for one in receipt.unread), *problems]:
            answer.complain(problem)
    return 1 if receipt.unread or problems else 0


def _counts(number: int, one: FileReceipt | Import) -> dict[str, object]:
    return {
        "id": number,
        "name": one.name,
        "format": one.format,
        "lines": one.lines,
        "events_new": one.events_new,
        "events_duplicate": one.events_duplicate,
        "lines_other": one.lines_other,
        "salvaged": one.salvaged,
        "rejected": one.rejected,
        "range_totals": one.range_totals,
    }


def _undone(one: Undone) -> dict[str, object]:
    times = {"undone_at": answer.time(one.undone_at), "kept_until": answer.time(one.kept_until)}
    return {"ids": one.ids, "names": one.names, "calls": one.calls} | times


def _extent(one: FileReceipt | Import) -> dict[str, object]:
    return {"from": answer.time(one.first_event_at), "to": answer.time(one.last_event_at)}


def _cells(one: FileReceipt | Import) -> list[str]:
    counts = (one.lines, one.events_new, one.events_duplicate, one.lines_other, one.salvaged, one.rejected)
    return [fmt.name(one.name, longest=44), one.format, *map(fmt.count, counts)]


def _range_totals(receipt: Receipt) -> str:
    stated = sum(one.range_totals for one in receipt.files)
    return f", {fmt.plural(stated, 'range total')}" if stated else ""


def _more(rows: int) -> None:
    if rows > SHOWN:
        print(f"… and {fmt.count(rows - SHOWN)} more; --json lists all.")


def progress_line() -> Callable[[Progress], None] | None:
    """Keeps one line on a terminal up to date; nothing where there is no terminal."""
    if not sys.stderr.isatty():
        return None

    def show(now: Progress) -> None:
        rate = now.bytes / now.seconds / 1e6 if now.seconds else 0
        done = now.files == now.files_total
        line = f"{fmt.count(now.files)} of {fmt.plural(now.files_total, 'file')}, {fmt.count(now.lines)} lines, {rate:,.0f} MB/s"
        sys.stderr.write("\r\x1b[K" + ("" if done else line))
        sys.stderr.flush()

    return show


def _source(one: Read) -> dict[str, object]:
    files = one.receipt.files
    return {
        "source": one.source.kind,
        "name": one.source.name,
        "account": one.source.account,
        "files": len(files),
        "events_new": one.receipt.events_new,
        "events_duplicate": sum(file.events_duplicate for file in files),
        "rejected": sum(file.rejected for file in files),
        "unread": len(one.receipt.unread),
        "problem": one.problem,
    }


def _retention(one: Retention) -> dict[str, object]:
    return {
        "cleanup_period_days": one.days,
        "is_set": one.is_set,
        "settings_file": one.settings,
        "transcripts": one.files,
        "safe": one.safe_files,
        "deleted_within_7_days": one.soon_files,
        "deleted_within_7_days_unread": one.soon_unread,
        "first_deleted_at": answer.time(one.first_at),
    }
