"""A time is read as the moment that it means, or rejected; days begin where the person is, also when clocks change."""

from __future__ import annotations

from pathlib import Path

from tests.campaign.frame import Result, all_of, answer, by_tests, holds

PROMISES = "P4"
TIMES = {  # written → the moment it means, or None where it can't be known
    "2026-10-25T02:30:00+02:00": "2026-10-25T00:30:00",
    "2026-10-25T02:30:00+01:00": "2026-10-25T01:30:00",
    "2026-03-29T01:30:00Z": "2026-03-29T01:30:00",
    "2026-11-01T09:30:00": "2026-11-01T09:30:00",
    "2026-11-01 09:30:00.123456+14:00": "2026-10-31T19:30:00",
    "01/02/2026": None,
    "31.12.2026 10:00": None,
    "yesterday": None,
    "2026-02-30T00:00:00Z": None,
    "": None,
}


def check(where: Path) -> Result:
    """Writes times with offsets, in the hours when clocks change, without a zone, and unclear ones, and asks for what was read."""
    path = where / "times.csv"
    rows = [f"{written},app-{number},claude-opus-4-6,{number + 1}" for number, written in enumerate(TIMES)]
    path.write_text("\n".join(["occurred_at,app,model,cost_usd", *rows]) + "\n")
    for zone in ("UTC", "Europe/Berlin", "Pacific/Kiritimati"):
        db = where / f"{zone.replace('/', '-')}.duckdb"
        told = answer("import", path, db=db, env={"TZ": zone})
        (one,) = told["imports"]
        assert one["rejected"] == sum(meant is None for meant in TIMES.values()), one
        for number, meant in enumerate(TIMES.values()):
            if meant is not None:
                found = answer(
                    "spend", "--from", f"{meant}Z", "--to", f"{meant[:-2]}59.999Z", "--by", "app", db=db, env={"TZ": zone}
                )
                assert f"app-{number}" in {row["app"] for row in found["rows"]}, (meant, found["rows"])
    known = by_tests(
        where,
        "tests/importers/test_usage_events.py",
        "tests/store/test_rollups.py::test_hours_are_put_into_the_days_of_the_persons_own_clock",
        "tests/control/test_digests.py::test_a_week_in_which_the_clocks_change_is_a_week_still",
        only="time or clock",
    )
    return all_of(holds(f"{len(TIMES)} spellings in 3 time zones"), known)
