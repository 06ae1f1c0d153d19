"""Robin's usage outside Claude Code, as usage events: chats on claude.ai, Cursor, and an app on an API key."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from usage_analytics.demo.coding import BEFORE, NEW_MODEL_AT, SINCE, SMALL
from usage_analytics.demo.conversation import around
from usage_analytics.demo.transcript import new_id
from usage_analytics.demo.wallet import Tokens, Wallet, cost_usd

Event = dict[str, Any]


def write_chats(path: Path, days: Sequence[datetime], chance: Random) -> None:
    """Chats on claude.ai: each message sends the whole chat again."""
    events = []
    for number, day in enumerate(days):
        models = SINCE if number / len(days) >= NEW_MODEL_AT else BEFORE
        weekend = day.weekday() >= 5
        for _ in range(chance.choice((0, 1, 1) if weekend else (0, 1, 2, 3))):
            chat, model = new_id(chance), chance.choice(models)
            moment = day + timedelta(hours=chance.uniform(9, 21) if weekend else chance.choice((12.2, 16.5, 19.2, 21)))
            size = around(chance, 5_000, 0.8)
            for index in range(1, 1 + (around(chance, 28, 0.3) if chance.random() < 0.12 else around(chance, 4))):
                moment += timedelta(seconds=around(chance, 80, 0.8))
                output = around(chance, 520, 0.7)
                tokens = Tokens(size + around(chance, 120), 0, 0, 0, output)
                size = tokens.input + output
                events.append(
                    _event(
                        moment,
                        "claude.ai",
                        model,
                        tokens,
                        chance,
                        account="robin@example.com",
                        conversation_id=chat,
                        message_index=index,
                        run="interactive",
                        human_prompt="true",
                        paid_from="plan",
                    )
                )
    _write_csv(path, events)


def write_cursor(path: Path, days: Sequence[datetime], chance: Random) -> None:
    """Cursor on some working days, with what it billed; one day with a model of its own that has no list price."""
    events = []
    for number, day in enumerate(days):
        without_price = number == len(days) - 20
        if day.weekday() >= 5 or not (without_price or chance.random() < 0.45):
            continue
        moment = day + timedelta(hours=chance.uniform(9, 15))
        size = around(chance, 14_000, 0.3)
        for _ in range(around(chance, 14, 0.4)):
            moment += timedelta(seconds=around(chance, 70, 0.8))
            added, output = around(chance, 1_800, 0.7), around(chance, 350, 0.8)
            tokens = Tokens(around(chance, 60), size, added, 0, output)
            size += added + output
            model = (
                "composer-2" if without_price else chance.choice(("claude-sonnet-5-thinking", "claude-4.6-opus-high-thinking"))
            )
            billed = {} if without_price else {"cost_usd": f"{1.2 * cost_usd(model, moment, tokens):.4f}"}
            person = {"account": "robin@example.com", "project": "webshop", "run": "interactive", "paid_from": "api"}
            events.append(_event(moment, "Cursor", model, tokens, chance, **person, **billed))
    _write_csv(path, events)


def write_api_app(path: Path, days: Sequence[datetime], chance: Random) -> None:
    """An app that reads invoices every three hours on an API key, partly in batches."""
    events = []
    for day in days:
        for hour in range(0, 24, 3):
            for _ in range(chance.choice((0, 0, 1, 2, 4)) if day.weekday() < 5 else chance.choice((0, 0, 1))):
                moment = day + timedelta(hours=hour, seconds=chance.randint(1, 400))
                failed = chance.random() < 0.01
                tokens = Tokens(around(chance, 9_000, 0.7), 3_200, 0, 0, 0 if failed else around(chance, 700, 0.5))
                events.append(
                    _event(
                        moment,
                        "invoice-reader",
                        SMALL,
                        tokens,
                        chance,
                        account="invoice-reader-production",
                        run="scheduled",
                        human_prompt=False,
                        batch=chance.random() < 0.3,
                        error="overloaded_error" if failed else "",
                        paid_from="api",
                    )
                )
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = "".join(json.dumps(event, separators=(",", ":")) + "\n" for event in events)
    path.write_text(lines, encoding="utf-8", newline="\n")


def write_account(path: Path, days: Sequence[datetime], wallet: Wallet) -> None:
    """What Robin's account said of its credits on the last Mondays and on the last evening, as Robin saved it."""
    moments = [day + timedelta(hours=8) for day in days[-28:] if day.weekday() == 0] + [days[-1] + timedelta(hours=18)]
    reload = {
        "threshold_in_minor_units": round(wallet.threshold * 100),
        "reload_to_in_minor_units": round(wallet.reload_to * 100),
    }
    lines = ""
    for moment in moments:
        cents = round(wallet.balance_at(moment) * 100)
        prepaid = {
            "seen_at": moment.isoformat() + "Z",
            "amount": cents,
            "currency": "USD",
            "balance": {"money": {"amount_minor": cents, "currency": "USD", "exponent": 2}},
            "auto_reload_settings": {"enabled": True, **reload},
        }
        lines += json.dumps(prepaid, separators=(",", ":")) + "\n"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(lines, encoding="utf-8", newline="\n")


def _event(moment: datetime, app: str, model: str, tokens: Tokens, chance: Random, **more: Any) -> Event:
    return {
        "occurred_at": moment.isoformat(timespec="seconds") + "Z",
        "event_id": f"{chance.getrandbits(64):016x}",
        "app": app,
        "model": model,
        "input_tokens": tokens.input,
        "cache_read_tokens": tokens.cache_read,
        "cache_write_5m_tokens": tokens.cache_write_5m,
        "cache_write_1h_tokens": tokens.cache_write_1h,
        "output_tokens": tokens.output,
        **more,
    }


def _write_csv(path: Path, events: Iterable[Event]) -> None:
    rows = list(events)
    names = list(dict.fromkeys(name for row in rows for name in row))
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
