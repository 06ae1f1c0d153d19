"""Quantiles of many rows at once, ignoring unknown values (NaN)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from usage_analytics.answers.background.units import Array


def ordered(rows: Array) -> tuple[Array, Array]:
    """Return each row sorted, with unknown values last, and the number of known values in each."""
    return np.sort(rows, axis=1), np.sum(~np.isnan(rows), axis=1)


def quantile(rows: Array, count: Array, share: float) -> Array:
    """Return a quantile of the known values of each row; `rows` and `count` are from `ordered`. It is 0 if a row has none."""
    place = np.maximum(count - 1, 0) * share
    low = np.floor(place).astype(np.int64)
    at = np.arange(len(rows))
    lower, upper = rows[at, low], rows[at, np.minimum(low + 1, np.maximum(count - 1, 0))]
    return np.asarray(np.nan_to_num(lower + (upper - lower) * (place - low)))
