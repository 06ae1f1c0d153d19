"""Where starting afresh would have paid, and what one more message costs."""

from __future__ import annotations

from datetime import datetime

import pandas as pd
import pytest

from usage_analytics.answers.fresh_starts import fresh_start, next_message, table

BASE, GROWTH, OUT = 20_000, 2_000, 100  # tokens: of the system prompt, added by every call, answered
READ, WRITE = 0.3, 3.75  # nano-dollars a token, in thousands
RATES = pd.DataFrame(
    {
        "model": ["m", "m", "m", "m"],
        "effective_from": [datetime(2020, 1, 1), datetime(2026, 1, 1), datetime(2026, 1, 1), datetime(2026, 1, 1)],
        "tier": ["standard", "standard", "long", "fast"],
        "above_tokens": [None, None, 200_000, None],
        "cache_read_picos": [9_000_000, 300_000, 600_000, 7_000_000],
        "cache_write_5m_picos": [9_000_000, 3_750_000, 7_500_000, 7_000_000],
    }
)


def conversation(calls: int, growth: int = GROWTH) -> pd.DataFrame:
    """Every call reads from the cache what was sent before, and writes what is new."""
    sent = [BASE + growth * place for place in range(calls)]
    again = [0.0] + [(tokens + OUT) * READ * 1000 for tokens in sent[:-1]]
    fresh = [BASE * WRITE * 1000] + [(growth - OUT) * WRITE * 1000] * (calls - 1)
    return pd.DataFrame(
        {
            "conversation_id": "c",
            "message_index": range(1, calls + 1),
            "model": "m",
            "prompt_tokens": sent,
            "output_tokens": OUT,
            "cost_nanos": [one + other for one, other in zip(again, fresh, strict=True)],
            "resend_nanos": again,
        }
    )


def cost(calls: int) -> float:
    return float(conversation(calls)["cost_nanos"].sum())


def test_a_long_conversation_is_best_parted_in_the_middle_and_the_saving_is_what_two_short_ones_cost_less() -> None:
    found = fresh_start(conversation(120))
    assert found is not None
    assert found.place == pytest.approx(61, abs=3)
    # the second conversation pays for a first call more, instead of one that adds to the history
    assert found.saves_nanos == pytest.approx(cost(120) - 2 * cost(60), rel=0.05)


def test_a_short_conversation_is_left_alone() -> None:
    assert fresh_start(conversation(10)) is None


def test_a_history_that_does_not_grow_is_not_worth_a_new_start() -> None:
    assert fresh_start(conversation(60, growth=150)) is None


def test_what_the_client_summed_up_by_itself_is_not_saved_again() -> None:
    whole, parted = conversation(120), pd.concat([conversation(60), conversation(60)], ignore_index=True)
    parted["message_index"] = range(1, 121)
    once, again = fresh_start(whole), fresh_start(parted)
    assert once is not None
    assert again is None or again.saves_nanos < once.saves_nanos / 3


def test_calls_without_a_price_make_no_advice() -> None:
    assert fresh_start(conversation(120).assign(cost_nanos=None)) is None


def test_one_more_message_is_its_history_at_the_rate_in_force() -> None:
    warm, cold = next_message(conversation(11), RATES)
    tokens = BASE + 10 * GROWTH + OUT
    assert warm == pytest.approx(tokens * 300)
    assert cold == pytest.approx(tokens * 3750)


def test_a_long_prompt_pays_the_rate_of_long_prompts() -> None:
    warm, _ = next_message(conversation(101), RATES)
    assert warm == pytest.approx((BASE + 100 * GROWTH + OUT) * 600)


def test_a_model_without_a_rate_is_unknown() -> None:
    assert next_message(conversation(11).assign(model="other"), RATES) == (None, None)
    assert next_message(conversation(11).iloc[:0], RATES) == (None, None)


def test_the_table_keeps_the_order_and_names_each_conversation() -> None:
    rows = pd.DataFrame(
        {
            "conversation_id": ["none-of-its-calls", "c"],
            "cost_nanos": [9.0, 8.0],
            "resend_nanos": [3.0, 4.0],
            "project": ["p", None],
        }
    )
    found = table(rows, conversation(120), RATES)
    assert found["id"].tolist() == ["none-of-", "c"]
    assert found["resend_share"].tolist() == pytest.approx([1 / 3, 0.5])
    assert found["fresh_place"].isna().tolist() == [True, False]
    assert str(found["fresh_place"].iloc[1]).startswith("message ")
