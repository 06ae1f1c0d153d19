"""From how much on unattended spend is flagged. Every number that decides has its name here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from usage_analytics.answers.background.units import DAY, HOUR, MINUTE

USD = 1e9
QUIET: Final = (0.3, 0.25)  # of their busiest hours, and of the days: where a person comes within two hours on fewer, it is quiet


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What was tuned, on people that no reported figure is from."""

    floor: float = 1.0 * USD  # nothing below it is worth a word
    base: tuple[float, float] = (2.4 * USD, 8.0 * USD)
    share_of_day: float = 0.10  # of what the person spends on a usual active day
    per_signal: float = 0.4  # by how many halvings each signal lowers what is needed
    at_signals: float = 1.5
    times_usual: float = 1.8  # what an established stream has to spend, against its own usual
    times_price: float = 3.3  # the same where it makes no more calls than usual: a dearer model is no drain
    times_model: float = 5.0  # and where it has just changed to another model
    model_days: int = 9 * DAY
    unseen: float = 1.5  # what is needed where the log does not tell prompts
    led: float = 1.3  # what is needed of work that a person began
    learning: int = 9 * DAY  # since the first data of a person: what runs then may have always been there
    learning_times: float = 8.0
    established: int = 5  # days a stream is known, before its usual is one
    again: int = 12 * HOUR  # what goes on within it is the same episode
    burst: int = 10 * MINUTE
    burst_times: float = 2.0  # dollars of a burst, against the largest of the weeks before
    burst_calls: float = 2.5
    burst_days: int = 7
    burst_base: float = 2.0
    burst_ease: tuple[float, float] = (0.25, 1.0)  # the more calls, the fewer dollars are needed


DEFAULT = Thresholds()
