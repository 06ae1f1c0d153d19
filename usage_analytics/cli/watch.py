"""`watch`: sync, judge and alert, until stopped; one line for what is new, or one JSON document a look."""

from __future__ import annotations

import signal
import sys
import threading
from argparse import Namespace
from pathlib import Path
from typing import Any

import msgspec

from usage_analytics import format as fmt
from usage_analytics.cli import answer, asked
from usage_analytics.control import Control
from usage_analytics.control.alerts import channels
from usage_analytics.errors import BadRequest
from usage_analytics.watch import EVERY_SECONDS, Look, Watcher, watch_forever

SHORTEST = 1.0


def watch(options: Namespace) -> int:
    """Look again and again until stopped; with --once a single time, and 1 when something went wrong. Raises BadRequest."""
    every = EVERY_SECONDS if options.every is None else options.every
    if not every >= SHORTEST:
        raise BadRequest(f"--every {options.every} is too often. Use 1 or more.")
    database = asked.database(options)
    watcher = Watcher(database, watched=[Path(folder).expanduser().absolute() for folder in options.folder])
    if not options.json and not channels(Control.beside(database)):
        answer.complain("No alerts yet. Add a channel with: usage-analytics alerts --webhook URL")
    if not options.json and not options.once:
        answer.complain(f"Checking every {fmt.span(every)}. Press Ctrl-C to stop.")
    known: set[str] = set()

    def tell(look: Look) -> None:
        """What is new since the look before."""
        if options.json:
            sys.stdout.write(msgspec.json.encode(as_json(look)).decode() + "\n")
            sys.stdout.flush()
            return
        said = [f"{alert.title}. {alert.what_to_do}" for alert in look.alerts if alert.episode not in known]
        if look.events_new:
            said.insert(0, f"{fmt.plural(look.events_new, 'new call')} from {fmt.plural(look.files, 'file')}.")
        said += [
            f"Alerted {told.channel}." if told.state == "sent" else f"{told.channel} couldn't be alerted: {told.problem}"
            for told in look.told
        ]
        if options.once and not look.alerts and not look.problems:
            said.append("Nothing needs your attention.")
        for line in said:
            print(f"{look.at:%H:%M:%S}  {line}", flush=True)
        for problem in (one for one in look.problems if one not in known):
            answer.complain(f"{look.at:%H:%M:%S}  {problem}")
        known.clear()
        known.update(look.problems, (alert.episode for alert in look.alerts))

    if options.once:
        look = watcher.look()
        tell(look)
        return 1 if look.problems else 0
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    watch_forever(watcher, every, stop, tell)
    return 0


def as_json(look: Look) -> dict[str, Any]:
    """A look in the shape that programs rely on."""
    return {
        "at": answer.time(look.at),
        "files": look.files,
        "events_new": look.events_new,
        "attention": [alert.document for alert in look.alerts],
        "alerts": [
            {"channel": told.channel, "title": told.title, "state": told.state, "problem": told.problem} for told in look.told
        ],
        "problems": list(look.problems),
        "seconds": round(look.seconds, 3),
    }
