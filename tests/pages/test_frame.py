"""What surrounds every page: filters in the URL, chips, the sample badge, the first visit, errors."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.databases import add, new
from tests.pages.conftest import OpenPage
from tests.transcripts import call, prompt, text

SPEND = ("spend/overview", "spend/models")


def texts(app: AppTest) -> str:
    """All that the page says, without the marks that make it safe."""
    said = [*app.title, *app.header, *app.markdown, *app.caption, *app.error]
    return " ".join(str(one.value) for one in said).replace("\\", "")


def press(app: AppTest, label: str) -> AppTest:
    """Press the button of that name."""
    return next(one for one in app.button if one.label == label).click().run()


def settled(app: AppTest) -> AppTest:
    """The page once its background work is done."""
    for _ in range(100):
        if not {"Reading", "Read"} & {one.value for one in app.header}:
            return app
        time.sleep(0.1)
        app.run()
    raise AssertionError("the work in the background does not end")


@pytest.mark.parametrize("page", SPEND)
def test_a_first_visit_says_what_to_do_and_shows_no_figure(page: str, open_page: OpenPage, tmp_path: Path) -> None:
    app = open_page(page, tmp_path / "usage.duckdb")
    assert not app.exception
    assert not app.metric
    assert "No usage imported yet" in texts(app)
    assert {"This machine", "Drop a file", "Paste from claude.ai"} <= {one.value for one in app.header}
    assert {"We keep", "We never keep", "We never open"} <= set(re.findall(r"\*\*(.+?)\*\*", texts(app)))
    assert len(app.file_uploader) == 1
    assert [button.label for button in app.button] == ["Read what I pasted"]


def test_a_first_visit_with_claude_code_comes_to_the_answer_with_one_click(open_page: OpenPage, tmp_path: Path) -> None:
    folder = tmp_path / ".claude" / "projects" / "garden"
    folder.mkdir(parents=True)
    (folder / "one.jsonl").write_bytes(text(prompt(), call("a", 1), call("b", 2)))
    app = open_page("spend/overview", tmp_path / "usage.duckdb", now="2026-11-03T18:00")
    assert "1 transcript" in texts(app)
    app = settled(press(app, "Read my Claude Code usage"))
    assert not app.exception
    assert "You spent $" in texts(app)
    assert "1 file imported: 2 new calls." in app.toast[0].value.replace("\\", "")
    assert app.segmented_control(key="span").value == "30 days"


def test_a_first_import_of_old_usage_is_looked_at_whole(open_page: OpenPage, tmp_path: Path) -> None:
    app = open_page("spend/models", tmp_path / "usage.duckdb", now="2027-11-03T18:00")
    app.file_uploader[0].set_value([("one.jsonl", text(prompt(), call("a", 1), call("b", 2)), "application/octet-stream")])
    app = settled(app.run())
    assert "1 file holds 2 calls worth" in texts(app)
    app = settled(press(app, "Import 1 file"))
    assert not app.exception
    assert app.segmented_control(key="span").value == "All"
    assert app.metric


@pytest.mark.slow
def test_a_first_import_can_be_canceled_and_leaves_nothing(open_page: OpenPage, tmp_path: Path) -> None:
    app = open_page("spend/overview", tmp_path / "usage.duckdb", now="2026-11-03T18:00")
    large = text(*(call(f"c{number}", number) for number in range(60_000)))
    app.file_uploader[0].set_value([("large.jsonl", large, "application/octet-stream")])
    app.run()
    assert "Reading" in {one.value for one in app.header}
    app = settled(press(app, "Cancel"))
    assert not app.exception
    assert [one.value.replace("\\", "") for one in app.info] == ["Canceled. Nothing was imported."]
    assert "No usage imported yet" in texts(app)
    assert not list(tmp_path.glob(".staging-*"))


def test_what_is_pasted_on_a_first_visit_is_shown_before_it_is_added(open_page: OpenPage, tmp_path: Path) -> None:
    app = open_page("spend/overview", tmp_path / "usage.duckdb")
    app.text_area[0].set_value("occurred_at,app,model,cost_usd\n2026-11-20T10:00:00Z,Cursor,gpt-5,1.25\n")
    app = settled(press(app, "Read what I pasted"))
    assert "1 file holds 1 call worth $1.25." in texts(app)
    app = settled(press(app, "Import 1 file"))
    assert "You spent $1.25" in texts(app)


def test_a_pasted_balance_alone_is_kept_and_asks_for_usage(open_page: OpenPage, tmp_path: Path) -> None:
    app = open_page("spend/overview", tmp_path / "usage.duckdb")
    app.text_area[0].set_value('{"amount": 1250, "currency": "USD", "auto_reload_settings": null, "tranches": []}')
    app = settled(press(app, "Read what I pasted"))
    app = settled(press(app, "Import 1 file"))
    assert not app.exception
    assert "Balance and limits imported." in texts(app)
    assert "Add usage to see where the money went." in texts(app)
    app.switch_page("pages/data/settings.py").run()
    assert "$12.50 is left" in texts(app)


def test_the_view_is_in_the_url(open_page: OpenPage, sample_path: Path) -> None:
    app = open_page("spend/models", sample_path, span="All", model=["Opus 5.5", "Sonnet 5.5"])
    assert app.segmented_control(key="span").value == "All"
    assert app.multiselect(key="model").value == ["claude-opus-5-5", "claude-sonnet-5-5"]
    assert len(app.dataframe(key="models").value) == 3  # two models and their total


def test_what_the_url_asks_for_in_vain_is_ignored(open_page: OpenPage, sample_path: Path) -> None:
    app = open_page("spend/overview", sample_path, span="yesterday'; drop table call; --", model="nobody", grain="century")
    assert not app.exception
    assert app.segmented_control(key="span").value == "30 days"
    assert app.multiselect(key="model").value == []


def test_filters_are_kept_from_page_to_page(open_page: OpenPage, sample_path: Path) -> None:
    app = open_page("spend/overview", sample_path)
    app.multiselect(key="app").select("Cursor").run()
    app.switch_page("pages/spend/models.py").run()
    assert app.multiselect(key="app").value == ["Cursor"]


def test_a_chip_removes_its_filter(open_page: OpenPage, sample_path: Path) -> None:
    app = open_page("spend/models", sample_path, model=["Opus 5.5"])
    chip = next(button for button in app.button if button.label.startswith("Model: "))
    chip.click().run()
    assert app.multiselect(key="model").value == []


@pytest.mark.parametrize("page", SPEND)
def test_a_span_without_usage_offers_the_way_out(page: str, open_page: OpenPage, sample_path: Path) -> None:
    app = open_page(page, sample_path, span="Custom", dates=["2020-01-01", "2020-01-31"])
    assert not app.metric
    assert "No usage in the 31 days from Jan 1, 2020 to Jan 31, 2020" in texts(app)
    next(button for button in app.button if button.label == "Show all my data").click().run()
    assert app.segmented_control(key="span").value == "All"
    assert app.metric


def test_the_sample_is_labelled_and_left_with_one_click(
    open_page: OpenPage, sample_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("USAGE_ANALYTICS_SAMPLE_DB", str(sample_path))
    app = open_page("spend/overview", tmp_path / "usage.duckdb")
    assert "Sample data" in texts(app)
    next(button for button in app.button if button.label == "Start with my own data").click().run()
    assert "Sample data" not in texts(app)
    assert "No usage imported yet" in texts(app)
    next(button for button in app.button if button.label == "Look at sample data").click().run()
    assert "Sample data" in texts(app)


def test_a_broken_database_is_a_sentence_and_not_a_traceback(open_page: OpenPage, tmp_path: Path) -> None:
    broken = tmp_path / "usage.duckdb"
    broken.write_bytes(b"this is not a database" * 1000)
    app = open_page("spend/overview", broken)
    assert not app.exception
    assert "usage.duckdb" in app.error[0].value.replace("\\", "")


def test_a_database_that_was_made_again_is_said_on_the_page_until_it_is_dismissed(open_page: OpenPage, tmp_path: Path) -> None:
    store = new(tmp_path)
    add(store, {"a.jsonl": text(call("a"))})
    store.close()
    store.path.unlink()
    app = open_page("spend/overview", store.path)
    assert not app.exception
    (warning,) = app.warning
    assert "usage.duckdb is missing; we rebuilt it from the archive" in str(warning.value).replace("\\", "")
    app.button(key="made_again_dismiss").click().run()
    assert not app.warning


def test_the_sample_tells_its_story_in_the_words_of_the_answers_and_leads_through_four_pages(
    open_page: OpenPage, sample_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("USAGE_ANALYTICS_SAMPLE_DB", str(sample_path))
    app = open_page("spend/overview", tmp_path / "usage.duckdb")
    story = texts(app)
    assert "Robin, a made-up developer" in story
    for wrong in ("A drain.", "A wrong auto-reload.", "An expensive habit."):
        assert f"**{wrong}**" in story
    for page in ("background", "auto_reload", "savings"):
        assert len([one for one in app.button if one.label.startswith("Next: ")]) == 1
        app.switch_page(f"pages/control/{page}.py").run()
        if page == "background":
            assert app.header[0].value.replace("\\", "") in story
    assert "End the tour" in [one.label for one in app.button]
    app.switch_page("pages/spend/models.py").run()
    assert not [one for one in app.button if "tour" in one.label]
    press(app.switch_page("pages/spend/overview.py").run(), "Skip the tour")
    assert "Robin" not in texts(app)
    press(app, "Take the tour")
    assert "Robin, a made-up developer" in texts(app)
