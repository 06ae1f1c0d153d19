"""A chat in Claude Design as a conversation: its messages have roles and blocks of their own, and mean the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from usage_analytics.importers.claude_ai.length import mappings

APP: Final = "Claude Design"
KEYS: Final = frozenset(("uuid", "messages", "created_at", "updated_at"))


def as_conversation(chat: Mapping[str, Any]) -> dict[str, Any]:
    """The chat in the shape of `conversations.json`. A message without a time of its own has that of the chat."""
    messages, begun = mappings(chat.get("messages")), chat.get("created_at")
    contents = [one["content"] if isinstance(one.get("content"), dict) else {} for one in messages]
    author = next((name for content in contents if isinstance(name := content.get("authorAccountUuid"), str)), None)
    return {
        "uuid": chat.get("uuid"),
        "account": {"uuid": author},
        "chat_messages": [
            {
                "uuid": one.get("uuid"),
                "sender": "assistant" if one.get("role") == "assistant" else "human",
                "created_at": one.get("created_at") or content.get("timestamp") or begun,
                "text": content.get("content"),
                "content": [_block(block) for block in mappings(content.get("contentBlocks"))],
                "attachments": [{"extracted_content": file.get("content")} for file in mappings(content.get("attachments"))],
            }
            for one, content in zip(messages, contents, strict=True)
        ],
    }


def _block(block: Mapping[str, Any]) -> dict[str, Any]:
    called, said = block.get("toolCall"), block.get("message")
    return {
        "text": block.get("text") or (said.get("content") if isinstance(said, dict) else said),
        "input": called.get("input") if isinstance(called, dict) else None,
    }
