"""Who asked: a person, a program, a timer, or the client itself."""

from __future__ import annotations

from typing import Any

import pytest

from tests.databases import read
from tests.transcripts import SPARED, Line, prompt, record, result, text

PROMPTS: list[tuple[str, dict[str, Any]]] = [
    ("human", {}),
    ("human", {"promptSource": "typed"}),
    ("human", {"promptSource": "queued"}),
    ("human", {"promptSource": "suggestion_accepted"}),
    ("human", {"promptSource": "typed", "turnOrigin": "human"}),
    ("human", {"entrypoint": "claude-vscode"}),
    ("human", {"entrypoint": None}),
    ("sdk", {"promptSource": "sdk"}),
    ("sdk", {"turnOrigin": "sdk"}),
    ("sdk", {"entrypoint": "sdk-cli"}),
    ("sdk", {"entrypoint": "sdk-ts"}),
    ("scheduled", {"turnOrigin": "scheduled"}),
    ("scheduled", {"turnOrigin": "scheduled", "isMeta": True}),
    ("auto", {"promptSource": "system"}),
    ("auto", {"turnOrigin": "peer"}),
    ("auto", {"turnOrigin": "task_notification"}),
    ("auto", {"origin": {"kind": "task-notification"}}),
    ("auto", {"turnOrigin": "an origin of next year"}),
    ("auto", {"text": "<task-notification>\nshell done"}),
]
NO_PROMPTS: list[Line] = [
    result(),
    prompt(isMeta=True),
    prompt(isCompactSummary=True),
    prompt(isVisibleInTranscriptOnly=True),
    prompt(isSidechain=True),
    prompt(timestamp=None),
    prompt(sessionId=None),
    prompt(text="<command-name>/clear</command-name>"),
    prompt(text="<local-command-stdout></local-command-stdout>"),
    prompt(text="<system-reminder>"),
    prompt(text="Caveat: the messages below"),
    prompt(text=[{"type": "text", "text": "[Request interrupted by user]"}]),
    prompt(text=[{"type": "tool_result", "tool_use_id": "t", "content": SPARED}, {"type": "tool_result", "tool_use_id": "u"}]),
    record("user", message="text"),
    record("user"),
    record("system", subtype="turn_duration"),
    record("attachment"),
]


@pytest.mark.parametrize(("kind", "fields"), PROMPTS)
def test_a_prompt_says_who_asked(kind: str, fields: dict[str, Any]) -> None:
    (found,) = read(text(prompt(3, **fields))).prompts
    assert (found["kind"], found["conversation_id"], found["occurred_at"].second) == (kind, "one", 3)


@pytest.mark.parametrize("line", NO_PROMPTS, ids=range(len(NO_PROMPTS)))
def test_what_is_not_asked_is_no_prompt(line: Line) -> None:
    found = read(text(line))
    assert found.prompts == []
    assert (found.account.lines, found.account.other) == (1, 1)


def test_a_timer_that_fires_is_a_prompt() -> None:
    (found,) = read(text(record("system", subtype="scheduled_task_fire"))).prompts
    assert found["kind"] == "scheduled"


@pytest.mark.parametrize(
    "content",
    [
        [{"type": "text", "text": SPARED}],
        [{"type": "image", "source": {"type": "base64", "data": "eA=="}}, {"type": "text", "text": SPARED}],
        [{"type": "image", "source": {}}],
        [{"type": "tool_result", "tool_use_id": "t", "content": "x"}, {"type": "text", "text": SPARED}],
    ],
)
def test_a_prompt_may_hold_more_than_text(content: list[dict[str, Any]]) -> None:
    (found,) = read(text(prompt(text=content))).prompts
    assert found["kind"] == "human"


def test_nothing_of_a_prompt_is_kept() -> None:
    (found,) = read(text(prompt())).prompts
    assert set(found) == {"import_no", "account", "conversation_id", "occurred_at", "kind"}
