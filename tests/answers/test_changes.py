"""What changed, and who drove it."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.answers.spend import parts
from usage_analytics.answers import changes


def test_the_parts_of_a_dimension_add_up_to_the_whole() -> None:
    found = changes.by_part(
        parts(("opus", "cc", "web", 6), ("opus", "cursor", None, 3), ("haiku", "cc", "web", 1)), None, "model"
    )
    assert found[["value", "cost_nanos", "share"]].to_numpy().tolist() == [["opus", 9, 0.9], ["haiku", 1, 0.1]]


def test_what_is_new_and_what_is_gone_are_changes_too() -> None:
    found = changes.by_part(parts(("new", "cc", None, 6)), parts(("gone", "cc", None, 4)), "model").set_index("value")
    assert found["change_nanos"].to_dict() == {"new": 6, "gone": -4}
    assert found["change"].isna().tolist() == [True, False]  # nothing before: no part of it


def test_what_has_no_price_stays_unknown() -> None:
    found = changes.by_part(
        parts(("gpt", "cc", None, None), ("opus", "cc", None, 2)), parts(("opus", "cc", None, 1)), "model"
    ).set_index("value")
    assert pd.isna(found.loc["gpt", "cost_nanos"])
    assert pd.isna(found.loc["gpt", "change_nanos"])


def test_the_driver_is_the_part_that_explains_most_of_the_change() -> None:
    before = parts(("opus", "cc", "web", 10), ("haiku", "cc", "infra", 5))
    found = changes.driver(parts(("opus", "cc", "web", 12), ("haiku", "nightly", "infra", 15)), before)
    assert found is not None
    assert (found.dimension, found.label, found.nanos) == ("app", "nightly", 15)
    assert found.share == pytest.approx(15 / 12)


def test_a_dimension_with_one_value_drives_nothing() -> None:
    found = changes.driver(parts(("opus", "cc", "web", 12)), parts(("opus", "cc", "web", 10)))
    assert found is None


def test_a_change_of_many_small_parts_has_no_driver() -> None:
    now = parts(*[(f"m{n}", f"a{n}", f"p{n}", 11) for n in range(10)])
    before = parts(*[(f"m{n}", f"a{n}", f"p{n}", 10) for n in range(10)])
    assert changes.driver(now, before) is None


def test_what_has_no_name_or_no_price_is_no_driver() -> None:
    now, before = parts(("gpt", "a", None, None), ("gpt", "b", "web", None)), parts(("gpt", "a", None, 5), ("gpt", "b", "web", 1))
    assert changes.driver(now, before) is None or changes.driver(now, before).label != "(none)"
