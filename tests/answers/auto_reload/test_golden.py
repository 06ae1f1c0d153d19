"""The advice for made-up people, each of another kind of life, as it was when last read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pytest

from tests.benchmarks.auto_reload import BEGUN, WEEK, demand_of
from tests.benchmarks.auto_reload_users import person
from tests.described import described
from usage_analytics.answers.auto_reload import recommend, replays
from usage_analytics.answers.auto_reload.advice import USD, Economics, Policy

GOLDEN: Final = Path(__file__).with_name("golden")
CAREFUL: Final = Economics(
    hour_blocked_usd=80, reload_usd=3, idle_share_per_month=0.002, latency_minutes=9, slow_share=0.2, failed_share=0.1
)
CURRENT: Final = Policy(5 * USD, 25 * USD, 60 * USD)
ORIGIN: Final = 14


@pytest.mark.parametrize("kind", ["light", "new", "regime"])
def test_the_advice_is_as_it_was(golden: Callable[[Path, str], None], kind: str) -> None:
    weeks = 1 if kind == "new" else 5
    known = demand_of(person(kind, 3), (ORIGIN - weeks) * WEEK, ORIGIN * WEEK)
    now = BEGUN + timedelta(weeks=ORIGIN)
    told: dict[str, Any] = {
        "advice": recommend.advise(known, now),
        "of a careful person": recommend.advise(known, now, economics=CAREFUL, current=CURRENT),
        "curve": recommend.tradeoff(known, now),
        "lanes": [replays.lane("now", known, CURRENT, Economics(), now, zone="Asia/Tokyo", late=late) for late in (False, True)],
    }
    golden(GOLDEN / f"{kind}.txt", described(told))
