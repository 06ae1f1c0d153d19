"""Turn the messages of one conversation into calls: each answer's prompt is made of the earlier messages on its branch.

Every answer gets all earlier messages as its prompt, so prompt tokens grow with the square of a conversation's length. That is what
makes long ones expensive. If a person edited a message or retried, there are branches: each answer is a call, and those on an abandoned
branch are marked as outside the main thread.

Assumed, since the export doesn't say: what was sent before is read from a cache when the last answer is no older than five minutes, and
sent in full otherwise; each result of a tool means one more pass. The low estimate has everything cached, the high one nothing. Claude's
own instructions are not in the export and not counted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from usage_analytics.importers.cells import instant
from usage_analytics.importers.claude_ai.length import (
    FEW_TOKENS,
    FILE_TOKENS,
    LIKELY,
    MANY_TOKENS,
    Piece,
    connected_app,
    files,
    mappings,
    pieces,
)
from usage_analytics.pricing import models

NAME: Final = "claude_ai"
APP: Final = "claude.ai"
CACHE_LIVES: Final = timedelta(minutes=5)
Sender = Literal["human", "assistant", "other"]


@dataclass(slots=True)
class Exchange:
    """A message in its place: when, by whom, and for an answer the columns of its observation."""

    at: datetime
    sender: Sender
    call: dict[str, Any] | None = None


@dataclass(slots=True)
class Thread:
    """What comes before a message on its branch, in characters: those already sent, and those not sent yet."""

    sent: int = 0
    fresh: int = 0
    answers: int = 0
    answered_at: datetime | None = None
    asked: bool = False  # whether a person spoke last


@dataclass(slots=True)
class Passes:
    """What one answer sent and received, in characters; `first` is the re-sent history of its first pass."""

    first: int
    again: int = 0
    fresh: int = 0
    output: int = 0
    thread: Thread = field(default_factory=Thread)

    def send(self) -> None:
        """One pass: everything before it again, and what is new."""
        self.again += self.thread.sent
        self.fresh += self.thread.fresh
        self.thread.sent += self.thread.fresh
        self.thread.fresh = 0


def exchanges(conversation: Mapping[str, Any], app: str = APP) -> list[Exchange]:
    """The messages that have a time, oldest first. The conversation has an id; `app` is where it was held."""
    timed = [(at, one) for one in mappings(conversation["chat_messages"]) if (at := written_at(one))]
    timed.sort(key=lambda pair: pair[0])
    branches = any(isinstance(one.get("parent_message_uuid"), str) for _, one in timed)
    main = main_thread(conversation, [one for _, one in timed]) if branches else None
    # Of each message: with the text that there is, and with as much as its files may hold.
    threads: dict[object, tuple[Thread, Thread]] = {}
    found, before = [], None
    for number, (at, message) in enumerate(timed):
        sender = message.get("sender")
        own = message.get("uuid") if isinstance(message.get("uuid"), str) else f"{conversation['uuid']} {number}"
        behind = threads.get(message.get("parent_message_uuid") if branches else before, (Thread(), Thread()))
        likely, most = pieces(message), [Piece("said", int(files(message) * FILE_TOKENS * MANY_TOKENS)), *pieces(message)]
        if sender == "assistant":
            passes = (_answered(behind[0], likely, at), _answered(behind[1], most, at))
            threads[own] = (passes[0].thread, passes[1].thread)
            columns = call(conversation, passes, at, behind[0]) | {"app": connected_app(message) or app}
            beside = main is not None and own not in main
            found.append(Exchange(at, "assistant", columns | {"event_id": own, "is_sidechain": beside}))
        else:
            threads[own] = (_heard(behind[0], likely), _heard(behind[1], most))
            found.append(Exchange(at, "human" if sender == "human" else "other"))
        before = own
    return found


def written_at(message: Mapping[str, Any]) -> datetime | None:
    """When a message was written; exports that have been cut to a width end in a plus without its offset, which is always zero."""
    stated = (message.get(name) for name in ("created_at", "updated_at"))
    return next((at for one in stated if isinstance(one, str) and (at := instant(one.removesuffix("+")))), None)


def main_thread(conversation: Mapping[str, Any], messages: list[Mapping[str, Any]]) -> set[object]:
    """The ids on the way from the last leaf to the first message."""
    parents = {one.get("uuid"): one.get("parent_message_uuid") for one in messages}
    last = conversation.get("current_leaf_message_uuid")
    place, way = last if last in parents else messages[-1].get("uuid"), set[object]()
    while place in parents and place not in way:
        way.add(place)
        place = parents[place]
    return way


def _heard(behind: Thread, said: list[Piece]) -> Thread:
    fresh = behind.fresh + sum(piece.characters for piece in said)
    return Thread(behind.sent, fresh, behind.answers, behind.answered_at, asked=True)


def _answered(behind: Thread, said: list[Piece], at: datetime) -> Passes:
    """The passes of an answer: one, and one more after each result of a tool."""
    thread = Thread(behind.sent, behind.fresh, behind.answers + 1, at)
    passes = Passes(behind.sent, thread=thread)
    passes.send()
    waiting = False
    for piece in said:
        if piece.kind == "result":
            waiting = True
        else:
            if waiting and piece.characters:
                passes.send()
                waiting = False
            passes.output += piece.characters
        thread.fresh += piece.characters
    return passes


def call(conversation: Mapping[str, Any], passes: tuple[Passes, Passes], at: datetime, behind: Thread) -> dict[str, Any]:
    """Return the columns of an answer's observation, without its identity."""
    likely, most = passes
    account, project = conversation.get("account"), conversation.get("project")
    stated = conversation.get("model")
    model = stated if isinstance(stated, str) and stated else None
    warm = behind.answered_at is not None and at - behind.answered_at <= CACHE_LIVES
    cold = 0 if warm else likely.first
    return {
        "source": NAME,
        "grain": "call",
        "is_copy": False,
        "occurred_at": at,
        "account": account.get("uuid") if isinstance(account, dict) else None,
        "project": project.get("uuid") if isinstance(project, dict) else None,
        "conversation_id": conversation["uuid"],
        "message_index": likely.thread.answers,
        "run": "interactive",
        "human_prompt": behind.asked,
        "model": models.canonical(model),
        "model_raw": model,
        **_tokens(likely.fresh + cold, likely.again - cold, likely.output, LIKELY),
        "output_is_final": True,
        "estimates": [
            _tokens(likely.fresh, likely.again, likely.output, FEW_TOKENS),
            _tokens(most.fresh + most.again, 0, most.output, MANY_TOKENS),
        ],
    }


def _tokens(fresh: int, cached: int, output: int, characters: float) -> dict[str, int]:
    return {
        "input_tokens": round(fresh / characters),
        "cache_read_tokens": round(cached / characters),
        "cache_write_5m_tokens": 0,
        "cache_write_1h_tokens": 0,
        "output_tokens": round(output / characters),
    }
