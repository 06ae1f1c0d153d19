"""Every surface on a database that holds every format at once: pages, verbs and the report are drawn whole."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.pages.conftest import PROJECT, OpenPage
from usage_analytics.cli import main
from usage_analytics.ingest import import_paths
from usage_analytics.store import Store

PAGES = sorted(str(page.relative_to(PROJECT / "pages").with_suffix("")) for page in (PROJECT / "pages").rglob("*.py"))
VERBS = ("spend", "auto-reload", "background", "savings", "balance", "imports", "reconcile", "check")


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with our own fixture of every format, and the real samples where they are."""
    place = tmp_path_factory.mktemp("everything") / "usage.duckdb"
    store = Store(place)
    samples = PROJECT.parent / "shared" / "samples"
    import_paths(store, [PROJECT / "tests" / "fixtures", *([samples] if samples.is_dir() else [])])
    store.close()
    return place


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_drawn_whole_on_every_format_at_once(page: str, everything: Path, open_page: OpenPage) -> None:
    app = open_page(page, everything, span="All")
    assert not app.exception
    assert not [one.value for one in app.error]


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_answers_on_every_format_at_once(verb: str, everything: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status = main([verb, "--json", "--db", str(everything)])
    out, err = capsys.readouterr()
    assert status == 0 or verb == "check", err
    assert json.loads(out)


def test_the_report_is_made_of_every_format_at_once(everything: Path, tmp_path: Path) -> None:
    for form in ("html", "md", "json", "pdf"):
        made = tmp_path / f"report.{form}"
        assert main(["report", "--format", form, "--out", str(made), "--db", str(everything)]) == 0
        assert made.stat().st_size > 1000
