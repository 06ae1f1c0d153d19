"""What was read, what was left out, and what an import or its undo means, in sentences and rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final

import pandas as pd

from usage_analytics import format
from usage_analytics.answers import Headline, Kpi
from usage_analytics.answers.imports.removed import redone as redone
from usage_analytics.answers.imports.removed import undoing as undoing
from usage_analytics.answers.imports.removed import undone as undone
from usage_analytics.answers.imports.removed import undone_line as undone_line
from usage_analytics.answers.imports.repeats import duplicate_name as duplicate_name
from usage_analytics.answers.imports.repeats import duplicate_rows as duplicate_rows
from usage_analytics.filters import Filters
from usage_analytics.importers import NAMES, importer
from usage_analytics.ingest import Progress, Receipt, Unread
from usage_analytics.ingest.preview import Preview
from usage_analytics.ingest.retention import Retention
from usage_analytics.question import Question

REJECTS_SHOWN: Final = 500
KEEP_DAYS: Final = 3650  # ten years

# What we store of an export, in words, and the columns that hold it (those of events.py).
KEPT: Final[dict[str, tuple[str, ...]]] = {
    "When a call was made, and how precise the source is": ("occurred_at", "grain"),
    "For totals that a source may correct: when it gave them, and whether they are complete": ("stated_at", "is_whole_bucket"),
    "App, account or API key, the project's folder name, how it ran, and the program's version": (
        "source", "app", "account", "project", "run", "entrypoint", "version",
    ),
    "IDs of the call, request, conversation and agent, and the position in the conversation": (
        "event_id", "request_id", "conversation_id", "agent_id", "message_index", "is_sidechain", "is_copy",
    ),
    "Whether a person started it. For each prompt: only its time, and whether a person, a program or a schedule sent it": (
        "human_prompt", "kind",
    ),
    "The model, and what changes its price": ("model", "model_raw", "speed", "geo", "batch", "web_searches", "iterations"),
    "Token counts by kind": (
        "input_tokens", "cache_read_tokens", "cache_write_5m_tokens", "cache_write_1h_tokens", "output_tokens",
    ),
    "For sources without token counts: the likely range by kind, from the length of the text": ("estimates",),
    "For output that the log doesn't complete: the length of its lines": ("output_is_final", "unfinished"),
    "The cost that the source gives, and what paid for it": ("reported_cost_nanos", "reported_cost_kind", "paid_from"),
    "Which limit blocked work, when it resets, and the vendor's code for it": ("gauge", "resets_at", "reason"),
    "The session cost that the program reports": ("started_at", "cache_write_tokens"),
    "Totals that an export gives for a date range, and for whom": (
        "total_id", "starts_at", "ends_at", "person", "requests",
    ),
    "The account's balance, and when it was read": (
        "document", "seen_at", "dated_by", "currency", "balance_nanos", "used_nanos", "credits_enabled", "out_of_credits",
        "last_purchase_nanos", "expiry_months", "expiring_nanos", "expires_at", "bundle_cap_nanos",
    ),
    "The account's limits and auto-reload setting": (
        "has_monthly_limit", "monthly_limit_nanos", "reload_enabled", "threshold_nanos", "reload_to_nanos",
    ),
    "How much of the plan allowance is used": ("session_percent", "session_resets_at", "weekly_percent", "weekly_resets_at"),
    "The kind of a failure, and labels and numbers in columns we don't know": ("error", "extra"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Lines:
    """Where every line went: read = held + other + salvaged + rejected."""

    read: int
    held: int
    other: int
    salvaged: int
    rejected: int


def lines(batches: pd.DataFrame) -> Lines:
    """Add up the rows of the query `imports_batches`."""
    read, other, salvaged, rejected = (int(batches[column].sum()) for column in ("lines", "lines_other", "salvaged", "rejected"))
    return Lines(read, read - other - salvaged - rejected, other, salvaged, rejected)


@dataclass(frozen=True, slots=True, eq=False)
class Imports:
    """What was read so far. `batches` are the files that came in together, newest first, as rows; `last_at` is naive UTC."""

    headline: Headline
    figures: tuple[Kpi, ...]
    lines: Lines
    batches: pd.DataFrame


def answer(question: Question) -> Imports:
    """All that was imported, whatever the question keeps; how long ago the last of it was is as of the question's moment."""

    def judged() -> Imports:
        batches = question.read("imports_batches", Filters())
        said = headline(batches, question.as_of, question.filters.zone)
        return Imports(said, kpis(batches), lines(batches), batches)

    return question.kept("imports", judged)


