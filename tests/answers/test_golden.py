"""Every answer to several questions about the sample data, against what it was when somebody last read it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from types import MappingProxyType
from typing import Any, Final

import pytest

from tests.described import described
from tests.store.world import made
from usage_analytics import answers as package
from usage_analytics import periods
from usage_analytics.answers import (
    apps,
    auto_reload,
    background,
    balance,
    blocks,
    conversations,
    coverage,
    models,
    overview,
    savings,
    spend,
)
from usage_analytics.answers.background import verdict
from usage_analytics.answers.background.thresholds import Thresholds
from usage_analytics.answers.background.verdict import DRAIN_USD, STOP_USD
from usage_analytics.control import Control, balances, settings
from usage_analytics.filters import Filters
from usage_analytics.question import Question
from usage_analytics.question.ask import ask
from usage_analytics.store import Store

GOLDEN: Final = Path(__file__).with_name("golden")
NOW: Final = datetime(2026, 11, 20, 12, 34)
USD: Final = 1_000_000_000


@pytest.fixture(scope="module")
def plain(sample_path: Path) -> Store:
    return Store(sample_path)


@pytest.fixture(scope="module")
def decided(sample_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The same data of a person who has told what they know."""
    store = Store(Path(shutil.copy(sample_path, tmp_path_factory.mktemp("decided") / "usage.duckdb")))
    control = Control.beside(store.path)
    settings.set_plan(control, "max5")
    settings.set_pools(
        control, (settings.OwnPool("Cursor", None, "credits"), settings.OwnPool("Agent SDK (TypeScript)", None, "api"))
    )
    settings.set_economics(
        control, settings.Economics(hour_blocked_usd=60, reload_usd=2, idle_share_per_month=0.01, slow_share=0.1)
    )
    settings.set_current_policy(control, settings.AutoReload(5 * USD, 40 * USD, 150 * USD))
    settings.set_currency(control, settings.Currency("USD", Decimal(1), None))
    settings.set_zone(control, "Europe/Berlin")
    for day, left in ((3, 31.5), (9, 22.25), (15, 40), (19, 18.75)):
        balances.add_reading(control, balances.Reading(datetime(2026, 11, day, 18), round(left * USD)))
    balances.add_top_up(control, balances.TopUp(datetime(2026, 11, 12, 8), 30 * USD, 27 * USD))
    balances.add_top_up(control, balances.TopUp(datetime(2026, 11, 17, 8), 5 * USD, 0))
    return store


