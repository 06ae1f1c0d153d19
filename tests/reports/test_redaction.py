"""What leaves at each level: canaries in every name, and in names of every kind that never leaves."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import cache

import pytest

from tests.databases import new
from tests.reports.conftest import NOW, asked
from usage_analytics import format, reports
from usage_analytics.errors import BadRequest
from usage_analytics.ingest import import_paths
from usage_analytics.question import scan
from usage_analytics.reports import FORMATS, Redaction, Report
from usage_analytics.store import Store

APP, PROJECT, ACCOUNT = "kanariapp", "kanariprojekt", "kanarikonto"
NEVER = {
    "a key": "sk-ant-api03-abcdefghijklmnopqrstuvwxyz012345",
    "an address": "canary.person@example.com",
    "a path": "/home/canary/secret-project",
    "another path": r"C:\Users\canary\secret",
    "an id": "684ab473-4cf3-4ac5-abae-32fa48079053",
    "a message": "msg_01ABCDEFGHJKLMNPQRSTUV",
    "the end of a key": "sk-ant-api03-R2D...igAA",
    "an address in disguise": "canary\u200b.person@exa\u200bmple.com",
    "a short path": "/srv/canary",
    "a file's address": "file:///home/canary/x",
    "a bare id": "684ab4734cf34ac5abae32fa48079053",
    "a workspace": "wrkspc_01JwQvzr7rXLA5AGx3HKfFUJ",
    "an API key's id": "apikey_01Rj2N8SVvo6BePZj99NhmiT",
    "a project's id": "proj_4fZ9qLd0TzXk2VbN7mHc",
}


def rows() -> Iterator[dict[str, str]]:
    """Two months of calls that name a canary in every column of names, some with nobody there, and things that never leave."""
    for day in range(56):
        moment = NOW - timedelta(days=56 - day, hours=3)
        for call in range(6):
            yield {
                "occurred_at": f"{(moment + timedelta(minutes=call)).isoformat()}Z",
                "app": APP,
                "project": PROJECT,
                "account": ACCOUNT,
                "model": "claude-opus-5-5",
                "input_tokens": "20000",
                "output_tokens": "900",
                "conversation_id": f"684ab473-4cf3-4ac5-abae-{day:012d}",
                "message_index": str(call + 1),
                "run": "interactive",
                "human_prompt": "true",
            }
        for number, name in enumerate(NEVER.values()):
            yield {
                "occurred_at": f"{(moment + timedelta(minutes=20 + number)).isoformat()}Z",
                "app": name,
                "project": name,
                "account": name,
                "model": "claude-sonnet-5-5",
                "input_tokens": "9000",
                "output_tokens": "200",
                "run": "scheduled",
                "human_prompt": "false",
                "paid_from": "api",
            }
            yield {
                "occurred_at": f"{(moment + timedelta(minutes=40 + number)).isoformat()}Z",
                "app": APP,
                "model": name,
                "output_tokens": "200",
                "cost_usd": "0.40",
            }
    for call in range(400):  # a drain of two nights
        moment = NOW - timedelta(days=3) + timedelta(minutes=5 * call)
        yield {
            "occurred_at": f"{moment.isoformat()}Z",
            "app": f"{APP}zwei",
            "project": f"{PROJECT}zwei",
            "account": ACCOUNT,
            "model": "claude-opus-5-5",
            "input_tokens": "60000",
            "output_tokens": "20",
            "run": "scheduled",
            "human_prompt": "false",
            "paid_from": "credits",
        }


@pytest.fixture(scope="module")
def canaries(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder = tmp_path_factory.mktemp("canaries")
    table = list(rows())
    names = list(dict.fromkeys(name for row in table for name in row))
    with (folder / "events.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names, restval="")
        writer.writeheader()
        writer.writerows(table)
    store = new(folder / "store")
    import_paths(store, [folder / "events.csv"])
    yield store
    store.close()


@pytest.fixture(scope="module")
def at(canaries: Store) -> Callable[[Redaction], Report]:
    return cache(lambda level: reports.make(asked(canaries), redaction=level))


@cache
def written(report: Report) -> dict[str, str]:
    """Everything that leaves, as text; a PDF as what Typst is given."""
    from usage_analytics.reports import pdf

    texts = {form: reports.render(report, form).decode() for form in FORMATS if form != "pdf"}
    assert reports.render(report, "pdf").startswith(b"%PDF")
    return {**texts, "pdf": str(pdf.document(report)), "file name": reports.file_name(report, "html")}


@pytest.mark.parametrize("level", ["none", "names", "totals"])
def test_keys_addresses_paths_and_ids_never_leave(at: Callable[[Redaction], Report], level: Redaction) -> None:
    for form, text in written(at(level)).items():
        for what, name in NEVER.items():
            assert name not in text, f"{what} in {form} at {level}"
        assert "canary" not in text.lower(), f"a part of a name in {form} at {level}"


def test_names_as_they_are_are_named(at: Callable[[Redaction], Report]) -> None:
    text = written(at("none"))["html"]
    assert APP in text
    assert PROJECT in text


@pytest.mark.parametrize("level", ["names", "totals"])
def test_a_replaced_name_is_nowhere(at: Callable[[Redaction], Report], level: Redaction) -> None:
    for form, text in written(at(level)).items():
        assert "kanari" not in text.lower(), f"in {form} at {level}"


def test_a_name_has_the_same_stand_in_throughout(at: Callable[[Redaction], Report]) -> None:
    plain, replaced = at("none"), at("names")
    pairs = {
        (one[0], other[0])
        for section, same in zip(plain.sections, replaced.sections, strict=True)
        for table, twin in zip(section.tables, same.tables, strict=True)
        if table.columns[0].key == "app"
        for one, other in zip(table.rows, twin.rows, strict=True)
    }
    apps = {one for one, _ in pairs}
    assert {APP, f"{APP}zwei"} <= apps
    assert len(pairs) == len(apps), "one stand-in each"
    assert all(str(other).startswith("App ") for one, other in pairs if one in (APP, f"{APP}zwei"))


def test_figures_do_not_change_with_names(at: Callable[[Redaction], Report]) -> None:
    plain, replaced = at("none"), at("names")
    for section, same in zip(plain.sections, replaced.sections, strict=True):
        assert [one.said for one in section.figures] == [one.said for one in same.figures]
        for table, twin in zip(section.tables, same.tables, strict=True):
            numbers = [place for place, column in enumerate(table.columns) if column.kind not in ("text", "prose")]
            assert [[row[n] for n in numbers] for row in table.rows] == [[row[n] for n in numbers] for row in twin.rows]


def test_drains_are_flagged_under_their_stand_ins(at: Callable[[Redaction], Report]) -> None:
    section = at("names").section("background")
    assert section is not None
    flags = next(table for table in section.tables if table.key == "flags")
    assert flags.rows
    assert str(flags.rows[0][0]).startswith("App ")


def test_totals_speak_of_no_single_app(at: Callable[[Redaction], Report]) -> None:
    report = at("totals")
    for form, text in written(report).items():
        assert not [mark for mark in scan.MARKS if mark in text], form
        assert "Project A" not in text
        assert "App 1" not in text
    apps = report.section("apps")
    assert apps is not None
    assert not apps.tables
    assert not apps.charts
    assert "apps spent" in apps.lead


@pytest.mark.parametrize("what", NEVER)
def test_the_last_look_refuses_and_does_not_repeat_what_it_found(what: str) -> None:
    with pytest.raises(BadRequest) as refused:
        scan.refuse([("Models", f"It was {format.name(NEVER[what])} that spent it.")])
    assert "“Models”" in str(refused.value)
    assert NEVER[what] not in str(refused.value)


@pytest.mark.parametrize(
    "text",
    [
        "Opus 5.5 cost $192.09, 77% of $249.25.",
        "Agents run 24/7 and cost $5/$15 an hour; input/output/cache tokens.",
        "In Claude Code set “promptCacheTtl”: /model, /clear, or /compact.",
        "It was @ noon, 3.5 times as much; see claude.ai, Settings, Usage.",
        "webshop/api and design-tokens, 684ab473",
    ],
)
def test_the_last_look_lets_ordinary_sentences_leave(text: str) -> None:
    scan.refuse([("Models", text)])


def test_a_report_with_something_that_may_not_leave_is_not_rendered(at: Callable[[Redaction], Report]) -> None:
    from dataclasses import replace

    leaking = replace(at("none"), headline="canary.person@example.com spent it")
    for form in FORMATS:
        with pytest.raises(BadRequest):
            reports.render(leaking, form)
