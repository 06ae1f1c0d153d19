"""The roll-ups say what the calls say: after any imports and undos, and under any filters."""

from __future__ import annotations

import random
import tempfile
from collections import defaultdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from tests.databases import DERIVED, NOW, content, derived_again, new, rows
from usage_analytics.filters import Filters
from usage_analytics.importers.sink import Sink
from usage_analytics.store import Store
from usage_analytics.store.ledger import Batch, NewImport

ROLLUPS: Final = tuple(table for table in DERIVED if table.startswith("rollup_"))
BEGUN: Final = datetime(2026, 11, 2)
MODELS: Final = ("claude-opus-4-6", "claude-haiku-4-5-20251001", "model-without-a-price", None)
SEEDS: Final = range(2)

Row = dict[str, Any]


def events(chance: random.Random) -> dict[str, Row]:
    """Calls of a week by their ids: conversations of a day or many, of one model, app, project, account or several, and no conversation."""
    found = {}
    for number in range(chance.randint(40, 80)):
        conversation = chance.choice([None, "a", "b", "c", "d", *(f"short {number // 3}" for _ in range(6))])
        found[f"{number}"] = {
            "source": "usage_events",
            "grain": "call",
            "event_id": f"{number}",
            "occurred_at": BEGUN + timedelta(hours=chance.choice([number, 2 * number, 23])),
            "app": chance.choice(["editor", "editor", "nightly"]),
            "account": chance.choice(["ann", "ann", "ben", None]),
            "project": chance.choice(["garden", "garden", "orchard", None]),
            "conversation_id": conversation,
            "message_index": number % 9 + 1 if conversation else None,
            "run": chance.choice(["interactive", "headless", "subagent", None]),
            "model": chance.choice(MODELS),
            "input_tokens": chance.choice([None, 0, 10, 2000]),
            "cache_read_tokens": chance.choice([None, 0, 30_000]),
            "output_tokens": chance.choice([None, 5, 4000]),
        }
    return found


def add(store: Store, called: list[Row]) -> int:
    """Import these calls as one file; its import id."""
    with tempfile.TemporaryDirectory() as folder:
        sink = Sink(Path(folder))
        sink.begin(0)
        sink.add("observation", {name: [row[name] for row in called] for name in called[0]})
        sink.flush()
        batch = Batch(Path(folder), (NewImport(0, "events.csv", "usage_events", len(called), 0, 0, 0),))
        return store.add(batch, NOW)[0].import_id


def changed(chance: random.Random, store: Store) -> None:
    """Import files that overlap and disagree, undo some of them, and import some again."""
    known = events(chance)
    held: list[int] = []
    for _ in range(6):
        moved = {"conversation_id": chance.choice(["a", "elsewhere"]), "occurred_at": BEGUN} if chance.random() < 0.5 else {}
        part = chance.sample(sorted(known), chance.randint(5, len(known)))
        held.append(add(store, [known[name] | (moved if chance.random() < 0.2 else {}) for name in part]))
        if chance.random() < 0.4:
            store.undo([held.pop(chance.randrange(len(held)))])


def derived_anew(store: Store) -> dict[str, list[str]]:
    """The roll-ups of all calls at once."""
    derived_again(store)
    return content(store, ROLLUPS)


def kept(chance: random.Random) -> Filters:
    """A span and values to keep, each of them often left open."""

    def some(*values: str) -> tuple[str, ...]:
        return tuple(chance.sample(values, chance.randint(1, 2))) if chance.random() < 0.4 else ()

    start = BEGUN + timedelta(days=chance.randint(0, 3)) if chance.random() < 0.5 else None
    end = BEGUN + timedelta(days=chance.randint(2, 8)) if chance.random() < 0.5 else None
    return Filters(
        start=start,
        end=end,
        models=some(*(model or "" for model in MODELS)),
        apps=some("editor", "nightly"),
        projects=some("garden", "orchard", ""),
        accounts=some("ann", "ben", ""),
    )


def matching(store: Store, filters: Filters) -> dict[str | None, list[Row]]:
    """The calls that are kept, by conversation."""
    found: dict[str | None, list[Row]] = defaultdict(list)
    for row in rows(store, "select * from call"):
        inside = (filters.start or BEGUN) <= row["occurred_at"] < (filters.end or datetime(9000, 1, 1))
        values = (("models", "model"), ("apps", "app"), ("projects", "project"), ("accounts", "account"))
        if inside and all(not getattr(filters, many) or (row[one] or "") in getattr(filters, many) for many, one in values):
            found[row["conversation_id"]].append(row)
    return found


