"""A third kind of people: sittings in an hour-of-week rhythm, contexts that grow, and prompts that start a few agents as a habit.

A call costs what its tokens cost, so that re-sent context makes it dearer; prompts come in Markov states (fast, slow, gone for coffee);
some people work at night, some in two parallel conversations. Drains begin by day and by night, some within minutes of a prompt.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from tests.benchmarks.background_people import DAY, DRAINS, HOUR, Call, Label, Person, moment

MINUTE: Final = 60.0
RATES: Final = ((0.8, 1.0, 4.0), (3.0, 3.75, 15.0), (4.0, 5.0, 20.0))  # dollars for a million tokens: input, cache write, output
READ: Final = 0.1  # of the input price
DECOYS: Final = (
    "crunch_night",
    "expected_batch",
    "holiday",
    "long_task",
    "own_agents",
    "new_human_app",
    "busy_week",
    "shifted_job",
)
__all__ = ["DECOYS", "DRAINS", "moment", "person"]


class Desk:
    """One person's weeks."""

    def __init__(self, seed: int) -> None:
        self.chance = np.random.default_rng([seed, 4_711])
        self.days = int(self.chance.choice([35, 42, 49, 63]))
        self.calls: list[Call] = []
        self.drains: list[Label] = []
        self.decoys: list[Label] = []
        self.expected: list[Label] = []
        self.serial = 0
        self.shift = float(self.chance.choice([-7, -3, 0, 1, 2, 8, 14]))  # where on the globe; 14: works at night
        self.rates = RATES[int(self.chance.integers(0, 3))]
        self.names = bool(self.chance.random() < 0.8)
        self.runs = bool(self.chance.random() < 0.7)
        self.says = self.chance.choice(["first", "chain", "sparse"], p=[0.6, 0.2, 0.2])
        self.agents = float(self.chance.choice([0.0, 0.02, 0.08]))  # how many prompts start some
        self.step = float(self.chance.uniform(4, 22))
        self.turns = float(self.chance.uniform(2, 12))
        self.app = str(self.chance.choice(["Claude Code", "Claude Code", "Cursor", "codex"]))
        self.projects = [f"repo-{number}" for number in range(int(self.chance.integers(1, 5)))]
        self.rhythm = self._rhythm()
        self.extra = np.ones(self.days)

    def _rhythm(self) -> np.ndarray:
        """Sittings an hour, for each of the 168 hours of a local week."""
        hour = np.arange(24)
        peaks = self.chance.uniform(8, 11), self.chance.uniform(13, 16), self.chance.uniform(20, 22)
        weights = 1.0, 1.0, self.chance.choice([0.0, 0.3, 1.0])
        day = sum(weight * np.exp(-0.5 * ((hour - peak) / 1.3) ** 2) for peak, weight in zip(peaks, weights, strict=True))
        day = np.where(day < 0.05, 0, day) * self.chance.uniform(0.35, 1.1)
        return np.concatenate([day * (1.0 if number < 5 else self.chance.choice([0.05, 0.3])) for number in range(7)])

    def thread(self) -> str | None:
        self.serial += 1
        return f"d{self.serial}" if self.names else None

    def run(self, name: str) -> str | None:
        return name if self.runs else None

    def cost(self, context: float, fresh: float, output: float) -> float:
        read, write, out = self.rates
        return (context * read * READ + fresh * write + output * out) / 1e6

    def local(self, day: float, hour: float) -> float:
        return day * DAY + (hour - self.shift) * HOUR


def person(seed: int) -> Person:
    """A person's weeks, the same for the same seed."""
    desk = Desk(seed)
    chance = desk.chance
    slots = list(range(int(chance.integers(13, 20)), desk.days - 5, 6))
    chance.shuffle(slots)
    names = [*chance.choice(DRAINS, int(chance.choice([0, 1, 1, 2]))), *chance.choice(DECOYS, int(chance.choice([1, 2, 3])))]
    plans = [(str(name), int(day)) for name, day in zip(names, slots, strict=False)]
    for name, day in plans:
        (_DRAIN | _DECOY)[name](desk, day)
    for day in range(desk.days):
        _day(desk, day)
    for make in chance.permutation([_cron, _monitor, _weekly, _bot])[: int(chance.choice([0, 1, 1, 2, 3]))]:
        make(desk)
    calls = sorted((call for call in desk.calls if 0 <= call.at < desk.days * DAY), key=lambda call: call.at)
    return Person(seed, None, desk.days, calls, desk.drains, desk.decoys, desk.expected)


