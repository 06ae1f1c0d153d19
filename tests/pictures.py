"""Small pictures of the pages: an eighth of their size in 16 greys, a few kilobytes each, so that they can lie in the repository.

They show where things are and how dark they are, not what is written: a card that moved, a chart that is gone, a column that was cut.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Final

from PIL import Image, ImageChops

from usage_analytics.demo import write_samples
from usage_analytics.ingest import import_paths
from usage_analytics.store import Store

FOLDER: Final = Path(__file__).parent / "browser" / "pictures"
NOW: Final = "2026-11-22T14:25"  # the sample ends the day before
SCALE: Final = 8
TALLEST: Final = 2400  # pixels of the page
GREYS: Final = 16
CLEAR: Final = 48  # of 255: a difference that an eye sees
TOLERANCE: Final = 0.01  # of the pixels may differ clearly


def small(picture: Path) -> Image.Image:
    """A picture of a page as it is kept."""
    with Image.open(picture) as opened:
        top = opened.convert("L").crop((0, 0, opened.width, min(opened.height, TALLEST)))
        return top.resize((max(top.width // SCALE, 1), max(top.height // SCALE, 1)), Image.Resampling.BOX)


def difference(one: Image.Image, other: Image.Image) -> float:
    """Which part of the pixels differs clearly, from 0 to 1; what only one of them has counts as different."""
    width, height = max(one.width, other.width), max(one.height, other.height)
    whole = [Image.new("L", (width, height), 128) for _ in range(2)]
    for canvas, picture in zip(whole, (one, other), strict=True):
        canvas.paste(picture, (0, 0))
    histogram = ImageChops.difference(*whole).histogram()
    return sum(histogram[CLEAR:]) / (width * height)


def accept(pictures: Iterable[Path]) -> None:
    """Keep them as those that tests compare with."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for picture in pictures:
        kept = FOLDER / picture.name
        small(picture).quantize(GREYS).save(kept, optimize=True)
        print(kept)


def sample(folder: Path) -> Path:
    """A database of the sample data as tests have it; whatever is started from here on takes `NOW` for now."""
    os.environ["USAGE_ANALYTICS_NOW"] = NOW
    write_samples(folder / "exports", today=date(2026, 11, 22))
    store = Store(folder / "usage.duckdb")
    import_paths(store, [folder / "exports"])
    store.close()
    return store.path
