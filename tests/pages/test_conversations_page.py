"""Conversations: what it shows is what the store holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.databases import add
from tests.pages.conftest import OpenPage, table_with
from tests.transcripts import call, prompt, text, usage
from usage_analytics.ingest import import_paths
from usage_analytics.store import Store

PAGE = "spend/conversations"


@pytest.fixture
def one_conversation(tmp_path: Path) -> Path:
    """A person with a single short conversation."""
    store = Store(tmp_path / "usage.duckdb")
    add(store, {"one.jsonl": text(prompt(), *(call(str(n), n, counts=usage(read=1000 * n)) for n in range(1, 6)))})
    store.close()
    return store.path


def plain(words: str) -> str:
    """Markdown as it is read."""
    return words.replace("\\", "").replace("\N{WORD JOINER}", "")


def test_the_lengths_hold_all_the_money_of_the_month(open_page: OpenPage, sample_path: Path, month_dollars: float) -> None:
    app = open_page(PAGE, sample_path)
    assert not app.exception
    table = table_with(app, "conversations")
    assert table["cost_nanos"].iloc[-1] == pytest.approx(month_dollars)
    assert table["cost_nanos"].iloc[:-1].sum() == pytest.approx(table["cost_nanos"].iloc[-1])


def test_the_claim_is_answered_with_a_figure(open_page: OpenPage, sample_path: Path) -> None:
    app = open_page(PAGE, sample_path, span="90 days")
    assert plain(app.header[0].value).startswith("At message 60, a call costs")
    assert [plain(figure.label) for figure in app.metric] == ["At message 60", "Re-sent history", "Over 60 calls", "Long outputs"]


def test_the_costliest_conversation_stands_first_with_what_one_more_message_costs(open_page: OpenPage, sample_path: Path) -> None:
    table = open_page(PAGE, sample_path).dataframe(key="costliest").value
    costs = table["cost_nanos"].iloc[:-1]
    assert costs.is_monotonic_decreasing
    assert table["next_nanos"].iloc[0] > 0
    assert (table["cold_nanos"].iloc[:-1] > table["next_nanos"].iloc[:-1]).all()


def test_a_person_with_one_conversation_gets_no_claim(open_page: OpenPage, one_conversation: Path) -> None:
    app = open_page(PAGE, one_conversation)
    assert not app.exception
    assert "Too few conversations reach message 60 to estimate its cost: 0 of 1." in plain(
        " ".join(one.value for one in app.markdown)
    )
    assert table_with(app, "conversations")["conversations"].iloc[0] == 1


def test_usage_that_names_no_conversation_is_not_called_no_usage(open_page: OpenPage, tmp_path: Path) -> None:
    store = Store(tmp_path / "usage.duckdb")
    import_paths(store, [Path(__file__).parents[1] / "fixtures" / "console"])
    store.close()
    app = open_page(PAGE, store.path, span="All")
    assert not app.exception
    assert "No conversations in all your data" in [one.value for one in app.header]
    assert "is from sources that don't name conversations" in " ".join(one.value for one in app.markdown)


def test_an_empty_database_offers_a_way_in(open_page: OpenPage, tmp_path: Path) -> None:
    app = open_page(PAGE, tmp_path / "usage.duckdb")
    assert not app.exception
    assert not app.error
    assert "Drop a file" in [one.value for one in app.header]
