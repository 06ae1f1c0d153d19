"""The shape of the house stays within the limits that it set itself; `python -m tests.measures` prints where it is now."""

from __future__ import annotations

import pytest

from tests.measures import Measures, measure

LONGEST_CHAIN = 12
ONE_CALLER = 0.12  # of all functions
MEAN_BODY = 12.0  # lines
OVER_40 = 0.01  # of all functions


@pytest.fixture(scope="module")
def measured() -> Measures:
    return measure()


def test_no_files_import_each_other_in_a_circle(measured: Measures) -> None:
    assert not measured.in_circles


def test_a_change_travels_through_few_modules(measured: Measures) -> None:
    assert len(measured.longest_chain) <= LONGEST_CHAIN, " → ".join(measured.longest_chain)


def test_few_helpers_have_one_caller_so_that_a_story_is_read_where_it_is_told(measured: Measures) -> None:
    assert measured.one_caller <= ONE_CALLER, "\n".join(measured.one_caller_helpers)


def test_a_function_fits_a_glance(measured: Measures) -> None:
    assert measured.mean_body <= MEAN_BODY


def test_hardly_a_function_is_longer_than_forty_lines(measured: Measures) -> None:
    assert measured.over_40 <= OVER_40
