"""Codex rollouts (`~/.codex/sessions/…/rollout-*.jsonl`): a line for each event, with the tokens of the session so far.

A call is the step from one total to the next. A fork begins with a copy of its parent session, with new times. So a call is identified by
the first ancestor and the totals at its end, and parent and fork observe the same calls. We have no list prices for other vendors'
models, so they stay unpriced.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from typing import Any, Final

from usage_analytics.events import Run
from usage_analytics.importers.claude_code.origin import project_of
from usage_analytics.importers.json_lines import Document, first_objects, lines
from usage_analytics.importers.json_values import add_rows, count, inner, moment, word
from usage_analytics.importers.labels import is_label
from usage_analytics.importers.sink import Head, Opened, Sink
from usage_analytics.pricing import models

name: Final = "codex"
label: Final = "Codex rollout"

ACCOUNT: Final = "OpenAI"  # whose bill it is: never part of Anthropic's
KINDS: Final = frozenset({"session_meta", "turn_context", "event_msg", "response_item", "compacted", "world_state"})
APPS: Final = {
    "codex_cli_rs": "Codex CLI",
    "codex-tui": "Codex CLI",
    "codex_exec": "codex exec",
    "codex_vscode": "Codex for VS Code",
}
DAY_MINUTES: Final = 24 * 60
FULL: Final = 100  # percent
_NOT_CLEAR: Final = "A token count has no time, or one of its counts is not a whole number."

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Tokens:
    """Counts as Codex keeps them: what was read from the cache and written to it is part of the input, reasoning part of the output."""

    input: int
    cached: int
    written: int
    output: int

    def since(self, before: Tokens) -> Tokens | None:
        """The step from one total to this one; None if the counter restarted."""
        step = Tokens(
            self.input - before.input, self.cached - before.cached, self.written - before.written, self.output - before.output
        )
        return step if min(step.input, step.cached, step.written, step.output) >= 0 else None


@dataclass(slots=True)
class Rollout:
    """What was read of a file so far."""

    parents: dict[str, str | None] = field(default_factory=dict)  # by session, the file's own first
    about: Document = field(default_factory=dict)
    model: str | None = None
    total: Tokens = field(default_factory=lambda: Tokens(0, 0, 0, 0))
    is_asked: bool = False
    calls: list[tuple[datetime, str | None, Tokens, Tokens, bool]] = field(default_factory=list)
    prompts: list[datetime] = field(default_factory=list)
    limits: dict[tuple[str, datetime | None], datetime] = field(default_factory=dict)

    def take(self, event: Document) -> bool | None:
        """Note an event. Returns whether it is a call; None where it should be one and can't be read."""
        kind, told, at = event.get("type"), inner(event, "payload"), moment(event.get("timestamp"))
        if kind == "session_meta":
            session = word(told.get("id")) or word(told.get("session_id")) or ""
            self.about = self.about or told
            self.parents.setdefault(session, word(told.get("forked_from_id")))
        elif kind == "turn_context":
            self.model = word(told.get("model")) or self.model
        elif kind == "event_msg" and told.get("type") == "user_message":
            self.is_asked = True
            self.prompts += [at] if at else []
        elif kind == "event_msg" and told.get("type") == "token_count":
            self.note_limit(inner(told, "rate_limits"), at)
            return self.note_call(inner(told, "info"), at)
        elif (
            told.get("codex_error_info") == "usage_limit_exceeded"
            or inner(told, "error").get("codex_error_info") == "usage_limit_exceeded"
        ):
            self.note_limit({"rate_limit_reached_type": "usage_limit_exceeded"}, at)
        return False

    def note_call(self, info: Document, at: datetime | None) -> bool | None:
        """Note the step to a new total. Returns whether there is one; None for counts that can't be read."""
        if not info:
            return False
        last, total = _tokens(inner(info, "last_token_usage")), _tokens(inner(info, "total_token_usage"))
        if at is None or (total or last) is None:
            return None
        if total is None and last is not None:  # without totals every count is a step
            before = self.total
            total = Tokens(
                before.input + last.input, before.cached + last.cached, before.written + last.written, before.output + last.output
            )
        assert total is not None
        step = total.since(self.total) or last or total
        self.total = total
        if not (step.input or step.output):
            return False  # the same total, repeated
        self.calls.append((at, word(info.get("model")) or self.model, step, total, self.is_asked))
        self.is_asked = False
        return True

    def note_limit(self, told: Document, at: datetime | None) -> None:
        """Note a limit that was reached: the 5-hour or the weekly one, by the length of the window that is full."""
        if at is None or not told.get("rate_limit_reached_type"):
            return
        gauge, resets = "unknown", None
        for window in (inner(told, "primary"), inner(told, "secondary")):
            used, minutes = window.get("used_percent"), count(window.get("window_minutes"))
            if isinstance(used, int | float) and used >= FULL:
                gauge, resets = ("weekly" if (minutes or 0) > DAY_MINUTES else "session"), moment(window.get("resets_at"))
        self.limits.setdefault((gauge, resets), at)

    def hand_over(self, opened: Opened, sink: Sink) -> None:
        """Give everything to the sink. The file's name serves as session ID if the file has none."""
        session = next(iter(self.parents), None) or opened.name.removesuffix(".jsonl")
        root, forked = session, self.parents.get(session) is not None
        while parent := self.parents.get(root):
            self.parents[root] = None  # no way round in a circle
            root = parent
        about = self.about
        originator, source = word(about.get("originator")), about.get("source")
        spawned = inner(source, "subagent")
        app = APPS.get(originator or "") or (originator if originator and is_label(originator) else "Codex")
        run: Run = "subagent" if spawned else "headless" if source == "exec" or originator == "codex_exec" else "interactive"
        belonging: Row = {"source": name, "app": app, "account": ACCOUNT, "conversation_id": session}
        add_rows(
            sink,
            "observation",
            [
                belonging
                | {
                    "grain": "call",
                    "event_id": blake2b(repr((root, total)).encode(), digest_size=16).hexdigest(),
                    "is_sidechain": bool(spawned),
                    "is_copy": forked,
                    "occurred_at": at,
                    "project": project_of(word(about.get("cwd"))),
                    "agent_id": session if spawned else None,
                    "run": run,
                    "human_prompt": asked and run == "interactive",
                    "entrypoint": originator,
                    "version": word(about.get("cli_version")),
                    "model": models.canonical(model),
                    "model_raw": model,
                    "input_tokens": max(step.input - step.cached - step.written, 0),
                    "cache_read_tokens": step.cached,
                    "cache_write_5m_tokens": step.written,
                    "cache_write_1h_tokens": 0,
                    "output_tokens": step.output,
                    "output_is_final": True,
                }
                for at, model, step, total, asked in self.calls
            ],
        )
        kind = "human" if run == "interactive" else "sdk"
        add_rows(sink, "prompt", [{"conversation_id": session, "occurred_at": at, "kind": kind} for at in self.prompts])
        limits = [
            belonging | {"occurred_at": at, "gauge": gauge, "resets_at": resets} for (gauge, resets), at in self.limits.items()
        ]
        add_rows(sink, "limit_seen", limits)


def _tokens(told: Document) -> Tokens | None:
    names = ("input_tokens", "cached_input_tokens", "cache_write_input_tokens", "output_tokens")
    counts = [count(told.get(name, 0)) for name in names]
    return Tokens(*(one or 0 for one in counts)) if told and None not in counts else None


def claims(head: Head) -> bool:
    """JSON lines with a kind and a payload, as Codex writes them."""
    return any(str(one.get("type")) in KINDS and isinstance(one.get("payload"), dict) for one in first_objects(head.start))


def read(opened: Opened, sink: Sink) -> None:
    """Give the sink a call for each step of the totals, the prompts, and the times at which a limit was reached."""
    rollout = Rollout()
    for line in lines(opened, sink, lambda one: str(one.get("type")) in KINDS):
        used = rollout.take(line.document)
        if line.salvaged:
            continue
        if used is None:
            sink.reject(line.number, _NOT_CLEAR)
        elif not used:
            sink.lines(0, other=1)
    rollout.hand_over(opened, sink)
