"""P9: the database is made again from the archive, and is the same; by itself where it is lost, damaged or of another version."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

from tests.databases import DERIVED, OBSERVED, add, content, left_beside, new
from tests.scenes import Scene
from tests.store import world
from tests.store.test_migrations import NEXT, later
from tests.transcripts import call, text
from usage_analytics.errors import UsageError
from usage_analytics.filters import Filters
from usage_analytics.pricing.rates import Rate, list_rates
from usage_analytics.store import Store

ALL = (*DERIVED, *OBSERVED, "reject", "import")
BY = ("model", "app", "day", "project", "account")


def answers(store: Store) -> list[list[str]]:
    """What pages ask; in no order, for not every query has one."""
    asked = [store.rows("spend", by=by) for by in BY]
    asked += [store.rows(query) for query in ("imports", "sync_position", "limits", "balances", "events_total", "extent")]
    asked += [store.rows("spend_by_conversation_length"), store.rows("blocks", Filters())]
    return [sorted(map(repr, rows)) for rows in asked]


def same_when_rebuilt(store: Store) -> None:
    before, said = content(store, ALL), answers(store)
    followed = store.rebuild()
    assert content(store, ALL) == before
    assert answers(store) == said
    assert (followed.loaded, followed.removed, followed.written, followed.left_out) == (len(store.imports()), 0, 0, ())


def test_a_rebuilt_database_is_the_same(tmp_path: Path) -> None:
    store = world.made(tmp_path)
    same_when_rebuilt(store)
    next_number = max(one.import_id for one in store.imports()) + 1
    assert add(store, {"z.jsonl": text(call("z"))})[0].import_id == next_number
    same_when_rebuilt(store)
    assert left_beside(store) == []


def test_where_nothing_was_imported_there_is_nothing_to_rebuild_from(tmp_path: Path) -> None:
    store = new(tmp_path)
    with pytest.raises(UsageError, match=r"There is no archive to rebuild from\. Import something first"):
        store.rebuild()


@pytest.mark.slow
def test_a_rebuild_that_is_interrupted_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = world.made(tmp_path)
    store.close()
    before = store.path.read_bytes()

    def fail(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("usage_analytics.store.following.load", fail)
    with pytest.raises(KeyboardInterrupt):
        store.rebuild()
    assert store.path.read_bytes() == before
    assert left_beside(store) == []


def test_a_database_that_is_missing_is_made_again_with_a_sentence(tmp_path: Path) -> None:
    store = world.made(tmp_path)
    before = content(store, ALL)
    store.close()
    store.path.unlink()
    told: list[str] = []
    again = Store(store.path, tell=told.append)
    assert content(again, ALL) == before
    assert told == [f"usage.duckdb is missing; we rebuilt it from the archive ({len(again.imports())} imports)."]


@pytest.mark.slow
def test_a_database_of_a_later_version_is_made_again_and_kept(tmp_path: Path) -> None:
    store = world.made(tmp_path)
    before = content(store, ALL)
    store.close()
    with later(NEXT):
        Store(store.path).rows("events_total")
    newer = store.path.read_bytes()
    told: list[str] = []
    again = Store(store.path, tell=told.append)
    assert content(again, ALL) == before
    (kept,) = tmp_path.glob("usage.duckdb.version-2*")
    assert kept.read_bytes() == newer
    assert told[0].startswith("usage.duckdb is from another version; we rebuilt it from the archive (")
    assert told[0].endswith(f"The earlier file is kept as {kept.name}.")


@pytest.mark.parametrize("work", ["importing", *(pytest.param(work, marks=pytest.mark.slow) for work in ("asking", "undoing"))])
def test_a_file_that_is_no_database_any_more_is_made_again_and_kept(tmp_path: Path, work: str) -> None:
    store = world.made(tmp_path)
    before = content(store, ALL)
    store.close()
    store.path.write_bytes(b"no database" * 1000)
    told: list[str] = []
    again = Store(store.path, tell=told.append)
    if work == "importing":
        (one,) = add(again, {"z.jsonl": text(call("z"))})
        again.undo([one.import_id])
    elif work == "undoing":
        (one,) = add(again, {"z.jsonl": text(call("z"))})
        again.close()
        again.path.write_bytes(b"no database" * 1000)
        again.undo([one.import_id])
    assert content(again, ALL) == before
    assert told[0].startswith("usage.duckdb is damaged; we rebuilt it from the archive")
    assert {path.read_bytes() for path in tmp_path.glob("usage.duckdb.damaged-*")} == {b"no database" * 1000}


def flipped(where: Path, count: int, seed: int) -> None:
    """F05 with an archive: whatever bit of the database is flipped, every answer is right and nothing is lost."""
    store = world.made(where / "sound")
    before, said = content(store, ALL), answers(store)
    store.close()
    sound = store.path.read_bytes()
    chance = random.Random(seed)
    healed = 0
    for number in range(count):
        folder = where / str(number)
        shutil.copytree(store.path.parent, folder)
        damaged = bytearray(sound)
        place = chance.choice([at for at in range(0, len(sound), 4096) if any(sound[at : at + 4096])]) + chance.randrange(4096)
        damaged[place] ^= 1 << chance.randrange(8)
        (folder / "usage.duckdb").write_bytes(damaged)
        again = Store(folder / "usage.duckdb")
        assert answers(again) == said
        assert content(again, ALL) == before
        again.close()
        healed += bool(list(folder.glob("*.damaged-*")))
        shutil.rmtree(folder)
    assert healed


@pytest.mark.slow
def test_a_flipped_bit_in_the_database_is_healed(tmp_path: Path) -> None:
    flipped(tmp_path, 6, seed=1)


@pytest.mark.slow
def test_a_flipped_bit_in_the_database_is_healed_in_a_hundred_cases(tmp_path: Path) -> None:
    flipped(tmp_path, 100, seed=2)


@pytest.mark.slow
def test_a_bug_in_a_query_does_not_make_the_database_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from usage_analytics.errors import DatabaseDamaged

    store = world.made(tmp_path)

    def fail(*_: object) -> None:
        raise DatabaseDamaged

    monkeypatch.setattr("usage_analytics.store._dictionaries", fail)
    with pytest.raises(DatabaseDamaged):
        store.rows("events_total")
    assert left_beside(store) == []


def test_a_part_with_a_flipped_bit_is_left_out_by_name_and_all_else_is_there(tmp_path: Path) -> None:
    store = new(tmp_path)
    for name in "abc":
        add(store, {f"{name}.jsonl": text(call(name))})
    (part,) = store.archive.read().lines[1].parts
    damaged = bytearray((store.archive.folder / part.file).read_bytes())
    damaged[len(damaged) // 2] ^= 1
    (store.archive.folder / part.file).write_bytes(damaged)
    assert store.rebuild().left_out == (f"{part.file} is damaged",)
    assert sorted(row["event_id"] for row in store.rows("imports_known", ids=["msg_a", "msg_b", "msg_c"])) == ["msg_a", "msg_c"]
    assert len(store.imports()) == 3


def test_a_line_of_the_ledger_with_a_flipped_bit_costs_itself_alone(tmp_path: Path) -> None:
    store = new(tmp_path)
    for name in "abc":
        add(store, {f"{name}.jsonl": text(call(name))})
    ledger = store.archive.folder / "ledger.jsonl"
    lines = ledger.read_bytes().splitlines(keepends=True)
    lines[1] = lines[1].replace(b"b.jsonl", b"x.jsonl")
    ledger.write_bytes(b"".join(lines))
    store.close()
    kept = store.path.read_bytes()
    store.path.unlink()
    told: list[str] = []
    assert Store(store.path, tell=told.append).rows("events_total") == [{"events": 2}]
    assert "Left out: ledger.jsonl, line 2 is damaged." in told[0]
    # the database still knows what the line said, and writes it out again
    store.path.write_bytes(kept)
    (store.archive.folder / "ledger.jsonl").write_bytes(b"".join([lines[0], *lines[2:], lines[1]]))
    again = Store(store.path)
    assert again.rows("events_total") == [{"events": 3}]
    assert again.rebuild().loaded == 3
    assert again.rows("events_total") == [{"events": 3}]


def dearer(factor: int) -> tuple[Rate, ...]:
    """Prices of one's own."""
    from dataclasses import replace

    return tuple(replace(rate, input_picos=rate.input_picos * factor) for rate in list_rates())


