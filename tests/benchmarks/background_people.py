"""People to test the detection of background drain on: weeks of calls by a person and their automations, with labelled drains and decoys.

All is drawn anew for each seed: rates, prices, hours, how much the log says. Nothing here is taken from the analysis.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Final

START: Final = datetime(2026, 3, 2)  # a Monday
HOUR: Final = 3600.0
DAY: Final = 86400.0
DRAINS: Final = ("scheduled_loop", "retry_loop", "overnight_run", "slow_leak", "new_integration", "fan_out", "no_op_polling")
DECOYS: Final = (
    "crunch_night",
    "expected_batch",
    "travel",
    "holiday",
    "model_switch",
    "new_human_app",
    "long_task",
    "busy_week",
)


@dataclass(slots=True)
class Call:
    """One call; `at` is in seconds since START, `human` True, False or None for unknown."""

    at: float
    app: str
    usd: float
    human: bool | None = False
    run: str | None = None
    project: str | None = None
    conversation: str | None = None
    prompt_tokens: int = 20_000
    output_tokens: int = 400
    error: str | None = None
    model: str = "claude-sonnet-5"
    drain: int | None = None


@dataclass(slots=True)
class Label:
    """Something that happened, over [start, end) in seconds: a drain of an app, or a decoy."""

    kind: str
    app: str | None
    start: float
    end: float


@dataclass(slots=True)
class Person:
    """A person's weeks: calls in order, labels, and the runs that they declared to be theirs."""

    seed: int
    account: str | None
    days: int
    calls: list[Call]
    drains: list[Label]
    decoys: list[Label]
    expected: list[Label]
    account_of: Callable[[str], str | None] | None = None  # by app, where keys stand as accounts


@dataclass(slots=True)
class Habits:
    """How one person works and what the log says of it."""

    chance: Random
    days: int
    zone: float = 0.0
    begins: float = 9.0
    ends: float = 18.0
    weekend: float = 0.2
    evenings: float = 0.2
    sessions: float = 3.0
    think: float = 120.0
    chain: float = 4.0
    step: float = 12.0
    price: float = 0.05
    apps: tuple[str, ...] = ("Claude Code",)
    projects: tuple[str | None, ...] = (None,)
    says_run: bool = True
    says_conversation: bool = True
    says_false: bool = True  # whether calls that nobody led are said to be, or left empty
    autonomous: float = 0.1
    factor: Callable[[float], float] = lambda at: 1.0
    away: Callable[[float], bool] = lambda at: False
    zone_at: Callable[[float], float] = lambda at: 0.0
    busy: Callable[[float], float] = lambda at: 1.0
    model_at: Callable[[float], str] = lambda at: "claude-sonnet-5"
    calls: list[Call] = field(default_factory=list)
    drains: list[Label] = field(default_factory=list)
    decoys: list[Label] = field(default_factory=list)
    expected: list[Label] = field(default_factory=list)
    serial: int = 0

    def conversation(self) -> str | None:
        self.serial += 1
        return f"c{self.serial}" if self.says_conversation else None

    def run(self, name: str) -> str | None:
        return name if self.says_run else None

    def unled(self) -> bool | None:
        return False if self.says_false else None

    def around(self, middle: float, spread: float = 0.4) -> float:
        return middle * self.chance.lognormvariate(0, spread)


