"""The advice is a function of the days that are over: neither the minute of asking nor the order of imports moves it."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from usage_analytics.answers import auto_reload
from usage_analytics.cli import main
from usage_analytics.control import Control
from usage_analytics.ingest import import_paths
from usage_analytics.question import Question
from usage_analytics.question.ask import ask
from usage_analytics.store import Store

HEAD = "occurred_at,app,account,cost_usd,paid_from,event_id"
TODAY = datetime(2026, 4, 13)
Asked = Callable[..., Question]


def spent(days: int = 40) -> list[str]:
    """Calls on credits, some of them on the day of asking."""
    dice = random.Random(7)
    found = []
    for day in range(days, -1, -1):
        for number in range(dice.randrange(0, 14)):
            at = TODAY - timedelta(days=day) + timedelta(hours=8, minutes=37 * number)
            account = dice.choice(("ann", "bob", ""))
            found.append(f"{at}Z,Cursor,{account},{dice.lognormvariate(-1.5, 1):.6f},credits,call-{day}-{number}")
    return found


def imported(folder: Path, *parts: list[str]) -> Path:
    """A database of these calls, each part an import."""
    place = folder / "usage.duckdb"
    store = Store(place)
    for number, lines in enumerate(parts):
        (folder / f"{number}.csv").write_text("\n".join((HEAD, *lines)) + "\n")
        import_paths(store, [folder / f"{number}.csv"])
    store.close()
    return place


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return imported(tmp_path_factory.mktemp("settled"), spent())


@pytest.fixture
def asked(place: Path) -> Iterator[Asked]:
    store = Store(place)
    yield lambda moment, **more: ask(store, Control.beside(place), now=moment, as_of=moment, **more)
    store.close()


def answered(place: Path, moment: str, capsys: pytest.CaptureFixture[str]) -> str:
    capsys.readouterr()
    assert main(["auto-reload", "--json", "--db", str(place), "--as-of", moment]) == 0
    return capsys.readouterr().out


def test_at_any_two_minutes_of_a_day_the_answer_is_the_same_to_the_byte(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    early, late = (answered(place, f"2026-04-13T{clock}Z", capsys) for clock in ("00:00:30", "23:59:00"))
    assert early == late
    assert json.loads(early)["settled_until"] == "2026-04-13T00:00:00Z"


def test_what_was_spent_today_counts_tomorrow(asked: Asked) -> None:
    today, tomorrow = (auto_reload.answer(asked(TODAY + timedelta(days=day, hours=20))) for day in (0, 1))
    assert today.advice.history.events < tomorrow.advice.history.events


def test_a_day_is_over_at_midnight_in_the_persons_zone(asked: Asked) -> None:
    found = auto_reload.answer(asked(TODAY + timedelta(hours=6, minutes=59), zone="America/Los_Angeles"))
    assert found.settled == TODAY - timedelta(days=1) + timedelta(hours=7)


def test_other_filters_and_dates_do_not_change_it(asked: Asked) -> None:
    plain = auto_reload.answer(asked(TODAY + timedelta(hours=12)))
    narrowed = asked(TODAY + timedelta(hours=15))
    assert auto_reload.answer(narrowed.everything()).advice == plain.advice


def test_the_order_and_the_pieces_of_imports_do_not_change_a_byte(
    place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = spent()
    random.Random(3).shuffle(lines)
    pieces = imported(tmp_path, lines[:50], lines[50:120], lines[120:])
    assert answered(place, "2026-04-13T15:00Z", capsys) == answered(pieces, "2026-04-13T15:00Z", capsys)
