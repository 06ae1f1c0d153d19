"""Dated list rates, as the rows of table `rate`. A price change is a new row with a date, never an edit of an old one."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable
from dataclasses import astuple, dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Final

ALWAYS: Final = datetime(1970, 1, 1)  # the start of a rate that was never another
FOREVER: Final = datetime(9000, 1, 1)  # the end of one that still holds
PICOS_PER_USD_A_MILLION: Final = 1_000_000  # one dollar per million tokens, in picodollars a token
NANOS_PER_USD: Final = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Rate:
    """A row of table `rate`: what a token of each kind costs in `[effective_from, effective_to)`, in picodollars, at one tier."""

    model: str
    effective_from: datetime
    effective_to: datetime
    tier: str  # standard, long, fast
    above_tokens: int | None  # long: applies to prompts of more tokens than this
    input_picos: int
    cache_read_picos: int
    cache_write_5m_picos: int
    cache_write_1h_picos: int
    output_picos: int
    web_search_nanos: int
    surcharges: bool = True  # whether US geography and batch change the price
    regional: bool = False  # whether Bedrock's regional profiles cost a tenth more than its global ones
    known_as: str | None = None  # the model that calls of this name are shown as, where the name stands for another


@cache
def list_rates() -> tuple[Rate, ...]:
    """The vendor's list rates in `rates.csv`, whose money is in dollars per million tokens and per web search."""
    with Path(__file__).with_name("rates.csv").open(encoding="utf-8", newline="") as lines:
        return tuple(
            Rate(
                model=row["model"],
                effective_from=datetime.fromisoformat(row["effective_from"]) if row["effective_from"] else ALWAYS,
                effective_to=datetime.fromisoformat(row["effective_to"]) if row["effective_to"] else FOREVER,
                tier=row["tier"],
                above_tokens=int(row["above_tokens"]) if row["above_tokens"] else None,
                input_picos=picos(Decimal(row["input"])),
                cache_read_picos=picos(Decimal(row["cache_read"])),
                cache_write_5m_picos=picos(Decimal(row["cache_write_5m"])),
                cache_write_1h_picos=picos(Decimal(row["cache_write_1h"])),
                output_picos=picos(Decimal(row["output"])),
                web_search_nanos=round(Decimal(row["web_search"]) * NANOS_PER_USD),
                regional=row["regional"] == "1.1",
            )
            for row in csv.DictReader(lines)
        )


def rates_digest(rates: Iterable[Rate]) -> str:
    """A digest that changes when any price does; the order of the rates is of no matter."""
    rows = sorted(repr(astuple(rate)) for rate in rates)
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()[:32]


def picos(usd_a_million: Decimal) -> int:
    """Dollars per million tokens as picodollars a token, to the nearest."""
    return round(usd_a_million * PICOS_PER_USD_A_MILLION)
