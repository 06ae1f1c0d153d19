"""Every tab shows what its own address and person ask for, however many ask at once."""

from __future__ import annotations

import random
import threading
from pathlib import Path

import httpx

from tests.campaign.frame import Result, all_of, answer, by_tests, holds
from tests.campaign.serving import dashboard
from tests.server.tab import opened

PROMISES = "P6"
TABS, RERUNS = 6, 50


def check(where: Path) -> Result:
    """Six tabs with filters of their own ask 300 times at once and read their figures; then viewers and forged sign-ins try."""
    amounts = {f"app{number}": 111 * (number + 1) for number in range(TABS)}
    rows = [f"2026-11-01T0{hour}:30:00Z,{app},{amount / 2}" for app, amount in amounts.items() for hour in (1, 2)]
    (where / "a.csv").write_text("\n".join(["occurred_at,app,cost_usd", *rows]) + "\n")
    answer("import", where / "a.csv", db=where / "usage.duckdb")
    wrong: list[str] = []
    with dashboard(where, env={"USAGE_ANALYTICS_NOW": "2026-11-02T12:00"}) as served:

        def look(app: str) -> None:
            chance = random.Random(app)
            with httpx.Client(timeout=90) as http, opened(served.url, http) as tab:
                tab.query = f"app={app}"
                for _ in range(RERUNS):
                    text = tab.run(chance.choice(["", "", "models", "apps"])).text
                    others = [one for one, amount in amounts.items() if one != app and f"spent ${amount}." in text]
                    if others or ("You spent" in text and f"You spent ${amounts[app]}." not in text):
                        wrong.append(f"{app} saw {others}")

        threads = [threading.Thread(target=look, args=(app,)) for app in amounts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert "Traceback" not in served.said, served.said[-1500:]
    assert not wrong, wrong[:5]
    known = by_tests(
        where,
        "tests/server/test_team.py",
        "tests/server/test_sign_in.py",
        only="viewer or struck or signed or cookie or token or way_back or provider_is_asked",
    )
    return all_of(holds(f"{TABS * RERUNS} looks of {TABS} tabs, 0 mixed up"), known)
