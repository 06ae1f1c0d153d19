"""Who draws on credits: what each account would need by itself, and what could not be told to plan or credits."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pandas as pd

from usage_analytics import format
from usage_analytics.answers.auto_reload.advice import Economics
from usage_analytics.answers.auto_reload.demand import by_account
from usage_analytics.answers.auto_reload.members import members


def each_account(columns: Mapping[str, Any], now: datetime, *, economics: Economics) -> pd.DataFrame:
    """What the dearest accounts need on balances of their own, as rows of a table; None where there is too little to say."""
    numbers_ = ("threshold_nanos", "reload_to_nanos", "monthly_limit_nanos", "p_no_block", "reloads")
    rows = [
        {
            "account": one.account,
            "spent_nanos": one.credit_spend_nanos,
            "threshold_nanos": one.policy.threshold_nanos if one.policy else None,
            "reload_to_nanos": one.policy.reload_to_nanos if one.policy else None,
            "monthly_limit_nanos": one.policy.monthly_limit_nanos if one.policy else None,
            "p_no_block": one.expected.p_no_block if one.expected else None,
            "reloads": one.expected.reloads_per_month if one.expected else None,
        }
        for one in members(by_account(columns), now, economics)
    ]
    return pd.DataFrame(rows, columns=["account", "spent_nanos", *numbers_]).astype(dict.fromkeys(numbers_, "float64"))


def untold(pools: pd.DataFrame) -> str:
    """What could not be told to plan or credits, in a sentence; "" where all was."""
    unknown = pools[pools["pool"].isna() & (pools["nanos"] > 0)]
    if unknown.empty:
        return ""
    apps = format.listed([format.name(app, 30) for names in unknown["apps"] for app in names])
    return (
        f"{format.dollars(unknown['nanos'].sum())} of {apps} could not be told to plan or credits and does not count; say in Settings "
        "who pays for them."
    )
