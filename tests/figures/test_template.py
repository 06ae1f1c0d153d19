"""Colours that can be told apart and read, in both themes, by any eye; names that stay names."""

from __future__ import annotations

import itertools
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from usage_analytics.figures import template

# How the three kinds of colour blindness see linear RGB (Machado, Oliveira and Fernandes 2009, full severity).
EYES = {
    "normal": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protan": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deutan": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritan": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}
Triple = tuple[float, ...]


SAID_IN_COLOUR = {"red", "orange", "green", "blue", "gray", "link"}  # badges, captions, links


@pytest.fixture
def themes(project: Path) -> dict[str, Any]:
    config = tomllib.loads((project / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    return {mode: config["theme"][mode] for mode in ("light", "dark")}


@pytest.fixture(params=["light", "dark"])
def theme(request: pytest.FixtureRequest, themes: dict[str, Any]) -> Any:
    return themes[request.param]


def linear(colour: str) -> Triple:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    return tuple(c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)


def contrast(one: str, other: str) -> float:
    light, dark = sorted((0.2126 * r + 0.7152 * g + 0.0722 * b for r, g, b in (linear(one), linear(other))), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def seen(colour: str, eye: str) -> Triple:
    """The colour in CIE Lab, as an eye sees it."""
    r, g, b = (min(1, max(0, sum(m * c for m, c in zip(row, linear(colour), strict=True)))) for row in EYES[eye])
    x, y, z = (
        (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.95047,
        0.2126 * r + 0.7152 * g + 0.0722 * b,
        (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.08883,
    )
    fx, fy, fz = (t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def test_every_mark_stands_out_from_the_page(theme: dict[str, Any]) -> None:
    weak = {
        c: contrast(c, theme["backgroundColor"])
        for c in theme["chartCategoricalColors"]
        if contrast(c, theme["backgroundColor"]) < 3
    }
    assert not weak


def test_text_can_be_read_on_its_background(theme: dict[str, Any]) -> None:
    grounds = (theme["backgroundColor"], theme["secondaryBackgroundColor"])
    assert min(contrast(theme[name], ground) for name in ("textColor", "linkColor") for ground in grounds) >= 4.5
    assert contrast(theme["dataframeHeaderTextColor"], theme["dataframeHeaderBackgroundColor"]) >= 4.5


def test_captions_badges_and_code_can_be_read_on_their_backgrounds(theme: dict[str, Any]) -> None:
    named = {name: theme[name] for name in theme if name.endswith("Color") and name.removesuffix("Color") in SAID_IN_COLOUR}
    grounds = (theme["backgroundColor"], theme["secondaryBackgroundColor"], theme["sidebar"]["backgroundColor"])
    weak = {(name, ground): contrast(colour, ground) for name, colour in named.items() for ground in grounds}
    assert len(named) == len(SAID_IN_COLOUR)
    assert not {pair: found for pair, found in weak.items() if found < 4.5}
    assert contrast(theme["codeTextColor"], theme["codeBackgroundColor"]) >= 4.5
    assert contrast(theme["sidebar"]["textColor"], theme["sidebar"]["secondaryBackgroundColor"]) >= 4.5


def test_a_filled_button_is_there_only_where_its_white_text_can_be_read(theme: dict[str, Any], themes: dict[str, Any]) -> None:
    filled = theme is themes["light"]  # `session.main_button` fills none on dark
    assert (contrast("#FFFFFF", theme["primaryColor"]) >= 4.5) is filled


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_the_name_and_the_mark_can_be_seen_on_the_sidebar(mode: str, themes: dict[str, Any], project: Path) -> None:
    ground = themes[mode]["sidebar"]["backgroundColor"]
    drawn = (project / "static" / f"logo-{mode}.svg").read_text(encoding="utf-8")
    tile, *bars, name = re.findall(r'fill="(#\w+)"', drawn.replace('"#FFF"', '"#FFFFFF"'))
    assert contrast(name, ground) >= 4.5
    assert contrast(tile, ground) >= 3
    assert min(contrast(bar, tile) for bar in bars) >= 3


@pytest.mark.parametrize("eye", EYES)
def test_the_five_hues_of_a_figure_and_its_grey_differ_for_every_eye(theme: dict[str, Any], eye: str) -> None:
    colours = [*theme["chartCategoricalColors"][:5], theme["chartCategoricalColors"][9]]
    apart = min(
        sum((a - b) ** 2 for a, b in zip(seen(one, eye), seen(other, eye), strict=True)) ** 0.5
        for one, other in itertools.combinations(colours, 2)
    )
    assert apart >= 18


def test_a_model_keeps_its_colour_whatever_is_filtered() -> None:
    palette = template.Palette(tuple("abcdefghijk"))
    assert palette.colour("c") == template.HUES[2]
    assert palette.colour("k") == palette.colour("never seen") == palette.colour(None) == template.GREY


def test_the_tags_in_a_name_are_shown_and_not_obeyed() -> None:
    assert template.label("<a href='http://evil.example'>x</a>") == "&lt;a href='http://evil.example'&gt;x&lt;/a&gt;"


def test_a_figure_has_no_colour_of_its_own_so_that_it_follows_the_theme() -> None:
    assert all(
        colour.startswith("#0000") for colour in (*template.HUES, template.GREY, template.INK, template.PAPER, template.GRID)
    )
