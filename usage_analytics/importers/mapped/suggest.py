"""A mapping to begin with: columns matched by name and by content. What the content cannot decide is left open; see `questions`."""

from __future__ import annotations

import re
from typing import Final

import msgspec

from usage_analytics.importers.labels import may_hold_words
from usage_analytics.importers.mapped import names
from usage_analytics.importers.mapped.evidence import cache_within, decided
from usage_analytics.importers.mapped.mapping import COUNTS, TOKENS, Mapping, fits
from usage_analytics.importers.mapped.proposal import ColumnFacts, Suggestion, TableFacts

MOSTLY: Final = 0.6  # of the rows that are not empty
_LABELS: Final = ("model", "app", "account", "project", "conversation_id", "event_id", "currency", "error")
_EXACT_ONLY: Final = ("message_index", "speed", "geo", "batch", "run", "human_prompt", "paid_from")
_ROLES: Final = ("occurred_at", "cost_usd", *COUNTS, *_LABELS, *_EXACT_ONLY, names.TOTAL)
_CLOCKS: Final = frozenset("time hour uhrzeit zeit heure hora stunde ora".split())


def suggest(facts: TableFacts, rows: list[list[str]], kept: list[Mapping] | None = None) -> Suggestion | None:
    """What the columns seem to mean, as far as the first `rows` show it; None where there is no time, or neither a cost nor tokens."""
    columns = _assigned(facts)
    near = max(kept or (), key=lambda one: len(set(one.header) & set(facts.header)), default=None)
    if near and len(set(near.header) & set(facts.header)) <= 0.5 * max(len(near.header), len(facts.header)):
        near = None
    if near:
        columns |= {role: column for role, column in near.columns.items() if set(near.source(role)) <= set(facts.header)}
    if "occurred_at" not in columns or not {"cost_usd", *TOKENS} & columns.keys():
        return None
    change = msgspec.structs.replace
    mapping = decided(facts, Mapping(columns=columns, header=list(facts.header)))
    mapping = change(mapping, input_includes_cache=cache_within(facts, rows, mapping))
    if "app" not in columns:
        mapping = change(mapping, constants={"app": app_of(facts.name)})
    costs = _costs(facts)
    mapping = change(mapping, cost_chosen=False if len(costs) > 1 and "cost_usd" in columns else None)
    found = Suggestion(facts, mapping, costs)
    if near and not fits(near, facts.header):
        found.like = near.name
        found.new = [column for column in facts.header if column not in near.header]
        found.missing = [column for column in near.header if column not in facts.header]
        found.mapping = change(
            near, columns=columns, header=list(facts.header), identity=near.identity or near.header,
            decimal=mapping.decimal or near.decimal, date_order=mapping.date_order or near.date_order,
        )  # fmt: skip
    return found


def _assigned(facts: TableFacts) -> dict[str, str | list[str]]:
    """Role → column: the best pair first, each column once."""
    pairs = sorted(
        ((fit, role, one.name) for one in facts.columns for role in _ROLES if (fit := _fit(role, one, facts.rows)) > names.LEAST),
        key=lambda pair: (-pair[0], pair[1]),
    )
    columns: dict[str, str | list[str]] = {}
    taken: set[str] = set()
    for _, role, name in pairs:
        if role not in columns and name not in taken:
            columns[role] = name
            taken.add(name)
    columns.pop(names.TOTAL, None)
    if "occurred_at" not in columns:
        times = [
            one for one in facts.columns if one.name not in taken and one.times > one.rows * 0.9 and one.rows and not one.serials
        ]
        if len(times) == 1:
            columns["occurred_at"] = times[0].name
    return _with_clock(facts, columns)


def _fit(role: str, one: ColumnFacts, rows: int) -> float:
    """How well a column fits a role, by its name and by what is in it."""
    named = names.score(role, one.label)
    if not named or not one.rows:
        return 0.0
    if role == "occurred_at":
        share = max(one.times, one.serials) / one.rows
        return named if share >= MOSTLY else 0.0
    if role in ("cost_usd", *COUNTS, names.TOTAL, "message_index"):
        share = one.numbers / one.rows
        dates = one.times / one.rows
        return named if share >= MOSTLY and dates < MOSTLY else 0.0
    if may_hold_words(one.name) and role not in ("conversation_id", "event_id"):
        return 0.0
    if role == "event_id":  # a column of few values is no id of a call
        return named if one.distinct >= 0.5 * rows and not one.blank else 0.0
    if role in ("model", "app", "account", "project") and one.numbers > one.rows * MOSTLY and named < 0.95:
        return 0.0
    return named if one.labels >= one.rows * MOSTLY or role in ("account", "project", "app") else 0.0


def _with_clock(facts: TableFacts, columns: dict[str, str | list[str]]) -> dict[str, str | list[str]]:
    """Return the same, with the time of day from a separate column."""
    time = facts.column(str(columns.get("occurred_at", "")))
    if time is None or time.days < time.rows * MOSTLY:
        return columns
    clocks = [
        one.name
        for one in facts.columns
        if one.rows and one.clocks >= one.rows * MOSTLY and set(names.words(one.label)) & _CLOCKS
    ]
    return columns | {"occurred_at": [time.name, clocks[0]]} if len(clocks) == 1 else columns


def _costs(facts: TableFacts) -> list[str]:
    """The columns that may each be what was paid, where their amounts differ."""
    fits = {one.name: names.score("cost_usd", one.label) for one in facts.columns if _fit("cost_usd", one, facts.rows) >= 0.5}
    sums = {facts.columns[facts.header.index(name)].sums.get(".") for name in fits}
    return sorted(fits, key=lambda name: -fits[name]) if len(sums) > 1 else []


def app_of(name: str) -> str:
    """What to call the app of a table that names none: as the file, without its dates and its ending."""
    stem = re.sub(r"\.[A-Za-z0-9]{1,5}(?= ›|$)", "", name)
    kept = re.sub(r"[\d_\-.›()\[\]]+", " ", stem).split()
    return " ".join(kept)[:60] or "imported table"
