"""The one SQL expression for the price of a call, for whoever has a DuckDB connection.

Run `cost_sql()` on a connection (the macros are temporary, so on each cursor anew) that has the table `rate`. Then any relation
with the columns of `observation` and `estimated_output_tokens`, a common table expression included, is priced by its name:

    with merged as (…)
    select
        m.* exclude (computed_cost_nanos, computed_estimated_cost_nanos, cache_read_cost_nanos, fresh_prompt_cost_nanos),
        m.computed_cost_nanos,             -- null is unpriced
        m.computed_estimated_cost_nanos,
        m.cache_read_cost_nanos,           -- the two parts of the cost that a re-sent prompt is made of
        m.fresh_prompt_cost_nanos
    from priced('merged') as m
"""

from __future__ import annotations

from functools import cache
from pathlib import Path


@cache
def cost_sql() -> str:
    """The statements that make `priced(calls)`, `rate_card()` and their parts."""
    card = f"create or replace temp macro rate_card() as table\n{rate_card_sql()};\n\n"
    return card + Path(__file__).with_name("cost.sql").read_text(encoding="utf-8")


@cache
def rate_card_sql() -> str:
    """The rows of `rate_card()` as a query: the rates of each model and span of time, side by side."""
    return Path(__file__).with_name("rate_card.sql").read_text(encoding="utf-8").strip()