def _day(desk: Desk, day: int) -> None:
    for hour in range(24):
        for _ in range(desk.chance.poisson(desk.rhythm[(day % 7) * 24 + hour] * desk.extra[day])):
            _sit(desk, desk.local(day, hour + desk.chance.random()), int(desk.chance.geometric(0.08)), desk.app)


def _sit(desk: Desk, at: float, prompts: int, app: str, *, says: bool = True) -> float:
    """A sitting: a state decides how long the next prompt takes to come; now and then a prompt starts agents."""
    chance, thread, context = desk.chance, desk.thread(), desk.chance.uniform(10_000, 25_000)
    project, pace = (str(chance.choice(desk.projects)) if app == "Claude Code" else None), 1
    for _ in range(prompts):
        at, context = _work(desk, at, app, (thread, project), context, int(chance.geometric(1 / desk.turns)), says=says)
        if chance.random() < desk.agents:
            at = max(at, _agents(desk, at, app, project, int(chance.integers(2, 6)), float(chance.uniform(1, 8)) * MINUTE))
        pace = int(chance.choice(3, p=[(0.75, 0.22, 0.03), (0.3, 0.6, 0.1), (0.4, 0.5, 0.1)][pace]))
        at += chance.lognormal(np.log((25, 90, 500)[pace]), 0.6)
        if context > 150_000:
            context = 30_000.0
    return at


def _work(  # noqa: PLR0917  what a call consists of
    desk: Desk, at: float, app: str, where: tuple[str | None, str | None], context: float, count: int, *, says: bool = True
) -> tuple[float, float]:
    """What one prompt leads to: so many calls, each on all that was before."""
    chance = desk.chance
    for number in range(count):
        fresh, output = chance.exponential(1_500), chance.exponential(500)
        led = True if number == 0 or desk.says == "chain" else (None if desk.says == "sparse" else False)
        _call(desk, at, app, where, (context, fresh, output), led if says else None, "interactive" if says else None)
        context += fresh + output
        at += desk.step * chance.lognormal(0, 0.7)
    return at, context


def _agents(  # noqa: PLR0917  what a call consists of
    desk: Desk, at: float, app: str, project: str | None, count: int, seconds: float
) -> float:
    """Agents side by side, each with a conversation of its own."""
    last = at
    for _ in range(count):
        thread, context, then = desk.thread(), desk.chance.uniform(12_000, 30_000), at + desk.chance.uniform(1, 8)
        while then < at + seconds:
            fresh, output = desk.chance.exponential(1_500), desk.chance.exponential(400)
            _call(desk, then, app, (thread, project), (context, fresh, output), _nobody(desk), "subagent")
            context += fresh + output
            then += desk.step * desk.chance.lognormal(0, 0.6)
        last = max(last, then)
    return last


def _nobody(desk: Desk) -> bool | None:
    return None if desk.says == "sparse" else False


def _call(  # noqa: PLR0917  what a call consists of
    desk: Desk,
    at: float,
    app: str,
    where: tuple[str | None, str | None],
    tokens: tuple[float, float, float],
    led: bool | None,
    run: str | None,
    usd: float | None = None,
    error: str | None = None,
) -> Call:
    context, fresh, output = tokens
    made = Call(
        float(at),
        app,
        desk.cost(context, fresh, output) if usd is None else float(usd),
        led,
        desk.run(run) if run else None,
        where[1],
        where[0],
        round(context + fresh),
        round(output),
        error,
    )
    desk.calls.append(made)
    return made


# --- what has always been there -----------------------------------------------------------------------------------------


def _job(desk: Desk, at: float, app: str, count: int, *, usd: float, run: str = "scheduled") -> None:
    thread = desk.thread()
    for _ in range(count):
        tokens = (20_000.0, 500.0, float(desk.chance.exponential(400)))
        _call(desk, at, app, (thread, None), tokens, _nobody(desk), run, usd * desk.chance.lognormal(0, 0.3))
        at += desk.chance.gamma(2, 6)


