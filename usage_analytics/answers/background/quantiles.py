"""Quantiles of many rows at once, each of what is known in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from usage_analytics.answers.background.units import Array


def ordered(rows: Array) -> tuple[Array, Array]:
    """Each row in order, what is not known last; and how many are known."""
    return np.sort(rows, axis=1), np.sum(~np.isnan(rows), axis=1)


def quantile(rows: Array, count: Array, share: float) -> Array:
    """The quantile of what is known in each row, as of `ordered`; 0 where nothing is."""
    place = np.maximum(count - 1, 0) * share
    low = np.floor(place).astype(np.int64)
    at = np.arange(len(rows))
    lower, upper = rows[at, low], rows[at, np.minimum(low + 1, np.maximum(count - 1, 0))]
    return np.asarray(np.nan_to_num(lower + (upper - lower) * (place - low)))
