"""One question, one answer: a figure that two surfaces share is the same string on the page, in --json, in the report and in an alert."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.pages.conftest import OpenPage, open_page
from usage_analytics import format, periods
from usage_analytics.answers import background
from usage_analytics.cli import main
from usage_analytics.control import Control, settings
from usage_analytics.ingest import import_paths
from usage_analytics.question.ask import ask
from usage_analytics.store import Store
from usage_analytics.ui.filterbar import Dimension, value_label

__all__ = ["open_page"]  # the fixture

ZONES = ("UTC", "America/Los_Angeles", "Europe/Berlin", "Asia/Kolkata", "Pacific/Auckland")
PAGES = {  # page: the section of the report, and the verb whose figures it has
    "spend/overview": ("spend", "spend"),
    "spend/models": ("models", None),
    "spend/conversations": ("conversations", None),
    "spend/apps": ("apps", None),
    "control/savings": ("savings", "savings"),
    "control/auto_reload": ("auto_reload", "auto-reload"),
    "control/background": ("background", "background"),
}
OWN_DATES = {"control/background": 30}  # days that the page is about, whatever the filters say
UNFILTERED = ("control/auto_reload", "control/background")
HEAD = "occurred_at,app,account,project,model,input_tokens,cache_read_tokens,output_tokens,conversation_id,run,human_prompt,paid_from"
Figures = dict[str, str]


@dataclass(frozen=True)
class Asked:
    """A question in the words of each surface; `kept` is a dimension and a value, or None."""

    page: str
    first: date
    last: date
    zone: str
    kept: tuple[Dimension, str] | None
    as_of: datetime

    @property
    def span(self) -> tuple[str, ...]:
        return self.days(self.first, self.last)

    def days(self, first: date, last: date) -> tuple[str, ...]:
        start, end = (datetime.combine(day, time(), ZoneInfo(self.zone)) for day in (first, last + timedelta(days=1)))
        return ("--from", start.isoformat(), "--to", end.isoformat())

    @property
    def own_span(self) -> tuple[str, ...]:
        """The dates that the page is about."""
        if self.page not in OWN_DATES:
            return self.span
        today = self.as_of.replace(tzinfo=UTC).astimezone(ZoneInfo(self.zone)).date()
        return self.days(today - timedelta(days=OWN_DATES[self.page] - 1), today)


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A person drawn at random: three apps, two accounts, two payers, conversations of any length, a loop at night."""
    folder, dice = tmp_path_factory.mktemp("stranger"), random.Random(20)
    rows = []
    for day in range(70):
        morning = datetime(2026, 9, 12, 8) + timedelta(days=day)
        for talk in range(dice.randrange(0, 5)):
            app, account = dice.choice(("Claude Code", "Cursor", "Chat")), dice.choice(("ann", "bob"))
            model, at = (
                dice.choice(("claude-opus-5-5", "claude-sonnet-5-5", "claude-haiku-5-5")),
                morning + timedelta(hours=2 * talk),
            )
            for call in range(dice.choice((2, 9, 40))):
                at += timedelta(seconds=dice.randrange(20, 200))
                tokens = (dice.randrange(5_000), call * 2_000, dice.randrange(50, 3_000))
                rows.append(
                    (f"{at}Z", app, account, f"p{talk}", model, *tokens, f"{day}-{talk}", "interactive", str(call % 6 == 0).lower(),
                     dice.choice(("credits", "credits", "plan")))
                )  # fmt: skip
        if day in (40, 41, 66):
            for poll in range(90):
                at = morning + timedelta(hours=15, minutes=4 * poll)
                rows.append(
                    (
                        f"{at}Z",
                        "inbox-bot",
                        "ann",
                        "mail",
                        "claude-opus-5-5",
                        60_000,
                        0,
                        30,
                        f"bot-{day}",
                        "headless",
                        "false",
                        "api",
                    )
                )
    (folder / "events.csv").write_text("\n".join((HEAD, *(",".join(map(str, row)) for row in rows))) + "\n")
    store = Store(folder / "usage.duckdb")
    import_paths(store, [folder / "events.csv"])
    store.close()
    return store.path


def questions(store: Store, drains: list[datetime], seed: int) -> Iterator[Asked]:
    """Five questions about a database: two pages of spend, the others always. About background it asks while something drains."""
    dice = random.Random(seed)
    extent = store.rows("extent")[0]
    begin, end = extent["first_at"].date(), extent["last_at"].date()
    choices = [(row["dimension"], row["value"]) for row in store.rows("choices") if row["value"]]
    spend = [page for page in PAGES if page.startswith("spend/")]
    for page in (*spend[seed % 2 :: 2], *(page for page in PAGES if page not in spend)):
        last = end - timedelta(days=dice.randrange(0, 20))
        moment = datetime.combine(last, time(dice.randrange(24), dice.randrange(60))) + timedelta(days=dice.choice((0, 1, 5)))
        if page == "control/background":
            moment = (dice.choice(drains) + timedelta(minutes=dice.randrange(2, 40))).replace(second=0, microsecond=0)
            last = moment.date()
        first = max(begin, last - timedelta(days=dice.choice((1, 6, 13, 29, 60))))
        kept = dice.choice([None, *dice.sample(choices, 2)]) if page not in UNFILTERED else None
        yield Asked(page, first, last, dice.choice(ZONES), kept, moment)


