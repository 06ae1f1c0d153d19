"""What an undo takes away and keeps aside, and what a redo brings back, in sentences."""

from __future__ import annotations

from usage_analytics import format
from usage_analytics.ingest import Undone


def undoing(calls: int, cost_nanos: int | None, staying: int, files: int) -> str:
    """What an undo would do, before it is done. Figures of the query `imports_undone`."""
    worth = f" worth {format.dollars(cost_nanos)}" if cost_nanos is not None else ""
    stay = f" {format.plural(staying, 'call')} in other imports will stay." if staying else ""
    return f"{format.plural(calls, 'call')}{worth} from {format.plural(files, 'file')} will be removed.{stay}"


def undone(calls: int, cost_nanos: int | None) -> str:
    """What an undo has done, and the way back."""
    worth = f" worth {format.dollars(cost_nanos)}" if cost_nanos is not None else ""
    return f"{format.plural(calls, 'call')}{worth} removed. You'll find them under Undone imports."


def undone_line(one: Undone, zone: str) -> str:
    """What was undone, when, and how long it can be redone."""
    names, calls = format.listed([format.name(name) for name in one.names]), format.plural(one.calls, "call")
    until = format.day(format.local(one.kept_until, zone).date())
    return f"{names}: {calls}, undone {format.moment(one.undone_at, zone)}. You can redo it until {until}."


def redone(one: Undone) -> str:
    """What a redo has done."""
    return f"{format.plural(one.calls, 'call')} imported again."
