"""Where sources know a call equally well, what each says is taken in an order of names: the order in which they came is of no matter."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from tests.databases import NOW, content, new, rows
from usage_analytics.importers.sink import Sink
from usage_analytics.store import Store
from usage_analytics.store.ledger import Batch, NewImport

# A transcript has a call; two gateways saw it pass, and each names a key of its own.
SAID: Final[dict[str, dict[str, str]]] = {
    "claude_code": {},
    "helicone": {"account": "ben", "project": "garden", "run": "headless", "paid_from": "api"},
    "litellm": {"account": "ann", "project": "kitchen", "run": "ci", "paid_from": "credits"},
}


def take(store: Store, folder: Path, sources: Sequence[str]) -> None:
    """Import the call as these sources know it, one after the other."""
    for number, source in enumerate(sources):
        parts = folder / f"parts {number}"
        parts.mkdir(parents=True)
        sink = Sink(parts)
        sink.begin(0)
        row = {
            "event_id": ["msg_01AbCdEfGhIjKl"],
            "occurred_at": [datetime(2026, 11, 3, 9, 30)],
            "app": [source],
            "conversation_id": ["talk"],
            "model": ["claude-sonnet-5-5"],
            "input_tokens": [1200],
            "output_tokens": [300],
        }
        sink.add(
            "observation", row | {name: [value] for name, value in SAID[source].items()}, {"source": source, "grain": "call"}
        )
        sink.flush()
        store.add(Batch(parts, (NewImport(0, source, source, 1, 0, 0, 0),)), NOW)


def test_what_two_gateways_say_of_a_call_is_taken_whichever_came_first(tmp_path: Path) -> None:
    found = []
    for number, order in enumerate((("claude_code", "helicone", "litellm"), ("litellm", "helicone", "claude_code"))):
        store = new(tmp_path / str(number))
        take(store, tmp_path / str(number), order)
        (call,) = rows(store, "select account, project, run, paid_from_stated from call")
        assert call == {"account": "ben", "project": "garden", "run": "headless", "paid_from_stated": "api"}
        found.append(content(store))
        store.close()
    assert found[0] == found[1]
