"""Claude Code transcripts for tests, line by line, each with no more than its record needs."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

Line = dict[str, Any]

START: Final = datetime(2026, 11, 2, 9, tzinfo=UTC)
SONNET: Final = "claude-sonnet-4-5-20250929"  # $3 a million fresh, $15 out, $0.30 read, $3.75 and $6 written
SPARED: Final = "you spoke of a garden gate"  # words that stand for what people write


def moment(seconds: float) -> str:
    """A timestamp as the client writes it, so many seconds into the test's day."""
    return (START + timedelta(seconds=seconds)).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def record(kind: str, seconds: float = 0, **fields: Any) -> Line:
    """A line of a thread; fields of None are left out."""
    known = {
        "parentUuid": None,
        "isSidechain": False,
        "userType": "external",
        "cwd": "/home/robin/garden",
        "sessionId": "one",
        "version": "2.1.330",
        "gitBranch": "main",
        "entrypoint": "cli",
        "type": kind,
        "uuid": f"{kind}-{seconds}",
        "timestamp": moment(seconds),
    }
    return {name: value for name, value in (known | fields).items() if value is not None or name == "parentUuid"}


def usage(fresh: int = 10, read: int = 0, write_5m: int = 0, write_1h: int = 0, output: int = 50, **more: Any) -> Line:
    """The counts of a call, as the newer clients write them."""
    return {
        "input_tokens": fresh,
        "cache_creation_input_tokens": write_5m + write_1h,
        "cache_read_input_tokens": read,
        "cache_creation": {"ephemeral_5m_input_tokens": write_5m, "ephemeral_1h_input_tokens": write_1h},
        "output_tokens": output,
        "service_tier": "standard",
    } | more


def call(
    name: str = "a",
    seconds: float = 0,
    *,
    model: str | None = SONNET,
    stop: str | None = "end_turn",
    content: Any = None,
    counts: Line | None = None,
    request: str | None = "same as name",
    message: Line | None = None,
    **fields: Any,
) -> Line:
    """One line of a call: one content block, and the counts so far."""
    said = {
        "id": f"msg_{name}",
        "type": "message",
        "role": "assistant",
        "model": model,
        "content": [{"type": "text", "text": SPARED}] if content is None else content,
        "stop_reason": stop,
        "usage": usage() if counts is None else counts,
    }
    asked = f"req_{name}" if request == "same as name" else request
    fields = {"uuid": f"call-{name}-{seconds}"} | fields
    return record("assistant", seconds, requestId=asked, message=said | (message or {}), **fields)


def prompt(seconds: float = 0, text: Any = SPARED, **fields: Any) -> Line:
    """Something that was asked on the main thread."""
    return record("user", seconds, message={"role": "user", "content": text}, **fields)


def result(seconds: float = 0, **fields: Any) -> Line:
    """What a tool answered, which is a user's line too."""
    content = [{"tool_use_id": "toolu_1", "type": "tool_result", "content": SPARED}]
    return record("user", seconds, message={"role": "user", "content": content}, **fields)


def notice(text: str, seconds: float = 0, **fields: Any) -> Line:
    """What the client says in its own name, written as if a model had."""
    said = {
        "id": "n",
        "role": "assistant",
        "model": "<synthetic>",
        "content": [{"type": "text", "text": text}],
        "usage": usage(0, output=0),
    }
    return record("assistant", seconds, message=said, isApiErrorMessage=True, **fields)


def text(*lines: Line) -> bytes:
    """The lines as a file holds them."""
    return b"".join(json.dumps(line, separators=(",", ":")).encode() + b"\n" for line in lines)


def write(path: Path, *lines: Line) -> Path:
    """A file of these lines."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text(*lines))
    return path
