"""An import that is killed is there whole or not at all, and the next one goes on as if nothing had been."""

from __future__ import annotations

from pathlib import Path

from tests.campaign.frame import Result, holds
from tests.faults import test_kill

PROMISES = "P5"
IMPORTS, COMMITS, FIRSTS = 8, 12, 12


def check(where: Path) -> Result:
    """Kills the real command at random moments, a process that commits without a pause, and one that makes a new database."""
    test_kill.rounds(where / "rounds", IMPORTS, seed=11)
    (where / "loops").mkdir()
    test_kill.loops(where / "loops", COMMITS, seed=12)
    test_kill.making(where / "making", FIRSTS)
    return holds(f"{IMPORTS} imports, {COMMITS} commits and {FIRSTS} new databases killed")
