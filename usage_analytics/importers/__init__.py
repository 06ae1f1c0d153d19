"""One module per format. An importer answers two questions: is this file mine, and what is in it?

An importer is a module with `name`, `label`, `claims(head)` and `read(opened, sink)`; it maps rows to the columns of `events` and decides
nothing else. Detection is by content. Exactly one importer may claim a file.
"""

from __future__ import annotations

from importlib import import_module
from typing import Final, Protocol, cast

from usage_analytics.errors import UnreadableFile
from usage_analytics.importers.sink import Head, Opened, Sink

NAMES: Final = (
    "claude_code",
    "claude_code_history",
    "claude_code_otel",
    "claude_print",
    "codex",
    "bedrock",
    "stats_cache",
    "ccusage",
    "fazm",
    "console_tokens",
    "console_cost",
    "organization_api",
    "account_json",
    "team_spend",
    "team_members",
    "team_claude_code",
    "claude_ai",
    "cursor",
    "openrouter",
    "openrouter_daily",
    "openai_usage",
    "openai_cost",
    "litellm",
    "langfuse",
    "helicone",
    "usage_events",
    "mapped",
)

TRANSCRIPT_LINE: Final = b'{"parentUuid":'


class Importer(Protocol):
    """What every importer module offers."""

    name: str
    label: str

    def claims(self, head: Head) -> bool:
        """Whether the file is of this format, judged by its first bytes."""

    def read(self, opened: Opened, sink: Sink) -> None:
        """Pass every row of the file to the sink, and account for every line."""


def importer(name: str) -> Importer:
    """The importer of that name."""
    return cast(Importer, import_module(f"usage_analytics.importers.{name}"))


def claimants(head: Head) -> list[Importer]:
    """Return the importers that claim the file; normally exactly one."""
    # A line that begins so is a transcript's: to show thousands of them to every importer takes longer than to read them.
    start = head.start
    if start.startswith(TRANSCRIPT_LINE) or (start.startswith(b'{"type":"') and b"\n" + TRANSCRIPT_LINE in start):
        transcript = importer("claude_code")
        if transcript.claims(head):
            return [transcript]
    return [one for one in map(importer, NAMES) if one.claims(head)]


def claimant(head: Head) -> Importer:
    """Return the one importer that claims the file. Raise UnreadableFile if none or several do."""
    if found := claimed(head):
        return found
    raise UnreadableFile(
        f"We don't recognize {head.name}. Import an export that the README lists, or a table with dates and costs or token counts."
    )


def claimed(head: Head) -> Importer | None:
    """Return the one importer that claims the file; None if none does. Raise UnreadableFile if several do, or if it has no usage."""
    claims = claimants(head)
    if len(claims) > 1:
        both = " and ".join(one.label for one in claims)
        raise UnreadableFile(f"{head.name} matches more than one format: {both}. Export it again as one of them.")
    if not claims and (reason := import_module("usage_analytics.importers.without_usage").reason(head)):
        raise UnreadableFile(reason)
    return claims[0] if claims else None
