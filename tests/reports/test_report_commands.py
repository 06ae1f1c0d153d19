"""The verbs `report` and `savings`."""

from __future__ import annotations

import json
import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from usage_analytics.cli import main


@pytest.fixture(scope="module")
def copy(sample_path: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(shutil.copy(sample_path, tmp_path_factory.mktemp("copy")))


def test_a_report_is_written_to_a_file(copy: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "report.pdf"
    words = [
        "report",
        "--db",
        copy,
        "--as-of",
        "2026-11-22T14:25",
        "--format",
        "pdf",
        "--redact",
        "totals",
        "--out",
        str(out),
        "--sections",
        "apps",
    ]
    assert main([*words, "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert out.read_bytes().startswith(b"%PDF")
    assert said["bytes"] == out.stat().st_size
    assert (said["format"], said["redact"], said["from"]) == ("pdf", "totals", "2026-10-24T00:00:00Z")


def test_only_some_sections_go_to_standard_output(copy: str, capsys: pytest.CaptureFixture[str]) -> None:
    words = [
        "report",
        "--db",
        copy,
        "--from",
        "2026-11-01",
        "--to",
        "2026-11-15",
        "--format",
        "md",
        "--sections",
        "models",
        "method",
    ]
    assert main(words) == 0
    text = capsys.readouterr().out
    assert text.startswith("# $")
    assert [line for line in text.splitlines() if line.startswith("## ")] == [
        "## Which model costs the most?",
        "## How was this counted?",
    ]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--format", "pdf"], "--out"),
        (["--format", "docx"], "docx"),
        (["--sections", "weather"], "weather"),
        (["--redact", "some"], "some"),
        (["--compare-with", "no-such-file.json"], "no-such-file.json"),
        (["--from", "2026-11-02T10:10", "--to", "2026-11-02T10:40"], "at least half an hour"),
        (["--as-of", "2020-01-01"], "no usage"),
        (["--as-of", "2027-03-01"], "covers Aug 24 – Nov 21, 2026"),
        (["--out", "/no/such/folder/report.html", "--sections", "method"], "report.html"),
    ],
)
def test_wrong_words_are_answered_with_a_sentence(
    copy: str, words: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["report", "--db", copy, *words]) == 2
    complaint = capsys.readouterr().err
    assert says in complaint
    assert complaint.count("\n") == 1


def test_savings_answer_in_the_shape_that_programs_rely_on(copy: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["savings", "--db", copy, "--as-of", "2026-11-22T14:25", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["reason"] is None
    assert {lever["lever"] for lever in found["levers"]} == {
        "cheaper_model",
        "fresh_starts",
        "long_outputs",
        "cache_lifetime",
        "stop_drains",
        "batch",
    }
    for lever in found["levers"]:
        assert all(lever[name] for name in ("evidence", "how", "caveat"))
        if saves := lever["saves_usd_per_month"]:
            assert 0 <= Decimal(saves["low"]) <= Decimal(saves["mid"]) <= Decimal(saves["high"])
    pulled = [lever["saves_usd_per_month"] for lever in found["levers"] if lever["saves_usd_per_month"]]
    assert len(pulled) >= 3
    assert Decimal(found["together"]["mid"]) <= sum(Decimal(saves["mid"]) for saves in pulled)
    assert Decimal(found["together"]["mid"]) < Decimal(found["spent_usd_per_month"])
    assert {one["plan"] for one in found["plans"]["compared"]} == {"pro", "max5", "max20", "team", "api"}
    assert len(found["burn_rate"]) == 4
    assert found["taken"] == []


def test_a_plan_that_is_named_is_compared_and_one_that_is_none_is_refused(copy: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["savings", "--db", copy, "--as-of", "2026-11-22T14:25", "--json", "--plan", "max5"]) == 0
    assert json.loads(capsys.readouterr().out)["plans"]["current"] == "max5"
    assert main(["savings", "--db", copy, "--plan", "gold"]) == 2
    assert "Choose one of" in capsys.readouterr().err


def test_too_little_data_is_said_and_nothing_is_claimed(copy: str, capsys: pytest.CaptureFixture[str]) -> None:
    span = ["--as-of", "2026-09-02"]  # the sample begins on 24 August
    assert main(["savings", "--db", copy, *span, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["levers"], found["together"]) == ([], None)
    assert "two weeks" in found["reason"]
    assert main(["savings", "--db", copy, *span]) == 0
    assert "Not enough data" in capsys.readouterr().out


def test_savings_as_of_a_moment_use_nothing_later(copy: str, capsys: pytest.CaptureFixture[str]) -> None:
    def asked(*words: str) -> dict[str, object]:
        assert main(["savings", "--db", copy, "--json", *words]) == 0
        found: dict[str, object] = json.loads(capsys.readouterr().out)
        return found

    found = asked("--as-of", "2026-10-20")
    assert found == asked("--as-of", "2026-10-20", "--from", "2026-10-01", "--to", "2026-10-20")
    assert (found["from"], found["to"]) == ("2026-08-25T00:00:00Z", "2026-10-20T00:00:00Z")


def test_savings_are_the_same_at_any_two_minutes_of_a_day(copy: str, capsys: pytest.CaptureFixture[str]) -> None:
    def asked(time: str) -> str:
        assert main(["savings", "--db", copy, "--json", "--as-of", f"2026-11-22T{time}", "--zone", "America/New_York"]) == 0
        return capsys.readouterr().out

    assert len({asked(time) for time in ("05:00", "05:10", "13:37:21", "23:59:59")}) == 1
    assert asked("04:59") != asked("05:00"), "a new day in New York"