@pytest.fixture(scope="module")
def doubtful(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A fortnight in which much is unknown, seen twice or counted elsewhere, by several accounts."""
    store = made(tmp_path_factory.mktemp("doubtful"))
    control = Control.beside(store.path)
    settings.set_pools(control, (settings.OwnPool("editor", None, "credits"), settings.OwnPool("lengths", None, "credits")))
    balances.add_reading(control, balances.Reading(datetime(2026, 11, 3, 18), 90 * USD))
    return store


def put(store: Store, **asked: Any) -> Question:
    return ask(store, Control.beside(store.path), now=NOW, **asked)


QUESTIONS: Final[dict[str, Callable[[Store], Question]]] = {
    "last 30 days": put,
    "as of three weeks before, all there is": lambda store: put(
        store, as_of=datetime(2026, 10, 30, 9, 15), dates=periods.everything
    ),
    "ten days in New York, two apps": lambda store: put(
        store,
        dates=periods.between(datetime(2026, 11, 2), datetime(2026, 11, 12)),
        kept=Filters(apps=("Claude Code", "Cursor")),
        zone="America/New_York",
    ),
}


def of_auto_reload(question: Question) -> dict[str, Any]:
    found = auto_reload.answer(question)
    policies = found.compared_with.items()
    return {
        "answer": found,
        "policy": found.policy,
        "limits": found.limits,
        "steps": found.steps,
        "curve": auto_reload.curve(question, found),
        "members": auto_reload.members_of(question),
        "mistakes": auto_reload.mistakes_of(question, found),
        "lanes": [auto_reload.lane(question, found, name, policy, late=name == "article") for name, policy in policies],
    }


def of_background(question: Question) -> dict[str, Any]:
    found = background.answer(question)
    assert background.flags(question) == found.flags, "alone they are the same"
    return {
        "answer": found,
        "running": [flag.key for flag in found.running],
        "over": [flag.key for flag in found.over],
        "rows": found.rows,
        "titles": [background.title(flag) for flag in found.flags],
        "hours": [background.hours(question, flag) for flag in found.flags[:2]],
        "weeks": [background.week(question, flag) for flag in found.flags[:2]],
        "agents": background.agents_started(question),
    }


TOPICS: Final[dict[str, Callable[[Question], Any]]] = {
    "overview": overview.answer,
    "coverage": coverage.answer,
    "models": models.answer,
    "conversations": conversations.answer,
    "apps": lambda question: {by: apps.answer(question, by) for by in ("app", "run", "project")},
    "spend": lambda question: {by: spend.answer(question, by) for by in ("model", "account", "day", "conversation-length")},
    "savings": savings.answer,
    "balance": balance.answer,
    "blocks": blocks.answer,
    "auto_reload": of_auto_reload,
    "background": of_background,
}


LATER: Final = datetime(2026, 11, 7, 1, 30)
FORTNIGHT: Final[dict[str, Callable[[Store], Question]]] = {
    "as of its last day": lambda store: put(store, as_of=LATER, zone="Asia/Tokyo"),
    "its last week, of two models": lambda store: put(
        store,
        as_of=LATER,
        dates=periods.between(datetime(2026, 10, 31), datetime(2026, 11, 7)),
        kept=Filters(models=("claude-opus-5-5", "claude-haiku-5-5")),
    ),
}
DECIDED: Final = ("balance", "blocks", "auto_reload")  # answers that rest on what a person has told


@pytest.mark.parametrize("topic", TOPICS)
def test_every_answer_is_as_it_was(plain: Store, golden: Callable[[Path, str], None], topic: str) -> None:
    golden(GOLDEN / f"{topic}.txt", answers(plain, topic))


@pytest.mark.parametrize("topic", DECIDED)
def test_what_a_person_has_told_counts_as_it_did(decided: Store, golden: Callable[[Path, str], None], topic: str) -> None:
    golden(GOLDEN / f"{topic}.told.txt", answers(decided, topic))


@pytest.mark.parametrize("topic", TOPICS)
def test_an_answer_about_doubtful_data_is_as_it_was(doubtful: Store, golden: Callable[[Path, str], None], topic: str) -> None:
    golden(GOLDEN / f"{topic}.doubtful.txt", answers(doubtful, topic, FORTNIGHT))


def answers(store: Store, topic: str, questions: Mapping[str, Callable[[Store], Question]] = MappingProxyType(QUESTIONS)) -> str:
    return "".join(f"## {words}\n{described(TOPICS[topic](asked(store)))}" for words, asked in questions.items())


def test_every_threshold_stands_in_one_list_so_that_moving_one_is_a_decision(golden: Callable[[Path, str], None]) -> None:
    found: dict[str, Any] = {}
    for module in sorted(info.name for info in walk_packages(package.__path__, f"{package.__name__}.")):
        for name, value in sorted(vars(import_module(module)).items()):
            if name.isupper() and name.strip("_") and holds_numbers(value) and defined_in(module, name):
                found[f"{module.removeprefix(package.__name__ + '.')}.{name}"] = value
    golden(GOLDEN / "thresholds.txt", described(found | {"background.Thresholds": Thresholds()}))


def holds_numbers(value: object) -> bool:
    if isinstance(value, (list, tuple)):
        return any(map(holds_numbers, value))
    if isinstance(value, Mapping):
        return any(map(holds_numbers, value.values()))
    return isinstance(value, (int, float, Decimal, timedelta)) and not isinstance(value, bool)


def defined_in(module: str, name: str) -> bool:
    """Whether the module itself gives the constant its value."""
    return re.search(rf"^{name}\b.*=", Path(import_module(module).__file__ or "").read_text("utf-8"), re.MULTILINE) is not None


@pytest.mark.parametrize(("usd", "severity"), [(0.0, "watch"), (DRAIN_USD, "drain"), (STOP_USD, "stop")])
def test_a_severity_begins_at_its_amount(usd: float, severity: str) -> None:
    assert verdict.severity(round(usd * USD)) == severity
    assert verdict.severity(round(usd * USD) - 1) != severity or not usd
