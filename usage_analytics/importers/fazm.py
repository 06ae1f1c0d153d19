"""Fazm's own database (`fazm.db`, SQLite): the runs of its scheduled jobs, which nobody starts, with what each cost.

Only times, states, counts, costs and the names of jobs are asked for; prompts and outputs are never read. Fazm's token counts leave out
what was cached, so the cost that it states counts. A run is a sum of calls: where the transcript of its session is known, that says more.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

from usage_analytics.errors import UnreadableFile
from usage_analytics.importers.json_values import add_rows, count, moment, nanos, word
from usage_analytics.importers.labels import is_label
from usage_analytics.importers.refusals import gauge_of_error
from usage_analytics.importers.sink import Head, Opened, Sink
from usage_analytics.pricing import models

name: Final = "fazm"
label: Final = "Fazm database (SQLite)"

SQLITE: Final = b"SQLite format 3\0"
TABLES: Final = {"cron_runs": {"id", "job_id", "started_at"}, "cron_jobs": {"id", "name"}}
OPTIONAL: Final = ("status", "error_message", "cost_usd", "input_tokens", "output_tokens", "finished_at")
UNFINISHED: Final = frozenset({"running", "queued", "pending"})
STEPS: Final = 50_000_000  # of SQLite's machine: far more than any real database needs
_UNCLEAR: Final = "A run has no time, or a cost or count that is not a number."

Row = dict[str, Any]


def claims(head: Head) -> bool:
    """An SQLite database with Fazm's table of runs."""
    return is_fazm(head.start)


def is_fazm(start: bytes) -> bool:
    """Whether a file that begins so is Fazm's database. The first pages of a database hold its tables' definitions."""
    return start.startswith(SQLITE) and b"cron_runs" in start


def read(opened: Opened, sink: Sink) -> None:
    """One observation for each run that has ended. Raises UnreadableFile."""
    runs: list[Row] = []
    limits: list[Row] = []
    try:
        with connected(opened, sink.folder) as connection:
            for run in runs_of(connection):
                sink.lines(1)
                at, cost = moment(run["started_at"]), nanos(run["cost_usd"])
                unclear = (run["cost_usd"] is not None and cost is None) or any(
                    run[column] is not None and count(run[column]) is None for column in ("input_tokens", "output_tokens")
                )
                if at is None or unclear:
                    sink.reject(None, _UNCLEAR)
                elif run["status"] in UNFINISHED:
                    sink.lines(0, other=1)
                else:
                    row = _row(run, cost) | {"occurred_at": at}
                    runs.append(row)
                    if gauge := gauge_of_error(str(run["error_message"] or "")):
                        shared = {key: row[key] for key in ("source", "app", "account", "conversation_id", "occurred_at")}
                        limits.append(shared | {"gauge": gauge})
    except (sqlite3.Error, UnicodeError) as error:  # SQLite quotes what is damaged, which may be no text
        raise UnreadableFile(f"{opened.name} is damaged or in use. Quit Fazm and copy the database again.") from error
    add_rows(sink, "observation", runs)
    add_rows(sink, "limit_seen", limits)


@contextmanager
def connected(opened: Opened, folder: Path) -> Iterator[sqlite3.Connection]:
    """Open the database read-only. A write-ahead log beside it is read from a copy, so nothing is left there."""
    beside = opened.path.with_name(f"{opened.path.name}-wal")
    place = opened.path
    if beside.exists():
        copy = folder / "fazm"
        copy.mkdir()
        place = copy / "fazm.db"
        shutil.copyfile(opened.path, place)
        shutil.copyfile(beside, copy / "fazm.db-wal")
    how = "mode=ro" if beside.exists() else "mode=ro&immutable=1"
    try:
        with closing(sqlite3.connect(f"{place.absolute().as_uri()}?{how}", uri=True)) as connection:
            connection.execute("pragma trusted_schema = off")
            connection.text_factory = lambda text: text.decode(
                "utf-8", "replace"
            )  # a byte that is no text costs nothing but itself
            connection.set_progress_handler(lambda: 1, STEPS)
            yield connection
    finally:
        if place != opened.path:
            shutil.rmtree(place.parent, ignore_errors=True)


def runs_of(connection: sqlite3.Connection) -> Iterator[Row]:
    """Every run with its job's name, model and session. Raises UnreadableFile where the tables are not Fazm's."""
    columns = {}
    for table, needed in TABLES.items():
        kinds = connection.execute("select type from sqlite_master where name = ?", [table]).fetchall()
        columns[table] = {row[1] for row in connection.execute(f"pragma table_info({table})")}
        if kinds != [("table",)] or not needed <= columns[table]:
            raise UnreadableFile("We don't recognize this SQLite database as Fazm's. Export its data as CSV and import that.")
    asked = ["r.id", "r.job_id", "r.started_at", "j.name as job"]
    asked += [f"r.{column}" if column in columns["cron_runs"] else f"null as {column}" for column in OPTIONAL]
    asked += [f"j.{column}" if column in columns["cron_jobs"] else f"null as {column}" for column in ("model", "acp_session_id")]
    cursor = connection.execute(
        f"select {', '.join(asked)} from cron_runs as r left join cron_jobs as j on j.id = r.job_id order by r.id"  # noqa: S608
    )
    names = [column[0] for column in cursor.description]
    for values in cursor:
        yield dict(zip(names, values, strict=True))


def _row(run: Row, cost: int | None) -> Row:
    raw, job = word(run["model"]), word(run["job"])
    status, message = word(run["status"]), str(run["error_message"] or "")
    failed = status if status not in (None, "ok", "success", "completed") else None
    return {
        "source": name,
        "grain": "minute",
        "event_id": str(run["id"]),
        "is_sidechain": False,
        "is_copy": False,
        "app": "Fazm",
        "account": "Fazm",
        "project": job if job and is_label(job) else f"job {run['job_id']}",
        "conversation_id": word(run["acp_session_id"]),
        "agent_id": str(run["job_id"]),
        "run": "scheduled",
        "human_prompt": False,
        "model": models.canonical(raw),
        "model_raw": raw,
        "input_tokens": count(run["input_tokens"]),
        "output_tokens": count(run["output_tokens"]),
        "output_is_final": True,
        "reported_cost_nanos": cost,
        "reported_cost_kind": None if cost is None else "billed",
        "error": "limit" if gauge_of_error(message) else failed,
    }
