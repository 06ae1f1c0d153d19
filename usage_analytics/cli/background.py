"""`background`: unattended spend and drains; mark a run as expected, dismiss or restore a flag."""

from __future__ import annotations

from argparse import Namespace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from usage_analytics import format as fmt
from usage_analytics.cli import answer, asked
from usage_analytics.control import Control
from usage_analytics.control.expected import ExpectedRun, expect, expected_runs, forget
from usage_analytics.control.flags import dismiss, dismissed, note_raised, restore, stop, stopped, unstop
from usage_analytics.errors import BadRequest
from usage_analytics.filters import instant

if TYPE_CHECKING:
    from usage_analytics.answers.background import Background, Flag, SourceSpend
    from usage_analytics.answers.background.found_by import FoundBy

HEAD: Final = ("Source", "Run", "Attended", "Unattended", "Expected", "Runs", "Per run", "Empty", "Overnight", "Since you")
ZONE: Final = "UTC"


def background(options: Namespace) -> int:
    """Print the flags, or keep what a person says of them."""
    if options.action:
        return _expected(options) if options.action == "expected" else _decide(options)
    found, zone = _found(options)
    if options.json:
        answer.write_json(as_json(found))
    elif not found.sources and not found.flags:
        print(answer.NOTHING_YET)
    else:
        print(" ".join(filter(None, (found.headline.lead, found.headline.detail))))
        for flag in found.flags:
            print(f"{flag.severity.upper()}  {flag.kind_said}: {flag.source}  [{flag.key}]")
            began, flagged = fmt.moment(flag.started_at, zone), fmt.moment(flag.flagged_at, zone)
            spent = fmt.dollars(flag.spent_nanos)
            if flag.over:
                course = f"over since {fmt.moment(flag.last_seen_at, zone)}, at {spent}"
            else:
                pace, until = fmt.per_hour(flag.pace_nanos_per_hour), fmt.moment(flag.projected_until, zone)
                course = f"{spent} so far, {pace}, {fmt.dollars(flag.projected_nanos)} by {until} if it continues"
            print(f"  since {began}, flagged {flagged} after {fmt.dollars(flag.spent_before_flag_nanos)}; {course}")
            print(f"  {flag.found_by.said}")
            for reason in flag.reasons[1:]:  # the first has the same numbers
                print(f"  {reason.signal}: {reason.evidence}")
            print(f"  → {flag.what_to_do}")
        print()
        answer.write_table(HEAD, [_cells(row) for row in found.sources], words=2)
        for note in found.notes:
            print(f"\n{note}")
    return 0


def _found(options: Namespace, *, dismissed: bool = False) -> tuple[Background, str]:
    """What is found in the database that the words name, as of the moment that they name, and the person's zone."""
    with asked.reading(options) as store:
        from usage_analytics.answers import background as judged  # here: it needs numpy, and a wrong word should not

        question = asked.exact(options, store)
        return judged.answer(question, dismissed=dismissed), question.filters.zone


def as_json(found: Background) -> dict[str, object]:
    """The answer in the shape that programs rely on; what depends on the moment of asking lies under `as_of`."""
    return {
        "figures": answer.said(found.headline, found.figures)["figures"],
        "as_of": {"time": answer.time(found.as_of), "headline": found.headline.lead, "running": len(found.running)},
        "flags": [_flag(flag, found.as_of) for flag in found.flags],
        "sources": [
            {
                "app": row.app,
                "account": row.account,
                "project": row.project,
                "run": row.run,
                "calls": row.calls,
                "attended_usd": answer.money(row.attended_nanos),
                "unattended_usd": answer.money(row.unattended_nanos),
                "expected_usd": answer.money(row.expected_nanos),
                "fires": row.fires,
                "usd_per_fire": answer.money(row.cost_per_fire_nanos),
                "empty_fire_share": row.empty_fire_share,
                "overnight_usd": answer.money(row.overnight_nanos),
                "since_last_human_usd": answer.money(row.since_last_human_nanos),
                "last_human_at": answer.time(row.last_human_at),
                "sees_prompts": row.sees_prompts,
            }
            for row in found.sources
        ],
        "notes": list(found.notes),
    }


def _flag(flag: Flag, as_of: datetime) -> dict[str, object]:
    return {
        "key": flag.key,
        "app": flag.app,
        "account": flag.account,
        "project": flag.project,
        "run": flag.run,
        "kind": flag.kind,
        "started_at": answer.time(flag.started_at),
        "flagged_at": answer.time(flag.flagged_at),
        "last_seen_at": answer.time(flag.last_seen_at),
        "spent_before_flag_usd": answer.money(flag.spent_before_flag_nanos),
        "spent_usd": answer.money(flag.spent_nanos),
        "usd_per_hour": answer.money(flag.pace_nanos_per_hour),
        "severity": flag.severity,
        "found_by": _found_by(flag.found_by),
        "reasons": [{"signal": reason.signal, "evidence": reason.evidence} for reason in flag.reasons],
        "what_to_do": flag.what_to_do,
        "sees_prompts": flag.sees_prompts,
        "as_of": {
            "time": answer.time(as_of),
            "over": flag.over,
            "projected_usd": answer.money(flag.projected_nanos),
            "projected_until": answer.time(flag.projected_until),
            "saved_usd_if_stopped": answer.money(flag.saved_nanos),
        },
    }


