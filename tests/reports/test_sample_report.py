"""A report of the sample data: small, made fast, the same figures as the pages and the command line."""

from __future__ import annotations

import json
import shutil
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd
import pytest

from tests.reports.conftest import NOW, asked
from usage_analytics import periods, reports
from usage_analytics.cli import main
from usage_analytics.errors import UsageError
from usage_analytics.filters import Filters
from usage_analytics.reports import FORMATS, SECTIONS, Report, pdf
from usage_analytics.store import Store

LARGEST = 300_000
SECONDS = 3.0
T = TypeVar("T")


def test_a_report_is_made_and_written_in_every_format_in_three_seconds_of_work_each(opened: Store) -> None:
    for _ in range(3):  # a machine that does much else counts our work as more than it is
        report, made = timed(lambda: reports.make(asked(opened)))
        if made < SECONDS - 1:
            break
    for form in FORMATS:
        content, written = timed(lambda: reports.render(report, form))  # noqa: B023  called at once
        assert made + written < SECONDS, form
        assert 4_000 < len(content) < LARGEST, form


def timed(make: Callable[[], T]) -> tuple[T, float]:
    """What is made, and the seconds of work that it took."""
    started = time.process_time()
    return make(), time.process_time() - started


def test_a_report_has_every_section_that_the_data_have_an_answer_to(report: Report) -> None:
    assert [section.key for section in report.sections] == [key for key in SECTIONS if report.section(key)]
    missing = set(SECTIONS) - {section.key for section in report.sections}
    assert missing <= {"balance", "reconcile"}, (
        "a balance is only there where somebody stated one, and a comparison where a bill is"
    )
    assert len(report.points) >= 2


def test_only_the_sections_that_were_asked_for_are_in_it(opened: Store) -> None:
    made = reports.make(asked(opened), sections=("models", "method"))
    assert [section.key for section in made.sections] == ["models", "method"]


def test_its_figures_are_those_of_the_command_line(
    sample_path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], opened: Store
) -> None:
    copy = Path(shutil.copy(sample_path, tmp_path))
    span = ["--db", str(copy), "--from", "2026-10-24", "--to", "2026-11-21"]
    assert main(["spend", *span, "--json"]) == 0
    spent = json.loads(capsys.readouterr().out)
    assert main(["report", *span, "--format", "json", "--sections", "spend", "models", "--as-of", "2026-11-22T14:25"]) == 0
    found = {section["key"]: section for section in json.loads(capsys.readouterr().out)["sections"]}
    figures = {one["key"]: one["value"] for one in found["spend"]["figures"]}
    assert figures["spend"] == spent["cost_usd"]
    table = next(table for table in found["models"]["tables"] if table["key"] == "models")
    assert [row["cost_usd"] for row in table["rows"]] == [row["cost_usd"] for row in spent["rows"]]
    assert sum(row["calls"] for row in table["rows"]) == spent["calls"]


class Early(Store):
    """A database in which nothing has been seen from a moment on."""

    when = NOW.replace(day=10)

    def frame(self, query: str, filters: Filters, **parameters: object) -> pd.DataFrame:
        return super().frame(query, self.known(filters), **parameters)

    def columns(self, query: str, filters: Filters, **parameters: object) -> dict[str, Any]:
        return super().columns(query, self.known(filters), **parameters)

    def known(self, filters: Filters) -> Filters:
        return replace(filters, end=min(filters.end or self.when, self.when))


@pytest.mark.slow
def test_a_report_as_of_a_moment_is_the_same_when_more_is_known(opened: Store, tmp_path: Path) -> None:
    """What came later is in the database, and nothing of it is in the report."""
    early = Early(Path(shutil.copy(opened.path, tmp_path)))
    whole, cut = (reports.make(asked(store, as_of=Early.when)) for store in (opened, early))
    early.close()
    assert reports.render(whole, "json") == reports.render(cut, "json")


def test_a_narrowed_report_says_so_and_leaves_the_balance_out(opened: Store) -> None:
    few = asked(opened, projects=("webshop",))
    made = reports.make(few, sections=("balance", "auto_reload", "background", "apps", "method"))
    assert made.section("auto_reload") is None
    assert made.section("balance") is None
    text = reports.render(made, "md").decode()
    assert "This report covers only 1 project." in text
    assert "inbox-watcher" not in text


def test_files_are_named_by_their_day_and_hold_no_names(report: Report) -> None:
    assert reports.file_name(report, "pdf") == "claude-usage-2026-11-22.pdf"


def test_savings_of_a_short_report_are_judged_by_eight_weeks(opened: Store) -> None:
    short = asked(opened, dates=periods.between(datetime(2026, 11, 8), datetime(2026, 11, 22)))
    made = reports.make(short, sections=("savings",))
    assert (
        made.sections[0]
        .sentences[0]
        .startswith("Based on Sep 27 – Nov 21, 2026. We extend a shorter date range to eight weeks, if there's that much data.")
    )


def test_where_typst_is_missing_a_sentence_says_what_to_install(report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    pdf._compiler.cache_clear()
    with pytest.raises(UsageError, match="pip install typst"):
        reports.render(report, "pdf")
