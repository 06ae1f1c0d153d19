"""Every derived table and roll-up is the same on DuckDB and on a Spark cluster, to the nano-dollar."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from tests.organization import made as made_organization
from tests.store import world
from tests.store.engines.observations import write_archive
from tests.store.engines.spark_cluster import cluster, what_lacks
from tests.store.test_one_dollar import take
from usage_analytics.archive import archive_beside
from usage_analytics.ingest import import_paths
from usage_analytics.pricing.assumed import with_assumed
from usage_analytics.pricing.rates import list_rates
from usage_analytics.store import Store
from usage_analytics.store.authority import Choice, Rules
from usage_analytics.store.engines import derive_archive
from usage_analytics.store.engines.written import WRITTEN

FIXTURES = Path(__file__).parents[2] / "fixtures"
MANY = 2_000_000

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(what_lacks() is not None, reason=f"Spark is not tried: {what_lacks()}"),
    pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas:FutureWarning"),
]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with cluster(tmp_path_factory.mktemp("spark")) as address:
        yield address


def differences(left: Path, right: Path) -> list[str]:
    """The tables of which one place has rows that the other has not, or has more often."""
    found = []
    with duckdb.connect() as connection:
        for table in WRITTEN:
            ours, theirs = (f"read_parquet('{place}/{table}/*.parquet')" for place in (left, right))
            columns = ", ".join(row[0] for row in connection.execute(f"describe select * from {ours}").fetchall())
            for one, other in ((ours, theirs), (theirs, ours)):
                more = f"select {columns} from {one} except all select {columns} from {other}"
                rows = connection.execute(f"from ({more}) order by all limit 2").fetchall()
                found += [f"{table}: only in {one}: {row}" for row in rows]
    return found


def compare(archive: Path, server: str, out: Path, rules: Rules | None = None) -> dict[str, int]:
    """Derive an archive on both engines and expect the same; how many rows each table has."""
    rates = with_assumed(list_rates())
    made = [
        derive_archive(engine, str(archive), str(out / name), rates, rules or Rules())
        for name, engine in (("duckdb", "duckdb"), ("spark", server))
    ]
    assert differences(out / "duckdb", out / "spark") == []
    assert made[0].rows == made[1].rows
    return made[0].rows


def test_a_fortnight_with_every_doubt(server: str, tmp_path: Path) -> None:
    store = world.made(tmp_path)
    rows = compare(archive_beside(store.path), server, tmp_path / "out")
    store.close()
    assert all(rows[table] for table in WRITTEN)


def test_an_organization_whose_bills_and_calls_overlap_and_every_fixture(server: str, tmp_path: Path) -> None:
    store = Store(tmp_path / "usage.duckdb")
    organization = made_organization(2, 4)
    take(store, organization.files)
    import_paths(store, [FIXTURES])
    rules = Rules(choices=(Choice("claude_code_key_ann", same=True),))
    rows = compare(archive_beside(store.path), server, tmp_path / "out", rules)
    store.close()
    assert rows["claim_link"]
    assert rows["reconciled"]


def test_two_million_random_observations(server: str, tmp_path: Path) -> None:
    archive = write_archive(tmp_path, MANY)
    rows = compare(archive.folder, server, tmp_path / "out")
    assert rows["call"] > MANY // 3
    assert rows["rollup_conversation"] > 1000
    shutil.rmtree(tmp_path)
