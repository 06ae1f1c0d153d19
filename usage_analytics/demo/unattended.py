"""What runs while Robin sleeps: a nightly job that is worth its money, and an agent that was left polling."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import Final

from usage_analytics.demo.coding import BEFORE, NEW_MODEL_AT, SINCE
from usage_analytics.demo.conversation import FIVE_MINUTES, Conversation, around
from usage_analytics.demo.transcript import Transcript, new_id
from usage_analytics.demo.wallet import Wallet, cost_usd

NIGHTLY_AT: Final = timedelta(hours=2, minutes=30)
POLLS_FOR: Final = timedelta(hours=9)
LASTS: Final = timedelta(hours=14)  # what polls still has not polled longer


def nightly_job(day: datetime, share: float, chance: Random) -> Transcript:
    """`claude -p` from cron at 02:30: looks at yesterday's changes and writes a report."""
    model = (SINCE if share >= NEW_MODEL_AT else BEFORE)[1]
    transcript = Transcript(new_id(chance), "nightly-review", "sdk-cli", "2.1.330", chance)
    conversation = Conversation(chance, size=around(chance, 24_000, 0.1))
    moment = day + NIGHTLY_AT + timedelta(seconds=chance.randint(1, 9))
    transcript.prompt(moment, "sdk", "sdk")
    for _ in range(chance.randint(14, 26)):
        moment += timedelta(seconds=around(chance, 13, 0.4))
        transcript.call(moment, model, conversation.call(moment, around(chance, 2_400, 0.5), around(chance, 420)), lines=2)
        transcript.tool_result(moment + timedelta(seconds=2))
    return transcript


def night(day: datetime, chance: Random) -> tuple[datetime, datetime]:
    """From when to when an agent polls that was forgotten before midnight."""
    start = day + timedelta(hours=-1.5, minutes=chance.randint(0, 20))
    return start, start + POLLS_FOR


def last_evening(day: datetime, until: datetime | None) -> tuple[datetime, datetime]:
    """The last hours that there is data of: of that day, or up to a moment after it."""
    start = day + timedelta(hours=18, minutes=10)
    return (start, day + timedelta(hours=23, minutes=58)) if until is None else (max(start, until - LASTS), until)


def drain(start: datetime, end: datetime, wallet: Wallet, chance: Random) -> Transcript:
    """An agent that looks for work every few minutes, sends a huge context each time, and says that there is none. Credits pay for it."""
    transcript = Transcript(new_id(chance), "inbox-watcher", "sdk-ts", "2.1.330", chance)
    conversation = Conversation(chance, size=around(chance, 205_000, 0.03))
    model, moment = f"{SINCE[0]}[1m]", start
    while moment < end:
        transcript.prompt(moment, "sdk", "sdk")
        moment += timedelta(seconds=around(chance, 4, 0.3))
        tokens = conversation.call(moment, chance.randint(90, 140), chance.randint(8, 22), FIVE_MINUTES)
        transcript.call(moment, model, tokens)
        wallet.elsewhere.append((moment, cost_usd(model, moment, tokens)))
        # Now and then it is late, and the cache is gone.
        moment += timedelta(seconds=240 + chance.randint(-6, 6) if chance.random() > 0.1 else 330)
    return transcript
