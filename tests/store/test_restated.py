"""Buckets that their source states again: the latest statement stands, whatever the order of imports, undone or made again."""

from __future__ import annotations

import json
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.databases import NOW, content, new, rows
from usage_analytics import ingest
from usage_analytics.importers import organization_api
from usage_analytics.importers.sink import Opened, Sink
from usage_analytics.store import Store
from usage_analytics.store.ledger import Batch, NewImport

GARDEN = {"id": "org-1", "name": "Garden Ltd"}


def result(key: str, output: int) -> dict[str, Any]:
    return {"api_key_id": key, "model": "claude-opus-5-5", "uncached_input_tokens": 1000, "output_tokens": output}


def buckets(*results: dict[str, Any], day: int = 2) -> list[dict[str, Any]]:
    return [{"starting_at": f"2026-11-0{day}T00:00:00Z", "ending_at": f"2026-11-0{day + 1}T00:00:00Z", "results": list(results)}]


def reading(hour: int, *results: dict[str, Any], day: int = 2, organization: dict[str, str] = GARDEN) -> str:
    """What a sync wrote at that hour."""
    return json.dumps(
        {
            "usage_analytics_reading": 1,
            "organization": organization,
            "asked_at": f"2026-11-09T{hour:02}:00:00Z",
            "group_by": ["api_key_id", "model"],
            "pages": [buckets(*results, day=day)],
        }
    )


def put(store: Store, *texts: str, dated: datetime | None = None) -> list[int]:
    """Import each text as a file of its own, without a child process; the ids of the imports."""
    ids = []
    for text in texts:
        with tempfile.TemporaryDirectory() as folder:
            path, parts = Path(folder) / "page.json", Path(folder) / "parts"
            path.write_text(text)
            parts.mkdir()
            sink = Sink(parts)
            account = sink.begin(0)
            organization_api.read(Opened(path, path.name, 0, dated=dated), sink)
            sink.flush()
            one = NewImport(0, path.name, organization_api.name, account.lines, account.other, 0, account.rejected, ())
            ids += [added.import_id for added in store.add(Batch(parts, (one,)), NOW)]
    return ids


def outputs(store: Store) -> dict[str, int]:
    return {row["app"]: row["output_tokens"] for row in rows(store, "select app, output_tokens from call")}


EARLY = reading(9, result("a", 500), result("gone", 70))
LATE = reading(11, result("a", 400), result("b", 5))
OTHER_DAY = reading(8, result("c", 3), day=5)


def test_the_latest_statement_of_a_bucket_stands_in_whatever_order_they_come(tmp_path: Path) -> None:
    found = []
    for number, order in enumerate(((EARLY, OTHER_DAY, LATE), (LATE, EARLY, OTHER_DAY))):
        store = new(tmp_path / f"{number}")
        put(store, *order)
        assert outputs(store) == {"a": 400, "b": 5, "c": 3}
        found.append(content(store))
    assert all(one == found[0] for one in found)


def test_undoing_the_latest_brings_back_the_one_before_exactly(tmp_path: Path) -> None:
    store, alone = new(tmp_path / "one"), new(tmp_path / "two")
    _, late = put(store, EARLY, LATE)
    put(alone, EARLY)
    ingest.undo(store, [late])
    assert outputs(store) == {"a": 500, "gone": 70}
    assert content(store) == content(alone)


def test_a_database_that_is_made_again_has_the_same_statement(tmp_path: Path) -> None:
    store = new(tmp_path / "one")
    put(store, LATE, EARLY)
    before = content(store)
    store.rebuild()
    assert content(store) == before
    assert outputs(store) == {"a": 400, "b": 5}


def test_a_page_saved_by_hand_is_as_old_as_its_file_and_belongs_to_the_one_organization_there_is(tmp_path: Path) -> None:
    store = new(tmp_path / "one")
    by_hand = json.dumps({"data": buckets(result("a", 77), result("gone", 1))})
    put(store, by_hand, dated=datetime(2026, 11, 3))
    assert outputs(store) == {"a": 77, "gone": 1}
    put(store, LATE)
    assert outputs(store) == {"a": 400, "b": 5}


def test_a_bucket_that_is_stated_to_hold_nothing_holds_nothing(tmp_path: Path) -> None:
    store = new(tmp_path / "one")
    emptied = json.loads(reading(11)) | {"endpoint": "/v1/organizations/usage_report/messages"}
    _, late = put(store, EARLY, json.dumps(emptied))
    assert outputs(store) == {}
    store.undo([late])
    assert outputs(store) == {"a": 500, "gone": 70}


def test_two_organizations_keep_their_own_buckets(tmp_path: Path) -> None:
    store = new(tmp_path / "one")
    orchard = reading(12, result("z", 9), organization={"id": "org-2", "name": "Orchard Ltd"})
    put(store, LATE, orchard)
    assert outputs(store) == {"a": 400, "b": 5, "z": 9}
