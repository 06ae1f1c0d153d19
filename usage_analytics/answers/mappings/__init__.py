"""A table in a format of its own: what we recognized in it, what is left to ask, and how its first rows read with a mapping."""

from __future__ import annotations

from collections.abc import Mapping as Chosen
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import msgspec
import pandas as pd

from usage_analytics import format
from usage_analytics.answers import Headline
from usage_analytics.importers.mapped.checks import checked_name
from usage_analytics.importers.mapped.evidence import decided
from usage_analytics.importers.mapped.mapping import TOKENS, Mapping
from usage_analytics.importers.mapped.proposal import Proposal, Question
from usage_analytics.importers.mapped.questions import answered, questions
from usage_analytics.importers.mapped.rows import RowReader, Unclear
from usage_analytics.importers.sink import Summary

FEW_ROWS: Final = 8
UNITS: Final = "amounts_in"


@dataclass(frozen=True, slots=True)
class Field:
    """A column of usage events that a column of the table may fill; `main` ones are always offered."""

    role: str
    label: str
    help: str
    main: bool = False


FIELDS: Final = (
    Field("occurred_at", "Time", "When the call was made, or the day of a row.", main=True),
    Field("model", "Model", "Which model answered.", main=True),
    Field("cost_usd", "Cost", "What the call cost. Without it, we price the tokens.", main=True),
    Field("input_tokens", "Input tokens", "Input tokens, without cache reads and writes.", main=True),
    Field("output_tokens", "Output tokens", "Output tokens.", main=True),
    Field("app", "App", "The connected app, tool or API key that made the call.", main=True),
    Field("cache_read_tokens", "Cache reads", "Tokens read from the cache."),
    Field("cache_write_5m_tokens", "Cache writes", "Tokens written to the cache for 5 minutes."),
    Field("cache_write_1h_tokens", "Cache writes, 1 h", "Tokens written to the cache for an hour."),
    Field("account", "Account", "Who made the call."),
    Field("project", "Project", "The project, team or workspace."),
    Field("conversation_id", "Conversation", "Which conversation or session the call belongs to."),
    Field("event_id", "Call ID", "A unique ID for each call."),
    Field("currency", "Currency", "The column that names each row's currency."),
)


def headline(proposal: Proposal) -> Headline:
    """What the table is, and what a person should look at."""
    table, rows = proposal.table, format.plural(proposal.table.facts.rows, "row")
    name = format.name(table.facts.name)
    if table.doubts:
        return Headline(f"{name} no longer fits the mapping “{table.mapping.name}”.", " ".join(table.doubts))
    if any(one.about == UNITS for one in proposal.questions):
        return Headline(
            f"The amounts in {name} are unusually large.", f"{rows}. Answer the last question before you import them."
        )
    if table.like:
        new = f" New: {format.listed(table.new)}." if table.new else ""
        missing = f" Missing: {format.listed(table.missing)}." if table.missing else ""
        return Headline(f"{name} is like “{table.like}”, but has different columns.", f"{rows}.{new}{missing} Check the mapping.")
    return Headline(
        f"{name} looks like a usage table, but we don't know its columns yet.",
        f"{rows}. Check what each column means. Nothing is imported yet.",
    )


def fields(proposal: Proposal) -> tuple[Field, ...]:
    """The fields, those first that are always offered or that were recognized."""
    known = proposal.mapping.columns.keys()
    return tuple(sorted(FIELDS, key=lambda one: not (one.main or one.role in known)))


def draft(proposal: Proposal, columns: Chosen[str, str], app: str) -> Mapping:
    """The mapping with these columns chosen, and what their content decides."""
    base = proposal.mapping
    chosen = {role: base.columns[role] if base.source(role)[:1] == [name] else name for role, name in columns.items()}
    constants = {} if "app" in chosen or not app.strip() else {"app": app.strip()[:200]}
    mapping = msgspec.structs.replace(base, columns=chosen, constants=constants)
    if chosen == base.columns or not chosen:
        return mapping
    shown = decided(proposal.table.facts, mapping) if "occurred_at" in chosen else mapping
    return msgspec.structs.replace(
        shown, cost_chosen=None if chosen.get("cost_usd") != base.columns.get("cost_usd") else base.cost_chosen
    )


def asked(proposal: Proposal, mapping: Mapping, zone: str) -> list[Question]:
    """What is left to ask about the mapping; a question about units stays until it is answered."""
    units = [one for one in proposal.questions if one.about == UNITS and mapping.amounts_in is None]
    return [*questions(proposal.table, mapping, zone), *units]


def with_answer(mapping: Mapping, about: str, value: object) -> Mapping:
    """The mapping with a question answered. Raises BadRequest."""
    return answered(mapping, about, value)


def named(mapping: Mapping, name: str) -> Mapping:
    """The mapping under the name that a person typed; without one it is used once. Raises BadRequest for a name that cannot be one."""
    return msgspec.structs.replace(mapping, name=checked_name(name) if name.strip() else "")


def rows(proposal: Proposal, mapping: Mapping) -> pd.DataFrame:
    """The first rows as the mapping reads them: `at`, `model`, `app`, `tokens`, `cost_nanos`; or in `left_out` why one is not read."""
    header = proposal.table.facts.header
    reader = RowReader(mapping, header)
    found: list[dict[str, object]] = []
    for cells in proposal.table.facts.sample[:FEW_ROWS]:
        try:
            event = reader.event(dict(zip(header, cells, strict=True)))
        except Unclear as reason:
            found.append({"left_out": str(reason)})
            continue
        nanos = None if event.dollars is None else int(event.dollars.scaleb(9))
        tokens = [int(event.says[role]) for role in TOKENS if role in event.says]
        named = {name: event.says.get(name) for name in ("model", "app")}
        found.append({"at": event.at, **named, "tokens": sum(tokens) if tokens else None, "cost_nanos": nanos, "left_out": None})
    return pd.DataFrame(found, columns=["at", "model", "app", "tokens", "cost_nanos", "left_out"])


def read_as(name: str, found: Summary) -> str:
    """What a table came to that was read with a mapping: its amounts as written and in dollars, and what was left out of it."""
    stated = [format.money(int(Decimal(amount).scaleb(9)), code) for code, amount in found.stated.items() if code != "USD"]
    dollars = "no cost" if found.cost_nanos is None else format.dollars(found.cost_nanos)
    spent = f"{format.listed(stated)}: {dollars} in all" if stated else dollars
    left = [
        format.plural(found.totals, "totals row") if found.totals else "",
        format.plural(found.headers, "repeated header") if found.headers else "",
        format.plural(found.negative, "refund") if found.negative else "",
    ]
    parts = [f"{format.name(name)}: {format.plural(found.rows, 'row')}, {spent}."]
    if any(left):
        parts.append(f"Left out: {format.listed([*filter(None, left)])}.")
    return " ".join(parts)