def person(seed: int, *, drains: float = 1.2, decoys: float = 2.0, weeks: int | None = None) -> Person:
    """A person's weeks, the same for the same seed."""
    chance = Random(f"people {seed}")
    habits = _habits(chance, weeks)
    warm_up = min(21, habits.days // 2)
    slots = _slots(chance, warm_up, habits.days)
    what: list[tuple[str, bool]] = []
    what += [(chance.choice(DRAINS), True) for _ in range(_count(chance, drains))]
    what += [(chance.choice(DECOYS), False) for _ in range(_count(chance, decoys))]
    chance.shuffle(what)
    later: list[Callable[[], None]] = []
    for (kind, is_drain), day in zip(what, slots, strict=False):
        make = (_DRAIN if is_drain else _DECOY)[kind]
        later.append(_bind(make, habits, day))
    for one in later:
        one()
    _work(habits)
    _automations(habits)
    habits.calls.sort(key=lambda call: call.at)
    calls = [call for call in habits.calls if 0 <= call.at < habits.days * DAY]
    account = chance.choice((None, f"person-{seed}@example.org"))
    return Person(seed, account, habits.days, calls, habits.drains, habits.decoys, habits.expected)


def _bind(make: Callable[[Habits, int], None], habits: Habits, day: int) -> Callable[[], None]:
    return lambda: make(habits, day)


def _count(chance: Random, mean: float) -> int:
    whole = int(mean)
    return whole + (chance.random() < mean - whole)


def _slots(chance: Random, first: int, days: int) -> list[int]:
    """Days on which something begins, a week apart so that labels do not overlap."""
    slots = list(range(first + 1, days - 6, 7))
    chance.shuffle(slots)
    return slots


def _habits(chance: Random, weeks: int | None) -> Habits:
    apps = ("Claude Code", "Cursor", "claude.ai", "Claude Desktop")
    projects = [f"project-{number}" for number in range(chance.randint(1, 5))]
    begins = chance.uniform(7, 11)
    return Habits(
        chance,
        (weeks or chance.choice((6, 8, 8, 10))) * 7,
        zone=chance.randint(-9, 10),
        begins=begins,
        ends=begins + chance.uniform(6, 11),
        weekend=chance.choice((0.05, 0.2, 0.5)),
        evenings=chance.choice((0.0, 0.15, 0.35)),
        sessions=chance.uniform(1.2, 5),
        think=chance.uniform(50, 260),
        chain=chance.uniform(1.5, 9),
        step=chance.uniform(5, 30),
        price=10 ** chance.uniform(-2.3, -0.6),
        apps=tuple(chance.sample(apps, chance.randint(1, 3))),
        projects=tuple(projects) if chance.random() < 0.8 else (None,),
        says_run=chance.random() < 0.7,
        says_conversation=chance.random() < 0.8,
        says_false=chance.random() < 0.8,
        autonomous=chance.choice((0.0, 0.05, 0.15)),
    )


def _work(habits: Habits) -> None:
    """The person's own days."""
    chance = habits.chance
    for day in range(habits.days):
        morning = day * DAY
        if habits.away(morning):
            continue
        weekend = day % 7 >= 5
        if weekend and chance.random() > habits.weekend:
            continue
        zone = habits.zone + habits.zone_at(morning)
        count = _poisson(chance, habits.sessions * habits.busy(morning) * (0.5 if weekend else 1))
        for _ in range(count):
            hour = chance.uniform(habits.begins, habits.ends)
            if chance.random() < habits.evenings:
                hour = chance.uniform(20, 23)
            session(habits, morning + (hour - zone) * HOUR, chance.expovariate(1 / 45) * 60 + 300)


def session(habits: Habits, start: float, seconds: float, app: str | None = None) -> None:
    """One sitting: prompts with thought between them, each leading to a chain of calls; now and then one works on alone."""
    chance = habits.chance
    app = app or chance.choice(habits.apps)
    project = chance.choice(habits.projects) if app == "Claude Code" else None
    at, conversation, size = start, habits.conversation(), habits.around(14_000)
    while at < start + seconds:
        length = max(1, round(chance.expovariate(1 / habits.chain)))
        alone = chance.random() < habits.autonomous / 8
        ends = at + chance.uniform(30, 60) * 60 if alone else None
        number = 0
        while number < length or (ends is not None and at < ends):
            size = min(size + habits.around(1_200), 170_000)
            habits.calls.append(
                Call(
                    at,
                    app,
                    habits.around(habits.price) * habits.factor(at) * (0.4 + size / 60_000),
                    human=True if number == 0 else habits.unled(),
                    run=habits.run("interactive"),
                    project=project,
                    conversation=conversation,
                    prompt_tokens=round(size),
                    output_tokens=round(habits.around(350, 0.8)),
                    error="overloaded" if chance.random() < 0.01 else None,
                    model=habits.model_at(at),
                )
            )
            at += habits.around(habits.step, 0.6)
            number += 1
        at += habits.around(habits.think, 0.9)


def _automations(habits: Habits) -> None:
    """What has always been there: it is no drain."""
    chance = habits.chance
    for make in chance.sample((_nightly, _monitor, _office, _weekly), chance.choice((0, 1, 1, 2, 3))):
        make(habits)


def _nightly(habits: Habits) -> None:
    chance, price = habits.chance, habits.around(0.06, 0.8)
    hour, length = chance.uniform(0, 6), chance.randint(8, 50)
    app = chance.choice(("nightly-report", "claude -p"))
    for day in range(habits.days):
        at = day * DAY + (hour - habits.zone) * HOUR + chance.uniform(0, 300)
        _batch(habits, at, habits.around(length, 0.25), price, app=app, run="scheduled", step=14)


def _weekly(habits: Habits) -> None:
    chance, price = habits.chance, habits.around(0.08, 0.6)
    weekday, hour, length = chance.randint(0, 6), chance.uniform(0, 24), chance.randint(30, 90)
    for week in range(habits.days // 7):
        at = (week * 7 + weekday) * DAY + (hour - habits.zone) * HOUR
        _batch(habits, at, habits.around(length, 0.2), price, app="weekly-digest", run="scheduled", step=14)


def _monitor(habits: Habits) -> None:
    chance, price = habits.chance, habits.around(0.01, 0.8)
    period = chance.choice((0.25, 0.5, 1, 2)) * HOUR
    at = chance.uniform(0, period)
    while at < habits.days * DAY:
        _batch(habits, at, chance.randint(1, 3), price, app="site-monitor", run="scheduled", step=4)
        at += period + chance.uniform(-20, 20)


def _office(habits: Habits) -> None:
    """An app on a key that works when the office does."""
    chance, price, rate = habits.chance, habits.around(0.01, 0.8), habits.chance.uniform(3, 20)
    for day in range(habits.days):
        if day % 7 >= 5 and chance.random() < 0.9:
            continue
        busy = habits.busy(day * DAY)
        for _ in range(_poisson(chance, rate * 9 * busy)):
            at = day * DAY + (chance.gauss(13.5, 2.5) - habits.zone) * HOUR
            _batch(habits, at, 1, price, app="support-bot", run="headless", step=5)


def _batch(habits: Habits, at: float, length: float, price: float, *, app: str, run: str, step: float) -> None:
    conversation = habits.conversation()
    size = habits.around(9_000)
    for _ in range(max(1, round(length))):
        habits.calls.append(
            Call(
                at,
                app,
                habits.around(price, 0.3) * habits.factor(at),
                human=habits.unled(),
                run=habits.run(run),
                conversation=conversation,
                prompt_tokens=round(size),
                output_tokens=round(habits.around(400, 0.6)),
                model=habits.model_at(at),
                error="overloaded" if habits.chance.random() < 0.01 else None,
            )
        )
        size += habits.around(700)
        at += habits.around(step, 0.5)


def _poisson(chance: Random, mean: float) -> int:
    count, at = 0, chance.expovariate(1)
    while at < mean:
        count, at = count + 1, at + chance.expovariate(1)
    return count


# --- drains -------------------------------------------------------------------------------------------------------------


def _drain(habits: Habits, kind: str, app: str, calls: Iterator[Call], *, usd: float, hours: float) -> None:
    """Let it run until it has cost so much, or as long; keep it with its label."""
    number, spent, first, last = len(habits.drains), 0.0, None, 0.0
    for call in calls:
        first = call.at if first is None else first
        if spent >= usd or call.at - first > hours * HOUR:
            break
        call.drain = number
        habits.calls.append(call)
        spent, last = spent + call.usd, call.at
    habits.drains.append(Label(kind, app, first or 0.0, last))


def _total(habits: Habits) -> float:
    return min(max(habits.around(50, 0.8), 8.0), 300.0)


def _any_time(habits: Habits, day: int) -> float:
    return day * DAY + habits.chance.uniform(0, 24) * HOUR


def _scheduled_loop(habits: Habits, day: int) -> None:
    chance = habits.chance
    app = chance.choice(("inbox-agent", "Claude Code", "claude -p", "ticket-sync", "nightly-report"))
    total, period = _total(habits), chance.choice((2, 5, 10, 15, 30)) * 60.0
    hours = chance.uniform(8, 72)
    per_fire = chance.randint(1, 6)
    price = min(max(total / (hours * HOUR / period) / per_fire, 0.004), 1.5)
    run = chance.choice(("scheduled", "headless", "interactive" if app == "Claude Code" else "scheduled"))
    conversation = habits.conversation() if chance.random() < 0.4 else None

    def calls() -> Iterator[Call]:
        at = _any_time(habits, day)
        while True:
            fire = conversation or habits.conversation()
            for number in range(per_fire):
                yield Call(
                    at + number * habits.around(8),
                    app,
                    habits.around(price, 0.25),
                    habits.unled(),
                    habits.run(run),
                    None,
                    fire,
                    round(habits.around(40_000)),
                    round(habits.around(250)),
                )
            at += period * (1 + chance.gauss(0, 0.04))

    _drain(habits, "scheduled_loop", app, calls(), usd=total, hours=hours * 2)


def _retry_loop(habits: Habits, day: int) -> None:
    chance = habits.chance
    app = chance.choice(("invoice-reader", *habits.apps, "support-bot"))
    total, gap = _total(habits), chance.choice((3, 8, 20, 60))
    price = 10 ** chance.uniform(-2, -0.5)
    failing = chance.uniform(0.7, 1.0)
    conversation = habits.conversation()

    def calls() -> Iterator[Call]:
        at = _any_time(habits, day)
        while True:
            bad = chance.random() < failing
            yield Call(
                at,
                app,
                habits.around(price, 0.2),
                habits.unled(),
                habits.run("headless" if app not in habits.apps else "interactive"),
                None,
                conversation,
                round(habits.around(30_000, 0.1)),
                round(habits.around(60 if bad else 300)),
                chance.choice(("timeout", "overloaded", "tool_error")) if bad else None,
            )
            at += habits.around(gap, 0.3)

    _drain(habits, "retry_loop", app, calls(), usd=total, hours=14)


def _overnight(habits: Habits, day: int) -> None:
    chance = habits.chance
    app = "Claude Code" if "Claude Code" in habits.apps else habits.apps[0]
    total, hours = _total(habits), chance.uniform(5, 11)
    step = chance.uniform(8, 60)
    price = min(max(total / (hours * HOUR / step), 0.004), 2.0)
    start = day * DAY + (max(habits.ends, 18) + chance.uniform(-1, 4) - habits.zone - habits.zone_at(day * DAY)) * HOUR
    conversation, project = habits.conversation(), habits.projects[0] if app == "Claude Code" else None

    def calls() -> Iterator[Call]:
        at, size = start, 30_000.0
        for number in range(1_000_000):
            yield Call(
                at,
                app,
                habits.around(price, 0.4),
                True if number == 0 else habits.unled(),
                habits.run("interactive"),
                project,
                conversation,
                round(size),
                round(habits.around(400)),
            )
            size = min(size + habits.around(900), 170_000)
            at += habits.around(step, 0.6)

    session(habits, start - 1500, 1200, app)
    _drain(habits, "overnight_run", app, calls(), usd=total, hours=hours)


def _slow_leak(habits: Habits, day: int) -> None:
    chance = habits.chance
    app = chance.choice(("site-monitor", "support-bot", "log-summariser", "webhook-relay"))
    total, hours = _total(habits), chance.uniform(48, 150)
    price = 10 ** chance.uniform(-2.5, -0.7)
    gap = hours * HOUR / (total / price)
    conversation = habits.conversation() if chance.random() < 0.3 else None

    def calls() -> Iterator[Call]:
        at, first = _any_time(habits, day), None
        while True:
            first = at if first is None else first
            grown = 1 + (at - first) / (hours * HOUR)
            yield Call(
                at,
                app,
                habits.around(price, 0.3) * grown,
                habits.unled(),
                habits.run("headless"),
                None,
                conversation or habits.conversation(),
                round(15_000 * grown),
                round(habits.around(200)),
            )
            at += chance.expovariate(1 / gap)

    _drain(habits, "slow_leak", app, calls(), usd=total, hours=hours)


def _new_integration(habits: Habits, day: int) -> None:
    chance = habits.chance
    app = chance.choice(("crm-connector", "zapier-claude", "slack-helper", "browser-agent"))
    total, hours = _total(habits), chance.uniform(6, 90)
    price = 10 ** chance.uniform(-2.5, -0.3)
    gap = hours * HOUR / (total / price)

    def calls() -> Iterator[Call]:
        at = _any_time(habits, day)
        while True:
            yield Call(
                at,
                app,
                habits.around(price, 0.5),
                habits.unled(),
                habits.run(chance.choice(("headless", "scheduled"))),
                None,
                habits.conversation(),
                round(habits.around(8_000)),
                round(habits.around(500)),
            )
            at += chance.expovariate(1 / gap)

    _drain(habits, "new_integration", app, calls(), usd=total, hours=hours * 1.5)


def _fan_out(habits: Habits, day: int) -> None:
    chance = habits.chance
    app = "Claude Code" if "Claude Code" in habits.apps else habits.apps[0]
    total, agents = _total(habits), chance.randint(6, 30)
    price = min(max(habits.around(habits.price, 0.3), 0.01), 0.6)
    step = habits.around(14)
    start = day * DAY + (chance.uniform(habits.begins, habits.ends) - habits.zone - habits.zone_at(day * DAY)) * HOUR
    main, apart = habits.conversation(), chance.random() < 0.5
    names = [habits.conversation() if apart else main for _ in range(agents)]

    def calls() -> Iterator[Call]:
        at = start
        while True:
            yield Call(
                at,
                app,
                habits.around(price, 0.4),
                habits.unled(),
                habits.run("subagent"),
                habits.projects[0] if app == "Claude Code" else None,
                chance.choice(names),
                round(habits.around(30_000)),
                round(habits.around(300)),
            )
            at += chance.expovariate(agents / step)

    session(habits, start - 900, 890, app)
    habits.calls.append(Call(start - 1, app, price, True, habits.run("interactive"), habits.projects[0], main))
    _drain(habits, "fan_out", app, calls(), usd=total, hours=6)


def _no_op(habits: Habits, day: int) -> None:
    chance = habits.chance
    app = chance.choice(("inbox-watcher", "Claude Code", "Agent SDK (TypeScript)", "queue-poller"))
    total, period = _total(habits), chance.choice((60, 120, 240, 300, 600))
    hours = chance.uniform(6, 60)
    price = min(max(total / (hours * HOUR / period), 0.008), 1.2)
    size, conversation = chance.uniform(50_000, 220_000), habits.conversation()

    def calls() -> Iterator[Call]:
        at = _any_time(habits, day)
        while True:
            yield Call(
                at,
                app,
                habits.around(price, 0.15),
                habits.unled(),
                habits.run("headless"),
                None,
                conversation,
                round(habits.around(size, 0.05)),
                chance.randint(5, 60),
            )
            at += period * (1 + chance.gauss(0, 0.03))

    _drain(habits, "no_op_polling", app, calls(), usd=total, hours=hours * 1.5)


# --- decoys -------------------------------------------------------------------------------------------------------------


def _crunch(habits: Habits, day: int) -> None:
    start = day * DAY + (19 - habits.zone) * HOUR
    habits.decoys.append(Label("crunch_night", None, start, start + 10 * HOUR))
    at = start
    while at < start + 9 * HOUR:
        length = habits.chance.uniform(40, 110) * 60
        session(habits, at, length)
        at += length + habits.chance.uniform(300, 1500)


def _expected(habits: Habits, day: int) -> None:
    chance = habits.chance
    start, hours = _any_time(habits, day), chance.uniform(2, 12)
    app = chance.choice(("backfill", "Claude Code", "claude -p"))
    label = Label("expected_batch", app, start - 600, start + (hours + 0.3) * HOUR)
    habits.decoys.append(label)
    habits.expected.append(label)
    price, at, conversation = habits.around(0.1, 0.7), start, habits.conversation()
    while at < start + hours * HOUR:
        habits.calls.append(Call(at, app, habits.around(price), habits.unled(), habits.run("headless"), None, conversation))
        at += habits.around(20, 0.5)


def _travel(habits: Habits, day: int) -> None:
    shift = habits.chance.choice((-9, -7, -6, 6, 8, 9))
    start, end = day * DAY, (day + habits.chance.randint(4, 10)) * DAY
    habits.decoys.append(Label("travel", None, start, end))
    habits.zone_at = lambda at: shift if start <= at < end else 0.0


def _holiday(habits: Habits, day: int) -> None:
    start, end = day * DAY, (day + habits.chance.randint(4, 6)) * DAY
    before = habits.away
    habits.decoys.append(Label("holiday", None, start, end + 2 * DAY))
    habits.away = lambda at: start <= at < end or before(at)


def _switch(habits: Habits, day: int) -> None:
    start, times = day * DAY, habits.chance.uniform(2, 3)
    habits.decoys.append(Label("model_switch", None, start, start + 7 * DAY))
    habits.factor = lambda at: times if at >= start else 1.0
    habits.model_at = lambda at: "claude-opus-5" if at >= start else "claude-sonnet-5"


def _new_app(habits: Habits, day: int) -> None:
    """A new app that the person uses by hand; it may not say that they do."""
    chance = habits.chance
    app, flagless = chance.choice(("Windsurf", "Zed", "Cline")), chance.random() < 0.5
    end = day + chance.randint(4, 12)
    habits.decoys.append(Label("new_human_app", app, day * DAY, end * DAY))
    before = len(habits.calls)
    for each in range(day, min(end, habits.days)):
        if each % 7 >= 5:
            continue
        for _ in range(chance.randint(1, 3)):
            hour = chance.uniform(habits.begins, habits.ends)
            session(habits, each * DAY + (hour - habits.zone) * HOUR, chance.expovariate(1 / 40) * 60 + 300, app)
    if flagless:
        for call in habits.calls[before:]:
            call.human = None
            call.run = None


def _long_task(habits: Habits, day: int) -> None:
    chance = habits.chance
    app = chance.choice(habits.apps)
    start = day * DAY + (chance.uniform(habits.begins, habits.ends - 2) - habits.zone) * HOUR
    hours, conversation = chance.uniform(1, 3), habits.conversation()
    habits.decoys.append(Label("long_task", app, start, start + hours * HOUR))
    session(habits, start - 600, 500, app)
    at, number = start, 0
    while at < start + hours * HOUR:
        habits.calls.append(
            Call(
                at,
                app,
                habits.around(habits.price) * habits.factor(at),
                True if number == 0 else habits.unled(),
                habits.run("interactive"),
                habits.projects[0] if app == "Claude Code" else None,
                conversation,
                model=habits.model_at(at),
            )
        )
        number += 1
        at += habits.around(habits.step * 1.5, 0.6)


def _busy(habits: Habits, day: int) -> None:
    start, times = day * DAY, habits.chance.uniform(1.7, 3)
    habits.decoys.append(Label("busy_week", None, start, start + 6 * DAY))
    habits.busy = lambda at: times if start <= at < start + 6 * DAY else 1.0


_DRAIN: Final[dict[str, Callable[[Habits, int], None]]] = {
    "scheduled_loop": _scheduled_loop,
    "retry_loop": _retry_loop,
    "overnight_run": _overnight,
    "slow_leak": _slow_leak,
    "new_integration": _new_integration,
    "fan_out": _fan_out,
    "no_op_polling": _no_op,
}
_DECOY: Final[dict[str, Callable[[Habits, int], None]]] = {
    "crunch_night": _crunch,
    "expected_batch": _expected,
    "travel": _travel,
    "holiday": _holiday,
    "model_switch": _switch,
    "new_human_app": _new_app,
    "long_task": _long_task,
    "busy_week": _busy,
}


def moment(at: float) -> datetime:
    """The moment of a call, as naive UTC to the millisecond."""
    return START + timedelta(milliseconds=round(at * 1000))
