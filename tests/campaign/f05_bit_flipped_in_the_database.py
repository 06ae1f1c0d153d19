"""A flipped bit in the database file is harmless or found, never a wrong total; then the database heals itself."""

from __future__ import annotations

from pathlib import Path

from tests.campaign.frame import Result, by_tests

PROMISES = "P6 P9"


def check(where: Path) -> Result:
    """Flips one bit at random in copies of a database, 100 times with its archive, and asks for every table."""
    return by_tests(
        where,
        "tests/store/test_lease.py::test_a_flipped_bit_is_harmless_or_found_and_never_a_wrong_total",
        "tests/archive/test_rebuild.py::test_a_flipped_bit_in_the_database_is_healed_in_a_hundred_cases",
    )
