"""The order in which imports came is of no matter: not to a table, not to a query, not to what the command line says."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Final

import pytest

from tests.databases import content
from tests.store.engines.observations import write_archive
from tests.store.test_golden import FILTERS, PARAMETERS, QUERIES, TIES, hashed
from usage_analytics.archive import archive_beside
from usage_analytics.cli import main
from usage_analytics.store import Store

pytestmark = pytest.mark.slow

ASKED: Final = ("spend --by app", "balance", "auto-reload", "background", "savings", "reconcile", "check")
AT: Final = "2026-11-21T00:00:00Z"


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, Store]]:
    """The same observations, many of them of one call or one moment, imported in one order and in the opposite one."""
    stores = []
    for backwards in (False, True):
        folder = tmp_path_factory.mktemp("imported")
        write_archive(folder, 60_000, ids=8_000, backwards=backwards).folder.rename(archive_beside(folder / "usage.duckdb"))
        stores.append(Store(folder / "usage.duckdb"))
        stores[-1].rows("events_total")
    yield stores[0], stores[1]
    for store in stores:
        store.close()


def test_every_table_is_the_same(both: tuple[Store, Store]) -> None:
    one, other = both
    assert content(one) == content(other)


@pytest.mark.parametrize("query", QUERIES)
def test_every_query_answers_the_same(both: tuple[Store, Store], query: str, project: Path) -> None:
    sql = (project / "usage_analytics" / "store" / "queries" / f"{query}.sql").read_text(encoding="utf-8")
    named = {name: values for name, values in PARAMETERS.items() if f"${name}" in sql}
    for filters in FILTERS.values():
        for values in product(*named.values()):
            given = dict(zip(named, values, strict=True))
            one, other = (store.rows(query, filters, **given) for store in both)
            if query in TIES or hashed(one):
                one, other = sorted(one, key=repr), sorted(other, key=repr)
            assert one == other


@pytest.mark.parametrize("words", ASKED)
def test_the_command_line_says_the_same(both: tuple[Store, Store], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    said = []
    for store in both:
        main([*words.split(), "--as-of", AT, "--json", "--db", str(store.path)])
        said.append(capsys.readouterr().out)
    assert said[0] == said[1]
    assert said[0]
