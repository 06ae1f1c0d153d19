"""What a table hands out: exact, and harmless in a spreadsheet."""

from __future__ import annotations

import gc
import io

import pandas as pd
import pytest

from usage_analytics import format
from usage_analytics.ui import looks, tables
from usage_analytics.ui.tables import Column


def read_back(rows: pd.DataFrame, columns: dict[str, Column]) -> pd.DataFrame:
    return pd.read_csv(io.BytesIO(tables.csv(rows, columns)), dtype=str, keep_default_na=False)


@pytest.mark.parametrize("name", ["=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "  =1"])
def test_no_cell_of_a_csv_is_a_formula(name: str) -> None:
    found = tables.csv(pd.DataFrame({"project": [name]}), {"project": Column("Project")}).decode()
    assert f"'{name.strip()[0]}" in found or f"'{name[0]}" in found


def test_money_leaves_exact_to_the_nano_dollar() -> None:
    rows = pd.DataFrame({"cost_nanos": [12_345_678_901_234, 1, 0]})
    assert read_back(rows, {"cost_nanos": Column("Spend", "dollars")})["Spend"].tolist() == [
        "12345.678901234",
        "0.000000001",
        "0",
    ]


def test_what_is_unknown_is_an_empty_cell() -> None:
    rows = pd.DataFrame({"cost_nanos": [None, 5.0], "project": [None, "web"]})
    found = read_back(rows, {"project": Column("Project"), "cost_nanos": Column("Spend", "dollars")})
    assert found.iloc[0].tolist() == ["", ""]


def test_times_leave_in_utc() -> None:
    rows = pd.DataFrame({"at": [pd.Timestamp("2026-11-01T09:30")]})
    assert read_back(rows, {"at": Column("When", "moment")})["When"].tolist() == ["2026-11-01T09:30:00Z"]


def test_cells_are_made_once_for_rows_that_live_on_and_forgotten_with_them() -> None:
    rows, made = pd.DataFrame({"n": [1.0]}), []

    def make() -> pd.DataFrame:
        made.append(1)
        return pd.DataFrame({"n": ["1"]})

    assert tables._shared(rows, "folded", make) is tables._shared(rows, "folded", make)
    assert len(made) == 1
    tables._shared(rows, "all", make)
    tables._shared(rows.copy(), "all", make)
    assert len(made) == 3
    place = id(rows)
    assert place in tables._MADE
    del rows
    gc.collect()
    assert place not in tables._MADE


def test_a_column_in_which_no_row_has_anything_is_not_drawn_but_stays_in_the_csv() -> None:
    rows = pd.DataFrame({"name": [None, None], "known": [1.0, None], "unknown": [None, None], "blank": ["", None]})
    columns = {name: Column(name) for name in rows}
    assert list(tables._shown(rows, columns, {})) == ["name", "known"]  # the first one names the rows
    assert list(tables._shown(rows, columns, {"unknown": 3.0})) == ["name", "known", "unknown"]  # its total says something
    assert list(tables._shown(rows.iloc[:0], columns, {})) == list(columns)
    assert list(read_back(rows, columns)) == list(columns)


def test_the_first_column_stays_in_sight_and_what_is_extra_waits_in_the_menu() -> None:
    columns = {"name": Column("Name"), "calls": Column("Calls", "count"), "id": Column("Id", extra=True)}
    wide, order = tables._laid_out(pd.DataFrame({"name": ["a"], "calls": [1.0], "id": ["x"]}), columns)
    configs = tables._configs(columns, wide)
    assert [bool(configs[name].get("pinned")) for name in columns] == [True, False, False]
    assert order == ["name", "calls"]


def test_a_table_has_the_persons_numbers_with_the_number_behind_them() -> None:
    cells = pd.DataFrame(
        {"model": ["Opus 5.5", "Total"], "cost_nanos": [1_234.5, None], "calls": [1_204.0, 1.0], "change": [-12.6, 5.0]}
    )
    columns = {
        "model": Column("Model", "model"),
        "cost_nanos": Column("Spend", "dollars"),
        "calls": Column("Calls", "count"),
        "change": Column("Change", "change"),
    }
    unsigned = {name: column for name, column in columns.items() if column.kind != "change"}
    assert looks.styled(cells, unsigned) is cells
    format.use_numbers("1.234,50")
    try:
        shown = looks.styled(cells, columns, is_summed=True)
        assert "".join(shown.to_string().split()) == "modelcost_nanoscallschange0Opus5.5$1.234,501.204-13%1Total–1+5%"
        assert shown.data is cells  # so that it sorts
        configs = tables._configs(columns, {"model": 100})
        assert "format" not in configs["cost_nanos"]["type_config"] or configs["cost_nanos"]["type_config"]["format"] is None
    finally:
        format.use_numbers("1,234.50")


def test_a_change_that_rounds_to_zero_has_no_sign() -> None:
    cells = pd.DataFrame({"change": [0.3, -0.3, 18.2], "difference": [-0.001, 0.004, 1_204.5]})
    shown = looks.styled(cells, {"change": Column("Change", "change"), "difference": Column("Difference", "difference")})
    assert shown.to_string().split()[2:] == ["0", "0%", "0.00", "1", "0%", "0.00", "2", "+18%", "+1,204.50"]