def _found_by(found: FoundBy) -> dict[str, object]:
    numbers = {
        "spent": answer.money(found.spent_nanos),
        "usual": answer.money(found.usual_nanos),
        "needed": answer.money(found.needed_nanos),
    }
    in_dollars = {f"{name}_usd": money for name, money in numbers.items()}
    # The names without a unit are older, and programs may rely on them
    return {"test": found.test, "seconds": found.seconds, **in_dollars, **numbers, "sentence": found.said}


def _cells(row: SourceSpend) -> list[str]:
    name = " · ".join(fmt.name(part, longest=24) for part in (row.app, row.project, row.account) if part)
    money = (row.attended_nanos, row.unattended_nanos, row.expected_nanos)
    return [
        name,
        row.run or fmt.UNKNOWN,
        *map(fmt.dollars, money),
        fmt.count(row.fires),
        fmt.dollars(row.cost_per_fire_nanos) if row.fires else "",
        fmt.percent(row.empty_fire_share) if row.fires else "",
        fmt.dollars(row.overnight_nanos),
        fmt.dollars(row.since_last_human_nanos),
    ]


def _decide(options: Namespace) -> int:
    """Keep what a person says of a run or of a flag. Raises BadRequest."""
    control, now = Control.beside(asked.database(options)), datetime.now(UTC).replace(tzinfo=None)
    which, done = options.which or "", ""
    if options.action in ("dismiss", "stopped") and not which:
        raise BadRequest("Name the key of a flag. List the flags with: usage-analytics background")
    match options.action:
        case "expect":
            if not options.app or not options.start:
                raise BadRequest("An expected run needs --app NAME and --from TIME, and --to TIME if it ends.")
            end = instant(options.end) if options.end else None
            run = ExpectedRun(options.app, instant(options.start), end, options.account, options.project, options.note)
            number = expect(control, run, now)
            if options.json:
                return _expected(options)
            done = f"Expected run {number} saved: {_run_in_words(run)}. Undo with: usage-analytics background forget {number}"
        case "forget":
            if not which.isdecimal():
                raise BadRequest("Name the number of an expected run. List them with: usage-analytics background expected")
            forget(control, int(which))
            done = f"Removed expected run {which}."
        case "dismiss":
            if not options.reason:
                raise BadRequest("Say why with --reason TEXT. A few words are enough.")
            note_raised(control, [flag for flag in _found(options, dismissed=True)[0].flags if flag.key == which], now)
            dismiss(control, which, options.reason, now)
            done = f"Dismissed flag {which}. A new drain from the same source will be flagged again."
        case "stopped":
            done = _stopped(options, control, which)
        case _:
            if which not in dismissed(control) and which not in stopped(control):
                raise BadRequest(f"Flag {which} wasn't dismissed or stopped. Use the key that you named then.")
            restore(control, which)
            unstop(control, which)
            done = f"Restored flag {which}."
    if not options.json:
        print(done)
    return 0


def _stopped(options: Namespace, control: Control, which: str) -> str:
    """Keep that a drain was stopped, at the moment of which its saving is; what to say of it. Raises BadRequest."""
    found, _ = _found(options, dismissed=True)
    flags = [flag for flag in found.flags if flag.key == which]
    note_raised(control, flags, found.as_of)
    saved = flags[0].saved_nanos if flags else None
    stop(control, which, saved, found.as_of)
    worth = f" That saves about {fmt.dollars(saved)} by the time you're usually back." if saved else ""
    return f"Marked flag {which} as stopped.{worth} Undo with: usage-analytics background restore {which}"


def _expected(options: Namespace) -> int:
    runs = expected_runs(Control.beside(asked.database(options)))
    if options.json:
        answer.write_json(
            {
                "expected": [
                    {
                        "id": one.expected_id,
                        "app": one.app,
                        "account": one.account,
                        "project": one.project,
                        "from": answer.time(one.start),
                        "to": answer.time(one.end),
                        "note": one.note,
                        "declared_at": answer.time(one.declared_at),
                    }
                    for one in runs
                ]
            }
        )
        return 0
    if not runs:
        print("No expected runs. Mark one with: usage-analytics background expect --app NAME --from TIME --to TIME")
    for one in runs:
        print(f"{one.expected_id}  {_run_in_words(one)}")
    return 0


def _run_in_words(one: ExpectedRun) -> str:
    name = " · ".join(fmt.name(part) for part in (one.app, one.project, one.account) if part)
    until = fmt.moment(one.end, ZONE) if one.end else "further notice"
    return f"{name}, {fmt.moment(one.start, ZONE)} until {until}" + (f" ({fmt.name(one.note)})" if one.note else "")