def kept_safe(found: Retention, now: datetime, zone: str) -> tuple[str, ...]:
    """What Claude Code deletes when, how much of it is safe here, and what to change to keep it longer, in sentences."""
    said = [f"Claude Code deletes transcripts after {format.plural(found.days, 'day')}"]
    said[0] += "." if found.is_set else ", unless you change that."
    safe = f"{format.count(found.safe_files)} of {format.plural(found.files, 'transcript')} are saved here"
    if not found.soon_files or found.first_at is None:
        said.append(f"None will be deleted within a week; {safe}.")
    else:
        first = format.day(format.local(max(found.first_at, now), zone).date())
        size = format.size(found.soon_bytes)
        said.append(
            f"{format.plural(found.soon_files, 'transcript')} ({size}) will be deleted within a week, starting {first}; {safe}."
        )
    if found.soon_unread:
        said.append(
            f"{format.count(found.soon_unread)} of those {'is' if found.soon_unread == 1 else 'are'} not imported yet. Sync now."
        )
    said.append(f'To keep transcripts longer, set "cleanupPeriodDays": {KEEP_DAYS} in {found.settings}.')
    return tuple(said)


def headline(batches: pd.DataFrame, now: datetime, zone: str) -> Headline:
    """What was read so far, and what had to be left out."""
    if batches.empty:
        return Headline("No imports yet.", "You'll see what's in a file before you import it.", enough=False)
    found, files = lines(batches), int(batches["files"].sum())
    left = "no rejected lines" if not found.rejected else f"{format.plural(found.rejected, 'rejected line')}"
    kept = format.plural(batches["events_new"].sum(), "call")
    first, last = batches["first_event_at"].min(), batches["last_event_at"].max()
    span = "" if pd.isna(first) else f"They cover {format.days(*(format.local(at, zone).date() for at in (first, last)))}. "
    ago = format.ago(now - batches["imported_at"].max())
    return Headline(
        f"We read {format.plural(found.read, 'line')} in {format.plural(files, 'file')}: {kept}, {left}.",
        f"{span}The last import was {ago}.",
    )


def kpis(batches: pd.DataFrame) -> tuple[Kpi, ...]:
    """Where every line went."""
    found = lines(batches)
    shown = [
        Kpi("Lines read", format.count(found.read), help="Every line of every file you imported."),
        Kpi("With usage", format.count(found.held), help="Lines about a call or its cost. Several lines may be about one call."),
        Kpi("Without usage", format.count(found.other), help="Prompts, tool results, titles and headers: counted, never stored."),
        Kpi("Repaired", format.count(found.salvaged), help="Damaged lines, partly recovered."),
        Kpi(
            "Rejected", format.count(found.rejected), help=f"Lines we couldn't read{', listed below' if found.rejected else ''}."
        ),
    ]
    return tuple(kpi for kpi in shown if kpi.label != "Repaired" or found.salvaged)


def history(batches: pd.DataFrame, zone: str) -> pd.DataFrame:
    """The rows of `imports_batches` with `what` (a file's name, or how many files), `format` and the days it `covers` in words."""
    what = [
        format.name(name) if files == 1 else format.plural(files, "file")
        for name, files in zip(batches["name"], batches["files"], strict=True)
    ]
    covers = [
        None if pd.isna(first) else format.days(*(format.local(at, zone).date() for at in (first, last)))
        for first, last in zip(batches["first_event_at"], batches["last_event_at"], strict=True)
    ]
    return _stated(batches).assign(what=what, format=[_formats(names) for names in batches["formats"]], covers=covers)


