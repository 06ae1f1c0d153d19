"""The most expensive conversations: what one more message costs, and from where a new conversation would have been cheaper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

WORTH_NANOS: Final = 50_000_000  # a saving below five cents is not worth the trouble
WORTH_SHARE: Final = 0.05  # nor is one below a twentieth of what the conversation cost
NOTE: Final = (
    "Each message sends the earlier ones again. If you don't need them, starting fresh saves money; "
    "“Would save” already subtracts the cost of the new first call."
)
TRIED: Final = 60  # places at which a fresh start is tried, evenly spread


@dataclass(frozen=True, slots=True)
class FreshStart:
    """The place from which a new conversation would have been cheapest, and what it would have saved."""

    place: int
    saves_nanos: int


def fresh_start(
    calls: pd.DataFrame, *, carried_tokens: int = 0, worth_nanos: int = WORTH_NANOS, worth_share: float = WORTH_SHARE
) -> FreshStart | None:
    """Return where starting fresh would have saved most, in nano-dollars; None if it would have saved less than is worth the trouble.

    `calls` are those of one conversation in order (query `conversations_calls`). Earlier messages aren't sent again after the new start,
    up to where the client summarized them anyway; the new conversation pays for another first call. `carried_tokens` of them are assumed
    to be needed; with none, this is the most that could be saved.
    """
    return fresh_starts(calls, (carried_tokens,), worth_nanos=worth_nanos, worth_share=worth_share)[0]


def fresh_starts(
    calls: pd.DataFrame, carried: Sequence[int], *, worth_nanos: int = WORTH_NANOS, worth_share: float = WORTH_SHARE
) -> list[FreshStart | None]:
    """Return the same for each assumption of how many tokens are carried over, in their order."""
    cost, sent = (calls[name].to_numpy(dtype="float64", na_value=np.nan) for name in ("cost_nanos", "prompt_tokens"))
    known = ~np.isnan(cost) & (sent > 0)
    cost, sent = cost[known], sent[known]
    if len(cost) < 3:
        return [None] * len(carried)
    output, resent = (calls[name].to_numpy(dtype="float64", na_value=np.nan)[known] for name in ("output_tokens", "resend_nanos"))
    history = np.concatenate([[0.0], (sent + output)[:-1]])
    # what a token of history cost, added up over the calls before each place
    paid = np.concatenate([[0.0], np.cumsum(np.nan_to_num(resent) / sent)])
    starts = np.arange(2, len(sent), max(1, len(sent) // TRIED))
    shorter = ((sent[start:] < history[start]) for start in starts)
    until = np.array([int(found.argmax()) if found.any() else len(found) for found in shorter]) + starts
    worth = max(worth_nanos, worth_share * float(cost.sum()))
    places = calls["message_index"].to_numpy()[known][starts].tolist()
    found: list[FreshStart | None] = []
    for tokens in carried:
        best = FreshStart(0, 0)
        all_saved = (history[starts] - sent[0] - tokens) * (paid[until] - paid[starts]) - cost[0]
        for place, saves in zip(places, all_saved.tolist(), strict=True):
            if saves > best.saves_nanos:
                best = FreshStart(int(place), round(saves))
        found.append(best if best.saves_nanos >= worth else None)
    return found


def next_message(calls: pd.DataFrame, prices: pd.DataFrame) -> tuple[float | None, float | None]:
    """Return what one more call costs for its history alone, in nano-dollars: as cache reads, and rewritten to the cache after a break.

    `prices` are rows of the query `prices`. Both are None if the model has no price or there is no history.
    """
    if calls.empty:
        return None, None
    last = calls.iloc[-1]
    history = float(last["prompt_tokens"] + last["output_tokens"])
    rates = prices[(prices["model"] == last["model"]) & prices["tier"].isin(["standard", "long"])]
    rates = rates[rates["above_tokens"].isna() | (rates["above_tokens"] < history)]
    if rates.empty or not history:
        return None, None
    rate = rates.sort_values(["effective_from", "above_tokens"], na_position="first").iloc[-1]
    return history * rate["cache_read_picos"] / 1000, history * rate["cache_write_5m_picos"] / 1000


def table(rows: pd.DataFrame, calls: pd.DataFrame, prices: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of `conversations_costliest` with what a fresh start would save and what one more message costs.

    Columns beside those of the query: id (its first eight characters), resend_share, next_nanos, cold_nanos, fresh_place, fresh_nanos.
    """
    own = dict(iter(calls.groupby("conversation_id", sort=False)))
    parts = [own.get(key, calls.iloc[:0]) for key in rows["conversation_id"]]
    ahead = [next_message(part, prices) for part in parts]
    starts = [fresh_start(part) for part in parts]
    return rows.assign(
        id=[str(key)[:8] for key in rows["conversation_id"]],
        resend_share=rows["resend_nanos"] / rows["cost_nanos"],
        next_nanos=[warm for warm, _ in ahead],
        cold_nanos=[cold for _, cold in ahead],
        fresh_place=[f"message {start.place}" if start else None for start in starts],
        fresh_nanos=[start.saves_nanos if start else None for start in starts],
    )
