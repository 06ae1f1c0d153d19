"""One dollar, once: an organization whose truth is known comes to its truth, whatever was imported of it, in any order."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.databases import NOW, content, new, rows
from tests.organization import ANN, BEN, Files, Organization, made
from usage_analytics.errors import BadRequest
from usage_analytics.importers import claimant
from usage_analytics.importers.sink import Head, Opened, Sink
from usage_analytics.store import Store
from usage_analytics.store.authority import CLASSES, Rules, chosen, set_rules
from usage_analytics.store.derivation import run
from usage_analytics.store.ledger import Batch, NewImport

ROUNDING = 1000  # a micro-dollar


def take(store: Store, files: Files) -> list[int]:
    """Import files by their content, in one batch; their import ids."""
    with tempfile.TemporaryDirectory() as folder:
        parts = Path(folder) / "parts"
        parts.mkdir()
        sink = Sink(parts)
        imports = []
        for number, (name, written) in enumerate(files.items()):
            path = Path(folder) / "content"
            path.write_bytes(written)
            account = sink.begin(number)
            importer = claimant(Head(name, written[: 64 << 10]))
            importer.read(Opened(path, name, number, dated=NOW), sink)
            assert not account.rejected, (name, account.rejects)
            counts = (account.lines, account.other, account.salvaged, account.rejected)
            imports.append(NewImport(number, name, importer.name, *counts))
        sink.flush()
        return [one.import_id for one in store.add(Batch(parts, tuple(imports)), NOW)]


def total(store: Store) -> int:
    ((found,),) = ([row["nanos"]] for row in rows(store, "select sum(cost_nanos)::bigint as nanos from call"))
    return int(found or 0)


def wander(store: Store, organization: Organization, chance: random.Random, most: int) -> None:
    """Import everything in an order of its own, a few files at a time, and take some of it back and import it again on the way."""
    names = chance.sample(sorted(organization.files), len(organization.files))
    taken: dict[str, int] = {}
    while names:
        batch = [names.pop() for _ in range(min(len(names), chance.randint(1, most)))]
        taken |= dict(zip(batch, take(store, {name: organization.files[name] for name in batch}), strict=True))
        if chance.random() < 0.3:
            back = chance.sample(sorted(taken), chance.randint(1, min(3, len(taken))))
            store.undo([taken.pop(name) for name in back])
            names += back


def test_an_organization_comes_to_its_truth(tmp_path: Path) -> None:
    organization = made(1)
    store = new(tmp_path)
    take(store, organization.files)
    assert abs(total(store) - organization.truth) <= ROUNDING


def test_it_does_in_any_order_with_undos_between(tmp_path: Path) -> None:
    in_any_order(tmp_path, [0], calls_a_day=2, most=16)


@pytest.mark.slow
def test_it_does_in_fifty_orders(tmp_path: Path) -> None:
    in_any_order(tmp_path, range(50))


def in_any_order(folder: Path, seeds: Sequence[int], calls_a_day: int = 4, most: int = 9) -> None:
    organization = made(2, calls_a_day)
    whole = new(folder / "whole")
    take(whole, organization.files)
    expected = content(whole)
    for seed in seeds:
        store = new(folder / str(seed))
        wander(store, organization, random.Random(seed), most)
        assert abs(total(store) - organization.truth) <= ROUNDING
        assert content(store) == expected
        store.close()


def split(seed: int = 5) -> tuple[Files, int, int]:
    """Transcripts and a bill of the same key, with what each comes to."""
    organization = made(seed, calls_a_day=2)
    names = [name for name in organization.files if name.startswith(("laptop", "claude_api_tokens_2026_11.csv"))]
    logged = [call for call in organization.of("laptop") if call.session != "laptop-3"]
    billed = sum(call.nanos for call in organization.calls if call.key)
    return {name: organization.files[name] for name in names}, sum(call.nanos for call in logged), billed


def test_what_the_person_says_of_a_key_is_followed_and_taken_back(tmp_path: Path) -> None:
    files, logged, billed = split()
    store = new(tmp_path)
    take(store, files)
    before = content(store)
    assert total(store) == billed
    everything = rows(store, "select sum(cost_nanos)::bigint as nanos from call where source = 'claude_code'")[0]["nanos"]
    separate = chosen(chosen(Rules(), ANN, same=False), BEN, same=False)
    set_rules(store.path, separate)
    assert total(store) == billed + everything
    assert everything <= logged  # some outputs are unfinished
    set_rules(store.path, Rules())
    assert total(store) == billed
    assert content(store) == before
    store.rebuild()
    assert content(store) == before


def test_the_order_of_authority_is_the_persons(tmp_path: Path) -> None:
    files, _, billed = split()
    store = new(tmp_path)
    take(store, files)
    first = ("transcript", *(name for name in CLASSES if name != "transcript"))
    set_rules(store.path, Rules(order=first))
    assert rows(store, "select count(*) as n from call where source = 'not_itemized'") == [{"n": 0}]
    assert total(store) < billed
    set_rules(store.path, Rules())
    assert total(store) == billed
    with pytest.raises(BadRequest, match="needs each of these once"):
        set_rules(store.path, Rules(order=("transcript",)))


def test_a_database_from_before_claims_is_settled_when_it_is_opened(tmp_path: Path) -> None:
    files, _, billed = split()
    store = new(tmp_path)
    take(store, files)
    before = content(store)
    with store._lease.writing() as connection:  # as it was left: buckets among the calls, nothing set aside
        connection.execute("insert into stored_call by name select * from claim where grain = 'day'")
        for table in ("claim", "claim_link", "claim_rule", "reconciled"):
            connection.execute(f"delete from {table}")
    store.close()
    again = Store(store.path)
    assert total(again) == billed
    assert content(again) == before


def test_each_source_has_one_class_and_one_bill(tmp_path: Path) -> None:
    store = new(tmp_path)
    store.rows("events_total")
    with store._lease.writing() as connection:
        run(connection, "claims_sources")
        assert connection.execute("select source from claim_source group by source having count(*) > 1").fetchall() == []
        unknown = "select distinct class from claim_source where class not in (select class from claim_order)"
        assert connection.execute(unknown).fetchall() == []
        differ = """
            select source from claim_source where bills_apart(source) <> (bill not in ('anthropic', 'claude_code', 'claude_ai', 'any'))
        """
        assert connection.execute(differ).fetchall() == []
