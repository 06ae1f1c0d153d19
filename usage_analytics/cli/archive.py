"""`archive`, `rebuild`, `backup` and `restore`: the copy of your usage that everything else can be made from."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path

from usage_analytics import format as fmt
from usage_analytics.archive import Archive, archive_beside
from usage_analytics.archive.copies import archive_in, faults, merge
from usage_analytics.cli import answer, asked
from usage_analytics.ingest import copies


def archive(options: Namespace) -> int:
    """Say what the archive holds; check it, or merge another into it. 1 when a part is damaged."""
    kept = Archive(archive_beside(asked.database(options)))
    told: dict[str, object] = {}
    damaged: Sequence[str] = ()
    if options.merge:
        with asked.writing(options) as store:
            store.write_archive()
        merged = merge(kept, archive_in(Path(options.merge).expanduser()))
        with asked.writing(options, quiet=True) as store:
            events = int(store.rows("events_total")[0]["events"])
        damaged = merged.left_out
        told = {"merged": {"imports": merged.imports, "parts": merged.parts, "bytes": merged.bytes}, "events_total": events}
        if not options.json:
            print(f"Added {fmt.plural(merged.imports, 'import')}. The database now has {fmt.plural(events, 'call')}.")
    elif options.verify:
        damaged = tuple(faults(kept))
        told = {"verified": True}
    known = kept.read()
    parts, entries = known.parts(), tuple(known.entries().values())
    size = sum(part.bytes for part in parts)
    first = min((one.first_event_at for one in entries if one.first_event_at), default=None)
    last = max((one.last_event_at for one in entries if one.last_event_at), default=None)
    if options.json:
        held = {"imports": len(entries), "parts": len(parts), "rows": sum(part.rows for part in parts), "bytes": size}
        extent = {"from": answer.time(first), "to": answer.time(last)}
        answer.write_json(held | extent | told | {"damaged": list(damaged)})
    elif entries:
        span = f", {fmt.days(first.date(), last.date())}" if first and last else ""
        print(f"{fmt.plural(len(entries), 'import')} in {fmt.plural(len(parts), 'part')}, {fmt.size(size)}{span}.")
        if options.verify and not damaged:
            print("Every part is intact.")
    else:
        print("The archive is empty. Your first import starts it.")
    return _complained(damaged, options)


def rebuild(options: Namespace) -> int:
    """Make the database again from the archive. 1 when something of the archive had to be left out."""
    with asked.writing(options) as store:
        followed = store.rebuild()
        events = int(store.rows("events_total")[0]["events"])
    if options.json:
        answer.write_json({"imports": followed.loaded, "events_total": events, "left_out": list(followed.left_out)})
    else:
        print(f"Rebuilt from {fmt.plural(followed.loaded, 'import')}. The database has {fmt.plural(events, 'call')}.")
    return _complained(followed.left_out, options)


def backup(options: Namespace) -> int:
    """Copy archive, decisions and own prices to a folder. 1 when something of the archive had to be left out."""
    with asked.writing(options) as store:
        copied = copies.backup(store, Path(options.folder).expanduser())
    if options.json:
        told = {"imports": copied.imports, "copied_parts": copied.parts, "copied_bytes": copied.bytes}
        answer.write_json(told | {"left_out": list(copied.left_out)})
    else:
        new = f"{fmt.plural(copied.parts, 'new part')}, {fmt.size(copied.bytes)}" if copied.parts else "nothing new"
        print(f"Backed up {fmt.plural(copied.imports, 'import')} and your settings; {new}.")
    return _complained(copied.left_out, options)


def restore(options: Namespace) -> int:
    """Put a backup in place and make the database from it. 1 when something of the backup had to be left out."""
    source = Path(options.folder).expanduser()
    with asked.writing(options) as store:
        copied, aside = copies.restore(store, source, force=options.force)
    with asked.writing(options, quiet=True) as store:
        events = int(store.rows("events_total")[0]["events"])
    if options.json:
        told = {"imports": copied.imports, "events_total": events, "replaced": aside.name if aside else None}
        answer.write_json(told | {"left_out": list(copied.left_out)})
    else:
        print(f"Restored {fmt.plural(copied.imports, 'import')}. The database has {fmt.plural(events, 'call')}.")
        if aside:
            print(f"Your earlier data is in {aside.name}. Delete it when you no longer need it.")
    return _complained(copied.left_out, options)


def _complained(problems: Sequence[str], options: Namespace) -> int:
    for one in () if options.json else problems:
        answer.complain(f"{one}.")
    return 1 if problems else 0
