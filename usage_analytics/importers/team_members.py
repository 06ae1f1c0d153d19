"""Team and Enterprise, members' analytics: what each member did in the dates in the file's name, with an estimate of their spend."""

from __future__ import annotations

from typing import Final

from usage_analytics.importers.cells import Cells, Row, dollars, numbers, word
from usage_analytics.importers.delimited import header
from usage_analytics.importers.ranges import read_totals
from usage_analytics.importers.sink import Head, Opened, Sink

name: Final = "team_members"
label: Final = "Team and Enterprise members analytics"

_SPEND: Final = "estimated_spend_(usd)"
_SIGNS: Final = {"email", "seat_tier", _SPEND}


def claims(head: Head) -> bool:
    """A CSV with the columns that every version of the export has."""
    return set(header(head.start)) >= _SIGNS


def read(opened: Opened, sink: Sink) -> None:
    """One total for each member. Raises UnreadableFile where the file's name has no dates."""
    read_totals(opened, sink, name, total)


def total(cells: Cells) -> Row:
    """What a row states. Raises Unclear."""
    person, spent = word(cells, "email"), dollars(cells, _SPEND)
    return {
        "of": (person,),
        "person": person,
        "reported_cost_nanos": spent,
        "reported_cost_kind": None if spent is None else "estimate",
        "extra": numbers(cells, {"name", "email", _SPEND}),
    }
