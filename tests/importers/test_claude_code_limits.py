"""Which notices in a transcript are limits, and which gauge was empty."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from tests.databases import read
from tests.transcripts import call, notice, record, text

NOTICES = {
    "session": [
        "You've hit your session limit · resets 3:45pm",
        "You've hit your usage limit · resets 3pm",
        "You've reached your session limit",
        "Claude AI usage limit reached|1793620800",
    ],
    "weekly": ["You've hit your weekly limit · resets Mon 12:00am", "You’ve hit your weekly limit"],
    "model": [
        "You've hit your Opus limit · resets 3am",
        "You've hit your Sonnet limit",
        "You've hit your Fable 5 limit",
        "Fable 5 requires usage credits",
        "Opus 5.5 (1M context) requires usage credits. Run /usage-credits",
    ],
    "balance": [
        "You're out of usage credits",
        "You're out of usage credits · resets Dec 1",
        "You're out of extra usage",
        "API Error: 400 You're out of extra usage. Add more at claude.ai/settings/usage and keep going.",
        "LLM request rejected: you're out of extra usage",
        "Third-party apps now draw from your extra usage, not your plan limits. Add more at claude.ai/settings/usage and keep going.",
        "Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to upgrade or purchase credits.",
        "Credit balance is too low",
        'API Error: 429 {"type":"error","error":{"type":"rate_limit_error","message":"You\'re out of usage credits"}}',
        'API Error: 400 {"error":{"message":"Third-party apps now draw from your extra usage, not your plan limits."}}',
    ],
    "monthly_limit": [
        "You've hit your monthly spend limit · raise it at claude.ai/settings/usage",
        "You've hit your individual spend limit",
        "You have reached your specified API usage limits. You will regain access on 2026-12-01 at 00:00 UTC.",
        'API Error: 429 {"error":{"type":"rate_limit_error","details":{"error_code":"enforced_spend_limit_reached"}}}',
    ],
    "organisation": [
        "You've hit your org's monthly spend limit · contact your admin",
        "You've hit your team's shared budget",
        "Your org is out of usage · add funds to continue",
        "Your org is out of usage · contact your admin",
        "Your seat type doesn't include usage credits",
        "Your seat type doesn’t include extra usage",
        "Your seat type doesn't include usage",
        "Your usage allocation has been disabled by your admin",
        "Your group's usage limit is set to $0",
        "This service is disabled for your org",
        "You have reached your specified workspace API usage limits. You will regain access on 2026-12-01.",
    ],
    "credits_started": [
        "You're now using usage credits · Your session limit resets 3pm",
        "Now using usage credits",
        "Now using credits",
        "You're now using your usage allocation",
        "You're now using extra usage",
        "Now using extra usage",
    ],
    "unknown": ["You've hit your galactic limit", "This request would exceed your account's rate limit. Please try again later."],
}
NO_LIMITS = [
    "API Error: 529 Overloaded",
    "Server is temporarily limiting requests (not your usage limit)",
    'API Error: 529 {"type":"error","error":{"type":"overloaded_error"}}',
    "You've used 80% of your usage credits",
    "You've used 91% of your weekly limit",
    "You're close to your usage credit limit",
    "API Error: 500 Internal server error",
    "Prompt is too long",
    "Invalid API key · Please run /login",
]


@pytest.mark.parametrize(("gauge", "said"), [(gauge, said) for gauge, texts in NOTICES.items() for said in texts])
def test_a_notice_says_which_gauge_was_empty(gauge: str, said: str) -> None:
    (limit,) = read(text(notice(said))).limits
    assert (limit["gauge"], limit["conversation_id"], limit["app"]) == (gauge, "one", "Claude Code")
    assert limit["occurred_at"] == datetime(2026, 11, 2, 9)


@pytest.mark.parametrize("said", NO_LIMITS)
def test_a_warning_or_a_busy_server_is_no_limit(said: str) -> None:
    assert read(text(notice(said))).limits == []


def test_an_error_that_passes_by_itself_is_no_limit_whatever_it_says() -> None:
    said = "You've hit your session limit"
    for passing in ({"apiErrorIsTransient": True}, {"error": "overloaded"}):
        assert read(text(notice(said, **passing))).limits == []


@pytest.mark.parametrize(
    ("window", "gauge"),
    [
        ("five_hour", "session"),
        ("seven_day", "weekly"),
        ("seven_day_opus", "model"),
        ("seven_day_sonnet", "model"),
        ("seven_day_overage_included", "model"),
        ("overage", "balance"),
        ("next_years_window", "unknown"),
    ],
)
def test_where_the_words_say_nothing_the_status_says_which_gauge(window: str, gauge: str) -> None:
    quota = {"status": "rejected", "resetsAt": 1793620800, "rateLimitType": window, "overageDisabledReason": "out_of_credits"}
    (limit,) = read(text(notice("Request rejected", quotaLimits=quota, error="rate_limit", apiErrorStatus=429))).limits
    assert (limit["gauge"], limit["resets_at"], limit["reason"]) == (gauge, datetime(2026, 11, 2, 12), "out_of_credits")


def test_when_work_can_go_on_is_read_from_old_notices_too() -> None:
    (limit,) = read(text(notice("Claude AI usage limit reached|1793620800"))).limits
    assert limit["resets_at"] == datetime(2026, 11, 2, 12)


@pytest.mark.parametrize("resets", [1e30, -1e30, 1e18, 0, "soon", None, 1793620800000])
def test_a_time_that_cannot_be_is_unknown_and_costs_no_other_line(resets: Any) -> None:
    found = read(
        text(notice("You've hit your session limit", quotaLimits={"resetsAt": resets, "rateLimitType": "five_hour"}), call())
    )
    assert [limit["gauge"] for limit in found.limits] == ["session"]
    assert found.limits[0]["resets_at"] in (None, datetime(2026, 11, 2, 12))
    assert len(found.observations) == 1


def test_a_model_that_speaks_of_limits_has_not_hit_one() -> None:
    said = [{"type": "text", "text": "You've hit your session limit"}]
    assert read(text(call(content=said))).limits == []
    assert read(text(call(content=said, message={"usage": None}))).limits == []


def test_a_notice_on_the_screen_that_reached_the_file_is_seen_too() -> None:
    said = "You're now using usage credits · Your session limit resets 3pm"
    (limit,) = read(text(record("system", subtype="informational", content=said, isMeta=False))).limits
    assert limit["gauge"] == "credits_started"


def test_nothing_of_a_notice_is_kept_but_its_code() -> None:
    (limit,) = read(text(notice("You've hit your session limit and then some words", error="rate_limit"))).limits
    assert limit["reason"] == "rate_limit"
    assert not any("words" in str(value) for value in limit.values())


def test_a_code_that_is_a_sentence_is_not_kept() -> None:
    for fields in ({"error": "some words that were written"}, {"quotaLimits": {"overageDisabledReason": "words " * 20}}):
        (limit,) = read(text(notice("You've hit your session limit", **fields))).limits
        assert limit["reason"] is None
