"""The fields of a transcript record that are read; everything else, all text included, is skipped by the decoder.

`Message.content` stays undecoded: it is measured where an output was not finished, matched against known notices, and never kept.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta, Raw, Struct
from msgspec.json import Decoder

Moment = Annotated[datetime, Meta(tz=True)]  # a time without an offset cannot be compared with the others; see `lenient`


class CacheCreation(Struct, gc=False):
    """Cache writes by lifetime, in tokens."""

    ephemeral_5m_input_tokens: int | None = None
    ephemeral_1h_input_tokens: int | None = None


class ServerTools(Struct, gc=False):
    """Requests to tools that run at the vendor."""

    web_search_requests: int | None = None


class Iteration(Struct, gc=False):
    """One pass of a call. Passes of type `message` are inside the call's totals; others are charged beside them."""

    type: str | None = None
    model: str | None = None
    input_tokens: int | None = None
    output_tokens: int | None = None
    cache_read_input_tokens: int | None = None
    cache_creation_input_tokens: int | None = None
    cache_creation: CacheCreation | None = None


class Usage(Struct, gc=False):
    """What the vendor counted for a call, as far as this line knows."""

    input_tokens: int | None = None
    cache_creation_input_tokens: int | None = None
    cache_read_input_tokens: int | None = None
    cache_creation: CacheCreation | None = None
    output_tokens: int | None = None
    service_tier: str | None = None
    inference_geo: str | None = None
    speed: str | None = None
    server_tool_use: ServerTools | None = None
    iterations: list[Iteration] | None = None


class Message(Struct, gc=False):
    """The API message inside a record."""

    model: str | None = None
    id: str | None = None
    content: Raw = Raw()
    stop_reason: str | None = None
    usage: Usage | None = None


class QuotaLimits(Struct, gc=False):
    """The limits that a refusal reports."""

    resetsAt: float | None = None
    rateLimitType: str | None = None
    overageDisabledReason: str | None = None


class Origin(Struct, gc=False):
    """Who asked."""

    kind: str | None = None


class ModelTotal(Struct, gc=False):
    """One model's usage in a session, as the client reports it."""

    inputTokens: int | None = None
    outputTokens: int | None = None
    cacheReadInputTokens: int | None = None
    cacheCreationInputTokens: int | None = None
    costUSD: float | None = None


class Record(Struct, gc=False):
    """One line of a transcript."""

    type: str | None = None
    subtype: str | None = None
    isSidechain: bool | None = None
    entrypoint: str | None = None
    cwd: str | None = None
    sessionId: str | None = None
    version: str | None = None
    agentId: str | None = None
    message: Message | None = None
    requestId: str | None = None
    uuid: str | None = None
    timestamp: Moment | None = None
    forkedFrom: Raw = Raw()
    costUSD: float | None = None
    isMeta: bool | None = None
    isCompactSummary: bool | None = None
    isVisibleInTranscriptOnly: bool | None = None
    promptSource: str | None = None
    turnOrigin: str | None = None
    origin: Origin | None = None
    isApiErrorMessage: bool | None = None
    apiErrorIsTransient: bool | None = None
    content: Raw = Raw()  # of a notice on the screen
    error: str | None = None
    quotaLimits: QuotaLimits | None = None
    modelUsage: dict[str, ModelTotal] | None = None
    startTime: float | None = None
    salvaged: bool = msgspec.field(default=False, name="(salvaged)")  # set by us: it was found inside a broken line


class Block(Struct, gc=False):
    """One block of an answer, to measure and match it; never kept."""

    type: str | None = None
    text: str | None = None
    thinking: str | None = None
    name: str | None = None
    input: Raw = Raw()


decode_record = Decoder(Record).decode
decode_records = Decoder(Record).decode_lines
decode_blocks = Decoder(list[Block]).decode
decode_text = Decoder(str).decode
