"""Numbers for people."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta

import pytest

from usage_analytics import format
from usage_analytics.question.kept import Kept


@pytest.mark.parametrize(
    ("nanos", "said"),
    [
        (None, "unknown"),
        (0, "$0.00"),
        (1_000, "under $0.0001"),
        (16_000_000, "$0.016"),
        (250_000_000, "$0.25"),
        (412_104_999_999, "$412.10"),
        (-1_500_000_000, "−$1.50"),
        (12_345_678_901_234, "$12,346"),
        (float("nan"), "unknown"),
    ],
)
def test_money_is_said_to_the_digit_that_matters(nanos: float | None, said: str) -> None:
    assert format.dollars(nanos) == said


@pytest.mark.parametrize(
    ("nanos", "said"),
    [(None, "unknown"), (10_000_000, "+$0.01"), (-4_000_000, "$0.00"), (0, "$0.00"), (-12_500_000_000, "−$12.50")],
)
def test_a_difference_of_money_is_said_to_the_cent(nanos: int | None, said: str) -> None:
    assert format.signed_money(nanos, "USD") == said
    assert format.signed_money(1_050_000_000, "CAD") == "+1.05 CAD"


@pytest.mark.parametrize(("ratio", "said"), [(0.0049, "0%"), (0.005, "0%"), (-0.003, "0%"), (-0.04, "-4%"), (12, "+1,200%")])
def test_a_change_of_nothing_has_no_sign(ratio: float, said: str) -> None:
    assert format.signed_percent(ratio) == said


@pytest.mark.parametrize(
    ("number", "said"), [(812, "812"), (34_512, "34.5k"), (999_600, "1M"), (3.4e9, "3.4B"), (1.2e12, "1,200B"), (None, "unknown")]
)
def test_tokens_have_three_digits_and_a_letter(number: float | None, said: str) -> None:
    assert format.tokens(number) == said


@pytest.mark.parametrize(("ratio", "said"), [(0.714, "71%"), (0.004, "0.4%"), (0.0004, "under 0.1%"), (0, "0%"), (1, "100%")])
def test_a_small_share_is_not_nothing(ratio: float, said: str) -> None:
    assert format.percent(ratio) == said


def test_an_unknown_change_is_absent_and_not_zero() -> None:
    assert format.change(5, None) is None
    assert format.change(None, 5) is None
    assert format.change(5, 0) is None
    assert format.signed_percent(None) is None


@pytest.mark.parametrize(
    ("ratio", "said"),
    [(0.18, "18% more than"), (-0.4, "40% less than"), (0.01, "about as much as"), (2.4, "3.4 times as much as")],
)
def test_a_change_reads_well_in_a_sentence(ratio: float, said: str) -> None:
    assert format.more_or_less(ratio) == said


@pytest.mark.parametrize(
    ("seconds", "said"), [(3, "3 s"), (3599, "1 h"), (12_000, "3 h 20 min"), (86_400 * 4.5, "4.5 days"), (86_400 * 40, "40 days")]
)
def test_a_span_is_said_in_the_unit_that_fits(seconds: float, said: str) -> None:
    assert format.span(seconds) == said


def test_times_are_said_on_the_persons_clock() -> None:
    assert format.moment(datetime(2026, 11, 21, 23, 30), "Europe/Berlin") == "Nov 22, 2026, 00:30"
    assert format.days(date(2026, 10, 24), date(2026, 11, 22)) == "Oct 24 – Nov 22, 2026"
    assert format.ago(timedelta(days=3)) == "3.0 days ago"


def test_a_name_loses_what_could_play_tricks_and_keeps_both_its_ends() -> None:
    assert format.name("a\u202eb\x00c\n d") == "abc d"
    assert format.name("") == format.name(None) == "(none)"
    long = format.name("start" + "x" * 200 + "end")
    assert len(long) <= 80
    assert long.startswith("start")
    assert long.endswith("end")


def test_many_words_are_counted_and_not_all_said() -> None:
    assert format.listed(["a"]) == "a"
    assert format.listed(["a", "b", "c", "d"]) == "a, b, c and d"
    assert format.listed(list("abcdefg")) == "a, b, c and 4 others"


@pytest.fixture
def german() -> Iterator[None]:
    format.use_numbers("1.234,50")
    yield
    format.use_numbers("1,234.50")


@pytest.mark.usefixtures("german")
def test_numbers_are_written_as_the_person_writes_them() -> None:
    assert format.dollars(1_234_500_000_000) == "$1.234,50"
    assert format.dollars(-16_000_000) == "−$0,016"
    assert format.dollars(1_000) == "under $0,0001"
    assert format.count(12_345) == "12.345"
    assert format.tokens(1_234_000) == "1,23M"
    assert format.percent(0.004) == "0,4%"
    assert format.signed_percent(12.5) == "+1.250%"
    assert format.span(4.5 * 86400) == "4,5 days"
    assert format.hours(4.5) == "4,5 h"
    assert format.size(1_200_000) == "1,2 MB"
    assert format.more_or_less(2.4) == "3,4 times as much as"
    assert format.money(399_470_000_000, "CAD") == "399,47 CAD"
    assert format.day(date(2026, 11, 21)) == "Nov 21, 2026"


@pytest.mark.parametrize(
    ("locale", "written"),
    [
        ("en-US", "$1,234.50"),
        ("de-DE", "$1.234,50"),
        ("de", "$1.234,50"),
        ("fr-FR", "$1\N{NARROW NO-BREAK SPACE}234,50"),
        ("de_CH", "$1\N{RIGHT SINGLE QUOTATION MARK}234.50"),
        ("es-MX", "$1,234.50"),
        ("es-ES", "$1.234,50"),
        ("tlh", "$1,234.50"),
        ("", "$1,234.50"),
        (None, "$1,234.50"),
    ],
)
def test_the_browsers_language_says_how_numbers_are_written(locale: str | None, written: str) -> None:
    format.use_numbers(format.numbers_of(locale))
    try:
        assert format.dollars(1_234_500_000_000) == written
    finally:
        format.use_numbers("1,234.50")


@pytest.mark.usefixtures("german")
def test_an_answer_that_is_kept_is_kept_apart_by_how_its_numbers_are_written() -> None:
    kept = Kept()
    assert kept.get("spend", lambda: format.dollars(1_500_000_000)) == "$1,50"
    with ThreadPoolExecutor(1) as other:  # another person's run: a thread of its own
        assert other.submit(kept.get, "spend", lambda: format.dollars(1_500_000_000)).result() == "$1.50"
    assert kept.get("spend", lambda: "never made again") == "$1,50"