def _cron(desk: Desk) -> None:
    hour, count, usd = desk.chance.uniform(0, 8), int(desk.chance.integers(10, 60)), desk.chance.uniform(0.01, 0.1)
    for day in range(desk.days):
        if day % 7 < 5:
            _job(desk, desk.local(day, hour), "standup-notes", desk.chance.poisson(count) + 1, usd=usd)


def _monitor(desk: Desk) -> None:
    every, usd = float(desk.chance.choice([20, 60, 180])) * MINUTE, desk.chance.uniform(0.004, 0.03)
    for at in np.arange(0, desk.days * DAY, every):
        _job(desk, float(at), "uptime-agent", int(desk.chance.integers(1, 3)), usd=usd)


def _weekly(desk: Desk) -> None:
    hour, usd = desk.chance.uniform(0, 24), desk.chance.uniform(0.02, 0.15)
    for day in range(int(desk.chance.integers(0, 7)), desk.days, 7):
        _job(desk, desk.local(day, hour), "weekly-review", int(desk.chance.integers(30, 100)), usd=usd)


def _bot(desk: Desk) -> None:
    """Questions of customers, more of them by day, and in waves."""
    rate, usd = desk.chance.uniform(1, 12), desk.chance.uniform(0.003, 0.04)
    for hour in range(desk.days * 24):
        local = (hour + desk.shift) % 24
        for _ in range(desk.chance.poisson(rate * (0.15 + np.exp(-0.5 * ((local - 14) / 4) ** 2)))):
            _job(desk, (hour + desk.chance.random()) * HOUR, "chat-bot", int(desk.chance.geometric(0.5)), usd=usd, run="headless")


# --- drains -------------------------------------------------------------------------------------------------------------


def _drain(desk: Desk, kind: str, app: str, first: int) -> None:
    """Label the calls made since `first`."""
    made = sorted(desk.calls[first:], key=lambda call: call.at)
    for call in made:
        call.drain = len(desk.drains)
    desk.drains.append(Label(kind, app, made[0].at, made[-1].at))


def _sum(desk: Desk) -> float:
    return float(np.clip(desk.chance.lognormal(np.log(40), 0.8), 8, 250))


def _last_word(desk: Desk, day: int, hour: float | None = None) -> tuple[float, str | None, str | None]:
    """The end of a sitting, and its conversation."""
    local = float(desk.chance.choice(168, p=desk.rhythm / desk.rhythm.sum()) % 24) if hour is None else hour
    at = desk.local(day, local + desk.chance.random())
    end = _sit(desk, at - 30 * MINUTE, 6, desk.app)
    last = max((call for call in desk.calls if call.human and call.at <= end), key=lambda call: call.at)
    return end, last.conversation, last.project


def _loop(desk: Desk, kind: str, app: str, at: float, *, hours: float, gap: float, jitter: float, **more: object) -> None:
    """Calls `gap` seconds apart for some hours that come to the sum."""
    first, total = len(desk.calls), _sum(desk)
    usd = float(np.clip(total / (hours * HOUR / gap), 0.003, 1.5))
    tokens = more.pop("tokens", (40_000.0, 800.0, 300.0))
    thread, project = more.pop("thread", None), more.pop("project", None)
    run, growing, failing = str(more.pop("run", "headless")), bool(more.pop("growing", False)), float(more.pop("failing", 0.0))  # type: ignore[arg-type]
    spent, start = 0.0, at
    while spent < total and at < start + hours * HOUR * 1.5:
        grown = 0.6 + 0.8 * (at - start) / (hours * HOUR) if growing else 1.0
        error = str(desk.chance.choice(["timeout", "overloaded"])) if desk.chance.random() < failing else None
        one = usd * grown * desk.chance.lognormal(0, 0.15)
        _call(desk, at, app, (thread or desk.thread(), project), tokens, _nobody(desk), run, one, error)  # type: ignore[arg-type]
        spent, at = spent + one, at + gap * desk.chance.lognormal(0, jitter)
    _drain(desk, kind, app, first)


