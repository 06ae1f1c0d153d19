"""The promises that people build on, each by its name: P1, P2, P3 and P6. (P4 stands with the importers, P5 with the faults.)"""

from __future__ import annotations

import json
import random
import tempfile
from decimal import Decimal
from pathlib import Path
from typing import Final

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.databases import DERIVED, OBSERVED, add, content, new, rows
from tests.scenes import Batches, Scene
from tests.transcripts import call, prompt, text, usage
from usage_analytics.cli import main
from usage_analytics.store import Store

ALL: Final = (*DERIVED, *OBSERVED, "reject")
BY: Final = ("model", "app", "day", "project", "account", "conversation-length")
# A scene is made of its seed, so there is nothing to shrink.
FEW: Final = settings(
    max_examples=4,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
    derandomize=True,
)
SEEDS: Final = st.builds(Scene, st.integers(0, 2**40))
FIVE: Final = st.builds(
    Scene, st.integers(0, 2**40), st.just(5)
)  # at a time: most of a case's time goes by the import, not by the line


def take(store: Store, batches: Batches) -> list[list[int]]:
    """Import the batches; the import ids of each."""
    taken = []
    for batch in batches:
        added = add(store, {f"{number}.jsonl": text(*lines) for number, lines in enumerate(batch)})
        taken.append([one.import_id for one in added])
    return taken


def after(batches: Batches, tables: tuple[str, ...] = DERIVED) -> dict[str, list[str]]:
    """What a new database holds after these imports."""
    with tempfile.TemporaryDirectory() as folder:
        store = new(Path(folder))
        take(store, batches)
        found = content(store, tables)
        store.close()
        return found


def p2(scene: Scene) -> None:
    assert after([[scene.lines()]]) == after(scene.split())


def p3(scene: Scene) -> None:
    batches = scene.split()
    chance = random.Random(scene.seed)
    with tempfile.TemporaryDirectory() as folder:
        store = new(Path(folder))
        ids = take(store, batches)
        whole = content(store, ALL)
        undone = sorted(chance.sample(range(len(batches)), chance.randint(1, len(batches))))
        for place in chance.sample(undone, len(undone)):
            store.undo(ids[place])
        assert content(store, ALL) == after([batch for place, batch in enumerate(batches) if place not in undone], ALL)
        again = take(store, [batches[place] for place in undone])
        assert content(store, ALL) == whole
        store.undo([number for place in range(len(batches)) if place not in undone for number in ids[place]])
        store.undo([number for batch in again for number in batch])
        assert not any(content(store, (*ALL, "import")).values())
        store.close()


@FEW
@given(SEEDS)
def test_p2_any_split_any_order_any_overlap_gives_the_same_calls(scene: Scene) -> None:
    p2(scene)


@settings(FEW, max_examples=2)
@given(SEEDS)
def test_p3_an_undo_is_exact_in_any_order_and_the_same_files_can_be_imported_again(scene: Scene) -> None:
    p3(scene)


@pytest.mark.slow
@settings(FEW, max_examples=100, derandomize=False)
@given(FIVE)
def test_p2_holds_in_five_hundred_cases(scene: Scene) -> None:
    p2(scene)


@pytest.mark.slow
@settings(FEW, max_examples=30, derandomize=False)
@given(FIVE)
def test_p3_holds_in_many_cases(scene: Scene) -> None:
    p3(scene)


def test_p1_the_same_lines_twice_add_nothing(tmp_path: Path) -> None:
    store = new(tmp_path)
    lines = Scene(11).lines()
    (first,) = add(store, {"a.jsonl": text(*lines)})
    once = content(store)
    (second,) = add(store, {"another name.jsonl": text(*lines)})
    assert content(store) == once
    assert (second.events_new, second.events_duplicate) == (0, first.events_new)


def test_an_undo_of_nothing_or_of_the_unknown_changes_nothing(tmp_path: Path) -> None:
    from usage_analytics.errors import BadRequest

    store = new(tmp_path)
    add(store, {"a.jsonl": text(call())})
    before = content(store, ALL)
    store.undo([])
    with pytest.raises(BadRequest, match="There is no import 99"):
        store.undo([1, 99])
    assert content(store, ALL) == before
    store.undo([1, 1])
    assert not any(content(store, ALL).values())