def total(called: list[Row], column: str) -> int | None:
    """A sum of what is known; None where nothing is."""
    known = [row[column] for row in called if row[column] is not None]
    return sum(known) if known else None


def test_after_any_imports_and_undos_the_rollups_are_those_of_all_calls(tmp_path: Path) -> None:
    for seed in SEEDS:
        store = new(tmp_path / f"{seed}")
        changed(random.Random(seed), store)
        assert content(store, ROLLUPS) == derived_anew(store), seed
        store.close()


def test_a_conversation_comes_to_the_same_read_whole_or_in_parts_under_any_filters(tmp_path: Path) -> None:
    for seed in SEEDS:
        chance = random.Random(seed)
        store = new(tmp_path / f"{seed}")
        add(store, list(events(chance).values()))
        for filters in [Filters(), *(kept(chance) for _ in range(25))]:
            own = matching(store, filters)
            found = store.rows("conversations_costliest", filters, limit=1000)
            expected = {key: total(called, "cost_nanos") for key, called in own.items() if key and total(called, "cost_nanos")}
            assert {row["conversation_id"]: row["cost_nanos"] for row in found} == expected, (seed, filters)
            assert {row["conversation_id"]: row["calls"] for row in found} == {key: len(own[key]) for key in expected}
            lengths = store.rows("conversations_by_length", filters, long_from=5)
            assert sum(row["conversations"] for row in lengths) == len(own.keys() - {None})
            every = [row for called in own.values() for row in called]
            for column in ("cost_nanos", "resend_nanos"):
                assert total(lengths, column) == total(every, column), (seed, filters)
        store.close()


def test_a_page_offers_what_the_calls_hold_dearest_first(tmp_path: Path) -> None:
    store = new(tmp_path)
    add(store, list(events(random.Random(5)).values()))
    found = store.rows("choices")
    for column in ("model", "app", "project", "account"):
        spent: dict[str, list[Row]] = defaultdict(list)
        for row in rows(store, "select * from call"):
            spent[row[column] or ""].append(row)
        offered = [row for row in found if row["dimension"] == column]
        expected = {value: total(called, "cost_nanos") for value, called in spent.items()}
        assert {row["value"]: row["cost_nanos"] for row in offered} == expected
        costs = [row["cost_nanos"] for row in offered if row["cost_nanos"] is not None]
        assert costs == sorted(costs, reverse=True)


def test_hours_are_put_into_the_days_of_the_persons_own_clock(tmp_path: Path) -> None:
    store = new(tmp_path)
    called = events(random.Random(6))
    priced = {"model": "claude-opus-4-6", "input_tokens": 10}  # the first of the moment is the one that is active
    moved = {"occurred_at": BEGUN + timedelta(hours=22), "conversation_id": "a"}
    add(store, [row | moved | priced for row in called.values()])
    for query in ("spend_by_time", "active_by_time", "conversations_by_time"):
        days = {row["period"] for row in store.rows(query, Filters(zone="Europe/Berlin"))}
        assert days == {BEGUN}, query
        days = {row["period"] for row in store.rows(query, Filters(zone="Asia/Tokyo"))}
        assert days == {BEGUN + timedelta(days=1)}, query


def test_a_day_begins_at_midnight_where_clocks_differ_from_utc_by_half_an_hour(tmp_path: Path) -> None:
    store = new(tmp_path)
    late, early = (
        datetime(2026, 11, 3, 18, 29, 59),
        datetime(2026, 11, 3, 18, 30),
    )  # Tuesday's last second and Wednesday's first in Mumbai
    like = next(iter(events(random.Random(0)).values()))
    add(store, [like | {"event_id": f"{number}", "occurred_at": moment} for number, moment in enumerate((late, late, early))])
    found = store.rows("spend_by_time", Filters(zone="Asia/Kolkata"))
    assert [(row["period"], row["calls"]) for row in found] == [(datetime(2026, 11, 3), 2), (datetime(2026, 11, 4), 1)]
    today = Filters(start=early, end=early + timedelta(days=1), zone="Asia/Kolkata")
    assert [row["calls"] for row in store.rows("spend_by_time", today)] == [1]