def _scheduled(desk: Desk, day: int) -> None:
    app = str(desk.chance.choice(["backup-bot", desk.app, "standup-notes", "digest-mailer"]))
    gap = float(desk.chance.choice([60, 300, 600, 1200]))
    at, hours = desk.local(day, desk.chance.uniform(0, 24)), float(desk.chance.uniform(6, 60))
    _loop(desk, "scheduled_loop", app, at, hours=hours, gap=gap, jitter=0.02, run="scheduled")


def _retry(desk: Desk, day: int) -> None:
    app, gap = str(desk.chance.choice(["ocr-service", desk.app, "chat-bot"])), float(desk.chance.choice([4, 10, 40]))
    at, hours, failing = (
        desk.local(day, desk.chance.uniform(0, 24)),
        float(desk.chance.uniform(0.5, 10)),
        float(desk.chance.uniform(0.65, 1)),
    )
    _loop(
        desk,
        "retry_loop",
        app,
        at,
        hours=hours,
        gap=gap,
        jitter=0.3,
        failing=failing,
        thread=desk.thread(),
        tokens=(25_000.0, 50.0, 80.0),
    )


def _overnight(desk: Desk, day: int) -> None:
    at, thread, project = _last_word(desk, day, float(desk.chance.uniform(20, 23)))
    gap, hours = float(desk.chance.uniform(6, 60)), float(desk.chance.uniform(4, 11))
    more = {"thread": thread, "project": project, "run": "interactive", "growing": True}
    _loop(desk, "overnight_run", desk.app, at, hours=hours, gap=gap, jitter=0.6, **more)


def _leak(desk: Desk, day: int) -> None:
    app, gap = str(desk.chance.choice(["uptime-agent", "chat-bot", "feed-tagger"])), float(desk.chance.choice([90, 400, 1200]))
    at, hours = desk.local(day, desk.chance.uniform(0, 24)), float(desk.chance.uniform(40, 110))
    _loop(desk, "slow_leak", app, at, hours=hours, gap=gap, jitter=0.9, growing=True)


def _newcomer(desk: Desk, day: int) -> None:
    app, gap = str(desk.chance.choice(["jira-agent", "gmail-tool", "scraper"])), float(desk.chance.choice([20, 120, 600]))
    _loop(
        desk,
        "new_integration",
        app,
        desk.local(day, desk.chance.uniform(0, 24)),
        hours=float(desk.chance.uniform(5, 70)),
        gap=gap,
        jitter=1.0,
    )


def _swarm(desk: Desk, day: int) -> None:
    """One prompt starts many agents, some of which start others; or one agent goes round much faster than ever."""
    at, thread, project = _last_word(desk, day)
    first, total, spent = len(desk.calls), _sum(desk), 0.0
    _work(desk, at, desk.app, (thread, project), 30_000.0, 1)
    first = len(desk.calls)
    width, apart = int(desk.chance.integers(8, 40)), desk.chance.random() < 0.7
    clocks = at + 5 + desk.chance.exponential(20, width).cumsum() * (3 / width)
    contexts, threads = np.full(width, 20_000.0), [desk.thread() if apart else thread for _ in range(width)]
    while spent < total and clocks.min() < at + 4 * HOUR:
        one = int(clocks.argmin())
        fresh, output = desk.chance.exponential(2_000), desk.chance.exponential(400)
        made = _call(
            desk, clocks[one], desk.app, (threads[one], project), (contexts[one], fresh, output), _nobody(desk), "subagent"
        )
        contexts[one] = min(contexts[one] + fresh + output, 160_000)
        clocks[one] += desk.step * desk.chance.lognormal(0, 0.6)
        spent += made.usd
    _drain(desk, "fan_out", desk.app, first)


def _poll(desk: Desk, day: int) -> None:
    app, gap = str(desk.chance.choice(["pr-poller", desk.app, "mail-agent"])), float(desk.chance.choice([45, 180, 600]))
    tokens = (float(desk.chance.uniform(45_000, 180_000)), 100.0, float(desk.chance.uniform(4, 90)))
    at, hours = desk.local(day, desk.chance.uniform(0, 24)), float(desk.chance.uniform(5, 50))
    _loop(desk, "no_op_polling", app, at, hours=hours, gap=gap, jitter=0.05, tokens=tokens, thread=desk.thread())


