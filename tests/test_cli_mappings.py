"""The command line reads a table in a format of its own: proposed, answered, kept, passed on; never guessed."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.tables import Writing, german, local, uses
from usage_analytics.cli import main

TRUTH = uses(6, datetime(2026, 3, 2, 9, 17, 5), timedelta(hours=9))
HEADER = ("Datum", "Modell", "Eingabe-Tokens", "Ausgabe-Tokens", "Kosten (€)")
GERMAN = Writing(
    HEADER, local("UTC", "%d.%m.%Y %H:%M:%S"), lambda cost: german(cost / 100, 4), lambda count: german(count, 0), ";"
)
ANSWERS = ["--answer", "date_order=dmy", "--answer", "zone=UTC", "--answer", "rate EUR=1.25"]
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a verb on a database of its own; its status, what it says and what it complains about."""

    def ran(*words: str) -> tuple[int, str, str]:
        status = main([*words, "--db", str(tmp_path / "usage.duckdb")])
        said = capsys.readouterr()
        return status, said.out, said.err

    return ran


@pytest.fixture
def table(tmp_path: Path) -> str:
    path = tmp_path / "gateway.csv"
    path.write_text(GERMAN.text(TRUTH), encoding="utf-8")
    return str(path)


def test_a_table_that_leaves_something_open_is_asked_about_and_not_read(run: Run, table: str) -> None:
    status, _, complaint = run("import", table)
    assert status == 1
    assert "Is the day or the month first in “Datum”?" in complaint
    status, _, complaint = run("import", table, "--map", "auto")
    assert status == 1
    assert json.loads(run("imports", "--json")[1])["imports"] == []


def test_a_proposal_is_a_mapping_to_complete_and_adds_nothing(run: Run, table: str, tmp_path: Path) -> None:
    status, said, _ = run("import", table, "--map", "suggest", "--json")
    proposal = json.loads(said)
    assert status == 0
    assert proposal["mapping"]["columns"]["cost_usd"] == "kosten_(€)"
    assert {one["about"] for one in proposal["tables"][0]["questions"]} == {"date_order", "zone", "rate EUR"}
    assert not (tmp_path / "usage.duckdb").exists()
    made = tmp_path / "gateway.json"
    made.write_text(
        json.dumps(proposal["mapping"] | {"date_order": "dmy", "zone": "UTC", "rates": {"EUR": "1.25"}}), encoding="utf-8"
    )
    status, said, _ = run("import", table, "--map", str(made), "--json")
    assert (status, json.loads(said)["events_total"]) == (0, 6)


def test_a_mapping_that_was_kept_reads_the_next_file_by_itself_and_can_be_passed_on(run: Run, table: str, tmp_path: Path) -> None:
    status, said, _ = run("import", table, "--map", "auto", *ANSWERS, "--keep", "gateway", "--json")
    assert (status, json.loads(said)["events_total"]) == (0, 6)
    later = tmp_path / "april.csv"
    later.write_text(GERMAN.text([*TRUTH, *uses(2, datetime(2026, 4, 2))]), encoding="utf-8")
    status, said, _ = run("import", str(later), "--json")
    assert (status, json.loads(said)["events_total"]) == (0, 8), "the same rows again are the same calls"
    spent = json.loads(run("spend", "--by", "day", "--from", "2026-03-01", "--to", "2026-03-31", "--json")[1])
    assert float(spent["cost_usd"]) == pytest.approx(float(sum(one.cost for one in TRUTH)) / 100 * 1.25)
    passed_on = tmp_path / "gateway.json"
    passed_on.write_text(run("mappings", "--export", "gateway")[1], encoding="utf-8")
    assert run("mappings", "--forget", "gateway")[0] == 0
    assert json.loads(run("mappings", "--json")[1])["mappings"] == []
    assert run("mappings", "--add", str(passed_on))[0] == 0
    assert [one["name"] for one in json.loads(run("mappings", "--json")[1])["mappings"]] == ["gateway"]


@pytest.mark.slow
def test_a_file_that_contradicts_its_mapping_is_asked_about_again(run: Run, table: str, tmp_path: Path) -> None:
    run("import", table, "--map", "auto", *ANSWERS, "--keep", "gateway")
    points = tmp_path / "points.csv"
    points.write_text(Writing(HEADER, GERMAN.time, lambda cost: f"{cost / 100:.4f}", str, ";").text(TRUTH), encoding="utf-8")
    status, _, complaint = run("import", str(points))
    assert status == 1
    assert "Its numbers have another decimal sign than the mapping says." in complaint
    more = tmp_path / "more.csv"
    more.write_text("".join(f"{one};x\n" for one in GERMAN.text(TRUTH).splitlines()), encoding="utf-8")
    status, _, complaint = run("import", str(more))
    assert status == 1
    assert "is like the mapping “gateway”, but has a new column" in complaint


@pytest.mark.slow
def test_a_day_far_above_the_usual_is_asked_about(run: Run, tmp_path: Path) -> None:
    usual = tmp_path / "usual.csv"
    days = [f"2026-03-{day:02d}T09:00:00Z,bot,{4 + day / 10}\n" for day in range(1, 11)]
    usual.write_text("occurred_at,app,cost_usd\n" + "".join(days), encoding="utf-8")
    assert run("import", str(usual))[0] == 0
    cents = tmp_path / "cents.csv"
    cents.write_text("time,service,cost\n2026-04-01T09:00:00Z,bot,4000\n2026-04-02T09:00:00Z,bot,380\n", encoding="utf-8")
    status, _, complaint = run("import", str(cents), "--map", "auto")
    assert status == 1
    assert "Apr 1, 2026 comes to $4,000.00, and your days usually come to $4.55. Are these cents?" in complaint
    status, said, _ = run("import", str(cents), "--map", "auto", "--answer", "amounts_in=cents", "--json")
    assert status == 0
    assert json.loads(run("spend", "--by", "day", "--from", "2026-04-01", "--json")[1])["cost_usd"] == "43.8"
    assert json.loads(said)["imports"][0]["format"] == "mapped"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--answer", "zone=UTC"), "need --map"),
        (("--map", "nobody"), "There is no mapping “nobody”"),
        (("--map", "auto", "--answer", "zone=Atlantis"), "“Atlantis” isn't a time zone"),
        (("--map", "auto", "--answer", "date_order=mixed"), "not one of the choices"),
        (("--map", "auto", "--answer", "zone"), "isn't an answer"),
        (("--map", "no.json"), "no.json can't be read"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(run: Run, table: str, words: tuple[str, ...], sentence: str) -> None:
    status, _, complaint = run("import", table, *words)
    assert status == 2
    assert sentence in complaint
