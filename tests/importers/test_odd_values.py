"""Exports with values of another kind than ours, or cut anywhere: each is read as far as it goes, or refused in a sentence."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any, Final

import pytest

from usage_analytics.errors import UnreadableFile
from usage_analytics.importers import importer
from usage_analytics.importers.claude_code_otel.reduced import reduced
from usage_analytics.importers.sink import Head, Opened, Sink

FIXTURES: Final = Path(__file__).parents[1] / "fixtures"
FORMATS: Final = ("claude_code_otel", "claude_print", "codex", "bedrock", "stats_cache", "ccusage")
FILES: Final = [path for name in FORMATS for path in sorted((FIXTURES / name).iterdir())]
ODD: Final = (
    None, True, False, 0, -1, 3.7, 1e308, 1e15, 2**70, "", "x", "1e999", "NaN", "٣", "2026-13-01", "2026-11-02T09:00:00+99:00", "\ud83d",
    "9" * 400, [], {}, [[]], [{}], {"a": 1},
)  # fmt: skip


def changed(value: Any, chance: random.Random, share: float) -> Any:
    """A JSON value of which some values and names are others."""
    if chance.random() < share:
        return chance.choice(ODD)
    if isinstance(value, dict):
        names = (name if chance.random() > share / 2 else chance.choice(["x", f"{name}_", ""]) for name in value)
        return {name: changed(one, chance, share) for name, one in zip(names, value.values(), strict=True)}
    return [changed(one, chance, share) for one in value] if isinstance(value, list) else value


def spoiled(path: Path, chance: random.Random) -> bytes:
    """The bytes of a fixture with odd values, now and then with a hole."""
    share, text = chance.choice([0.01, 0.05, 0.2]), path.read_text(encoding="utf-8")
    if path.suffix == ".jsonl":
        text = "\n".join(json.dumps(changed(json.loads(line), chance, share)) for line in text.splitlines())
    else:
        text = json.dumps(changed(json.loads(text), chance, share), indent=chance.choice([None, 1]))
    content, hole = text.encode(), chance.randint(0, len(text))
    return content[:hole] + chance.randbytes(3) + content[hole + 5 :] if chance.random() < 0.3 else content


def read(path: Path, seed: int, folder: Path) -> None:
    chance = random.Random(f"{path.name} {seed}")
    (folder / "odd").write_bytes(content := spoiled(path, chance))
    sink = Sink(folder)
    account = sink.begin(0)
    chosen = importer(path.parent.name)
    for name in FORMATS:
        importer(name).claims(Head("odd", content[: 64 << 10]))
    try:
        chosen.read(Opened(folder / "odd", "odd.json", 0), sink)
    except UnreadableFile:
        return
    sink.flush()
    assert min(account.other, account.salvaged, account.rejected) >= 0
    assert account.lines >= account.other + account.salvaged + account.rejected


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem[:24]}")
def test_odd_values_end_nothing(path: Path, tmp_path: Path) -> None:
    for seed in range(12):
        read(path, seed, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem[:24]}")
def test_many_odd_values_end_nothing(path: Path, tmp_path: Path) -> None:
    for seed in range(1000, 1600):
        read(path, seed, tmp_path)


def test_odd_telemetry_is_reduced_without_a_word() -> None:
    chance = random.Random(7)
    for path in (FIXTURES / "claude_code_otel").iterdir():
        for line in path.read_text(encoding="utf-8").splitlines() * 20:
            document = {name: changed(value, chance, 0.05) for name, value in json.loads(line).items()}
            assert "garden gate" not in json.dumps(reduced(document))
