"""What Anthropic's organization APIs answer, as JSON: the Admin API's usage and cost reports, Claude Code Analytics, and the newer
Analytics API for usage and cost. One page, several pages in one file, or a file that `sync` wrote.

Every row is a bucket: a minute, an hour or a day of one combination of key, workspace, model and so on. The vendor states a bucket again
whenever somebody asks, and may correct it, up or down. So each observation says when it was stated (`stated_at`), and whether the file
holds the whole bucket; the store lets the latest statement stand.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from usage_analytics.importers.console import Unclear
from usage_analytics.importers.organization_api import admin, analytics, claude_code_users
from usage_analytics.importers.organization_api.facts import Fact, add_facts
from usage_analytics.importers.organization_api.reading import MARK, Reading, read_file
from usage_analytics.importers.sink import Head, Opened, Sink

name: Final = "organization_api"
label: Final = "Anthropic Admin and Analytics API response"

_PAGE: Final = re.compile(rb'"data"\s*:\s*\[')
_ROWS: Final = re.compile(rb'"(?:results|core_metrics|uncached_input_tokens)"\s*:|"cost"\s*:\s*\{\s*"amount"|"list_amount"\s*:')
_REFUSED: Final = re.compile(rb'\A\s*\{\s*"type"\s*:\s*"error"\s*,\s*"error"\s*:\s*\{')

Reader = Callable[[Mapping[str, Any], Reading], Iterator[Fact | Unclear]]


def claims(head: Head) -> bool:
    """Pages of buckets, what `sync` wrote of them, or the API's refusal."""
    start = head.start
    if start.lstrip()[:1] not in (b"{", b"["):
        return False
    return MARK in start[:200] or bool(_REFUSED.match(start)) or bool(_PAGE.search(start) and _ROWS.search(start))


def read(opened: Opened, sink: Sink) -> None:
    """One observation for each row with usage or a cost. Raises UnreadableFile."""
    reading = read_file(opened)
    facts: dict[int, list[Fact]] = {}
    number = 0
    for place, page in enumerate(reading.pages):
        for item in page:
            rows = list(_facts(item, reading))
            nothing = not rows or (isinstance(rows[0], Fact) and rows[0].says_nothing)
            sink.lines(max(len(rows), 1), other=nothing)
            for row in rows:
                number += 1
                if isinstance(row, Fact):
                    facts.setdefault(place, []).append(row)
                else:
                    sink.reject(number, str(row))
    add_facts(facts, reading, sink)


def _facts(item: object, reading: Reading) -> Iterator[Fact | Unclear]:
    """The facts of one item of `data`; of one that is unclear, why."""
    if isinstance(item, dict):
        if isinstance(item.get("results"), list):
            return admin.facts(item, reading)
        if isinstance(item.get("group"), dict):
            return analytics.facts(item, reading)
        if isinstance(item.get("model_breakdown"), list):
            return claude_code_users.facts(item, reading)
    return iter([Unclear("This is no row of a usage or cost report; save the API's response as it came.")])
