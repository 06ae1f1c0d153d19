"""Names from data are shown, never obeyed."""

from __future__ import annotations

import pytest

from usage_analytics.ui.text import md


@pytest.mark.parametrize("sign", list("\\`*_{}[]()<>#+-.!|~:$"))
def test_every_sign_that_means_something_to_markdown_is_escaped(sign: str) -> None:
    assert f"\\{sign}" in md(f"a{sign}b")


def test_an_image_in_a_name_is_not_an_image() -> None:
    assert md("![x](http://evil.example/p.png)").startswith("\\!\\[x\\]\\(")


@pytest.mark.parametrize(
    "text", ["http://evil.example", "www.evil.example", "someone@evil.example", ":material/bolt:", ":red[x]", "a -> b"]
)
def test_what_is_turned_into_a_link_or_an_icon_after_the_escapes_is_broken_up(text: str) -> None:
    shown = md(text).replace("\\", "")
    assert "\N{WORD JOINER}" in shown
    assert shown.replace("\N{WORD JOINER}", "") == text


def test_a_name_cannot_begin_a_line_of_its_own() -> None:
    assert "\n" not in md("one\n\n# two")
