"""claude.ai data export: conversations without a model, tokens or cost. We keep no text, only its length.

The emailed archive holds `conversations.json` (an organization's: `conversations-0001.json` and so on) and chats in Claude Design, beside
users, projects, memories and artifacts, in which there is no usage. A single conversation, as the site itself loads it, is read too; that
one names its model.
"""

from __future__ import annotations

from typing import Any, Final

import msgspec

from usage_analytics.importers.cells import add_rows
from usage_analytics.importers.claude_ai import design
from usage_analytics.importers.claude_ai.conversation import APP, NAME, Exchange, exchanges
from usage_analytics.importers.json_objects import keys, objects
from usage_analytics.importers.sink import Head, Opened, Sink

name: Final = NAME
label: Final = "claude.ai data export"

_BESIDE: Final = (
    {"uuid", "full_name", "email_address"},  # users
    {"uuid", "prompt_template", "docs"},  # projects
    {"account_uuid", "conversations_memory"},
    {"account_uuid", "project_memories"},
    {"account_uuid", "memory_files"},
    {"owner_account", "versions"},  # an artifact
)
_DAMAGED: Final = "A conversation is damaged, cut off or larger than 64 MB; export your data again."
_NAMELESS: Final = "A conversation has no id or no list of messages; export your data again."
_TIMELESS: Final = "A message has no time; export your data again."
_OTHER: Final = frozenset(("human", "other"))


def claims(head: Head) -> bool:
    """A JSON array of conversations, or one of them, or a file that the export has beside them."""
    found = keys(head.start)
    return {"uuid", "chat_messages"} <= found or found >= design.KEYS or any(found >= signs for signs in _BESIDE)


def read(opened: Opened, sink: Sink) -> None:
    """Pass on one observation per answer, with estimated tokens, and one prompt per message that a person wrote.

    Every message counts as a line; only an answer becomes an event.
    """
    decoder = msgspec.json.Decoder()
    with opened.path.open("rb") as file:
        for text in objects(file):
            try:
                conversation = decoder.decode(text) if text is not None else None
            except (msgspec.MsgspecError, RecursionError, ValueError):
                conversation = None
            if conversation is None:
                sink.lines(1)
                sink.reject(None, _DAMAGED)
            elif "chat_messages" in conversation:
                read_conversation(conversation, sink)
            elif conversation.keys() >= design.KEYS:
                read_conversation(design.as_conversation(conversation), sink, design.APP)
            else:
                sink.lines(1, other=1)


def read_conversation(conversation: dict[str, Any], sink: Sink, app: str = APP) -> None:
    """Give the sink the calls and prompts of one conversation."""
    messages = conversation["chat_messages"]
    if not isinstance(conversation.get("uuid"), str) or not isinstance(messages, list):
        sink.lines(1)
        sink.reject(None, _NAMELESS)
        return
    found: list[Exchange] = exchanges(conversation, app)
    sink.lines(len(messages), other=sum(one.sender in _OTHER for one in found))
    for _ in range(len(messages) - len(found)):
        sink.reject(None, _TIMELESS)
    add_rows("observation", [one.call for one in found if one.call], sink)
    asked = [one.at for one in found if one.sender == "human"]
    columns = {"conversation_id": [conversation["uuid"]] * len(asked), "occurred_at": asked, "kind": ["human"] * len(asked)}
    if asked:
        sink.add("prompt", columns)
