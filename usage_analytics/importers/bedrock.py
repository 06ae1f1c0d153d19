"""Amazon Bedrock's model invocation logs: JSON lines as delivered to S3, or CloudWatch's export with the same records inside.

A record has the tokens of each kind that a request used. The response body, if logged, has the message's ID and the lifetimes of cache
writes. No text from a body is kept. AWS's bill isn't in it: we price the calls, with the surcharge for regional profiles.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

import msgspec

from usage_analytics.errors import UnreadableFile
from usage_analytics.importers.json_lines import BROKEN, Document, Line, goes_on, lines
from usage_analytics.importers.json_values import add_rows, count, inner, moment, objects, word
from usage_analytics.importers.labels import extra
from usage_analytics.importers.sink import Head, Opened, Sink
from usage_analytics.pricing import models

name: Final = "bedrock"
label: Final = "Amazon Bedrock invocation log"

KIND: Final = "ModelInvocationLog"
LARGEST_BYTES: Final = 512 << 20
CALLS_AT_ONCE: Final = 10_000
_SIGN: Final = re.compile(rb'\\?"schemaType\\?"\s*:\s*\\?"ModelInvocationLog\\?"')
_SESSION: Final = re.compile(r"session_(?:id\W+)?([0-9a-f]{8}-[0-9a-f-]{27})")
_NOT_CLEAR: Final = "The record has no time, or one of its token counts is not a whole number."

Row = dict[str, Any]


def claims(head: Head) -> bool:
    """Records that name their schema, alone or inside CloudWatch's events."""
    return bool(_SIGN.search(head.start))


def read(opened: Opened, sink: Sink) -> None:
    """One observation for each record with token counts. Raises UnreadableFile."""
    rows: list[Row] = []
    for line in records_of(opened, sink):
        row = _call(line.document)
        if isinstance(row, dict):
            rows.append(row)
            if len(rows) == CALLS_AT_ONCE:
                add_rows(sink, "observation", rows)
                rows.clear()
        elif line.salvaged:
            continue
        elif row:
            sink.reject(line.number, row)
        else:
            sink.lines(0, other=1)
    add_rows(sink, "observation", rows)


def records_of(opened: Opened, sink: Sink) -> Iterator[Line]:
    """Yield every record, unwrapped from CloudWatch's `message` if needed."""
    with opened.path.open("rb") as file:
        start = file.read(64 << 10)
    if not goes_on(start):
        for line in lines(opened, sink, lambda one: one.get("schemaType") == KIND):
            first, *others = _unpacked(line.document) or [{}]
            yield Line(line.number, first, line.salvaged)
            yield from (Line(line.number, one, salvaged=True) for one in others)  # the line is counted once
        return
    if opened.path.stat().st_size > LARGEST_BYTES:
        raise UnreadableFile(f"{opened.name} is too large for one document. Export one record per line.")
    content = opened.path.read_bytes().removeprefix(b"\xef\xbb\xbf")
    try:
        found = _unpacked(msgspec.json.decode(content))
    except BROKEN as error:
        raise UnreadableFile(f"{opened.name} is cut off or damaged. Download it again.") from error
    height = max(len(content.splitlines()), len(found))
    sink.lines(height, other=height - len(found))
    yield from (Line(1, one) for one in found)


def _unpacked(value: object) -> list[Document]:
    """The records in a JSON value: itself, a list's, or those in the messages of CloudWatch's events."""
    if isinstance(value, list):
        return [record for one in value for record in _unpacked(one)]
    if not isinstance(value, dict):
        return []
    if "events" in value:
        return _unpacked(value["events"])
    if isinstance(message := value.get("message") or value.get("@message"), str):
        try:
            return _unpacked(msgspec.json.decode(message))
        except BROKEN:
            return []
    return [value]


def _call(record: Document) -> Row | str | None:
    """Return a record's observation; a sentence if it can't be read, None if it used nothing."""
    if record.get("schemaType") != KIND:
        return None
    sent, answered = inner(record, "input"), inner(record, "output")
    body = answered.get("outputBodyJson")
    pieces = objects(body) if isinstance(body, list) else [inner(answered, "outputBodyJson")]
    messages = [inner(one, "message") if one.get("type") == "message_start" else one for one in pieces]
    said: Document = {}  # the answer's own counts, the last of each
    for one in messages:
        said |= inner(one, "usage")
    stated = {
        "input_tokens": (sent, "inputTokenCount"),
        "cache_read_tokens": (sent, "cacheReadInputTokenCount"),
        "cache_write_tokens": (sent, "cacheWriteInputTokenCount"),
        "output_tokens": (answered, "outputTokenCount"),
    }
    counts = {column: count(where.get(key)) for column, (where, key) in stated.items()}
    at = moment(record.get("timestamp"))
    if all(one is None for one in counts.values()):
        return None if record.get("errorCode") or at else _NOT_CLEAR
    if at is None or any(where.get(key) is not None and counts[column] is None for column, (where, key) in stated.items()):
        return _NOT_CLEAR
    hour = count(inner(said, "cache_creation").get("ephemeral_1h_input_tokens")) or 0
    writes = counts.pop("cache_write_tokens")
    request, raw = word(record.get("requestId")), word(record.get("modelId"))
    message = next(filter(None, (word(one.get("id")) for one in messages)), None)
    who = (word(inner(record, "identity").get("arn")) or "").split(":")[-1].split("/")
    session = _SESSION.search(str(inner(sent, "inputBodyJson", "metadata").get("user_id") or ""))
    account = word(record.get("accountId"))
    about = {"region": word(record.get("region")), "operation": word(record.get("operation"))}
    tags = {key: word(value) for key, value in inner(record, "requestMetadata").items()}
    return counts | {
        "source": name,
        "grain": "call",
        "event_id": message or request or f"{at.isoformat()} {raw} {sorted(counts.items(), key=str)}",
        "request_id": request,
        "is_sidechain": False,
        "is_copy": False,
        "occurred_at": at,
        "app": "Claude Code" if session else (who[1] if len(who) > 1 else who[0]) or "Amazon Bedrock",
        "account": f"AWS {account}" if account else None,
        "conversation_id": session.group(1) if session else None,
        "model": models.canonical(raw),
        "model_raw": raw,
        "cache_write_5m_tokens": None if writes is None else max(writes - hour, 0),
        "cache_write_1h_tokens": None if writes is None else min(hour, writes),
        "output_is_final": True,
        "paid_from": "api",
        "error": word(record.get("errorCode")),
        "extra": extra(tags | about),
    }
