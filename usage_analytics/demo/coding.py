"""Robin at work in Claude Code: weekdays with a lunch break, some evenings, few weekends; short questions and very long sessions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Final

from usage_analytics.demo.conversation import FIVE_MINUTES, HOUR, Conversation, around
from usage_analytics.demo.transcript import Transcript, new_id
from usage_analytics.demo.wallet import Wallet, cost_usd

NEW_MODEL_AT: Final = 0.5  # of the span
BEFORE: Final = ("claude-opus-5", "claude-sonnet-5")
SINCE: Final = ("claude-opus-5-5", "claude-sonnet-5-5")
SMALL: Final = "claude-haiku-4-5-20251001"
PROJECTS: Final = ("webshop", "webshop", "webshop", "booking-api", "booking-api", "design-tokens", "notes")
BLOCKS: Final = ((8.4, 12.1), (13.1, 17.6))  # hours of a working day, UTC
EVENING: Final = (20.0, 22.4)
COMPACTS_AT: Final = 165_000


def sessions_of(day: datetime, share: float, wallet: Wallet, chance: Random) -> Iterator[Transcript]:
    """The day's conversations, one after another; `share` is how much of the span has passed."""
    if day.weekday() >= 5:
        blocks = [(10.0, 11.5)] if chance.random() < 0.2 else []
    else:
        evening = [EVENING] if chance.random() < 0.25 else []
        blocks = [*BLOCKS[: 1 if day.weekday() == 4 and chance.random() < 0.4 else 2], *evening]
    for start, end in blocks:
        moment = day + timedelta(hours=start, minutes=around(chance, 12))
        while moment < day + timedelta(hours=end):
            session = _Session(share, wallet, chance)
            moment = session.work(moment, day + timedelta(hours=end + 0.3))
            if session.transcript.lines:
                yield session.transcript
            moment += timedelta(minutes=around(chance, 50, 0.7))


class _Session:
    """One conversation, from the first prompt to the moment Robin leaves it or is stopped."""

    def __init__(self, share: float, wallet: Wallet, chance: Random) -> None:
        self.chance = chance
        self.wallet = wallet
        large, medium = SINCE if share >= NEW_MODEL_AT else BEFORE
        self.long = chance.random() < 0.13
        self.model = large if self.long or chance.random() < 0.62 else medium
        self.speed = "fast" if self.model == SINCE[0] and chance.random() < 0.02 else "standard"
        version = "2.1.330" if share >= 0.7 else "2.1.283"
        self.transcript = Transcript(new_id(chance), chance.choice(PROJECTS), "cli", version, chance)
        self.conversation = Conversation(chance, size=around(chance, 21_000, 0.2))
        self.stopped = False

    def work(self, moment: datetime, leaves_at: datetime) -> datetime:
        """Prompt after prompt; returns when the last answer came."""
        for _ in range(self.chance.randint(22, 42) if self.long else around(self.chance, 4)):
            moment += timedelta(seconds=around(self.chance, 75, 0.9))
            if moment > leaves_at:
                break
            moment = self._turn(moment)
            if self.stopped:
                return max(moment, min(self.wallet.resets_at, moment + timedelta(minutes=around(self.chance, 40))))
        return moment

    def _turn(self, moment: datetime) -> datetime:
        self.transcript.prompt(moment, "typed", "human")
        if self.chance.random() < 0.06:
            # A subagent searches on its own, in a conversation of its own; its caches live five minutes
            agent = self.transcript.subagent()
            agent_work_moment = moment
            conversation = Conversation(self.chance, shared=5_000, size=9_000)
            agent.prompt(agent_work_moment, "system", "peer")
            for _ in range(around(self.chance, 8, 0.5)):
                agent_work_moment += timedelta(seconds=around(self.chance, 9))
                tokens = conversation.call(
                    agent_work_moment, around(self.chance, 2_600, 0.8), around(self.chance, 260), FIVE_MINUTES
                )
                agent.call(agent_work_moment, SMALL, tokens, finished=self.chance.random() > 0.03)
                self.wallet.charge(cost_usd(SMALL, agent_work_moment, tokens), agent_work_moment)
            moment = agent_work_moment
        for number in range(around(self.chance, 3.2, 0.7)):
            moment += timedelta(seconds=around(self.chance, 14))
            if self._refused(moment):
                break
            if number:
                self.transcript.tool_result(moment)
            moment += timedelta(seconds=around(self.chance, 5))
            self._call(moment)
        return moment

    def _call(self, moment: datetime) -> None:
        if self.conversation.size > COMPACTS_AT:
            self.conversation.compact()
        on_credits = self.speed == "fast" or self.wallet.on_credits(moment)
        output = around(self.chance, 380, 0.9) if self.chance.random() > 0.015 else self.chance.randint(4_000, 9_000)
        tokens = self.conversation.call(moment, around(self.chance, 1_500, 0.9), output, FIVE_MINUTES if on_credits else HOUR)
        self.transcript.call(
            moment,
            self.model,
            tokens,
            speed=self.speed,
            searches=self.chance.choice((1, 2, 3)) if self.chance.random() < 0.008 else 0,
            lines=self.chance.choice((1, 1, 1, 2)),
            finished=self.chance.random() > 0.01,
        )
        self.wallet.charge(cost_usd(self.model, moment, tokens, self.speed), moment, always_credits=self.speed == "fast")

    def _refused(self, moment: datetime) -> bool:
        """Whether work stops here; says so in the transcript, also when it only moves to credits."""
        if not self.wallet.on_credits(moment):
            return False
        quota = {
            "status": "rejected",
            "resetsAt": round((self.wallet.resets_at - datetime(1970, 1, 1)).total_seconds()),
            "rateLimitType": "five_hour",
        }
        if self.wallet.balance <= 0:
            self.transcript.notice(moment, "You're out of usage credits. Run /usage-credits to add more", "billing_error")
            self.wallet.add_funds(moment)
            self.stopped = True
        elif self.wallet.told_until != self.wallet.resets_at:
            self.wallet.told_until = self.wallet.resets_at
            resets = f"{self.wallet.resets_at:%H:%M} (UTC)"
            quota |= {"overageStatus": "allowed", "isUsingOverage": True}
            self.transcript.notice(moment, f"You've hit your session limit · resets {resets}", "rate_limit", quota)
        return self.stopped
