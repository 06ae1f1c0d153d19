"""The figure of what each lever saves."""

from __future__ import annotations

from usage_analytics.answers.savings import Range
from usage_analytics.figures import savings

USD = 10**9


def test_a_bar_goes_from_low_to_high_and_a_dot_stands_at_the_middle() -> None:
    bars, dots = savings.ranges((("Batches", Range(2 * USD, 3 * USD, 7 * USD)), ("<b>Odd</b>", Range(0, USD, USD)))).data
    assert list(bars.base) == [2.0, 0.0]
    assert list(bars.x) == [5.0, 1.0]
    assert list(dots.x) == [3.0, 1.0]


def test_a_title_is_text_and_no_tag() -> None:
    figure = savings.ranges((("<img src=x>", Range(0, USD, USD)),))
    assert "<img" not in figure.layout.annotations[0].text
