"""The costliest conversations: what one more message costs, and from where a new conversation would have been cheaper."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

WORTH_NANOS: Final = 50_000_000  # a saving below five cents is not worth the trouble
WORTH_SHARE: Final = 0.05  # nor is one below a twentieth of what the conversation cost
NOTE: Final = (
    "What had been said is sent again with each message. Starting afresh pays where nothing from before is needed; "
    "a first call once more is already taken off."
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
    """Where starting afresh would have paid most; None where it would not have.

    `calls` are those of one conversation in order (query `conversations_calls`). What came before the new start is not sent again, up to
    where the client itself summed it up; the new conversation pays for a first call once more. It is assumed that
    `carried_tokens` from before were needed; with none, this is the most that could be saved.
    """
    known = calls[calls["cost_nanos"].notna() & (calls["prompt_tokens"] > 0)]
    if len(known) < 3:
        return None
    sent = known["prompt_tokens"].to_numpy(dtype="float64")
    history = np.concatenate([[0.0], (sent + known["output_tokens"].to_numpy(dtype="float64"))[:-1]])
    # what a token of history cost, added up over the calls before each place
    paid = np.concatenate([[0.0], np.cumsum(known["resend_nanos"].fillna(0).to_numpy(dtype="float64") / sent)])
    first_nanos, best = float(known["cost_nanos"].iloc[0]), FreshStart(0, 0)
    for start in range(2, len(known), max(1, len(known) // TRIED)):
        shorter = sent[start:] < history[start]
        until = start + int(shorter.argmax()) if shorter.any() else len(known)
        saves = (history[start] - sent[0] - carried_tokens) * (paid[until] - paid[start]) - first_nanos
        if saves > best.saves_nanos:
            best = FreshStart(int(known["message_index"].iloc[start]), round(saves))
    worth = max(worth_nanos, worth_share * float(known["cost_nanos"].sum()))
    return best if best.saves_nanos >= worth else None


def next_message(calls: pd.DataFrame, prices: pd.DataFrame) -> tuple[float | None, float | None]:
    """What one more call of a conversation costs for its history alone, in nano-dollars: from the cache, and after a break, written anew.

    `prices` are rows of the query `prices`; None where the model has none.
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
    """The rows of `conversations_costliest` with what their calls say.

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
