"""How much unattended spend it takes for a flag. Each number that decides has a name here; money is in nano-dollars."""

from __future__ import annotations

from dataclasses import dataclass

from usage_analytics.answers.background.units import DAY, HOUR, MINUTE, SECOND

USD = 1e9


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The defaults, tuned on made-up people of whom no reported figure is from (`tests/benchmarks/background_paired.py`)."""

    floor: float = 1.0 * USD  # nothing below it is worth a word
    base: tuple[float, float] = (1.8 * USD, 6.0 * USD)
    share_of_day: float = 0.10  # of what the person spends on a usual active day
    per_signal: float = 0.4  # by how many halvings each signal lowers what is needed
    at_signals: float = 1.5
    times_usual: float = 2.2  # what an established stream has to spend, against its own usual
    times_price: float = 3.3  # the same where it makes no more calls than usual: a dearer model is no drain
    times_model: float = 5.0  # and where it has just changed to another model
    model_days: int = 9 * DAY
    unseen: float = 1.5  # what is needed where the log does not tell prompts
    led: float = 1.3  # what is needed of work that a person began
    learning: int = 9 * DAY  # since the first data of a person: what runs then may have always been there
    learning_times: float = 6.0
    learning_led: float = 2.0  # the same of work that a person began
    long_run: int = 4  # hours of the last six with a call: longer than most jobs take
    long_ease: float = 0.4  # by how much that lowers what is needed in the first days,
    short_ease: float = 2.5  # and by how much it is raised for what has gone on for less than two hours
    established: int = 5  # days a stream is known, before its usual is one
    again: int = 12 * HOUR  # what goes on within it is the same episode
    burst: tuple[int, ...] = (20 * SECOND, 45 * SECOND, 90 * SECOND, 5 * MINUTE, 10 * MINUTE)
    burst_product: float = 4.5  # times the most calls and times the most dollars of the weeks before, multiplied
    burst_calls: float = 2.0  # times the most calls, or
    burst_dear: float = 8.0  # times the most dollars: less than either is within a person's ways
    burst_base: float = 0.8
    burst_ease: tuple[float, float] = (0.5, 1.0)  # the more calls, the fewer dollars are needed
    burst_days: int = 7
    burst_wide: float = 5.5  # times the most calls in the first days of a person
    burst_young: float = 2.0
    burst_first: float = 4.5 * USD  # what is needed in the first days of a person


DEFAULT = Thresholds()
