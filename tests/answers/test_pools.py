"""Who paid for what, and why we think so."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd

from tests.databases import add, new
from tests.transcripts import call, notice, text, usage
from usage_analytics.answers.balance import pools
from usage_analytics.filters import Filters
from usage_analytics.ingest import import_paths
from usage_analytics.store import Store

COLUMNS = ["pool", "reason", "app", "account", "calls", "nanos"]


def judged(*rows: tuple[Any, ...]) -> pools.PaidFrom:
    return pools.paid_from(pd.DataFrame(rows, columns=COLUMNS))


def test_payments_add_up_by_pool_and_reason_with_the_dearest_first() -> None:
    found = judged(
        ("plan", "cache_1h", "Claude Code", None, 10, 900),
        ("credits", "stated", "nightly", "ana", 2, 500),
        ("credits", "stated", "digest", "ana", 1, 600),
        (None, "unknown", "Chat", None, 3, 100),
    )
    assert [(one.pool_name, one.sureness, one.nanos, one.calls, one.apps) for one in found.payments] == [
        ("Usage credits", "stated", 1100, 3, ("nightly", "digest")),
        ("Plan", "inferred", 900, 10, ("Claude Code",)),
        ("Unknown", "unknown", 100, 3, ("Chat",)),
    ]
    assert (found.credit_nanos, found.unknown_nanos, found.total_nanos) == (1100, 100, 2100)
    assert found.sure_share == 1100 / 2100


def test_without_calls_nothing_was_paid_and_nothing_is_sure() -> None:
    found = judged()
    assert (found.payments, found.sure_share) == ((), None)


def test_calls_without_a_price_are_unknown_and_not_free() -> None:
    (payment,) = judged(("credits", "stated", "nightly", None, 2, None)).payments
    assert payment.nanos is None


def reasons(store: Store, *own: dict[str, str | None]) -> dict[str, tuple[str | None, str]]:
    rows = store.rows("pools", Filters(), own_pools=list(own))
    both = store.rows("credit_apps", Filters(), own_pools=list(own))
    for pool in {row["pool"] for row in rows}:
        assert sum(row["nanos"] or 0 for row in rows if row["pool"] == pool) == sum(
            row["nanos"] or 0 for row in both if row["pool"] == pool
        )
    return {row["app"]: (row["pool"], row["reason"]) for row in rows}


def test_the_sources_word_goes_before_the_setting_and_the_setting_before_an_inference(tmp_path: Path) -> None:
    events = [
        {"app": "said", "paid_from": "api"},
        {"app": "set", "account": "ana"},
        {"app": "fast", "speed": "fast"},
        {"app": "silent"},
    ]
    lines = [
        json.dumps({"occurred_at": "2026-11-02T09:00:00Z", "model": "claude-opus-5-5", "output_tokens": 100} | one)
        for one in events
    ]
    (tmp_path / "events.jsonl").write_text("\n".join(lines))
    store = Store(tmp_path / "usage.duckdb")
    import_paths(store, [tmp_path / "events.jsonl"])
    own: tuple[dict[str, str | None], ...] = (
        {"app": "said", "account": None, "pool": "plan"},
        {"app": "set", "account": None, "pool": "plan"},
        {"app": "set", "account": "ana", "pool": "credits"},
    )
    assert reasons(store, *own) == {
        "said": ("api", "stated"),
        "set": ("credits", "own_setting"),
        "fast": ("credits", "fast_mode"),
        "silent": (None, "unknown"),
    }
    store.close()


def test_the_lifetime_of_the_cache_tells_the_plan_from_credits(tmp_path: Path) -> None:
    store = new(tmp_path)
    five = {"counts": usage(write_5m=5000), "version": "2.1.300", "entrypoint": "sdk-cli", "sessionId": "headless"}
    hour = {"counts": usage(write_1h=5000), "version": "2.1.300", "entrypoint": "cli", "sessionId": "desk"}
    add(store, {"a.jsonl": text(call("a", 1, **five))})
    assert reasons(store) == {"claude -p": (None, "unknown")}  # no hour was ever seen: five minutes say nothing
    add(store, {"b.jsonl": text(call("b", 2, **hour))})
    assert reasons(store) == {"claude -p": ("credits", "cache_5m"), "Claude Code": ("plan", "cache_1h")}
    store.close()


def test_after_the_client_said_that_it_went_on_from_credits_they_paid_until_the_window_began_anew(tmp_path: Path) -> None:
    store = new(tmp_path)
    moved = notice(
        "You're now using usage credits", 3600, quotaLimits={"rateLimitType": "five_hour", "resetsAt": 1793620800}
    )  # at 12:00
    lines = [call(name, seconds, sessionId="one") for name, seconds in (("before", 0), ("after", 3700), ("anew", 11_000))]
    add(store, {"a.jsonl": text(*lines, moved, call("other", 3700, sessionId="two"))})
    rows = store.rows("pools", Filters(), own_pools=[{"app": "Claude Code", "account": None, "pool": "plan"}])
    assert sorted((row["pool"], row["reason"], row["calls"]) for row in rows) == [
        ("credits", "notice", 1),
        ("plan", "own_setting", 3),
    ]
    (paid,) = store.rows("credit_calls", Filters(), own_pools=[])
    assert paid["occurred_at"].isoformat() == "2026-11-02T10:01:40"
    store.close()
