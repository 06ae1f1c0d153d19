"""Transcripts made by chance, and ways to cut them up: what the promises about imports are tried on."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any, Final

from tests.transcripts import Line, call, notice, prompt, record, result, usage

MODELS: Final = ("claude-sonnet-4-5-20250929", "claude-opus-4-6", "claude-haiku-5-5", "claude-sonnet-9", None)
PASSES: Final = [
    {"type": "message", "input_tokens": 6, "output_tokens": 20},
    {"type": "message", "input_tokens": 4, "output_tokens": 30},
    {"type": "advisor_message", "model": "claude-opus-4-6", "input_tokens": 70, "output_tokens": 8},
]
Batches = list[list[list[Line]]]  # imports of files of lines


@dataclass(frozen=True)
class Scene:
    """The lines of a few sessions, made by chance of a seed; several sets of them share forks, limits and the database."""

    seed: int
    sets: int = 1

    def lines(self) -> list[Line]:
        """All lines, session after session."""
        chance = random.Random(self.seed)
        return [line for number in range(self.sets) for line in _set(chance, f"set{number}-" if number else "")]

    def split(self) -> Batches:
        """The same lines shuffled, cut into files anywhere, some of them twice, the files in one import or several."""
        chance = random.Random(-self.seed - 1)
        shuffled = self.lines()
        shuffled += chance.choices(shuffled, k=chance.randint(0, 4))
        chance.shuffle(shuffled)
        cuts = sorted(chance.choices(range(len(shuffled) + 1), k=chance.randint(0, 4)))
        imports: Batches = []
        for start, end in zip([0, *cuts], [*cuts, len(shuffled)], strict=True):
            if not imports or chance.random() < 0.5:
                imports.append([])
            imports[-1].append(shuffled[start:end])
        return imports


def _set(chance: random.Random, name: str) -> list[Line]:
    """The lines of two sessions; `name` begins every id of theirs."""
    written: list[Line] = []
    for number in range(chance.randint(1, 7)):
        session = name + chance.choice(["one", "two"])
        seconds = chance.randint(0, 200_000)
        written += _call(chance, f"{name}m{number}", seconds, session)
        if chance.random() < 0.5:
            origin = chance.choice(["human", "sdk", "scheduled", None])
            written.append(prompt(seconds - chance.randint(0, 9), sessionId=session, turnOrigin=origin))
        if chance.random() < 0.25:
            written += [notice("You've hit your Opus limit", seconds), result(seconds), record("mode")]
    return written


def _call(chance: random.Random, name: str, seconds: int, session: str) -> list[Line]:
    """One call: a few lines, and sometimes its copy in a fork or in a resumed session, or its replay beside the thread."""
    made: dict[str, Any] = {
        "model": chance.choice(MODELS),
        "version": chance.choice(["2.0.5", "2.1.42", "2.1.330"]),
        "request": chance.choice([f"req_{name}", None]),
        "sessionId": session,
    }
    written = [
        call(
            name,
            seconds + place,
            stop=chance.choice([None, "end_turn"]),
            counts=_counts(chance),
            content=[{"type": "text", "text": "x" * chance.randint(0, 300)}],
            cwd=chance.choice(["/home/r/garden", "/home/r/garden", "/home/r/orchard"]),
            costUSD=chance.choice([None, 0.5]),
            **made,
        )
        for place in range(chance.randint(1, 3))
    ]
    copied: dict[str, Line] = {
        "fork": {"sessionId": "fork", "forkedFrom": {"sessionId": session}},
        "resume": {"sessionId": "resumed"},
        "replay": {"isSidechain": True, "agentId": "x", "requestId": "req_replay"},
    }
    other = chance.choice(["", "", "", *copied])
    return written + [line | copied[other] | {"uuid": f"{other}-{line['uuid']}"} for line in written if other]


def _counts(chance: random.Random) -> Line:
    """The counts of one line; what the client may leave out is sometimes left out."""
    known = usage(*(chance.randint(0, 40_000) for _ in range(5)))
    known |= {
        "speed": chance.choice([None, "standard", "fast"]),
        "inference_geo": chance.choice([None, "not_available", "us", "global"]),
        "service_tier": chance.choice(["standard", "batch"]),
        "server_tool_use": chance.choice([None, {"web_search_requests": 2}]),
    }
    if chance.random() < 0.2:
        known |= usage(10, output=50, iterations=PASSES)
    if chance.random() < 0.2:
        del known["cache_creation"]
    return known
