"""A hostile name in an alert, a mail, a digest or a notification is plain words there too, and makes nobody call anywhere."""

from __future__ import annotations

from pathlib import Path

from tests.campaign.frame import Result, all_of, by_tests, holds
from tests.campaign.hostile import canary, names
from usage_analytics.format import name as shown
from usage_analytics.ui.text import md

PROMISES = "P8"


def check(where: Path) -> Result:
    """Writes every kind of hostile name through what escapes it for pages, and sends alerts about such apps to a real receiver."""
    with canary() as (url, heard):
        for one in names(url):
            for text in (md(shown(one)), md(one)):
                assert "](" not in text.replace("\\]\\(", "") or "\\[" in text, text
                assert "<img" not in text.replace("\\<", ""), text
                assert "\u202e" not in shown(one)
                assert "\n" not in shown(one)
        known = by_tests(
            where,
            "tests/alerts/test_alert.py",
            "tests/reports/test_hostile_names.py",
            "tests/ui/test_text.py",
            "tests/alerts/test_desktop.py",
        )
        assert heard == []
    return all_of(holds(f"{len(names(url))} names"), known)
