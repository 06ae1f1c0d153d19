"""An error of a usage event that names an empty gauge is a limit too; of its text, only the class is kept."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from tests.importers.conftest import Import
from tests.importers.test_claude_code_limits import NO_LIMITS, NOTICES
from usage_analytics.importers.refusals import gauge_of_error

CODES = {
    "out_of_credits": "balance",
    "credits_required": "balance",
    "billing_error": "balance",
    "enforced_spend_limit_reached": "monthly_limit",
    "org_spend_cap_reached": "organisation",
    "member_zero_credit_limit": "organisation",
    "five_hour": "session",
    "seven_day": "weekly",
    "rate_limit": "unknown",
}
OTHERS = (
    "overloaded",
    "overloaded_error",
    "timeout",
    "server_error",
    "invalid_request",
    "authentication_failed",
    "model_not_found",
    "429",
)
REFUSED = "LLM request rejected: you're out of extra usage. Add more at claude.ai/settings/usage and keep going."


def limits(folder: Path) -> list[dict[str, Any]]:
    rows = [row for part in sorted(folder.glob("limit_seen-*.parquet")) for row in pq.read_table(part).to_pylist()]
    return [{name: value for name, value in row.items() if value is not None and name != "import_no"} for row in rows]


def events(*errors: str) -> str:
    rows = (
        {"occurred_at": f"2026-11-02T{hour:02}:00:00Z", "app": "nightly", "account": "ana", "error": one}
        for hour, one in enumerate(errors)
    )
    return "\n".join(json.dumps(row) for row in rows)


@pytest.mark.parametrize(("gauge", "said"), [(gauge, said) for gauge, texts in NOTICES.items() for said in texts])
def test_every_notice_of_the_client_means_the_same_in_an_error(gauge: str, said: str) -> None:
    assert gauge_of_error(said) == gauge


@pytest.mark.parametrize(("code", "gauge"), CODES.items())
def test_a_code_says_which_gauge_too(code: str, gauge: str) -> None:
    assert gauge_of_error(code) == gauge


@pytest.mark.parametrize("said", [*NO_LIMITS, *OTHERS])
def test_every_other_failure_is_no_limit(said: str) -> None:
    assert gauge_of_error(said) is None


def test_an_event_that_was_refused_is_a_limit_of_its_account(imported: Import) -> None:
    found = imported(events(REFUSED, "timeout", "out_of_credits", "", "overloaded"), "events.jsonl")
    assert len(found.rows) == 5
    assert [
        (one["gauge"], one["app"], one["account"], one["source"], one["occurred_at"].hour) for one in limits(found.folder)
    ] == [
        ("balance", "nightly", "ana", "usage_events", 0),
        ("balance", "nightly", "ana", "usage_events", 2),
    ]


def test_of_the_text_of_a_refusal_nothing_is_kept(imported: Import) -> None:
    found = imported(events(f"{REFUSED} canary-77c1", "out_of_credits"), "events.jsonl")
    assert [one.get("reason") for one in limits(found.folder)] == [None, "out_of_credits"]
    assert all(b"canary-77c1" not in part.read_bytes() for part in found.folder.iterdir() if part.is_file())


def test_a_row_that_is_rejected_makes_no_limit(imported: Import) -> None:
    broken = json.dumps({"occurred_at": "2026-11-02T09:00:00Z", "app": "nightly", "cost_usd": "a lot", "error": "out_of_credits"})
    found = imported(broken, "events.jsonl")
    assert (found.account.rejected, limits(found.folder)) == (1, [])


def test_without_a_refusal_there_is_no_part_for_limits(imported: Import) -> None:
    assert not list(imported(events("timeout", ""), "events.jsonl").folder.glob("limit_seen-*"))