def sequence(where: Path, seed: int) -> None:
    """Imports, undos, price changes, lost and rebuilt databases in a drawn order; at the end the same as without any loss."""
    chance = random.Random(seed)
    scene = Scene(seed)
    batches = scene.split()
    lossy, plain = new(where / "lossy"), new(where / "plain")
    rates: tuple[Rate, ...] | None = None
    for batch in batches:
        files = {f"{number}.jsonl": text(*lines) for number, lines in enumerate(batch)}
        for store in (lossy, plain):
            add(store, files)
        act = chance.choice(["undo", "price", "lose", "rebuild", "age", "nothing"])
        if act == "undo":
            chosen = [one.import_id for one in plain.imports() if chance.random() < 0.4]
            for store in (lossy, plain):
                store.undo(chosen)
        elif act == "price":
            rates = dearer(chance.randint(2, 9))
            lossy, plain = Store(lossy.path, rates), Store(plain.path, rates)
        elif act == "lose":
            lossy.close()
            lossy.path.unlink()
        elif act == "rebuild" and lossy.archive.mark:
            lossy.rebuild()
        elif act == "age":
            lossy.close()
            shutil.copy(lossy.path, where / "older")
        if (where / "older").exists() and chance.random() < 0.5:
            lossy.close()
            shutil.move(where / "older", lossy.path)
            lossy = Store(lossy.path, rates)
    held = (*DERIVED, *OBSERVED, "reject")  # the ledger's lines but for their identities, which are drawn
    assert content(lossy, held) == content(plain, held)
    assert lossy.imports() == plain.imports()
    found = content(lossy, ALL)
    lossy.rebuild()
    assert content(lossy, ALL) == found
    for store in (lossy, plain):
        store.close()


