"""Claude Code on a team: what each person spent and how many lines were accepted, in the dates that the file's name states.

Its numbers are written as the browser's language writes them, so a point may stand between thousands. It doesn't say whether an amount was
billed, and so it is taken for an estimate.
"""

from __future__ import annotations

import json
from typing import Final

from usage_analytics.importers.cells import NANOS, Cells, Row, local_number, word
from usage_analytics.importers.delimited import header
from usage_analytics.importers.ranges import read_totals
from usage_analytics.importers.sink import Head, Opened, Sink

name: Final = "team_claude_code"
label: Final = "Claude Code team report"

APP: Final = "Claude Code"
_SPEND: Final = ("spend_this_month_(usd)", "spend_(usd)", "spend")
_LINES: Final = "lines_this_month"


def claims(head: Head) -> bool:
    """A CSV with a person and the lines that they accepted."""
    return set(header(head.start)) >= {"user", _LINES}


def read(opened: Opened, sink: Sink) -> None:
    """One total for each person. Raises UnreadableFile where the file's name has no dates."""
    read_totals(opened, sink, name, total)


def total(cells: Cells) -> Row:
    """What a row states. Raises Unclear."""
    person, spent, lines = word(cells, "user"), local_number(cells, *_SPEND), local_number(cells, _LINES)
    return {
        "of": (person,),
        "app": APP,
        "person": person,
        "reported_cost_nanos": None if spent is None else int(spent * NANOS),
        "reported_cost_kind": None if spent is None else "estimate",
        "extra": None if lines is None else json.dumps({"lines": str(int(lines))}),
    }
