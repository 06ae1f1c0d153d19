"""What runs while Robin sleeps: a nightly job that is worth its money, and an agent that was left polling."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import Final

from usage_analytics.demo.coding import BEFORE, NEW_MODEL_AT, SINCE
from usage_analytics.demo.conversation import FIVE_MINUTES, Conversation, around
from usage_analytics.demo.transcript import Transcript, new_id

NIGHTLY_AT: Final = timedelta(hours=2, minutes=30)
POLLS_FOR: Final = timedelta(hours=9)


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


def drain(day: datetime, chance: Random) -> Transcript:
    """An agent that looks for work every few minutes all night, sends a huge context each time, and says that there is none."""
    transcript = Transcript(new_id(chance), "inbox-watcher", "sdk-ts", "2.1.330", chance)
    conversation = Conversation(chance, size=around(chance, 205_000, 0.03))
    start = day + timedelta(hours=-1.5, minutes=chance.randint(0, 20))
    moment = start
    while moment < start + POLLS_FOR:
        transcript.prompt(moment, "sdk", "sdk")
        moment += timedelta(seconds=around(chance, 4, 0.3))
        tokens = conversation.call(moment, chance.randint(90, 140), chance.randint(8, 22), FIVE_MINUTES)
        transcript.call(moment, f"{SINCE[0]}[1m]", tokens)
        # Now and then it is late, and the cache is gone.
        moment += timedelta(seconds=240 + chance.randint(-6, 6) if chance.random() > 0.1 else 330)
    return transcript