@pytest.mark.parametrize("first", [0])
def test_any_sequence_with_losses_ends_as_without(tmp_path: Path, first: int) -> None:
    for seed in range(first, first + 2):
        sequence(tmp_path / str(seed), seed)


@pytest.mark.slow
def test_any_of_two_hundred_sequences_with_losses_ends_as_without(tmp_path: Path) -> None:
    for seed in range(1000, 1200):
        sequence(tmp_path / str(seed), seed)


@pytest.mark.slow
def test_a_price_change_and_an_undo_of_all_may_come_with_what_has_to_be_caught_up(tmp_path: Path) -> None:
    """All calls are made anew and then some, on one connection, and the other way round."""
    store = new(tmp_path)
    (first,) = add(store, {"a.jsonl": text(call("a"))})
    store.close()
    shutil.copy(store.path, tmp_path / "older")
    store.undo([first.import_id])
    add(store, {"b.jsonl": text(call("b"))})
    right = content(Store(store.path, dearer(3)), ALL)
    store.close()
    shutil.move(tmp_path / "older", store.path)
    assert content(Store(store.path, dearer(3)), ALL) == right
    store.close()
    shutil.rmtree(store.archive.folder)
    (one,) = add(Store(store.path, dearer(3)), {"c.jsonl": text(call("c"))})
    store.undo([one.import_id])
    store.rebuild()
    assert content(Store(store.path, dearer(3)), ALL) == right


@pytest.mark.slow
def test_many_who_find_it_lost_at_once_make_it_once(tmp_path: Path) -> None:
    import subprocess
    import sys

    store = world.made(tmp_path)
    right = store.rows("events_total")
    store.close()
    store.path.write_bytes(b"no database" * 1000)
    code = (
        "import sys; from pathlib import Path; from usage_analytics.store import Store;"
        "print(Store(Path(sys.argv[1])).rows('events_total'))"
    )
    asking = [
        subprocess.Popen([sys.executable, "-c", code, str(store.path)], stdout=subprocess.PIPE, text=True) for _ in range(3)
    ]
    assert [one.communicate(timeout=120)[0].strip() for one in asking] == [str(right)] * 3
    assert len(list(tmp_path.glob("*.damaged-*"))) == 1
