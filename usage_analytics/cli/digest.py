"""`digest`: which channel gets the numbers of each week or month, and sending them right away."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final, Literal

from usage_analytics import format as fmt
from usage_analytics.cli import answer, asked
from usage_analytics.control import Control, digests, settings
from usage_analytics.control.alerts import Channel, channels
from usage_analytics.control.digests import Digest
from usage_analytics.errors import BadRequest

HEAD: Final = ("ID", "Where", "How often", "Zone", "Names", "Next")
NAMES: Final = {"none": "as they are", "names": "replaced", "totals": "none"}


def digest(options: Namespace) -> int:
    """Change what is asked, send if asked, and say how it stands; 1 when it did not arrive. Raises BadRequest."""
    control, now = Control.beside(asked.database(options)), datetime.now(UTC).replace(tzinfo=None)
    if options.off:
        digests.forget(control, _channel(control, options.to).id)
    elif options.weekly or options.monthly or options.zone or options.redact or options.link:
        channel = _channel(control, options.to)
        gets = next((one for one in digests.digests(control) if one.channel_id == channel.id), None)
        if gets is None and not (options.weekly or options.monthly):
            raise BadRequest("That channel gets no digest yet. Add --weekly or --monthly.")
        begun = gets or Digest(channel.id, "weekly", settings.zone(control) or "UTC", "none", with_link=False, made_at=now)
        cadence: Literal["weekly", "monthly"] = "monthly" if options.monthly else "weekly" if options.weekly else begun.cadence
        wanted = replace(
            begun,
            cadence=cadence,
            zone=options.zone or begun.zone,
            redaction=options.redact or begun.redaction,
            with_link=begun.with_link if options.link is None else options.link == "on",
        )
        digests.keep(control, wanted)
    problem = None
    if options.now:
        meant = _channel(control, options.to).id
        found = next((one for one in digests.digests(control) if one.channel_id == meant), None)
        if found is None:
            raise BadRequest("That channel gets no digest yet. Add --weekly or --monthly.")
        from usage_analytics.alerts.digest import send_now

        with asked.reading(options) as store:
            told = send_now(store, control, found, now)
        if told is None:
            span = digests.last_span(found, now)
            answer.complain(f"The digest of {span.name} was already sent, or is being sent now.")
        else:
            problem = told.problem
    _write(control, now, problem, as_json=options.json)
    return 1 if problem else 0


def _channel(control: Control, wanted: int | None) -> Channel:
    """The channel that is meant. Raises BadRequest."""
    known = channels(control)
    found = [one for one in known if wanted in (None, one.id)]
    if not known:
        raise BadRequest("There is no channel yet. Add one with: usage-analytics alerts --email ADDR")
    if not found:
        raise BadRequest(f"There is no channel {wanted}. List the channels with: usage-analytics alerts")
    if len(found) > 1:
        raise BadRequest(f"There are {len(found)} channels. Choose one with --to ID; “usage-analytics alerts” lists them.")
    return found[0]


def _write(control: Control, now: datetime, problem: str | None, *, as_json: bool) -> None:
    """Which channel gets what, and why what was sent did not arrive."""
    known, kept = {one.id: one for one in channels(control)}, digests.digests(control)
    if as_json:
        rows = [
            {
                "channel": {field: getattr(known[one.channel_id], field) for field in ("id", "kind", "label")},
                "cadence": one.cadence,
                "zone": one.zone,
                "redact": one.redaction,
                "link": one.with_link,
                "told_of": answer.time(one.told_of),
                "next_at": answer.time(digests.next_at(one, now)),
            }
            for one in kept
        ]
        answer.write_json({"digests": rows, "problem": problem})
        return
    if kept:
        table = []
        for one in kept:
            channel, next_at = known[one.channel_id], fmt.moment(digests.next_at(one, now), one.zone)
            table.append((str(channel.id), channel.label, one.cadence, one.zone, NAMES[one.redaction], next_at))
        answer.write_table(HEAD, table, words=6)
        print("\n“usage-analytics watch” sends digests, and so does an open dashboard.")
    else:
        print("No channel gets a digest. Set one up with --weekly or --monthly.")
    if problem:
        answer.complain(problem)
