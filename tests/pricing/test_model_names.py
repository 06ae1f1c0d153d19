"""Model names: one id for every spelling, and no guess for a name that we do not know."""

from __future__ import annotations

import pytest

from usage_analytics.pricing import models

SPELLINGS = {
    "claude-sonnet-4-5-20250929": (
        "claude-sonnet-4-5-20250929",
        "claude-sonnet-4-5",
        "claude-sonnet-4.5",
        "Claude Sonnet 4.5",
        "Sonnet 4.5",
        "  CLAUDE-SONNET-4-5 ",
        "claude-sonnet-4-5-latest",
        "claude-sonnet-4-5-20250929[1m]",
        "claude-sonnet-4-5[1m]",
        "claude-sonnet-4-5@20250929",
        "claude-sonnet-4-5@default",
        "claude-sonnet-4-5_vrtx_20250929",
        "claude-sonnet-4-5_vrtx_01abcdef",
        "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
        "eu.anthropic.claude-sonnet-4-5-20250929-v1:0",
        "apac.anthropic.claude-sonnet-4-5-20250929-v1:0",
        "global.anthropic.claude-sonnet-4-5-20250929-v1:0",
        "anthropic.claude-sonnet-4-5-20250929-v1:0",
        "us-gov.anthropic.claude-sonnet-4-5-20250929-v1:0",
        "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-sonnet-4-5-20250929-v1:0",
        "arn:aws:bedrock:eu-west-1::foundation-model/anthropic.claude-sonnet-4-5-20250929-v1:0",
        "anthropic/claude-sonnet-4-5",
        "anthropic/claude-sonnet-4.5",
        "openrouter/anthropic/claude-sonnet-4.5:beta",
        "anthropic/claude-4.5-sonnet-20250929",
        "bedrock/us.anthropic.claude-sonnet-4-5-20250929-v1:0",
        "vertex_ai/claude-sonnet-4-5@20250929",
        "publishers/anthropic/models/claude-sonnet-4-5",
        "claude-4.5-sonnet-thinking",
        "claude-4.5-sonnet",
        "Claude Sonnet 4.5 (1M context)",
    ),
    "claude-sonnet-4-20250514": (
        "claude-sonnet-4-20250514",
        "claude-sonnet-4",
        "claude-sonnet-4-0",
        "claude-4-sonnet",
        "claude-4-sonnet-1m-thinking",
        "claude-sonnet-4[1m]",
        "anthropic/claude-sonnet-4",
        "Claude Sonnet 4",
        "claude-sonnet-4@20250514",
    ),
    "claude-3-5-haiku-20241022": (
        "claude-3-5-haiku-latest",
        "claude-3-5-haiku",
        "claude-3.5-haiku",
        "anthropic/claude-3.5-haiku",
        "anthropic/claude-3.5-haiku-20241022",
        "Claude Haiku 3.5",
        "us.anthropic.claude-3-5-haiku-20241022-v1:0",
        "claude-3-5-haiku@20241022",
    ),
    "claude-3-5-sonnet-20241022": (
        "claude-3-5-sonnet-20241022",
        "claude-3-5-sonnet-v2@20241022",
        "us.anthropic.claude-3-5-sonnet-20241022-v2:0",
        "claude-3-5-sonnet-20240620",
    ),
    "claude-3-7-sonnet-20250219": (
        "claude-3-7-sonnet-latest",
        "claude-3.7-sonnet-thinking",
        "anthropic/claude-3.7-sonnet:thinking",
    ),
    "claude-opus-4-6": ("claude-opus-4-6", "us.anthropic.claude-opus-4-6-v1", "claude-4.6-opus-high-thinking", "opus-4.6"),
    "claude-opus-4-7": ("claude-opus-4-7-thinking-max", "claude-opus-4-7-thinking-xhigh", "Opus 4.7"),
    "claude-opus-4-5-20251101": ("claude-opus-4.5", "anthropic/claude-opus-4.5", "claude-opus-4-5@20251101"),
    "claude-opus-4-20250514": ("claude-opus-4-0", "claude-opus-4", "claude-opus-4-20250514"),
    "claude-opus-5": ("claude-opus-5[1m]", "claude-opus-5-20260701"),
    "claude-fable-5-1": ("Claude Fable 5.1", "claude-fable-5.1"),
}


@pytest.mark.parametrize(("raw", "model"), [(raw, model) for model, spellings in SPELLINGS.items() for raw in spellings])
def test_every_spelling_means_the_first_party_id(raw: str, model: str) -> None:
    assert models.canonical(raw) == model


@pytest.mark.parametrize(
    "raw",
    [
        "sonnet",
        "opus",
        "haiku",
        "claude",
        "claude-opus-9",
        "claude-opus-4-9",
        "claude-opus-45",
        "claude-3-sonnet",
        "claude-3-opus-20240229",
        "claude-2.1",
        "claude-mythos-preview",
        "claude-sonnet-4-5-distilled",
        "my-claude-sonnet-4-5",
        "somebody/claude-sonnet-4-5",
        "gpt-5.2-codex",
        "<synthetic>",
        "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc123",
    ],
)
def test_a_name_that_we_do_not_know_is_never_taken_for_a_neighbour(raw: str) -> None:
    assert models.canonical(raw) == raw
    assert models.canonical(f" {raw.upper()} ") == raw
    assert models.display_name(raw) == raw


def test_no_name_is_unknown() -> None:
    assert models.canonical(None) is None
    assert models.canonical("  ") is None


def test_a_date_that_we_do_not_know_still_means_its_version() -> None:
    assert models.canonical("claude-sonnet-4-5-20990101") == "claude-sonnet-4-5-20250929"


def test_every_id_that_we_know_means_itself() -> None:
    assert len(models.known()) == 24
    assert [models.canonical(model) for model in models.known()] == list(models.known())


def test_a_name_that_ends_in_fast_is_the_same_model_at_another_speed() -> None:
    raw = "claude-4.6-opus-high-thinking-fast"
    assert models.canonical(raw) == "claude-opus-4-6"
    assert models.speed(raw) == "fast"
    assert models.speed("claude-opus-4-6") is None
    assert models.speed("some-model-fast") is None
    assert models.speed(None) is None


@pytest.mark.parametrize(
    ("model", "shown", "family"),
    [
        ("claude-sonnet-4-5-20250929", "Sonnet 4.5", "sonnet"),
        ("claude-3-5-haiku-20241022", "Haiku 3.5", "haiku"),
        ("claude-opus-4-20250514", "Opus 4", "opus"),
        ("claude-fable-5-2", "Fable 5.2", "fable"),
        ("claude-opus-9", "claude-opus-9", "opus"),
        ("gpt-5.2-codex", "gpt-5.2-codex", None),
        ("magnumopus-1", "magnumopus-1", None),
    ],
)
def test_people_see_the_family_and_the_version(model: str, shown: str, family: str | None) -> None:
    assert models.display_name(model) == shown
    assert models.family(model) == family
