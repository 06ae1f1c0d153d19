"""The settings that we compare with: what an article advises, a week's burn, and what the product's form starts with."""

from __future__ import annotations

from typing import Final

from usage_analytics.answers.auto_reload.advice import SMALLEST_GAP_NANOS, USD, Policy

# Threshold, reload amount, monthly cap and for whom, in dollars: the table of the article. The row that fits is the first whose cap
# covers a month's spend. The first row's amount is less than the product accepts, and is taken as the least that it does.
ARTICLE: Final = (("Light", 2, 5, 20), ("Moderate", 5, 20, 100), ("Heavy", 10, 50, 300), ("Team", 20, 100, None))
PRODUCT_DEFAULT: Final = Policy(5 * USD, 15 * USD)


def article_row(monthly_usd: float) -> tuple[str, Policy]:
    """Return the article's row for someone who spends so many dollars a month, with its name."""
    fits = (row for row in ARTICLE if row[3] is None or monthly_usd <= row[3])
    name, threshold, amount, cap = next(fits)
    return name, Policy(
        threshold * USD, threshold * USD + max(amount * USD, SMALLEST_GAP_NANOS), None if cap is None else cap * USD
    )


def weeks_burn(weekly_usd: float) -> Policy:
    """Return “load at least a week”: a day's spend as the threshold, a week's as the reload amount."""
    threshold = max(1, round(weekly_usd / 7))
    return Policy(threshold * USD, threshold * USD + max(round(weekly_usd) * USD, SMALLEST_GAP_NANOS))