def answered(
    capsys: pytest.CaptureFixture[str], place: Path, asked: Asked, verb: str, *words: str, filtered: bool = False
) -> Any:
    """What a verb answers in JSON."""
    kept = (f"--{asked.kept[0]}", asked.kept[1]) if filtered and asked.kept else ()
    form = ("--format", "json") if verb == "report" else ("--json",)
    capsys.readouterr()
    status = main([verb, *form, *words, *kept, "--as-of", f"{asked.as_of.isoformat()}Z", "--db", str(place)])
    out, err = capsys.readouterr()
    assert status == 0 or verb == "check" or "no usage" in err, err
    return json.loads(out) if out else None


def of_report(report: Any, section: str) -> Figures:
    return {one["label"]: one["said"] for part in report["sections"] if part["key"] == section for one in part["figures"]}


def of_verb(answer: Any) -> Figures:
    return {one["label"]: one["value"] for one in answer["figures"]}


def shared(*surfaces: Figures | None) -> int:
    """How many figures two surfaces or more have; each of them must be the same string."""
    known = [surface for surface in surfaces if surface]
    labels = {label for surface in known for label in surface}
    both = {label: [surface[label] for surface in known if label in surface] for label in labels}
    differ = {label: said for label, said in both.items() if len(set(said)) > 1}
    assert not differ, differ
    return sum(len(said) > 1 for said in both.values())


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.slow)])
@pytest.mark.parametrize("whose", ["sample", pytest.param("stranger", marks=pytest.mark.slow)])
def test_a_figure_is_the_same_string_wherever_it_is_shown(  # noqa: PLR0917  fixtures are positional by nature
    whose: str,
    seed: int,
    request: pytest.FixtureRequest,
    tmp_path: Path,
    open_page: OpenPage,
    capsys: pytest.CaptureFixture[str],
) -> None:
    place = Path(
        shutil.copy(request.getfixturevalue("sample_path" if whose == "sample" else "stranger"), tmp_path / "usage.duckdb")
    )
    store = Store(place)
    found = background.answer(ask(store, Control.beside(place), now=store.rows("extent")[0]["last_at"], dates=periods.everything))
    asked_for = list(questions(store, [flag.flagged_at for flag in found.flags], seed))
    store.close()
    compared = [compare(asked, place, open_page, capsys) for asked in asked_for]
    assert sum(map(bool, compared)) >= 3, "most questions have figures that several surfaces share"
    assert sum(compared) >= 12, "too little is shared for this test to mean anything"


def plain(text: object) -> str:
    """What a person reads of a text that is escaped for Markdown."""
    return str(text).replace("\\", "")


def compare(asked: Asked, place: Path, opened: OpenPage, capsys: pytest.CaptureFixture[str]) -> int:
    """How many figures several surfaces share for one question; 0 where nothing is."""
    section, verb = PAGES[asked.page]
    settings.set_zone(Control.beside(place), asked.zone)
    report = answered(capsys, place, asked, "report", "--sections", section, "balance", *asked.own_span, filtered=True)
    if report is None:
        return 0
    words = () if verb == "auto-reload" else asked.own_span
    answer = answered(capsys, place, asked, verb, *words, filtered=verb in ("spend", "savings")) if verb else None
    kept: dict[str, Any] = {asked.kept[0]: [value_label(*asked.kept)]} if asked.kept else {}
    days = [asked.first.isoformat(), asked.last.isoformat()]
    page = opened(asked.page, place, now=asked.as_of.isoformat(), span="Custom", dates=days, **kept)
    assert not page.exception, asked
    shown = {plain(one.label): plain(one.value) for one in page.metric}
    found = shared(shown, of_report(report, section), of_verb(answer) if answer else None)
    if asked.kept is None:
        found += shared(of_report(report, "balance"), of_verb(answered(capsys, place, asked, "balance")))
    if section == "background":
        flags = answered(capsys, place, asked, "background")["flags"]
        alerts = [one for one in answered(capsys, place, asked, "check")["attention"] if one["subject"] == "background"]
        assert alerts, "something drains at this moment"
        for alert in alerts:
            (flag,) = (one for one in flags if (one["app"], one["flagged_at"]) == (alert["app"], alert["flagged_at"]))
            assert (alert["spent_usd"], alert["projected_usd"]) == (flag["spent_usd"], flag["as_of"]["projected_usd"])
            spent = format.dollars(round(float(flag["spent_usd"]) * 1e9))
            assert spent in alert["title"]
            assert any(spent in plain(one.value) for one in (*page.metric, *page.markdown)), "the page's card too"
    return found
