"""Sample data: ninety days of one believable person, written as the exports that such a person would have.

Robin is a freelance developer on a Max plan with usage credits: Claude Code by day, a nightly job, chats on claude.ai, Cursor, and an
app of their own on an API key. Half-way a new model came out and Robin moved to it. Some days hit the session limit and went on from
credits, which for some weeks reload as the form proposes, unless the bank wants a confirmation. Last week an agent was left polling for two
nights, and since the last evening it polls again.

The same seed and day give the same bytes. Nobody's data is in it, and all text is filler.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Final

from usage_analytics.demo import coding, elsewhere, unattended
from usage_analytics.demo.wallet import Wallet

DAYS: Final = 90
RELOADS_SINCE_DAYS: Final = 45
DRAIN_NIGHTS_AGO: Final = (6, 5)  # whole nights; and on the last evening it runs again


def write_samples(folder: Path, *, today: date, until: datetime | None = None, seed: int = 11) -> None:
    """Write the exports of the ninety days before `today` into a folder: transcripts as Claude Code lays them out, and usage events.

    With `until`, a moment of `today`, what polls since the last evening does so still.
    """
    days = [datetime.combine(today - timedelta(days=ago), time()) for ago in range(DAYS, 0, -1)]
    wallet = Wallet(reloads_from=days[DAYS - RELOADS_SINCE_DAYS])
    # All of Claude Code. What drains comes first, because it empties the balance on which the days' work may draw
    chance = _chance(seed, "drain")
    nights = [unattended.night(days[-ago], chance) for ago in DRAIN_NIGHTS_AGO]
    drains = [unattended.drain(*night, wallet, chance) for night in (*nights, unattended.last_evening(days[-1], until))]
    chance = _chance(seed, "coding")
    by_day = [one for number, day in enumerate(days) for one in coding.sessions_of(day, number / len(days), wallet, chance)]
    chance = _chance(seed, "nightly")
    by_night = [unattended.nightly_job(day, number / len(days), chance) for number, day in enumerate(days)]
    transcripts = [*by_day, *by_night, *drains]
    for transcript in transcripts:
        transcript.write(folder / "claude-code" / "projects")
    elsewhere.write_account(folder / "account.jsonl", days, wallet)
    elsewhere.write_chats(folder / "claude-ai.csv", days, _chance(seed, "chats"))
    elsewhere.write_cursor(folder / "cursor.csv", days, _chance(seed, "cursor"))
    elsewhere.write_api_app(folder / "invoice-reader.jsonl", days, _chance(seed, "api"))


def _chance(seed: int, what: str) -> Random:
    """A stream of chance of its own for each export: one that changes leaves the others as they were."""
    return Random(f"{seed} {what}")  # noqa: S311 - made-up data need no secrets
