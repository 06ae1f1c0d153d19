"""Whatever stands in a filter, an address or a column name is a value: it's compared, and never obeyed."""

from __future__ import annotations

from pathlib import Path

import httpx
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.campaign.frame import Result, all_of, answer, by_tests, command, holds
from tests.campaign.serving import dashboard
from tests.server.tab import opened
from usage_analytics.filters import Filters
from usage_analytics.store import Store

PROMISES = "P6"
CASES = 300
PIECES = (
    "'",
    '"',
    ";",
    "--",
    "/*",
    "*/",
    " or 1=1",
    " union select 1",
    "copy (select 1) to '{0}'",
    "attach '{0}'",
    "{{",
    "}}",
    "$1",
    "\\",
    "\n",
    "%",
    "_",
    "read_csv('/etc/passwd')",
    "pragma",
    "install httpfs",
    "\x00",
    "\u2019",
    "x",
)


def check(where: Path) -> Result:
    """Asks 300 made-up filters of every kind, puts SQL into addresses of real pages, and imports columns that are called like SQL."""
    db, planted = where / "usage.duckdb", where / "planted.csv"
    nasty = "'; copy (select 42) to '" + str(planted) + "'; --"
    (where / "a.csv").write_text(
        f'occurred_at,app,cost_usd,"{nasty}"\n2026-11-01T09:30:00Z,"{nasty}",1.5,x\n2026-11-01T09:31:00Z,other,2,y\n'
    )
    answer("import", where / "a.csv", db=db)
    store = Store(db)

    @settings(max_examples=CASES, deadline=None, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=6))
    def one(pieces: list[str]) -> None:
        value = "".join(pieces).format(planted)
        kept = Filters(models=(value,), apps=(value, nasty), projects=(value,), accounts=(value,))
        assert store.rows("spend_by_time", kept) == []
        (row,) = store.rows("models", Filters(apps=(nasty,)))
        assert row["cost_nanos"] == 1_500_000_000

    one()
    store.close()
    for verb in ("spend", "savings", "background"):
        for words in (("--from", nasty), ("--by", nasty), ("--as-of", nasty)):
            assert command(verb, *words, db=db).returncode == 2
    with dashboard(where) as served, httpx.Client() as http, opened(served.url, http) as tab:
        for name in ("model", "app", "project", "account", "span", "dates", "grain", "by", nasty):
            tab.query = f"{name}={nasty}"
            assert "Traceback" not in tab.run("models").text
        assert "Traceback" not in served.said
    assert not planted.exists()

    known = by_tests(
        where,
        "tests/importers/test_usage_events.py::test_hostile_column_names_are_names",
        "tests/pages/test_frame.py::test_what_the_url_asks_for_in_vain_is_ignored",
        "tests/store/test_lease.py::test_a_connection_reaches_nothing_but_its_own_file",
    )
    return all_of(holds(f"{CASES} filters"), known)
