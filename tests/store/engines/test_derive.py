"""A whole archive is derived to Parquet, and pages are shown from that: the same answers as from the database, and nothing to change."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from tests.databases import DERIVED, rows
from tests.store import world
from usage_analytics.archive import archive_beside
from usage_analytics.errors import BadRequest
from usage_analytics.filters import Filters
from usage_analytics.pricing.assumed import with_assumed
from usage_analytics.pricing.rates import list_rates
from usage_analytics.store import Store
from usage_analytics.store.authority import Rules
from usage_analytics.store.engines import derive_archive
from usage_analytics.store.engines.show import database_of
from usage_analytics.store.engines.written import NAME, WRITTEN

RATES = with_assumed(list_rates())


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    found = world.made(tmp_path_factory.mktemp("world"))
    yield found
    found.close()


@pytest.fixture(scope="module")
def out(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("out")
    derive_archive("duckdb", str(archive_beside(store.path)), place.as_uri(), RATES, Rules())
    return place


def test_what_is_written_is_what_the_database_holds(store: Store, out: Path) -> None:
    with duckdb.connect() as connection:
        for table in DERIVED:
            found = connection.execute(f"select * from read_parquet('{out}/{table}/*.parquet')")
            names = [column[0] for column in found.description or ()]
            written = sorted(map(repr, (dict(zip(names, row, strict=True)) for row in found.fetchall())))
            assert written == sorted(map(repr, rows(store, f"select * from {table}"))), table
            assert written, table


def test_pages_answer_from_rollups_as_from_the_database(store: Store, out: Path, tmp_path: Path) -> None:
    shown = Store(database_of(str(out), tmp_path, RATES, Rules()), RATES)
    queries = (
        "events_total",
        "days",
        "models",
        "extent",
        "spend_hours",
        "spend_by_time",
        "imports",
        "background_calls",
        "limits",
    )
    for query in queries:
        ours, theirs = (sorted(map(repr, one.rows(query, Filters()))) for one in (shown, store))
        assert ours == theirs, query
        assert ours, query
    for change in (lambda: shown.undo([1]), shown.rebuild, shown.write_archive):
        with pytest.raises(BadRequest, match="only shows roll-ups"):
            change()
    shown.close()


def test_rollups_are_fetched_again_when_they_were_derived_again(out: Path, tmp_path: Path) -> None:
    path = database_of(str(out), tmp_path, RATES, Rules())
    first = path.stat().st_ino
    assert database_of(str(out), tmp_path, RATES, Rules()).stat().st_ino == first
    told = out / NAME
    before = told.read_text()
    told.write_text(before + "\n")
    assert database_of(str(out), tmp_path, RATES, Rules()).stat().st_ino != first
    assert len(list(path.parent.glob("derived-*"))) == 1
    told.write_text(before)


def test_what_is_not_all_there_is_not_shown(out: Path, tmp_path: Path) -> None:
    with pytest.raises(BadRequest, match="There are no roll-ups"):
        database_of(str(tmp_path), tmp_path, RATES, Rules())
    told = out / NAME
    before = told.read_text()
    told.write_text(before.replace('"schema": ', '"schema": 9'))
    with pytest.raises(BadRequest, match="another version"):
        database_of(str(out), tmp_path, RATES, Rules())
    told.write_text(before)


def test_a_place_without_an_archive_and_an_engine_that_is_none_are_refused(store: Store, tmp_path: Path) -> None:
    with pytest.raises(BadRequest, match="There is no archive"):
        derive_archive("duckdb", str(tmp_path), str(tmp_path / "out"), RATES, Rules())
    with pytest.raises(BadRequest, match="isn't an engine"):
        derive_archive("sparkle", str(archive_beside(store.path)), str(tmp_path / "out"), RATES, Rules())
    assert not any((tmp_path / "out" / table).exists() for table in WRITTEN)
