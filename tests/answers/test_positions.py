"""A call's cost against its place in the conversation."""

from __future__ import annotations

import pandas as pd
import pytest

from usage_analytics.answers.conversations.positions import Position, curve


def row(app: str, model: str, first: int, calls: int, each: float, *, again: float | None = 0) -> dict[str, object]:
    return {
        "app": app,
        "model": model,
        "from_index": first,
        "calls": calls,
        "prompt_tokens": calls * 1000,
        "cost_nanos": calls * each,
        "resend_nanos": None if again is None else calls * again,
    }


def frame(*rows: dict[str, object]) -> pd.DataFrame:
    return pd.DataFrame(rows).astype({"calls": "float64", "cost_nanos": "float64", "resend_nanos": "float64"})


def at(message: int, *rows: dict[str, object]) -> Position:
    found = curve(frame(*rows)).at(message)
    assert found is not None
    return found


def test_a_place_is_measured_by_the_first_call() -> None:
    place = at(60, row("a", "m", 1, 40, 10), row("a", "m", 48, 200, 85, again=60))
    assert place.times == pytest.approx(8.5)
    assert place.times_again == pytest.approx(6.0)
    assert (place.per_call, place.first_nanos) == (85, 10)


def test_a_dear_model_that_goes_far_does_not_make_long_conversations_look_dear() -> None:
    """Short conversations run on the cheap model, long ones on the dear one, and no conversation grows dearer."""
    cheap, dear = row("a", "cheap", 1, 1000, 1), row("a", "dear", 1, 20, 50)
    place = at(60, cheap, dear, row("a", "dear", 48, 400, 50))
    assert place.times == pytest.approx(1)


def test_the_same_model_in_two_apps_is_two_things() -> None:
    place = at(60, row("chat", "m", 1, 100, 1), row("code", "m", 1, 100, 20), row("code", "m", 48, 100, 40))
    assert place.times == pytest.approx(2)


def test_a_place_without_a_first_to_measure_by_has_no_multiple() -> None:
    place = at(60, row("a", "m", 1, 40, 10), row("a", "switched to", 48, 100, 85))
    assert place.times is None
    assert place.per_call == 85


def test_a_place_with_few_calls_says_nothing() -> None:
    found = curve(frame(row("a", "m", 1, 40, 10), row("a", "m", 48, 19, 85)))
    assert found.at(60) is None
    assert found.too_few


def test_bands_double_in_two_steps_and_leave_no_message_out() -> None:
    firsts = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256)
    places = curve(frame(*(row("a", "m", first, 50, 10) for first in firsts))).positions
    assert [place.last + 1 for place in places[:-1]] == [place.first for place in places[1:]]
    assert [place.name for place in places[:5]] == ["1", "2", "3", "4–5", "6–7"]


def test_history_that_a_source_does_not_tell_is_unknown() -> None:
    assert at(60, row("a", "m", 1, 40, 10, again=None), row("a", "m", 48, 40, 20, again=None)).again is None


def test_calls_without_a_model_are_compared_with_their_like() -> None:
    rows = frame(row("a", "m", 1, 40, 10), row("a", "m", 48, 40, 20))
    found = curve(rows.assign(model=None)).at(60)
    assert found is not None
    assert found.times == pytest.approx(2)


def test_without_calls_there_is_no_curve() -> None:
    assert curve(frame(row("a", "m", 1, 40, 10)).iloc[:0]).positions == ()
