"""The page that holds the dashboard: Streamlit's, with the width of the window and the styles for paper put before what it loads."""

from __future__ import annotations

from pathlib import Path

import pytest
import streamlit as st

from tests.server.asked import client
from usage_analytics.server.options import HOME


@pytest.mark.parametrize("page", ["", *(script.stem for script in HOME.glob("pages/*/*.py"))])
def test_every_page_brings_the_width_before_the_session_opens(page: str) -> None:
    found = client().get(f"/{page}")
    own, scripts = found.text.index('<script src="/screen.js"></script>'), found.text.index('<script type="module"')
    assert own < scripts
    assert '<link rel="stylesheet" href="/print.css" media="print" />' in found.text
    assert found.headers["cache-control"] == "no-cache"


def test_the_rest_of_the_page_is_streamlits() -> None:
    theirs = (Path(st.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
    assert theirs.split("<head>")[1] in client().get("/").text


@pytest.mark.parametrize(("name", "kind"), [("screen.js", "text/javascript"), ("print.css", "text/css")])
def test_the_script_and_the_styles_are_served(name: str, kind: str) -> None:
    found = client().get(f"/{name}")
    assert (found.status_code, found.headers["content-type"].split(";")[0]) == (200, kind)
