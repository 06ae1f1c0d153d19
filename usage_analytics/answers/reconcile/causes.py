"""Why what was billed differs from what was computed, judged from the figures themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from typing import Final, Literal

Cause = Literal[
    "agrees", "rounding", "zone", "missing", "batch", "price", "unfinished", "other_machine", "other_key", "no_calls", "unknown"
]
CENT: Final = 10_000_000  # nano-dollars
SENTENCES: Final[dict[Cause, str]] = {
    "agrees": "They agree.",
    "rounding": "The report rounds each row to the cent.",
    "zone": "Their days start at different hours.",
    "missing": "No report covers this day yet.",
    "batch": "Billed at half the list price, like batches.",
    "price": "Billed at the same share of the list price every day: a discount or a negotiated price.",
    "unfinished": "The log doesn't show all output. Estimating it explains most of the difference.",
    "other_machine": "The key was also used elsewhere: on another machine or by another person.",
    "other_key": "The calls cost more than this key's bill: some belong to another key or the plan.",
    "no_calls": "Only the report shows it; you imported no calls for this key.",
    "unknown": "Nothing in your data explains it.",
}
ZONES: Final = range(-12, 15)  # hours


@dataclass(frozen=True, slots=True)
class Line:
    """One day and model: what was billed, what its tokens come to at list prices, what calls come to. Nano-dollars; None is unknown."""

    day: date
    model: str | None
    billed_nanos: int | None
    usage_nanos: int | None
    call_nanos: int | None
    call_estimated_nanos: int | None
    itemized_nanos: int | None  # of what is stated: the keys that the calls are on
    billed_rows: int = 0
    bill: str = "anthropic"

    @property
    def stated_nanos(self) -> int | None:
        """What the first of the reports says."""
        return self.usage_nanos if self.billed_nanos is None else self.billed_nanos

    @property
    def computed_nanos(self) -> int | None:
        """The tokens of the usage report at list prices; without a bill beside it, what calls come to on the keys that they are on."""
        if self.billed_nanos is not None and self.usage_nanos is not None:
            return self.usage_nanos
        if self.itemized_nanos is None or self.stated_nanos is None or self.call_estimated_nanos is None:
            return self.call_estimated_nanos
        return self.stated_nanos - self.itemized_nanos + self.call_estimated_nanos

    @property
    def difference_nanos(self) -> int | None:
        """Stated less computed; None where either is unknown."""
        stated, computed = self.stated_nanos, self.computed_nanos
        return None if stated is None or computed is None else stated - computed


def zone_shift(stated: Mapping[date, int], hours: Mapping[datetime, int]) -> int | None:
    """By how many hours the days of a report begin later than in UTC, where that explains most of its difference; else None."""
    total = sum(stated.values())  # nano-dollars
    if len(stated) < 2 or not hours or not total:
        return None
    errors = {shift: _error(stated, hours, shift) for shift in ZONES}
    best = min(ZONES, key=lambda shift: (errors[shift], abs(shift)))
    return best if best and errors[0] > 0.05 * total and errors[best] < 0.2 * errors[0] else None


def discounts(lines: Sequence[Line]) -> dict[str | None, float]:
    """For each model that is billed at one and the same part of its list price on three days or more: which part."""
    ratios: dict[str | None, list[float]] = {}
    for line in lines:
        if line.billed_nanos and line.usage_nanos and line.billed_nanos > 20 * CENT:
            ratios.setdefault(line.model, []).append(line.billed_nanos / line.usage_nanos)
    steady = {
        model: found for model, found in ratios.items() if len(found) >= 3 and max(found) - min(found) < 0.02 * median(found)
    }
    return {model: median(found) for model, found in steady.items() if abs(median(found) - 1) > 0.01}


def cause(line: Line, *, shift: int | None, discounted: Mapping[str | None, float]) -> Cause:
    """The likely cause of a line's difference."""
    difference, stated = line.difference_nanos, line.stated_nanos or 0
    if line.stated_nanos is None:
        return "missing"
    if difference is None:
        return "no_calls"
    if abs(difference) <= 1000:
        return "agrees"
    if abs(difference) <= line.billed_rows * CENT / 2:
        return "rounding"
    if shift is not None:
        return "zone"
    if line.billed_nanos is not None and line.usage_nanos:
        ratio = line.billed_nanos / line.usage_nanos
        if line.model in discounted:
            return "batch" if abs(ratio - 0.5) < 0.02 else "price"
        return "batch" if abs(ratio - 0.5) < 0.02 else "unknown"
    return "other_key" if difference < 0 and abs(difference) > 0.01 * stated else gap_cause(line) or "unknown"


def gap_cause(line: Line) -> Cause | None:
    """Why calls come to less than the key that they are on; None where they don't."""
    if line.call_nanos is None or line.itemized_nanos is None:
        return None
    gap = line.itemized_nanos - line.call_nanos
    recovered = (line.call_estimated_nanos or line.call_nanos) - line.call_nanos
    return None if gap <= CENT / 2 else "unfinished" if recovered >= 0.5 * gap else "other_machine"


def _error(stated: Mapping[date, int], hours: Mapping[datetime, int], shift: int) -> int:
    """How far daily sums are from those stated, if days began `shift` hours later. The first and last day may be cut off."""
    sums: dict[date, int] = {}
    for hour, nanos in hours.items():
        day = (hour - timedelta(hours=shift)).date()
        sums[day] = sums.get(day, 0) + nanos
    return sum(abs(nanos - sums.get(day, 0)) for day, nanos in stated.items())
