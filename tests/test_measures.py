"""The shape of the house stays within the limits that it set itself; `python -m tests.measures` prints where it is now."""

from __future__ import annotations

import pytest

from tests.measures import Measures, measure

LONGEST_CHAIN = 12


@pytest.fixture(scope="module")
def measured() -> Measures:
    return measure()


def test_no_files_import_each_other_in_a_circle(measured: Measures) -> None:
    assert not measured.in_circles


def test_a_change_travels_through_few_modules(measured: Measures) -> None:
    assert len(measured.longest_chain) <= LONGEST_CHAIN, " → ".join(measured.longest_chain)
