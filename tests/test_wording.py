"""One word for one thing, short sentences, plain English: in every text that people read, and in what the sample data makes of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from tests import wording
from tests.wording import Text, flesch, offenders, words
from usage_analytics import reports
from usage_analytics.answers import (
    Headline,
    Kpi,
    apps,
    auto_reload,
    background,
    balance,
    conversations,
    imports,
    models,
    overview,
    reconcile,
    savings,
)
from usage_analytics.control import Control
from usage_analytics.filters import Filters
from usage_analytics.question import Question
from usage_analytics.question.ask import ask
from usage_analytics.store import Store

PLAIN_ENGLISH = 60.0  # reading ease
LONGEST_ANSWER = 25  # words
TOPICS = (apps, auto_reload, background, balance, conversations, imports, models, overview, reconcile, savings)
SECTIONS = tuple(section for section in reports.SECTIONS if section != "background")  # it quotes the verdicts
# Files in which a word still stands that we do not use. None is added; one that is mended is struck off.
STILL_WRONG: frozenset[str] = frozenset()


@pytest.fixture(scope="module")
def question(sample_path: Path) -> Iterator[Question]:
    """The last thirty days of the sample."""
    store = Store(sample_path)
    yield ask(store, Control.beside(store.path), now=datetime(2026, 11, 22, 14, 25), kept=Filters(), zone="UTC", sample=True)
    store.close()


@pytest.fixture(scope="module")
def texts() -> list[Text]:
    return list(wording.shown())


def headlines(question: Question) -> list[Text]:
    """What every topic says first."""
    said: list[tuple[str, Headline]] = [(topic.__name__, topic.answer(question).headline) for topic in TOPICS]
    return [Text(name, 0, text) for name, one in said for text in (one.lead, one.detail)]


def labels(question: Question) -> list[Text]:
    """The labels of every topic's figures, and their help."""
    found: list[tuple[str, Kpi]] = [
        (topic.__name__, one)
        for topic in TOPICS
        for one in getattr(topic.answer(question), "figures", ())
        if isinstance(one, Kpi)
    ]
    return [Text(name, 0, text) for name, one in found for text in (one.label, one.help or "")]


def report(question: Question) -> list[Text]:
    """Every line of the report."""
    content = reports.render(reports.make(question, sections=SECTIONS), "md").decode()
    return [Text("report", number, line) for number, line in enumerate(content.splitlines(), 1)]


def test_every_text_uses_the_words_of_the_glossary(texts: list[Text]) -> None:
    wrong = {one.file for one in texts if offenders([one])}
    assert not wrong - STILL_WRONG, "\n".join(offenders([one for one in texts if one.file not in STILL_WRONG]))


def test_the_readme_and_the_guides_use_the_words_of_the_glossary() -> None:
    found = offenders(list(wording.documents()))
    assert not found, "\n".join(found)


def test_what_the_sample_shows_uses_the_words_of_the_glossary(question: Question) -> None:
    found = offenders([*headlines(question), *labels(question), *report(question)])
    assert not found, "\n".join(found)


def test_sentences_read_easily(texts: list[Text], question: Question) -> None:
    in_code = [sentence for one in texts for sentence in one.sentences]
    shown = [sentence for one in (*headlines(question), *labels(question), *report(question)) for sentence in one.sentences]
    assert len(in_code) > 500
    assert len(shown) > 80
    assert flesch(in_code) >= PLAIN_ENGLISH
    assert flesch(shown) >= PLAIN_ENGLISH


def test_an_answer_has_no_long_sentence(question: Question) -> None:
    sentences = [sentence for one in headlines(question) for sentence in one.sentences]
    assert len(sentences) > 15
    long = [f"{len(words(one))} words: {one}" for one in sentences if len(words(one)) > LONGEST_ANSWER]
    assert not long, "\n".join(long)


def test_a_word_that_we_do_not_use_is_found_and_the_name_of_a_format_is_not() -> None:
    found = offenders([Text("page.py", 3, "The dearest lever fires at $5; usage events and an event format")])
    assert [one.split("“")[1].split("”")[0] for one in found] == ["fires", "lever", "dearest"]


@pytest.mark.parametrize(
    ("slip", "rule"),
    [
        ("One row a request", "one of a kind: per"),
        ("It is in the the log", "said twice"),
        ("inbox-watcher, inbox-watcher and nightly", "listed twice"),
        ("webshop and webshop drain", "listed twice"),
        ("1 call are unpriced", "1 is"),
        ("a error of the API", "an"),
        ("an balance", "a"),
        ("You get it by e-mail", "email"),
        ("Since 21 Nov 2026", "Nov 21, 2026"),
        ("What the article says", "Claude's guide"),
        ("By your next usual hour", "the time you're usually back"),
        ("You are told once", "alerts, says"),
        ("The file lies beside it", "is in"),
        ("An organisation's key", "US spelling"),
    ],
)
def test_a_slip_is_found(slip: str, rule: str) -> None:
    assert [f"({rule})" in one for one in offenders([Text("page.py", 1, slip)])] == [True]


def test_what_reads_well_is_left_alone() -> None:
    fine = (
        "1 call is unpriced; 21 calls are unpriced. An hour, an API key, a user and a one-time link. A proxy with sign-in in front. "
        "6.4 h of it in your usual hours. Since Nov 21, 2026. More and more. One row per call."
    )
    assert not offenders([Text("page.py", 1, fine)])


def test_reading_ease_is_what_others_measure() -> None:
    # Two examples of Flesch's formula with published values: about 116 and about 37.
    assert flesch(["The cat sat on the mat."]) == pytest.approx(116, abs=1)
    platypus = "The Australian platypus is seemingly a hybrid of a mammal and reptilian creature."
    assert flesch([platypus]) == pytest.approx(37.5, abs=7)