def files(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of `imports_of_batch` with their format in words."""
    return _stated(rows).assign(format=[_formats([name]) for name in rows["format"]])


def previewed(preview: Preview) -> Headline:
    """What staged files hold, and what importing them would add."""
    fresh = [one for one in preview.files if not one.repeated]
    if not preview.files:
        unread = len(preview.unread)
        none = "this file" if unread == 1 else f"any of these {format.count(unread)} files"
        return Headline(f"We can't read {none}.", "Nothing was imported. The reasons are below.", enough=False)
    if not fresh:
        count = len(preview.files)
        every = "This file was" if count == 1 else f"All {format.count(count)} files were"
        return Headline(f"{every} already imported, byte for byte.", "Importing again would add nothing.", enough=False)
    calls, cost = sum(one.calls for one in fresh), sum(one.cost_nanos or 0 for one in fresh)
    worth = f" worth {format.dollars(cost)}" if any(one.cost_nanos is not None for one in fresh) else ""
    hold = "holds" if len(fresh) == 1 else "hold"
    lead = f"{format.plural(len(fresh), 'file')} {hold} {format.plural(calls, 'call')}{worth}."
    known = sum(one.known or 0 for one in fresh)
    stated = sum(one.range_totals for one in fresh)
    repeated, left = len(preview.files) - len(fresh), len(preview.rejects)
    new = "" if preview.new is None else f"{format.plural(preview.new, 'call')} {'is' if preview.new == 1 else 'are'} new"
    parts = [
        f"{new}{f', {format.count(known)} already in your data' if known else ''}." if new else "",
        f"{format.plural(stated, 'date-range total')}, to reconcile." if stated else "",
        f"{format.plural(repeated, 'file')} {'was' if repeated == 1 else 'were'} imported before." if repeated else "",
        f"{format.plural(left, 'line')} can't be read and will be rejected." if left else "",
        f"{format.plural(len(preview.unread), 'file')} can't be read at all." if preview.unread else "",
        "Nothing is imported yet.",
    ]
    return Headline(lead, " ".join(filter(None, parts)))


def preview_rows(preview: Preview) -> pd.DataFrame:
    """One row per file, most expensive first, with its format in words and its state: new, or imported before."""
    files = sorted(preview.files, key=lambda one: -(one.cost_nanos or 0))
    return _stated(pd.DataFrame([asdict(one) for one in files])).assign(
        format=[_formats([one.format]) for one in files],
        state=["imported before" if one.repeated else "new" for one in files],
    )


def reject_rows(rejects: Iterable[tuple[str, int | None, str]]) -> pd.DataFrame:
    """One row per line that cannot be read."""
    return left_out(pd.DataFrame(rejects, columns=["name", "line", "reason"]))


def left_out(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of `imports_rejects`, with the line as words: it is a name, and nothing to add up."""
    return rows.assign(line=[None if pd.isna(line) else format.count(line) for line in rows["line"]])


def unread_rows(unread: Sequence[Unread]) -> pd.DataFrame:
    """One row per file that holds nothing for us."""
    return pd.DataFrame([[one.name, one.reason] for one in unread], columns=["name", "reason"])


def received(receipt: Receipt) -> Headline:
    """What an import or a sync has done."""
    if not receipt.files:
        lead = "Nothing new: we already have everything in the folders." if not receipt.unread else "We couldn't read any file."
        return Headline(lead, "", enough=not receipt.unread)
    known = sum(one.events_duplicate for one in receipt.files)
    left = sum(one.rejected for one in receipt.files)
    stated = sum(one.range_totals for one in receipt.files)
    parts = [
        f"{format.plural(known, 'call')} already in your data, counted once." if known else "",
        f"{format.plural(left, 'rejected line')}." if left else "",
        f"{format.plural(stated, 'date-range total')}: compared with your calls, never added to them." if stated else "",
        "Account balances and limits imported." if any(one.format == "account_json" for one in receipt.files) else "",
    ]
    lead = f"{format.plural(len(receipt.files), 'file')} imported: {format.plural(receipt.events_new, 'new call')}."
    if not receipt.events_total and all(one.format == "account_json" for one in receipt.files):
        lead, parts = "Balance and limits imported.", []
    return Headline(lead, " ".join(filter(None, parts)))


def receipt_rows(receipt: Receipt) -> pd.DataFrame:
    """One row per imported file, with its format in words; those with lines left out first, then those with most events."""
    files = sorted(receipt.files, key=lambda one: (-one.rejected, -one.events_new))
    return _stated(pd.DataFrame([asdict(one) for one in files])).assign(format=[_formats([one.format]) for one in files])


def reading(progress: Progress | None, then: str) -> tuple[float, str]:
    """How far reading has come, from 0 to 1, and in words; `then` says what follows it."""
    if progress is None:
        return 0.0, "Looking for new usage …"
    if progress.files >= progress.files_total:
        return 1.0, f"{format.plural(progress.lines, 'line')} read. {then}"
    rate = f", {format.count(progress.lines / progress.seconds)} a second" if progress.seconds > 0.5 and progress.lines else ""
    done = progress.bytes / progress.bytes_total if progress.bytes_total else 0.0
    files = f"File {format.count(progress.files + 1)} of {format.count(progress.files_total)}"
    return min(done, 1.0), f"{files}: {format.plural(progress.lines, 'line')} read{rate}"


def waiting(files: int, new_files: int, new_bytes: int) -> str:
    """What a sync would read of so many files."""
    if not files:
        return "No transcripts here yet. Claude Code writes one per conversation."
    if not new_files:
        return "Everything in them is imported."
    return f"{format.plural(new_files, 'file')} with {format.size(new_bytes)} not imported yet."


def _stated(rows: pd.DataFrame) -> pd.DataFrame:
    """Without the column of range totals where there are none: most formats state none."""
    return rows if "range_totals" in rows and rows["range_totals"].any() else rows.drop(columns="range_totals", errors="ignore")


def _formats(names: Iterable[str]) -> str:
    labels = format.listed([importer(name).label if name in NAMES else name for name in names], most=2)
    return labels[:1].upper() + labels[1:]
