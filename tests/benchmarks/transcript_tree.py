"""A tree of Claude Code transcripts of any size, for the import benchmark; seeded, and of our own making.

The shape follows what real folders show: one line per content block, so two to three lines a call that repeat its usage;
tool results between the calls; sessions of very different lengths; subagents beside some of them.
"""

from __future__ import annotations

import argparse
import json
import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

WORDS = "the cache returns early when a worker has no rows left to merge so check the offset before it is read again".split()
MODELS = ("claude-opus-5-5", "claude-sonnet-5-5", "claude-sonnet-4-5-20250929", "claude-haiku-4-5-20251001")


@dataclass(frozen=True)
class TreeSize:
    """What was written: bytes, files, lines and distinct calls."""

    bytes: int
    files: int
    lines: int
    calls: int


def write_tree(root: Path, *, total_bytes: int, files: int, seed: int = 7, long_results: bool = False) -> TreeSize:
    """Write about `total_bytes` of transcripts in `files` files under `root/projects`.

    With `long_results`, tools answer with whole files and logs, so that a line has 3.5 kB on average, as in real folders.
    """
    rng = random.Random(seed)
    prose = [json.dumps(" ".join(rng.choices(WORDS, k=rng.randint(5, 260)))) for _ in range(400)]
    results = [json.dumps(" ".join(rng.choices(WORDS, k=_result_words(rng)))) for _ in range(400)] if long_results else prose
    weights = [rng.lognormvariate(0, 1.1) for _ in range(files)]
    scale = total_bytes / sum(weights)
    written = lines = calls = 0
    session = ""
    for number, weight in enumerate(weights):
        subagent = bool(session) and rng.random() < 0.3
        if not subagent:
            session = f"{rng.getrandbits(128):032x}"
        folder = root / "projects" / f"-home-dev-project-{number % 60:02d}"
        path = folder / f"{session}.jsonl"
        if subagent:
            path = folder / session / "subagents" / f"agent-{number:08x}.jsonl"
        path.parent.mkdir(parents=True, exist_ok=True)
        body, file_lines, file_calls = _transcript(
            rng, prose, results, session, number, size=int(weight * scale), subagent=subagent
        )
        path.write_bytes(body)
        written += len(body)
        lines += file_lines
        calls += file_calls
    return TreeSize(written, files, lines, calls)


def _result_words(rng: random.Random) -> int:
    return min(int(rng.lognormvariate(6.2, 1.2)), 12_000)


def _transcript(
    rng: random.Random,
    prose: list[str],
    results: list[str],
    session: str,
    number: int,
    *,
    size: int,
    subagent: bool,
) -> tuple[bytes, int, int]:
    clock = datetime(2026, 9, 1, tzinfo=UTC) + timedelta(minutes=rng.randint(0, 100_000))
    tail = (
        f'"isSidechain":{str(subagent).lower()},"userType":"external","entrypoint":"cli","cwd":"/home/dev/project",'
        f'"sessionId":"{session}","version":"2.1.{rng.randint(200, 330)}","gitBranch":"main"'
    )
    model = rng.choice(MODELS)
    out: list[str] = []
    length = measured = calls = context = 0
    while length < size:
        clock += timedelta(seconds=rng.randint(2, 90))
        stamp = clock.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        if calls % 8 == 0:
            out.append(
                f'{{"parentUuid":null,"type":"user","promptSource":"typed","turnOrigin":"human",'
                f'"message":{{"role":"user","content":{rng.choice(prose)}}},'
                f'"uuid":"{rng.getrandbits(64):016x}","timestamp":"{stamp}",{tail}}}'
            )
        written_now = rng.randint(80, 3000)
        usage = (
            f'{{"input_tokens":{rng.randint(1, 40)},"cache_creation_input_tokens":{written_now},'
            f'"cache_read_input_tokens":{context},"cache_creation":{{"ephemeral_5m_input_tokens":0,'
            f'"ephemeral_1h_input_tokens":{written_now}}},"output_tokens":%d,"service_tier":"standard",'
            f'"inference_geo":"not_available","speed":"standard"}}'
        )
        context += written_now
        blocks = [f'{{"type":"text","text":{rng.choice(prose)}}}']
        if rng.random() < 0.7:
            tool = f"toolu_{rng.getrandbits(64):016x}"
            blocks.append(
                f'{{"type":"tool_use","id":"{tool}","name":"Edit","input":{{"path":"a.py","text":{rng.choice(prose)}}}}}'
            )
        final = rng.randint(40, 900)
        for index, block in enumerate(blocks):
            last = index == len(blocks) - 1
            out.append(
                f'{{"parentUuid":"{calls:08x}",{tail},"message":{{"model":"{model}","id":"msg_{number:06x}{calls:06x}",'
                f'"type":"message","role":"assistant","content":[{block}],'
                f'"stop_reason":{chr(34) + "tool_use" + chr(34) if last else "null"},"usage":{usage % (final if last else 2)}}},'
                f'"requestId":"req_{number:06x}{calls:06x}","type":"assistant","uuid":"{rng.getrandbits(64):016x}",'
                f'"timestamp":"{stamp}"}}'
            )
        if len(blocks) > 1:
            result = rng.choice(results)
            out.append(
                f'{{"parentUuid":"{calls:08x}",{tail},"type":"user","message":{{"role":"user","content":'
                f'[{{"tool_use_id":"{tool}","type":"tool_result","content":{result}}}]}},"toolUseResult":{{"stdout":{result}}},'
                f'"uuid":"{rng.getrandbits(64):016x}","timestamp":"{stamp}"}}'
            )
        calls += 1
        length += sum(map(len, out[measured:]))
        measured = len(out)
    return ("\n".join(out) + "\n").encode(), len(out), calls


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("root", type=Path)
    parser.add_argument("--bytes", type=int, default=1_500_000_000)
    parser.add_argument("--files", type=int, default=5_000)
    parser.add_argument("--long-results", action="store_true")
    asked = parser.parse_args()
    print(write_tree(asked.root, total_bytes=asked.bytes, files=asked.files, long_results=asked.long_results))
