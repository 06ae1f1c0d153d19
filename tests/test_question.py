"""A question is the same for whoever puts it, and what is worked out for it is worked out once."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from threading import Barrier, Thread

import pytest

from usage_analytics import periods
from usage_analytics.control import Control
from usage_analytics.filters import Filters
from usage_analytics.question import Question
from usage_analytics.question.ask import ask
from usage_analytics.question.kept import Kept, clear_all
from usage_analytics.store import Store

NOW = datetime(2026, 11, 20, 12, 34)


@pytest.fixture
def sample(sample_path: Path) -> Store:
    return Store(sample_path)


def put(store: Store, now: datetime = NOW, **asked: object) -> Question:
    return ask(store, Control.beside(store.path), now=now, **asked)


def test_equal_questions_are_one_key(sample: Store) -> None:
    assert put(sample) == put(sample)
    assert hash(put(sample, redaction="names")) == hash(put(sample, redaction="names"))
    assert put(sample, redaction="names") != put(sample)
    assert put(sample, kept=Filters(models=("x",))) != put(sample)


def test_a_report_with_all_names_hides_only_what_never_leaves(sample: Store) -> None:
    named = put(sample, redaction="none")
    assert set(named.read("apps", by="app")["value"]) == set(put(sample).read("apps", by="app")["value"])
    accounts = set(named.read("apps", by="account")["value"].dropna())
    assert not any("@" in account for account in accounts)


def test_nothing_after_the_as_of_is_read(sample: Store) -> None:
    asked = put(sample, as_of=NOW)
    assert asked.filters.end == periods.half_hour(NOW)
    assert asked.last_at is not None
    assert asked.last_at <= NOW
    assert asked.read("spend_by_time", Filters())["period"].max() < NOW
    assert put(sample).read("spend_by_time", Filters())["period"].max() > NOW


def test_the_settled_question_is_the_same_for_every_minute_of_a_day(sample: Store) -> None:
    asked = {put(sample, datetime(2026, 11, 20) + timedelta(minutes=minute)).settled_question() for minute in range(0, 1440, 97)}
    (one,) = asked
    assert one.as_of == one.until == datetime(2026, 11, 20)
    night = put(sample, datetime(2026, 11, 20, 4), zone="America/New_York").settled_question()
    assert night.as_of == datetime(2026, 11, 19, 5)


def test_names_are_replaced_in_rows_and_in_arrays_alike(sample: Store) -> None:
    real, hidden = put(sample), put(sample, redaction="names")
    apps = set(real.read("apps", by="app")["value"])
    rows = hidden.read("apps", by="app")["value"]
    arrays = hidden.columns("background_sources", hidden.everything().filters)["app"]
    assert not apps & set(rows)
    assert set(rows) <= set(arrays)
    assert all(name.startswith("App ") for name in arrays)


@pytest.mark.parametrize(
    "asked", [(None, None), (datetime(2026, 11, 1), None), (datetime(2026, 11, 1, 0, 30), datetime(2026, 11, 9, 7, 45))]
)
def test_a_range_is_compared_with_the_same_weekdays_earlier(asked: tuple[datetime | None, datetime | None]) -> None:
    period = periods.between(*asked)(NOW, "UTC")
    assert period.start is not None
    assert period.end is not None
    assert period.before is not None
    assert (period.start - period.before[0]) % timedelta(weeks=1) == timedelta()
    assert period.before[1] - period.before[0] == period.end - period.start
    assert period.before[1] <= period.start


def test_what_many_threads_ask_for_at_once_is_made_once() -> None:
    kept, made, start = Kept(), [], Barrier(8)

    def ask_for_it() -> None:
        start.wait()
        kept.get("key", lambda: made.append(1) or len(made))

    threads = [Thread(target=ask_for_it) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == [1]


def test_an_error_is_not_kept_and_the_oldest_value_goes_first() -> None:
    kept = Kept(most=2)
    with pytest.raises(ZeroDivisionError):
        kept.get("a", lambda: 1 // 0)
    assert [kept.get(key, lambda key=key: key * 2) for key in "abc"] == ["aa", "bb", "cc"]
    assert kept.get("a", lambda: "again") == "again"
    assert kept.get("c", lambda: "again") == "cc"


def test_heavy_values_are_few_and_the_last_is_there_whatever_it_weighs() -> None:
    kept = Kept(most=10, weigh=len)
    for word in ("four", "seven77", "fifteen15fifteen"):
        assert kept.get(word, lambda word=word: word) == word
    assert kept.get("seven77", lambda: "again") == "again"
    assert kept.get("fifteen15fifteen", lambda: "made again") == "made again"
    kept.get("four", lambda: "four")
    clear_all()
    assert kept.get("four", lambda: "new") == "new"


def test_bars_of_all_data_are_as_wide_as_its_length_asks_for(sample: Store) -> None:
    asked = put(sample, dates=periods.everything)
    assert asked.first_at is not None
    assert asked.last_at is not None
    assert timedelta(days=60) < asked.last_at - asked.first_at < timedelta(days=100)
    assert asked.filters.grain == "day"
