"""The command line as cron, CI and notebooks meet it: words in; JSON, sentences and exit statuses out."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from usage_analytics.cli import main
from usage_analytics.cli.answer import money

EVENTS = """\
occurred_at,app,model,input_tokens,output_tokens,event_id,conversation_id,project,account,cost_usd
2026-11-01T09:30:00Z,Cursor,claude-sonnet-4-5,1000,500,a,one,site,me@example.org,
2026-11-01T23:59:59.5Z,Cursor,claude-sonnet-4-5,2000,100,b,one,site,me@example.org,
2026-11-02T00:00:00+01:00,nightly,claude-opus-4-6,10,20,c,,,,
2026-11-03T12:00:00Z,nightly,my-own-model,5,5,d,two,,,
2026-11-03T12:00:01Z,nightly,,,,e,two,,,0.25
"""


@dataclass(frozen=True)
class Said:
    status: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        return json.loads(self.out)


Ask = Callable[..., Said]


@pytest.fixture
def ask(store_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Call the command line on a database of the test's own."""
    monkeypatch.setenv("USAGE_ANALYTICS_DB", str(store_path))

    def run(*words: object) -> Said:
        status = main([str(word) for word in words])
        return Said(status, *capsys.readouterr())

    return run


@pytest.fixture
def events(tmp_path: Path) -> Path:
    """A small file of usage events."""
    path = tmp_path / "events.csv"
    path.write_text(EVENTS, encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database that holds the events, made once."""
    folder = tmp_path_factory.mktemp("prepared")
    events = folder / "events.csv"
    events.write_text(EVENTS, encoding="utf-8")
    assert main(["import", str(events), "--db", str(folder / "usage.duckdb")]) == 0
    return folder / "usage.duckdb"


@pytest.fixture
def imported(prepared: Path, store_path: Path) -> Path:
    """A copy of that database, where `ask` looks."""
    store_path.parent.mkdir()
    return Path(shutil.copy(prepared, store_path))


def one_sentence(text: str) -> bool:
    return text.count("\n") == 1 and text.endswith(".\n") and "Traceback" not in text


@pytest.mark.parametrize(
    "words",
    [
        ["spend", "--by", "colour"],
        ["spend", "--from", "yesterday"],
        ["spend", "--from", "2026-11-02", "--to", "2026-11-02"],
        ["spend", "--nonsense"],
        ["import"],
        ["imports", "--undo", "first"],
        ["run", "--port", "70000"],
        ["auto-reload", "--current", "much"],
        ["background", "expect"],
        ["report", "--format", "stone"],
        ["--db"],
    ],
    ids=" ".join,
)
def test_wrong_usage_is_one_sentence_and_status_2(ask: Ask, words: list[str]) -> None:
    said = ask(*words)
    assert said.status == 2
    assert said.out == ""
    assert one_sentence(said.err)


def test_a_named_database_that_does_not_exist_is_wrong_usage(ask: Ask, tmp_path: Path) -> None:
    missing = tmp_path / "nowhere.duckdb"
    said = ask("spend", "--db", missing)
    assert said.status == 2
    assert one_sentence(said.err)
    assert not missing.exists()


def test_an_import_says_what_became_of_every_line(ask: Ask, events: Path) -> None:
    said = ask("import", events, "--json")
    assert said.status == 0
    (taken,) = said.json["imports"]
    assert taken["name"] == "events.csv"
    assert taken["format"] == "usage_events"
    assert (taken["events_new"], taken["events_duplicate"], taken["rejected"], taken["rejects"]) == (5, 0, 0, [])
    assert taken["lines"] == 5 + taken["lines_other"]
    assert (taken["from"], taken["to"]) == ("2026-11-01T09:30:00Z", "2026-11-03T12:00:01Z")
    assert (said.json["unread"], said.json["events_total"]) == ([], 5)


def test_the_same_import_twice_adds_nothing(ask: Ask, events: Path) -> None:
    ask("import", events)
    before = ask("spend", "--json").out
    again = ask("import", events, "--json").json
    assert (again["imports"][0]["events_new"], again["imports"][0]["events_duplicate"]) == (0, 5)
    assert again["events_total"] == 5
    assert ask("spend", "--json").out == before


def test_a_file_that_cannot_be_read_is_status_1_and_the_others_are_read(ask: Ask, events: Path, tmp_path: Path) -> None:
    other = tmp_path / "letter.txt"
    other.write_text("Dear all,\n", encoding="utf-8")
    said = ask("import", other, tmp_path / "missing.jsonl", events, "--json")
    assert said.status == 1
    assert {unread["name"] for unread in said.json["unread"]} == {"letter.txt", "missing.jsonl"}
    assert all(unread["reason"].endswith(".") for unread in said.json["unread"])
    assert said.json["events_total"] == 5


def test_an_undo_removes_an_import(ask: Ask, events: Path) -> None:
    (taken,) = ask("import", events, "--json").json["imports"]
    assert ask("imports", "--undo", taken["id"]).status == 0
    assert ask("imports", "--json").json["imports"] == []
    assert ask("spend", "--json").json["calls"] == 0


def test_a_redo_brings_an_undone_import_back(ask: Ask, events: Path) -> None:
    (taken,) = ask("import", events, "--json").json["imports"]
    ask("imports", "--undo", taken["id"])
    listed = ask("imports", "--json").json["undone"]
    assert [(one["ids"], one["names"], one["calls"]) for one in listed] == [([taken["id"]], [taken["name"]], taken["events_new"])]
    assert f"imports --redo {taken['id']}" in ask("imports").out
    again = ask("imports", "--redo", taken["id"], "--json").json
    assert (again["imports"][0]["events_new"], again["events_total"]) == (taken["events_new"], taken["events_new"])
    assert "undone" not in ask("imports", "--json").json
    assert ask("imports", "--redo", taken["id"]).status == 2


def test_an_undo_of_what_is_not_there_is_wrong_usage(ask: Ask, imported: Path) -> None:
    said = ask("imports", "--undo", 99)
    assert said.status == 2
    assert one_sentence(said.err)


def test_spend_has_the_shape_that_programs_rely_on(ask: Ask, imported: Path) -> None:
    spend = ask("spend", "--by", "model", "--json").json
    assert list(spend)[:6] == ["from", "to", "calls", "cost_usd", "estimated_cost_usd", "unpriced_calls"]
    assert (spend["from"], spend["to"]) == ("2026-11-01T09:30:00Z", "2026-11-03T12:00:01Z")
    assert (spend["calls"], spend["unpriced_calls"]) == (5, 1)
    # Sonnet 4.5: 3,000 × $3 and 600 × $15 a million; Opus 4.6: 10 × $5 and 20 × $25; and 25 cents as stated.
    assert spend["cost_usd"] == spend["estimated_cost_usd"] == "0.26855"
    costs = {row["model"]: row["cost_usd"] for row in spend["rows"]}
    assert costs == {None: "0.25", "claude-sonnet-4-5-20250929": "0.018", "claude-opus-4-6": "0.00055", "my-own-model": None}


def test_every_breakdown_adds_up_to_the_same_money(ask: Ask, imported: Path) -> None:
    for by in ("model", "app", "day", "project", "account", "conversation-length"):
        spend = ask("spend", "--by", by, "--json").json
        assert by.replace("-", "_") in spend["rows"][0]
        assert sum(Decimal(row["cost_usd"] or 0) for row in spend["rows"]) == Decimal("0.26855"), by


def test_days_are_those_of_utc_in_their_order(ask: Ask, imported: Path) -> None:
    days = {row["day"]: row["calls"] for row in ask("spend", "--by", "day", "--json").json["rows"]}
    assert list(days.items()) == [("2026-11-01", 3), ("2026-11-03", 2)]


def test_a_span_is_half_open_to_the_second(ask: Ask, imported: Path) -> None:
    spend = ask("spend", "--json", "--from", "2026-11-01T09:30:00Z", "--to", "2026-11-03T12:00:01Z").json
    assert spend["calls"] == 4
    assert ask("spend", "--json", "--from", "2026-11-01T09:30:01Z", "--to", "2026-11-03T12:00:00Z").json["calls"] == 2
    assert ask("spend", "--json", "--from", "2026-11-01T10:31+01:00").json["from"] == "2026-11-01T09:31:00Z"


def test_as_of_a_moment_no_later_event_is_used(ask: Ask, imported: Path) -> None:
    spend = ask("spend", "--json", "--as-of", "2026-11-02").json
    assert (spend["calls"], spend["to"]) == (3, "2026-11-02T00:00:00Z")


def test_no_calls_at_all_cost_nothing(ask: Ask, imported: Path) -> None:
    spend = ask("spend", "--json", "--to", "2020-01-01").json
    assert (spend["calls"], spend["cost_usd"], spend["rows"], spend["from"]) == (0, "0", [], None)


def test_people_get_a_table_that_says_what_is_unpriced(ask: Ask, imported: Path) -> None:
    said = ask("spend", "--by", "model")
    assert said.status == 0
    assert "Sonnet 4.5" in said.out
    assert "1 call unpriced" in said.out


def test_own_prices_go_over_the_list_and_back(ask: Ask, imported: Path, tmp_path: Path) -> None:
    before = ask("spend", "--json").out
    own = tmp_path / "own.json"
    row = {"input": 100, "output": 100, "cacheRead": 1, "cacheWrite": 1, "from": "2026-10-01"}
    own.write_text(json.dumps({"overrides": {"my-own-model": row}}), encoding="utf-8")
    listed = ask("prices", "--set", own, "--json").json
    assert listed["own_prices"] is True
    (price,) = [one for one in listed["prices"] if one["model"] == "my-own-model"]
    assert (price["input_usd_per_million"], price["from"], price["to"]) == ("100", "2026-10-01T00:00:00Z", None)
    spend = ask("spend", "--json").json
    assert (spend["unpriced_calls"], spend["cost_usd"]) == (0, "0.26955")
    assert ask("prices", "--clear", "--json").json["own_prices"] is False
    assert ask("spend", "--json").out == before


def test_a_rate_is_listed_as_it_was_in_force_at_that_moment(ask: Ask, imported: Path) -> None:

    def read_price(moment: str) -> list[str]:
        listed = ask("prices", "--json", "--as-of", moment).json["prices"]
        return [one["cache_read_usd_per_million"] for one in listed if one["model"] == "claude-sonnet-5-5"]

    assert (read_price("2026-10-06"), read_price("2026-10-08")) == (["0.2"], ["0.1"])


@pytest.mark.parametrize(("content", "status"), [("{", 2), ('{"overrides": {"m": {"input": "cheap"}}}', 2), (None, 1)])
def test_prices_that_cannot_be_are_refused_and_change_nothing(
    ask: Ask, imported: Path, tmp_path: Path, content: str | None, status: int
) -> None:
    own = tmp_path / "own.json"
    if content is not None:
        own.write_text(content, encoding="utf-8")
    said = ask("prices", "--set", own)
    assert said.status == status
    assert one_sentence(said.err)
    assert ask("prices", "--json").json["own_prices"] is False


def test_the_sample_transcripts_come_to_the_known_totals(ask: Ask, samples: Path) -> None:
    expected = json.loads((samples / "claude_code_home" / "EXPECTED.json").read_text(encoding="utf-8"))
    said = ask("import", samples / "claude_code_home", "--json")
    assert sum(one["lines"] for one in said.json["imports"]) == expected["lines"]
    spend = ask("spend", "--by", "model", "--json").json
    assert spend["calls"] == expected["calls"]
    assert float(spend["cost_usd"]) == pytest.approx(expected["total_reported"], abs=1e-9)
    assert float(spend["estimated_cost_usd"]) == pytest.approx(expected["total_est"], rel=0.01)
    for row in spend["rows"]:
        model = expected["by_model"][row["model"]]
        assert float(row["cost_usd"]) == pytest.approx(model["usd_reported"], abs=1e-9)
        assert (row["calls"], row["input_tokens"], row["output_tokens"]) == (model["calls"], model["input"], model["output"])


@pytest.mark.parametrize(
    ("nanos", "text"), [(0, "0"), (37_981_000, "0.037981"), (1, "0.000000001"), (10**14, "100000"), (None, None)]
)
def test_money_is_an_unrounded_decimal_string(nanos: int | None, text: str | None) -> None:
    assert money(nanos) == text


def test_the_words_alone_load_nothing_that_is_heavy() -> None:
    code = (
        "import sys; from usage_analytics.cli.parser import understand; understand(['spend']); understand(['import', 'x']);"
        "heavy = {'pandas', 'streamlit', 'plotly', 'pydantic', 'numpy'} & set(sys.modules); assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[1])


def test_two_imports_at_once_both_end_well(ask: Ask, events: Path, tmp_path: Path, store_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text(EVENTS.replace(",a,", ",x,").replace(",b,", ",y,"), encoding="utf-8")
    command = [sys.executable, "-m", "usage_analytics", "import", "--json", "--db", str(store_path)]
    project = Path(__file__).parents[1]
    both = [subprocess.Popen([*command, str(path)], cwd=project, stdout=-1, stderr=-1, text=True) for path in (events, other)]
    said = [process.communicate(timeout=60) for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    assert [err for _, err in said] == ["", ""]
    assert ask("spend", "--json").json["calls"] == 7


def test_a_reader_that_has_seen_enough_is_no_error(ask: Ask, imported: Path) -> None:
    command = f'"{sys.executable}" -m usage_analytics spend --json --db "{imported}" | true; exit "${{PIPESTATUS[0]}}"'
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, cwd=Path(__file__).parents[1], check=False)
    assert (done.returncode, done.stderr) == (0, "")
