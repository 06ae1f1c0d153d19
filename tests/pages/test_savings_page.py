"""The page of savings says the same as a report of the same view."""

from __future__ import annotations

import json
import re
import shutil
from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.conftest import OpenPage, table_with
from usage_analytics import format
from usage_analytics.cli import main

AT = "2026-11-21T12:00"


def test_the_page_shows_every_saving_with_its_range_and_how_to_get_it(open_page: OpenPage, sample_path: Path) -> None:
    app = open_page("control/savings", sample_path)
    assert not app.exception
    assert not app.error
    assert "Working differently would save about" in app.header[0].value.replace("\\", "")
    titles = " ".join(one.value for one in app.markdown).replace("\\", "")
    assert "Fresh starts" in titles
    table = table_with(open_page("control/savings", sample_path, details="All"), "low_nanos")
    assert len(table) == 6
    assert (table["low_nanos"].dropna() <= table["mid_nanos"].dropna()).all()
    assert (table["mid_nanos"].dropna() <= table["high_nanos"].dropna()).all()
    assert len(app.metric) == 4


def test_too_little_data_is_said_and_no_saving_is_shown(open_page: OpenPage, sample_path: Path) -> None:
    app = open_page("control/savings", sample_path, now="2026-09-02T12:00")  # the sample begins on 24 August
    assert not app.exception
    assert "Not enough data" in " ".join(one.value for one in app.markdown)
    assert not app.metric


def test_a_short_range_is_judged_by_eight_weeks_and_says_so(open_page: OpenPage, sample_path: Path) -> None:
    week, month = (open_page("control/savings", sample_path, span=span) for span in ("7 days", "30 days"))
    assert [one.value for one in week.metric] == [one.value for one in month.metric]
    assert any("Based on Sep 27 – Nov 21, 2026" in one.value.replace("\\", "") for one in week.markdown)


def what_if(app: AppTest) -> str:
    return next(one.value for one in app.markdown if "instead of" in one.value or "Nothing changes" in one.value).replace(
        "\\", ""
    )


def test_a_switch_and_a_slider_redraw_what_a_month_would_be(open_page: OpenPage, sample_path: Path) -> None:
    app = open_page("control/savings", sample_path)
    everything = what_if(app)
    app.slider("what if carried").set_value(40_000).run()
    less = what_if(app)
    app.pills("what if names").set_value([]).run()
    nothing = what_if(app)
    assert len({everything, less, nothing}) == 3
    assert nothing.startswith("**Nothing changes")
    assert not app.slider


def test_all_that_is_chosen_saves_what_the_page_says_of_all_together(open_page: OpenPage, sample_path: Path) -> None:
    app = open_page("control/savings", sample_path)
    saved = app.metric[0].value.replace("\\", "")
    said = what_if(app)
    before, after = (float(part.split()[0].strip("*$:").replace(",", "")) for part in (said.split("instead of $")[1], said))
    assert before - after == pytest.approx(float(saved.strip("$").replace(",", "")), rel=0.02)


def test_a_change_is_followed_and_too_early_is_said(open_page: OpenPage, sample_path: Path, tmp_path: Path) -> None:
    own = Path(shutil.copy(sample_path, tmp_path / "usage.duckdb"))
    app = open_page("control/savings", own, details="Did it work?")
    app.selectbox("taken saving").set_value("long_outputs")
    app.date_input("taken since").set_value(date(2026, 10, 20))
    next(one for one in app.button if one.label == "Follow").click().run()
    assert not app.exception
    said = " ".join(one.value for one in app.markdown).replace("\\", "")
    assert "Shorter answers since Oct 20, 2026" in said
    app.date_input("taken since").set_value(date(2026, 11, 20))
    next(one for one in app.button if one.label == "Follow").click().run()
    assert "Too early to judge shorter answers" in " ".join(one.value for one in app.markdown)


def test_each_saving_names_the_conversations_behind_it_and_what_they_paid_for_as_json_and_the_report_say_it(
    open_page: OpenPage, sample_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    app = open_page("control/savings", sample_path, details="Conversations", now=AT)
    table = table_with(app, "saves_nanos")
    assert (table["saves_nanos"] > 0).all()
    assert {"Fresh starts", "Shorter answers"} <= set(table["title"])
    asked = ("--as-of", f"{AT}Z", "--db", str(sample_path))
    assert main(["savings", "--json", *asked]) == 0
    known = json.loads(capsys.readouterr().out)["economics"]
    assert main(["report", "--format", "json", "--sections", "savings", *asked]) == 0
    tables = [table for section in json.loads(capsys.readouterr().out)["sections"] for table in section["tables"]]
    reported, shown = next(table for table in tables if table["key"] == "paid_for"), table_with(app, "per_call")
    assert known["said"] in {one.value.replace("\\", "") for one in app.caption}
    assert known["said"] == reported["note"]
    parts = [(one["title"], one["usd"], one["share"], one["usd_per_call"]) for one in known["parts"]]
    assert [(row["part"], row["usd"], row["share"], row["usd_per_call"]) for row in reported["rows"]] == parts
    dollars = [format.dollars(round(float(usd) * 1e9)) for _, usd, *_ in parts]
    assert [format.dollars(round(usd * 1e9)) for usd in shown["nanos"][:4]] == dollars


def test_each_app_has_what_it_costs_and_would_cost(open_page: OpenPage, sample_path: Path) -> None:
    table = table_with(open_page("control/savings", sample_path, details="Apps"), "half_nanos")
    assert (table["half_nanos"] < table["month_nanos"]).all()
    assert (table["lighter_nanos"].dropna() <= table["month_nanos"][table["lighter_nanos"].notna()]).all()


def test_the_burn_rate_says_how_long_the_balance_lasts_and_which_way_of_working_each_conversation_was(
    open_page: OpenPage, sample_path: Path
) -> None:
    app = open_page("control/savings", sample_path, details="Burn rate")
    table, sessions = table_with(app, "lasts"), table_with(app, "pattern")
    assert table["lasts"].notna().all()
    assert set(sessions["pattern"]) <= set(table["name"])
    said = " ".join(one.value for one in app.markdown).replace("\\", "")
    assert re.search(r"Your balance of \$14\.96 lasts .+ at that rate", said)
    overview = table_with(open_page("spend/overview", sample_path, more="Burn rate"), "lasts")
    assert overview.equals(table)


def test_simple_calls_are_there_to_check_where_a_lighter_model_would_save(open_page: OpenPage, sample_path: Path) -> None:
    table = table_with(open_page("control/savings", sample_path, details="Conversations"), "lighter")
    assert 0 < len(table) <= 20
    assert table["occurred_at"].is_monotonic_increasing
    assert (table["output_tokens"] < 300).all()
    assert (table["model"] != table["lighter"]).all()
