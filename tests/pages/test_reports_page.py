"""The page of reports: what is chosen is what leaves."""

from __future__ import annotations

from pathlib import Path

from tests.pages.conftest import OpenPage


def test_the_page_previews_the_report_and_offers_it_in_four_formats(open_page: OpenPage, sample_path: Path) -> None:
    app = open_page("data/reports", sample_path)
    assert not app.exception
    assert not app.error
    assert [button.label for button in app.get("download_button")][:4] == ["Web page", "PDF", "Markdown", "JSON"]
    page = app.get("iframe")[0].proto.srcdoc
    assert "was spent in" in page
    assert "webshop" in page
    app.segmented_control(key="redact").set_value("Totals only").run()
    page = app.get("iframe")[0].proto.srcdoc
    assert "was spent in" in page
    assert "webshop" not in page
    app.session_state["report sections"] = ["models"]
    app.run()
    assert app.get("iframe")[0].proto.srcdoc.count("<h2") == 1
