"""What was derived, as it is written: one folder of Parquet a table, and `derived.json`, which is there when all of them are."""

from __future__ import annotations

from typing import Final

import msgspec

from usage_analytics.errors import BadRequest
from usage_analytics.store.engines.places import Place

NAME: Final = "derived.json"
# What follows from the archive, and what pages read beside it as it was imported.
DERIVED: Final = (
    "call", "claim", "claim_link", "reconciled",
    "rollup_half_hour", "rollup_value", "rollup_conversation", "rollup_conversation_part", "rollup_message_position",
)  # fmt: skip
BESIDE: Final = ("prompt", "limit_seen", "session_total", "balance_seen", "range_total", "import", "reject")
WRITTEN: Final = (*DERIVED, *BESIDE)


class Derived(msgspec.Struct, frozen=True):
    """By which version of the database, prices and rules, by what engine, how many rows a table; and lines of the ledger left out."""

    schema: int
    rates: str
    rules: str
    engine: str
    rows: dict[str, int]
    left_out: tuple[int, ...] = ()


def forget(out: Place) -> None:
    """Remove the mark that says all of it is there, before it is written again."""
    out.remove(NAME)


def finish(out: Place, told: Derived) -> None:
    """Say that all is there."""
    out.write(NAME, msgspec.json.format(msgspec.json.encode(told), indent=2) + b"\n")


def what_is_in(place: Place) -> Derived:
    """What a place holds. Raises BadRequest where nothing, or not all, is there."""
    content = place.read(NAME)
    try:
        if content is not None:
            return msgspec.json.decode(content, type=Derived)
    except msgspec.MsgspecError:
        pass
    raise BadRequest(f"There are no roll-ups in {place.uri}. Write them with “usage-analytics derive --out {place.uri}”.")
