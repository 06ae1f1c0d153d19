"""What axe-core finds wrong on a page: no violation of ours is allowed, and those of Streamlit only by name, place and reason."""

from __future__ import annotations

from importlib.resources import files
from typing import Final

from playwright.sync_api import Page

# A rule of axe, a piece of Streamlit's own markup that breaks it, and why we can't mend it from here.
FRAMEWORK: Final[tuple[tuple[str, str, str], ...]] = (
    ("list", 'data-testid="stSidebarNavItems"', "a menu with sections puts each section's name and list into one list"),
    ("listitem", "e1o1t1hb4", "the same: what stands in those lists are entries of the menu"),
    ("svg-img-alt", "highlighted_points_marks", "the invisible layer of a figure's sparkline, which has a name of its own"),
    ("scrollable-region-focusable", 'data-testid="stPopoverBody"', "what opens below a button and is longer than the screen"),
    (
        "presentation-role-conflict",
        'data-testid="stFileUploaderDropzone"',
        "the area that files are dropped on carries a label too",
    ),
)


def violations(page: Page, within: str = "document") -> list[str]:
    """What of the page breaks which rule, less what is Streamlit's. The page has to bypass its content policy."""
    page.evaluate((files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8"))
    script = f"axe.run({within}).then(found => found.violations.flatMap(v => v.nodes.map(one => [v.id, one.html, one.target.join(' ')])))"
    found: list[list[str]] = page.evaluate(script)
    return [f"{rule} at {target}: {html}" for rule, html, target in found if not _is_frameworks(rule, html, target)]


def _is_frameworks(rule: str, html: str, target: str) -> bool:
    return any(rule == known and mark in f"{target} {html}" for known, mark, _ in FRAMEWORK)
