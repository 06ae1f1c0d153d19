"""What a page says about how it was counted."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pandas as pd

from usage_analytics.answers.coverage import answer, coverage
from usage_analytics.control import Control
from usage_analytics.filters import Filters
from usage_analytics.ingest import import_paths
from usage_analytics.periods import period
from usage_analytics.question.ask import ask
from usage_analytics.store import Store

NOW = datetime(2026, 11, 22, 14, 20)
MONTH = period("30 days", NOW, "Europe/Berlin")


def rows(unpriced: int = 0, estimated: int = 0, guessed: int = 0) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "model": ["claude-opus-4-6", "gpt-5.2"],
            "calls": [9, 9],
            "unpriced_calls": [0, unpriced],
            "estimated_calls": [estimated, 0],
            "cost_nanos": [10e9, None],
            "estimated_cost_nanos": [11e9, None],
            "guessed_calls": [0, guessed],
            "guessed_nanos": [None, 4e9],
            "guessed_low_nanos": [None, 2e9],
            "guessed_high_nanos": [None, 9e9],
        }
    )


def test_it_says_whose_days_how_far_and_that_today_is_not_over() -> None:
    said = coverage(rows(), MONTH, "Europe/Berlin", NOW).sentences[0]
    assert said == "Data through Nov 22, 2026, 15:20 (days in Europe/Berlin); the last day is still in progress."


def test_what_has_no_price_is_counted_and_named() -> None:
    found = coverage(rows(unpriced=12), MONTH, "UTC", NOW)
    assert (found.unpriced_calls, found.unpriced_models) == (12, ("gpt-5.2",))
    assert any("12 calls to gpt-5.2" in one for one in found.sentences)


def test_what_is_estimated_is_said_with_its_size() -> None:
    assert any(
        "cuts off 3 outputs" in one and "$1.00 is missing" in one
        for one in coverage(rows(estimated=3), MONTH, "UTC", NOW).sentences
    )


def test_estimated_tokens_label_the_figures_with_their_range() -> None:
    found = coverage(rows(guessed=5), MONTH, "UTC", NOW)
    assert (found.guessed_calls, found.guess) == (5, "Estimated: $4.00 of this, likely $2.00 to $9.00.")
    assert (
        "$4.00 is an estimate, likely $2.00 to $9.00: the source of 5 calls doesn't count tokens of each kind"
        in found.sentences[-1]
    )
    assert coverage(rows(), MONTH, "UTC", NOW).guess == ""


def test_a_call_of_the_future_is_said_and_is_not_how_far_the_data_goes(tmp_path: Path) -> None:
    lines = "\n".join(f"{at},web,claude-opus-5-5,900" for at in ("2026-11-21T10:00:00Z", "2030-01-02T12:00:00Z"))
    (tmp_path / "events.csv").write_text(f"occurred_at,app,model,output_tokens\n{lines}\n")
    store = Store(tmp_path / "usage.duckdb")
    import_paths(store, [tmp_path / "events.csv"])
    said = answer(ask(store, Control.beside(store.path), now=NOW, kept=Filters(), zone="UTC")).sentences
    store.close()
    assert said[0].startswith("Data through Nov 22, 2026, 14:20")
    assert said[1] == "Some calls are dated in the future, up to Jan 2, 2030, 12:00: check the clock of what logged them."


def test_nothing_to_say_is_not_said() -> None:
    assert len(coverage(rows(), period("Last month", NOW, "UTC"), "UTC", NOW).sentences) == 2
