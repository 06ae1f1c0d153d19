"""Runs that the owner declared: "this one is mine". What they spend is neither flagged nor learned from.

A declaration counts for whatever time it names, also for times before it was made: an owner may say so afterwards. So an answer as of
an earlier moment knows declarations that were made since.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from usage_analytics.errors import BadRequest

if TYPE_CHECKING:
    from usage_analytics.control import Control

_ADD: Final = """
insert into expected_run (app, account, project, start_at, end_at, note, declared_at)
values (:app, :account, :project, :start, :end, :note, :declared)
"""


@dataclass(frozen=True, slots=True)
class ExpectedRun:
    """One declaration, over [start, end); an open end is until further notice, and a run may be a little late.

    Without an account or project it holds for every one.
    """

    app: str
    start: datetime
    end: datetime | None = None
    account: str | None = None
    project: str | None = None
    note: str | None = None
    declared_at: datetime | None = None
    expected_id: int | None = None


def expect(control: Control, run: ExpectedRun, now: datetime) -> int:
    """Keep a declaration; its number. Saying the same again changes nothing. Raises BadRequest."""
    if not run.app.strip():
        raise BadRequest("An expected run needs the name of its app. List the apps with: usage-analytics spend --by app")
    if run.end is not None and run.end <= run.start:
        raise BadRequest("An expected run has to end after it starts. The end itself is not included.")
    for known in expected_runs(control):
        if _scope(known) == _scope(run):
            return known.expected_id or 0
    values = {
        "app": run.app,
        "account": run.account,
        "project": run.project,
        "start": run.start.isoformat(),
        "end": run.end.isoformat() if run.end else None,
        "note": run.note,
        "declared": now.isoformat(),
    }
    with control.deciding() as connection:
        return int(connection.execute(_ADD, values).lastrowid or 0)


def forget(control: Control, expected_id: int) -> None:
    """Take a declaration back. Raises BadRequest when there is none of that number."""
    with control.deciding() as connection:
        done = connection.execute("delete from expected_run where expected_id = :number", {"number": expected_id}).rowcount
    if not done:
        raise BadRequest(f"There is no expected run {expected_id}. List them with: usage-analytics background expected")


def expected_runs(control: Control) -> tuple[ExpectedRun, ...]:
    """Every declaration, the newest first."""
    found = control.rows(
        "select app, start_at, end_at, account, project, note, declared_at, expected_id from expected_run order by expected_id desc"
    )
    return tuple(
        ExpectedRun(
            app=row["app"],
            start=datetime.fromisoformat(row["start_at"]),
            end=datetime.fromisoformat(row["end_at"]) if row["end_at"] else None,
            account=row["account"],
            project=row["project"],
            note=row["note"],
            declared_at=datetime.fromisoformat(row["declared_at"]),
            expected_id=row["expected_id"],
        )
        for row in found
    )


def _scope(run: ExpectedRun) -> tuple[object, ...]:
    return run.app, run.account, run.project, run.start, run.end
