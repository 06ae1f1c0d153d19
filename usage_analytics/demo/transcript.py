"""One conversation as Claude Code writes it: a JSON line for each prompt, content block and notice."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, Final

from usage_analytics.demo.wallet import Tokens, cost_usd

FILLER: Final = "Filler text."
HOME: Final = "/home/robin"


@dataclass(slots=True)
class Transcript:
    """A session's own file, or a subagent's beneath it."""

    session: str
    project: str
    entrypoint: str
    version: str
    chance: Random
    agent: str | None = None
    lines: list[dict[str, Any]] = field(default_factory=list)
    subagents: list[Transcript] = field(default_factory=list)
    totals: dict[str, list[float]] = field(default_factory=lambda: defaultdict(lambda: [0.0] * 5))

    def prompt(self, moment: datetime, source: str, origin: str) -> None:
        """Somebody or something asks."""
        self._put(
            moment, {"type": "user", "promptSource": source, "turnOrigin": origin, "message": {"role": "user", "content": FILLER}}
        )

    def call(
        self,
        moment: datetime,
        model: str,
        tokens: Tokens,
        *,
        speed: str = "standard",
        searches: int = 0,
        lines: int = 1,
        finished: bool = True,
    ) -> None:
        """An answer, over one or more lines; only the last has a stop reason and the true output, and not even that one always."""
        writes = tokens.cache_write_5m + tokens.cache_write_1h
        usd = cost_usd(model, moment, tokens, speed)
        for number, amount in enumerate((tokens.input, tokens.cache_read, writes, tokens.output, usd)):
            self.totals[model][number] += amount
        ids = {"requestId": f"req_{self._hex(22)}"}
        message = {"id": f"msg_{self._hex(22)}", "type": "message", "role": "assistant", "model": model}
        for number in range(lines):
            last = number == lines - 1 and finished
            text = FILLER if finished else FILLER * max(1, round(tokens.output * 3.1 / len(FILLER) / lines))
            usage = _usage(tokens, tokens.output if last else 2, speed, searches)
            content = [{"type": "text", "text": text}]
            body = message | {"content": content, "stop_reason": "end_turn" if last else None, "usage": usage}
            self._put(moment + timedelta(seconds=number), {"type": "assistant", "message": body} | ids)

    def tool_result(self, moment: datetime) -> None:
        """What a tool gave back; not a prompt."""
        content = [{"type": "tool_result", "tool_use_id": f"toolu_{self._hex(8)}", "content": FILLER}]
        self._put(moment, {"type": "user", "message": {"role": "user", "content": content}})

    def notice(self, moment: datetime, text: str, error: str, quota: dict[str, Any] | None = None) -> None:
        """The client's own message that a limit was met."""
        message = {
            "id": self._hex(32),
            "type": "message",
            "role": "assistant",
            "model": "<synthetic>",
            "stop_reason": "stop_sequence",
        }
        usage = _usage(Tokens(0, 0, 0, 0, 0), 0, "standard", 0)
        record: dict[str, Any] = {
            "type": "assistant",
            "message": message | {"content": [{"type": "text", "text": text}], "usage": usage},
        }
        record |= {"error": error, "isApiErrorMessage": True, "apiErrorStatus": 429}
        self._put(moment, record | ({"quotaLimits": quota} if quota else {}))

    def subagent(self) -> Transcript:
        """A new agent of this conversation, in a file of its own."""
        agent = Transcript(self.session, self.project, self.entrypoint, self.version, self.chance, agent=self._hex(17))
        self.subagents.append(agent)
        return agent

    def write(self, projects: Path) -> None:
        """Write this file and those of its agents below `projects`, as Claude Code lays them out."""
        slug = projects / f"{HOME}/{self.project}".replace("/", "-")
        path = slug / self.session / "subagents" / f"agent-{self.agent}.jsonl" if self.agent else slug / f"{self.session}.jsonl"
        path.parent.mkdir(parents=True, exist_ok=True)
        records = self.lines if self.agent else [*self.lines, self._cost_state()]
        text = "".join(json.dumps(record, separators=(",", ":")) + "\n" for record in records)
        path.write_text(text, encoding="utf-8", newline="\n")
        for agent in self.subagents:
            agent.write(projects)

    def _put(self, moment: datetime, record: dict[str, Any]) -> None:
        parent = self.lines[-1]["uuid"] if self.lines else None
        whole = {"parentUuid": parent, "isSidechain": self.agent is not None, "sessionId": self.session, "uuid": self._hex(12)}
        whole |= {"timestamp": moment.isoformat(timespec="milliseconds") + "Z", "version": self.version}
        whole |= {"entrypoint": self.entrypoint, "cwd": f"{HOME}/{self.project}"} | (
            {"agentId": self.agent} if self.agent else {}
        )
        self.lines.append(whole | record)

    def _cost_state(self) -> dict[str, Any]:
        """What the client says that the session has cost, with its agents'; it also counts small calls that it never writes down."""
        sums: dict[str, list[float]] = defaultdict(lambda: [0.0] * 5)
        for part in (self, *self.subagents):
            for model, amounts in part.totals.items():
                sums[model] = [held + more for held, more in zip(sums[model], amounts, strict=True)]
        names = ("inputTokens", "cacheReadInputTokens", "cacheCreationInputTokens", "outputTokens")
        used = {
            model: dict(zip(names, map(int, amounts), strict=False)) | {"costUSD": round(amounts[4] * 1.01, 6)}
            for model, amounts in sums.items()
        }
        began = datetime.fromisoformat(self.lines[0]["timestamp"]).replace(tzinfo=UTC)
        total = round(sum(amounts[4] * 1.01 for amounts in sums.values()), 6)
        return {
            "type": "cost-state",
            "sessionId": self.session,
            "totalCostUSD": total,
            "startTime": int(began.timestamp() * 1000),
            "modelUsage": used,
            "hasUnknownModelCost": False,
        }

    def _hex(self, digits: int) -> str:
        return f"{self.chance.getrandbits(4 * digits):0{digits}x}"


def new_id(chance: Random) -> str:
    """A session's id, in the form of a UUID."""
    digits = f"{chance.getrandbits(128):032x}"
    return "-".join((digits[:8], digits[8:12], f"4{digits[13:16]}", f"a{digits[17:20]}", digits[20:]))


def _usage(tokens: Tokens, output: int, speed: str, searches: int) -> dict[str, Any]:
    usage: dict[str, Any] = {
        "input_tokens": tokens.input,
        "cache_creation_input_tokens": tokens.cache_write_5m + tokens.cache_write_1h,
        "cache_read_input_tokens": tokens.cache_read,
        "cache_creation": {
            "ephemeral_5m_input_tokens": tokens.cache_write_5m,
            "ephemeral_1h_input_tokens": tokens.cache_write_1h,
        },
        "output_tokens": output,
        "service_tier": "standard",
    }
    if speed == "fast":
        usage["speed"] = speed
    if searches:
        usage["server_tool_use"] = {"web_search_requests": searches}
    return usage
