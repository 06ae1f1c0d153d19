"""One dollar, once: an organization whose truth is known comes to its truth, whatever was imported of it, in any order."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.databases import NOW, content, new, rows
from tests.organization import Files, Organization, made
from usage_analytics.importers import claimant
from usage_analytics.importers.sink import Head, Opened, Sink
from usage_analytics.store import Store
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
