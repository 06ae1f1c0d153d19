"""Whether a mapping can be used, and its way to and from JSON."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any, Final

import msgspec

from usage_analytics.errors import BadRequest
from usage_analytics.importers.labels import column_name
from usage_analytics.importers.mapped.mapping import CODES, TOKENS, Mapping
from usage_analytics.importers.mapped.moments import zone_of
from usage_analytics.importers.usage_events.columns import KNOWN

RESERVED: Final = ("suggest", "auto")  # what --map understands besides names
NAME_LENGTH: Final = 60


def decoded(text: str | bytes) -> Mapping:
    """The mapping in a JSON text: by itself, or as `mapping` in an object that says more. Raises BadRequest."""
    try:
        found = msgspec.json.decode(text)
        inner: Any = found.get("mapping", found) if isinstance(found, dict) else found
        mapping = msgspec.convert(inner, Mapping)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise BadRequest("This is not a mapping; “import FILE --map suggest --json” writes one to begin with.") from error
    return checked(mapping)


def encoded(mapping: Mapping) -> str:
    """The mapping as a small JSON document."""
    return msgspec.json.format(msgspec.json.encode(mapping), indent=2).decode()


def checked(mapping: Mapping) -> Mapping:
    """The mapping, with its columns named as they are compared. Raises BadRequest with what to change."""
    unknown = [role for role in (*mapping.columns, *mapping.constants) if role not in (*KNOWN, "currency")]
    if unknown:
        raise BadRequest(
            f"The mapping fills “{unknown[0][:40]}”, which is not a column of usage events. See the README for their names."
        )
    columns: dict[str, str | list[str]] = {}
    for role in mapping.columns:
        named = [column_name(column) for column in mapping.source(role)]
        if len(named) > (2 if role == "occurred_at" else 1):
            raise BadRequest(
                f"The mapping names several columns for {role}; only occurred_at may have two, a date and a time of day."
            )
        columns[role] = named[0] if len(named) == 1 else named
    mapping = msgspec.structs.replace(mapping, columns=columns, header=[column_name(column) for column in mapping.header])
    if "occurred_at" not in columns:
        raise BadRequest("The mapping doesn't say which column holds the time. Set it as occurred_at.")
    if not {"cost_usd", *TOKENS} & columns.keys():
        raise BadRequest(
            "The mapping names neither a cost nor tokens. Name a column for cost_usd or for one of the token counts."
        )
    _check_notation(mapping)
    return mapping


def _check_notation(mapping: Mapping) -> None:
    if mapping.zone:
        try:
            zone_of(mapping.zone)
        except ValueError:
            raise BadRequest(f"“{mapping.zone[:40]}” isn't a time zone. Write it like Europe/Berlin, UTC or +02:00.") from None
    for code in filter(None, (mapping.currency, *mapping.rates)):
        if code not in CODES and not re.fullmatch(r"[^\w\s]|kr", code):
            raise BadRequest(f"“{code[:40]}” is not a currency that we know. Write its three letters, like EUR.")
    for code, rate in mapping.rates.items():
        if not re.fullmatch(r"\d{1,6}(\.\d{1,12})?", rate) or not Decimal(rate):
            raise BadRequest(f"The rate of {code} is not a number above zero. Write what one {code} is in US dollars, like 1.08.")
    if (mapping.tokens_in or 1) not in (1, 1_000, 1_000_000):
        raise BadRequest("tokens_in is the number of tokens that 1 stands for: 1, 1000 or 1000000.")


def checked_name(name: str) -> str:
    """A name to keep a mapping under. Raises BadRequest."""
    tidy = " ".join(name.split())
    if (
        not tidy
        or len(tidy) > NAME_LENGTH
        or tidy.lower() in RESERVED
        or not tidy.isprintable()
        or "/" in tidy
        or tidy.endswith(".json")
    ):
        raise BadRequest(
            f"Name the mapping with up to {NAME_LENGTH} characters, not “suggest” or “auto”, without a slash or “.json”."
        )
    return tidy


def renamed(mapping: Mapping, name: str) -> Mapping:
    """The same mapping under another name."""
    return msgspec.structs.replace(mapping, name=name)
