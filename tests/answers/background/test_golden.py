"""The flags, sources and notes of made-up people, each another way to drain and to look like one, as they were when last read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest

from tests.benchmarks import background_people, background_strangers
from tests.benchmarks.background_people import DAY, Person, moment
from tests.benchmarks.background_scoring import declared, rows_of
from tests.described import described
from usage_analytics.answers import background
from usage_analytics.answers.background.calls import calls_of, milliseconds, sources_of
from usage_analytics.answers.background.detection import detect, watch
from usage_analytics.answers.background.thresholds import DEFAULT, USD
from usage_analytics.answers.background.units import DAY as DAY_MS
from usage_analytics.answers.background.verdict import flag_of

GOLDEN: Final = Path(__file__).with_name("golden")
MAKERS: Final = {"people": background_people.person, "strangers": background_strangers.person}
SEEDS: Final = (("people", 3), ("strangers", 5), ("people", 7), ("people", 4), ("strangers", 0), ("strangers", 7))
WARY: Final = replace(DEFAULT, floor=0.01 * USD, base=(0.05 * USD, 0.2 * USD), learning=DAY_MS, burst_base=0.1)  # flags much more
SHARES: Final = (0.5, 0.8, 1.0)  # of a person's days, at which they look


@cache
def known(maker: str, seed: int) -> Person:
    return MAKERS[maker](seed)


@pytest.mark.parametrize(("maker", "seed"), SEEDS)
def test_what_drains_is_found_as_it_was(golden: Callable[[Path, str], None], maker: str, seed: int) -> None:
    person = known(maker, seed)
    rows, expected = rows_of(person), declared(person)
    now = moment(person.days * DAY)
    found = background.judge(rows, now, expected=expected, zone="Europe/Berlin")
    told: dict[str, Any] = {"in the end": found}
    told["the hours about it"] = background.timelines(rows, found.flags[:2], now, expected=expected)
    told["dismissed"] = background.judge(rows, now, dismissed=[flag.key for flag in found.flags[:1]]).flags
    told["without prompts"] = background.judge(rows_of(person, prompts=False), now, expected=expected)
    golden(GOLDEN / f"{maker}-{seed}.txt", described(told))


@pytest.mark.parametrize(("maker", "seed"), SEEDS[:3])
def test_on_the_way_there_it_is_found_as_it_was(golden: Callable[[Path, str], None], maker: str, seed: int) -> None:
    person = known(maker, seed)
    rows = rows_of(person)
    flags = background.judge(rows, moment(person.days * DAY)).flags
    moments = [moment(share * person.days * DAY) for share in SHARES[:2]] + [flag.flagged_at for flag in flags[:1]]
    told = {
        str(now): background.judge(rows, now, start=moment((person.days - 20) * DAY))
        for now in moments
    }  # fmt: skip
    golden(GOLDEN / f"{maker}-{seed}.before.txt", described(told))


@pytest.mark.parametrize(("maker", "seed"), SEEDS[:4])
def test_what_is_known_of_every_call_and_every_episode_of_a_wary_eye_are_as_they_were(
    golden: Callable[[Path, str], None], maker: str, seed: int
) -> None:
    person = known(maker, seed)
    rows = rows_of(person)
    sources = sources_of(rows["background_sources"])
    told: dict[str, Any] = {}
    for number, watched in enumerate(watch(calls_of(rows, milliseconds(moment(person.days * DAY)), declared(person)), sources)):
        found = list(detect(watched, sources, WARY))
        told[f"person {number}"] = watched
        told[f"episodes {number}"] = [
            {field.name: getattr(one, field.name) for field in fields(one) if field.name not in {"calls", "there"}}
            for one in found
        ]
        told[f"flags {number}"] = [
            flag_of(one, sources, moment(person.days * DAY), moment(person.days * DAY), "UTC") for one in found
        ]
    golden(GOLDEN / f"{maker}-{seed}.wary.txt", described(told))
