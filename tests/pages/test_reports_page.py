"""The page of reports: what is chosen is what leaves."""

from __future__ import annotations

from pathlib import Path

from tests.pages.conftest import OpenPage


def test_the_page_shows_what_leaves_and_hands_it_out_in_four_formats(open_page: OpenPage, sample_path: Path) -> None:
    app = open_page("data/reports", sample_path)
    assert not app.exception
    assert not app.error
    assert [button.label for button in app.get("download_button")][:4] == ["Web page", "PDF", "Markdown", "JSON"]
    assert "was spent in" in app.get("iframe")[0].proto.srcdoc
