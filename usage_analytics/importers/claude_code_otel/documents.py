"""OTLP documents in a file, all as the same plain objects: a document a line, one document in many lines, or protobuf.

Of protobuf two shapes are read: one export request, and requests that each follow their length in four bytes, as the Collector's file
exporter writes them. A receiver may have wrapped a document as `{signal, received, payload}`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from usage_analytics.errors import UnreadableFile
from usage_analytics.importers.json_lines import BROKEN, Document, goes_on, lines
from usage_analytics.importers.json_values import inner, objects
from usage_analytics.importers.sink import Opened, Sink

LARGEST_BYTES: Final = 512 << 20
LOGS, METRICS = "resourceLogs", "resourceMetrics"
_NAMES: Final = (("resource_logs", LOGS), ("resource_metrics", METRICS))
# A request is a list of resources, field 1; a resource has its attributes, field 1, or its scopes, field 2.
_REQUEST: Final = re.compile(rb"(?:\0[^\n]{3})?\n[\x80-\xff]{0,4}[\x00-\x7f][\n\x12]", re.DOTALL)
_SERVICE: Final = b"claude"
_NO_TEXT: Final = re.compile(rb"[\0-\x08\x0e-\x1f]")  # a table may begin with blank lines, which look like a request of requests


@dataclass(frozen=True, slots=True)
class Found:
    """A document, the line on which it begins, how many lines it takes, and whether those are counted as salvaged already."""

    content: Document
    line: int | None = None
    lines: int = 1
    salvaged: bool = False


def is_protobuf(start: bytes) -> bool:
    """Whether a file that begins so is an OTLP request of Claude Code in protobuf."""
    return bool(_REQUEST.match(start)) and _SERVICE in start and bool(_NO_TEXT.search(start[:4096]))


def read_documents(opened: Opened, sink: Sink) -> Iterator[Found]:
    """Every document of the file; lines are counted, and those that hold none are rejected. Raises UnreadableFile."""
    with opened.path.open("rb") as file:
        start = file.read(64 << 10).removeprefix(b"\xef\xbb\xbf")
    if is_protobuf(start):
        yield from _messages(opened, sink)
    elif start.lstrip().startswith(b"[") or goes_on(start):
        content = _content(opened)
        try:
            value = msgspec.json.decode(content.removeprefix(b"\xef\xbb\xbf"))
        except BROKEN as error:
            raise UnreadableFile(f"{opened.name} is cut off or damaged. Save the whole document again.") from error
        count = max(len(content.splitlines()), 1)
        sink.lines(count)
        whole = objects(value) if isinstance(value, list) else [value]
        joined = {
            signal: [one for document in map(unwrapped, whole) for one in objects(document.get(signal))] for _, signal in _NAMES
        }
        yield Found(joined, 1, count)
    else:
        for line in lines(opened, sink, lambda one: bool(unwrapped(one).keys() & {LOGS, METRICS})):
            yield Found(unwrapped(line.document), line.number, salvaged=line.salvaged)


def unwrapped(document: Document) -> Document:
    """The document itself, without what a receiver put around it, its signals named as the standard names them."""
    held = document.get("payload")
    if isinstance(held, str):
        try:
            held = msgspec.json.decode(held)
        except BROKEN:
            held = None
    found = held if isinstance(held, dict) else document
    return found | {signal: found[other] for other, signal in _NAMES if other in found}


def decoded(content: bytes, signal: str) -> Document:
    """An export request in protobuf as the same objects that JSON gives. Raises ValueError for anything else."""
    from google.protobuf.json_format import MessageToDict  # here: few files are of this kind
    from google.protobuf.message import DecodeError
    from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
    from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest

    request: Any = ExportLogsServiceRequest() if signal == LOGS else ExportMetricsServiceRequest()
    try:
        request.ParseFromString(content)
        return dict(MessageToDict(request, use_integers_for_enums=True))
    except (DecodeError, ValueError, RecursionError) as error:
        raise ValueError(signal) from error


def _content(opened: Opened) -> bytes:
    if opened.path.stat().st_size > LARGEST_BYTES:
        raise UnreadableFile(f"{opened.name} is too large for one document. Write one document per line.")
    return opened.path.read_bytes()


def _messages(opened: Opened, sink: Sink) -> Iterator[Found]:
    content = _content(opened)
    requests, position = ([content], len(content)) if content.startswith(b"\n") else ([], 0)
    while position < len(content):
        size = int.from_bytes(content[position : position + 4])
        requests.append(content[position + 4 : position + 4 + size])
        position += 4 + size
    sink.lines(len(requests))
    cut = position > len(content)
    for number, request in enumerate(requests, 1):
        if cut and number == len(requests):
            sink.reject(number, "The message is cut off before its end.")
        elif found := either_signal(request):
            yield Found(found, number)
        else:
            sink.reject(number, "The message is no OTLP request for logs or metrics.")


def either_signal(request: bytes) -> Document | None:
    """Logs and metrics differ only inside their scopes, so the one that parses is the right one."""
    for signal in (LOGS, METRICS):
        try:
            found = decoded(request, signal)
        except ValueError:
            continue
        scopes = [scope for one in objects(found.get(signal)) for scope in objects(one.get(signal.replace("resource", "scope")))]
        if signal == METRICS or all(
            "body" in one or "attributes" in one for scope in scopes for one in objects(scope.get("logRecords"))
        ):
            return found
    return None


def attributes(holder: object) -> dict[str, Any]:
    """The attributes of a record, a point or a resource by key: texts, numbers and truth values."""
    listed = objects(holder.get("attributes")) if isinstance(holder, dict) else []
    return {str(one.get("key")): next(iter(inner(one, "value").values()), None) for one in listed}