# --- decoys -------------------------------------------------------------------------------------------------------------


def _crunch(desk: Desk, day: int) -> None:
    at = start = desk.local(day, 19)
    while at < start + 8 * HOUR:
        at = _sit(desk, at, 15, desk.app) + desk.chance.uniform(3, 25) * MINUTE
    desk.decoys.append(Label("crunch_night", None, start, at))


def _mine(desk: Desk, day: int) -> None:
    start, hours = desk.local(day, desk.chance.uniform(0, 24)), float(desk.chance.uniform(1, 8))
    label = Label("expected_batch", "migration-2026", start - 300, start + hours * HOUR + 600)
    for at in np.arange(start, start + hours * HOUR, 25.0):
        _job(desk, float(at), "migration-2026", 1, usd=0.05)
    desk.decoys.append(label)
    desk.expected.append(label)


def _away(desk: Desk, day: int) -> None:
    length = int(desk.chance.integers(4, 12))
    desk.extra[day : day + length] = 0.0
    desk.decoys.append(Label("holiday", None, day * DAY, (day + length + 2) * DAY))


def _long(desk: Desk, day: int) -> None:
    """Asked for before noon, and it takes an hour or two."""
    at, thread, project = _last_word(desk, day, float(desk.chance.uniform(9, 13)))
    hours, context, then = float(desk.chance.uniform(0.7, 2.5)), 30_000.0, at
    while then < at + hours * HOUR:
        then, context = _work(desk, then, desk.app, (thread, project), context, 1)
        desk.calls[-1].human = True if then - at < 60 else _nobody(desk)
        context = 30_000.0 if context > 150_000 else context
    desk.decoys.append(Label("long_task", desk.app, at, then))


def _own(desk: Desk, day: int) -> None:
    """The person tries a few agents at once, more than usual but for minutes."""
    at, _, project = _last_word(desk, day)
    end = _agents(desk, at, desk.app, project, int(desk.chance.integers(3, 6)), float(desk.chance.uniform(2, 6)) * MINUTE)
    _sit(desk, end + 60, 4, desk.app)
    desk.decoys.append(Label("own_agents", desk.app, at, end))


def _other(desk: Desk, day: int) -> None:
    app, says = str(desk.chance.choice(["Zed", "Warp", "Raycast"])), bool(desk.chance.random() < 0.5)
    last = min(day + int(desk.chance.integers(3, 12)), desk.days)
    for each in range(day, last):
        for _ in range(desk.chance.poisson(1.5)):
            hour = int(desk.chance.choice(168, p=desk.rhythm / desk.rhythm.sum())) % 24
            _sit(desk, desk.local(each, hour + desk.chance.random()), int(desk.chance.geometric(0.1)), app, says=says)
    desk.decoys.append(Label("new_human_app", app, day * DAY, last * DAY))


def _busy(desk: Desk, day: int) -> None:
    desk.extra[day : day + 6] *= desk.chance.uniform(1.7, 2.8)
    desk.decoys.append(Label("busy_week", None, day * DAY, (day + 6) * DAY))


def _moved(desk: Desk, day: int) -> None:
    """A small job comes at another hour and once more often than before."""
    for each in range(day, min(day + 5, desk.days)):
        _job(desk, desk.local(each, 3.0), "standup-notes", 6, usd=0.03)
    desk.decoys.append(Label("shifted_job", "standup-notes", day * DAY, (day + 5) * DAY))


_DRAIN: Final[dict[str, Callable[[Desk, int], None]]] = {
    "scheduled_loop": _scheduled,
    "retry_loop": _retry,
    "overnight_run": _overnight,
    "slow_leak": _leak,
    "new_integration": _newcomer,
    "fan_out": _swarm,
    "no_op_polling": _poll,
}
_DECOY: Final[dict[str, Callable[[Desk, int], None]]] = {
    "crunch_night": _crunch,
    "expected_batch": _mine,
    "holiday": _away,
    "long_task": _long,
    "own_agents": _own,
    "new_human_app": _other,
    "busy_week": _busy,
    "shifted_job": _moved,
}
