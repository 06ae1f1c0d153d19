"""Every export that the project holds: what it comes to, which importer claims it, and what the docs say of its format."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import pyarrow.parquet as pq
import pytest

from tests.importers.conftest import Import
from tests.importers.test_golden import all_of
from usage_analytics.events import TABLES
from usage_analytics.importers import NAMES, importer
from usage_analytics.importers.sink import Head, Opened, Sink
from usage_analytics.pricing.models import known

FIXTURES: Final = Path(__file__).parents[1] / "fixtures"
GOLDEN: Final = Path(__file__).with_name("golden") / "fixtures"
# Folders named for an importer, whose files are read one by one; transcripts have expected values of their own.
FORMATS: Final = sorted(
    folder.name for folder in FIXTURES.iterdir() if folder.name in NAMES and folder.name not in ("claude_code", "usage_events")
)
DETECTED: Final = [name for name in NAMES if name != "mapped"]  # a mapping is chosen, not detected
TABLE: Final = Path(__file__).parents[2] / "docs" / "formats.md"
HEADER: Final = ["Format", "Model", "Conversation", "App", "Cost", "Human prompts", "Limits", "Grain"]
Rows = dict[str, list[dict[str, Any]]]


def exports() -> Iterator[Path]:
    """Every file in the fixtures that is an export, not what it is expected to come to."""
    files = sorted(path for path in FIXTURES.rglob("*") if path.is_file())
    return (path for path in files if not path.name.endswith(".expected.json") and not path.name.startswith("."))


def head(path: Path) -> Head:
    return Head(path.name, path.read_bytes()[: 64 << 10].removeprefix(b"\xef\xbb\xbf"))


@pytest.mark.parametrize("name", FORMATS)
def test_fixtures_come_to_what_they_did(imported: Import, golden: Callable[[Path, str], None], name: str) -> None:
    files = [path for path in exports() if path.is_relative_to(FIXTURES / name)]
    golden(GOLDEN / f"{name}.txt", "".join(f"## {path.name}\n{all_of(imported(path))}" for path in files))


@pytest.mark.parametrize("name", FORMATS)
def test_the_importer_of_its_folder_and_no_other_claims_an_export(name: str) -> None:
    for path in exports():
        if path.is_relative_to(FIXTURES / name):
            assert [one for one in NAMES if importer(one).claims(head(path))] == [name], path.name


def test_no_sample_is_claimed_by_two_importers(samples: Path) -> None:
    files = [path for path in samples.rglob("*") if path.is_file()]
    twice = {path.name: names for path in files if len(names := [one for one in NAMES if importer(one).claims(head(path))]) > 1}
    assert not twice


def test_every_format_has_a_row_in_the_readmes_table() -> None:
    assert set(told()) == {importer(name).label.lower() for name in DETECTED}


def test_the_docs_say_of_each_format_what_its_importer_finds(tmp_path: Path) -> None:
    found: dict[str, Rows] = {}
    for number, path in enumerate(exports()):
        claims = [importer(name) for name in NAMES if importer(name).claims(head(path))]
        folder = tmp_path / str(number)
        folder.mkdir()
        sink = Sink(folder)
        sink.begin(number)
        for chosen in claims:
            chosen.read(Opened(path, path.name, number), sink)
            sink.flush()
            rows = found.setdefault(chosen.label.lower(), defaultdict(list))
            for table in TABLES:
                rows[table] += [row for part in folder.glob(f"{table}-*.parquet") for row in pq.read_table(part).to_pylist()]
    wrong = {label: what(rows) for label, rows in found.items() if told()[label] != what(rows)}
    assert not wrong, f"the importers find {wrong}"
    assert set(found) == set(told()), "a format has no fixture"


def told() -> dict[str, list[str]]:
    """The table of what each format tells, by the format's label."""
    lines = [line.strip("| ").split("|") for line in TABLE.read_text(encoding="utf-8").splitlines() if line.startswith("|")]
    rows = [[cell.strip() for cell in line] for line in lines]
    begin = rows.index(HEADER) + 2
    table = [row for row in rows[begin:] if len(row) == len(HEADER)]
    return {row[0].lower(): row[1:] for row in table}


def what(rows: Rows) -> list[str]:
    """The cells of a format in that table, as the rows of its fixtures have it."""
    calls, ranges, prompts = rows["observation"], rows.get("range_total", []), rows["prompt"]
    usage = calls + ranges
    apps = {row["app"] for row in usage if row.get("app")}
    kinds = {row["reported_cost_kind"] for row in usage if row["reported_cost_kind"]}
    counted = any(
        row["output_tokens"] is not None and row["model"] in known() for row in calls
    )  # other vendors' have no list price
    computed = "estimated" if any(row["estimates"] for row in calls) else "computed" if counted else "–"
    human = any(row["kind"] in ("human", "present") for row in prompts) or any(row["human_prompt"] is not None for row in calls)
    limits = rows["limit_seen"] or rows["balance_seen"]
    grains = [grain for grain in ("call", "minute", "hour", "day") if any(row["grain"] == grain for row in calls)]
    return [
        _yes(any(row["model"] for row in usage)),
        _yes(any(row["conversation_id"] for row in calls)),
        "yes" if len(apps) > 1 else next(iter(apps), "–"),
        ", ".join(sorted(kinds)) or computed,
        _yes(human),
        _yes(bool(limits)),
        ", ".join(grains + (["range"] if ranges else [])) or "moment",
    ]


def _yes(found: bool) -> str:
    return "yes" if found else "–"