def test_no_import_id_is_ever_given_twice(tmp_path: Path) -> None:
    store = new(tmp_path)
    seen = []
    for name in "abc":
        (one,) = add(store, {f"{name}.jsonl": text(call(name))})
        seen.append(one.import_id)
        store.undo([one.import_id])
    assert len(set(seen)) == 3


def test_what_an_undone_import_shared_with_another_stays(tmp_path: Path) -> None:
    store = new(tmp_path)
    (first,) = add(store, {"a.jsonl": text(prompt(), call("a", 1), call("b", 2))})
    add(store, {"b.jsonl": text(call("b", 2), call("c", 3))})
    store.undo([first.import_id])
    assert [(one["event_id"], one["message_index"], one["human_prompt"]) for one in rows(store, "from event order by 1")] == [
        ("msg_b", 1, None),
        ("msg_c", 2, None),
    ]


# P6. Sonnet 4.5 and Opus 4.6 in picodollars a token: fresh, read, written for 5 minutes and for an hour, out.
RATES: Final = {
    "claude-sonnet-4-5-20250929": (3_000_000, 300_000, 3_750_000, 6_000_000, 15_000_000),
    "claude-opus-4-6": (5_000_000, 500_000, 6_250_000, 10_000_000, 25_000_000),
}


def test_p6_money_is_conserved_from_the_lines_to_every_breakdown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    chance = random.Random(6)
    nanos = 0
    lines = []
    for number in range(400):
        model = chance.choice(list(RATES))
        counts = [chance.randint(0, 10 ** chance.randint(1, 6)) for _ in range(5)]
        nanos += (sum(count * rate for count, rate in zip(counts, RATES[model], strict=True)) + 500) // 1000
        lines.append(
            call(
                str(number),
                chance.randint(0, 10**6),
                model=model,
                counts=usage(*counts),
                sessionId=f"s{number % 23}",
                cwd=f"/home/r/{number % 5}",
                entrypoint=chance.choice(["cli", "sdk-py", None]),
            )
        )
    store = new(tmp_path)
    take(store, [[lines[:150], lines[100:300]], [lines[250:]]])
    for table in ("call", "rollup_half_hour", "rollup_conversation", "rollup_message_position"):
        assert rows(store, f"select sum(cost_nanos)::bigint as nanos from {table}") == [{"nanos": nanos}], table
    store.close()
    for by in BY:
        assert main(["spend", "--by", by, "--json", "--db", str(store.path)]) == 0
        said = json.loads(capsys.readouterr().out)
        assert Decimal(said["cost_usd"]) == Decimal(nanos).scaleb(-9)
        assert sum(Decimal(row["cost_usd"]) for row in said["rows"]) == Decimal(nanos).scaleb(-9), by
        assert said["calls"] == sum(row["calls"] for row in said["rows"]) == 400


def test_p6_money_is_conserved_whatever_the_transcripts_hold(tmp_path: Path) -> None:
    store = new(tmp_path)
    for seed in range(60, 64):
        take(store, Scene(seed).split())
    measures = ("cost_nanos", "estimated_cost_nanos", "input_tokens", "output_tokens")
    sums = ", ".join(f"sum({name})::bigint as {name}" for name in measures)
    (total,) = rows(store, f"select {sums} from call")
    assert rows(store, f"select {sums} from rollup_half_hour") == [total]
    for by in BY[:-1]:
        found = store.rows("spend", by=by)
        assert {name: sum(row[name] or 0 for row in found) for name in measures} == total, by
    found = store.rows("spend_by_conversation_length")
    assert {name: sum(row[name] or 0 for row in found) for name in measures} == total
    (conversations,) = rows(store, "select sum(cost_nanos)::bigint as cost_nanos from rollup_conversation")
    assert conversations["cost_nanos"] == total["cost_nanos"]
