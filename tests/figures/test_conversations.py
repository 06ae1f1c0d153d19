"""The figure of what a call costs at its position."""

from __future__ import annotations

import pytest

from usage_analytics.answers.conversations.positions import Curve, Position
from usage_analytics.figures import conversations


def position(first: int, last: int, times: float | None, again: float = 0.5) -> Position:
    return Position(
        first, last, calls=40, per_call=10 * (times or 1), prompt_tokens=900, again=again, first_nanos=10, times=times
    )


CURVE = Curve((position(1, 1, 1.0, 0), position(2, 2, None), position(32, 47, 3.0, 15), position(48, 63, 4.0, 30)), too_few=False)


def test_history_and_what_is_new_add_up_to_the_multiple() -> None:
    again, new = conversations.by_position(CURVE, 60, 10).data
    assert [one + other for one, other in zip(again.y, new.y, strict=True)] == pytest.approx([1, 3, 4])
    assert again.y == pytest.approx((0, 1.5, 3))


def test_a_place_without_a_multiple_is_not_drawn() -> None:
    assert conversations.by_position(CURVE, 60, 10).data[0].x == ("1", "32", "48")


def test_the_message_of_the_claim_stands_on_its_own_bar() -> None:
    (mark,) = conversations.by_position(CURVE, 60, 10).layout.annotations
    assert mark.x == 2
    assert "Message 60: 4.0×" in mark.text
    assert "up to 10×" in mark.text


def test_without_that_message_there_is_no_mark() -> None:
    assert not conversations.by_position(CURVE, 300, 10).layout.annotations
    assert not conversations.by_position(Curve((position(48, 63, None),), too_few=True), 60, 10).layout.annotations
