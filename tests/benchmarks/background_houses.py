"""A fourth kind of people, by another hand and never tuned on: two machines, a plan of the day that they keep to, holidays and journeys.

A day is a list of tasks (a meeting, a bug, a review, lunch), and what a task asks of Claude follows from it. A second machine runs what the
first one started; jobs of a repository run on pushes and by the clock, are legitimate, and change with the work. Prices are those of the
models that a person chooses for a task. What a log says depends on the program that wrote it, not on the person.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random
from typing import Final

from tests.benchmarks.background_people import DAY, DRAINS, HOUR, Call, Label, Person, moment

MINUTE: Final = 60.0
# Dollars for a million tokens: read from the cache, written to it, output
MODELS: Final = {"small": (0.1, 1.25, 5.0), "middle": (0.2, 3.75, 15.0), "large": (0.5, 6.25, 25.0)}
# Minutes of a task, prompts an hour, calls for a prompt, how likely in a day's slot
TASKS: Final = {
    "meeting": (45, 0.5, 1, 0.2),
    "bug": (70, 14, 7, 0.25),
    "feature": (110, 9, 14, 0.25),
    "review": (35, 8, 3, 0.15),
    "question": (12, 20, 1, 0.15),
}
DECOYS: Final = ("late_night", "expected_batch", "travel", "holiday", "release_week", "new_editor", "long_refactoring", "new_job")
__all__ = ["DECOYS", "DRAINS", "moment", "person"]


@dataclass(frozen=True, slots=True)
class Program:
    """What writes a log: its name, and what it says of a call."""

    app: str
    says_prompts: bool
    says_rest: bool  # whether it says of the others that nobody led them
    says_run: bool
    says_thread: bool
    project: str | None


class House:
    """One person's weeks and machines."""

    def __init__(self, seed: int) -> None:
        self.dice = Random(f"house {seed}")
        dice = self.dice
        self.days = dice.choice((37, 44, 51, 58))
        self.calls: list[Call] = []
        self.drains: list[Label] = []
        self.decoys: list[Label] = []
        self.expected: list[Label] = []
        self.serial = 0
        self.west = dice.choice((-8, -5, 0, 1, 3, 5.5, 9))
        self.shift = [0.0] * self.days  # of the clock, on journeys
        self.works = [day % 7 < 5 or dice.random() < 0.15 for day in range(self.days)]
        self.hard = [1.0] * self.days  # how much is asked of Claude
        self.starts, self.ends = dice.gauss(9, 1.2), dice.gauss(18, 1.5)
        self.evening = dice.random() * 0.5
        self.model = dice.choice(tuple(MODELS))
        full = dice.random() < 0.6
        main = dice.choice(("Claude Code", "Claude Code", "opencode", "Cursor"))
        self.desk = Program(main, True, full, dice.random() < 0.7, dice.random() < 0.8, dice.choice(("shop", "api", None)))
        self.laptop = Program(dice.choice((main, "Claude Desktop")), True, full, self.desk.says_run, self.desk.says_thread, None)

    def thread(self, program: Program) -> str | None:
        self.serial += 1
        return f"h{self.serial}" if program.says_thread else None

    def clock(self, day: int, hour: float) -> float:
        """Seconds since the start, of an hour on the person's clock."""
        return day * DAY + (hour - self.west - self.shift[min(max(day, 0), self.days - 1)]) * HOUR

    def price(self, context: float, fresh: float, output: float) -> float:
        read, write, out = MODELS[self.model]
        return (context * read + fresh * write + output * out) / 1e6


def person(seed: int) -> Person:
    """A person's weeks, the same for the same seed."""
    house = House(seed)
    dice = house.dice
    days = list(range(15, house.days - 4, 5))
    dice.shuffle(days)
    kinds = [dice.choice(DRAINS) for _ in range(dice.choice((0, 1, 1, 2)))]
    plans = [(_DRAIN[kind], day) for kind, day in zip(kinds, days, strict=False)]
    looks = [dice.choice(DECOYS) for _ in range(dice.choice((1, 2, 3)))]
    plans += [(_DECOY[kind], day) for kind, day in zip(looks, days[len(kinds) :], strict=False)]
    for make, day in sorted(plans, key=lambda plan: plan[0] in _DRAIN.values()):  # decoys first: they change days
        make(house, day)
    for day in range(house.days):
        _day(house, day)
    for job in dice.sample((_on_push, _each_morning, _each_hour, _each_sunday), dice.choice((0, 1, 1, 2))):
        job(house)
    calls = sorted((call for call in house.calls if 0 <= call.at < house.days * DAY), key=lambda call: call.at)
    return Person(seed, None, house.days, calls, house.drains, house.decoys, house.expected)


def _day(house: House, day: int) -> None:
    """Tasks one after another from morning to evening, lunch between; some evenings there is one more."""
    if not house.works[day]:
        return
    dice, hour = house.dice, house.starts + house.dice.gauss(0, 0.4)
    lunch = dice.gauss(12.7, 0.4)
    while hour < house.ends:
        if hour < lunch <= hour + 0.5:
            hour = lunch + dice.uniform(0.5, 1.2)
        hour += _task(house, day, hour)
        hour += dice.expovariate(1 / 0.35)
    if dice.random() < house.evening:
        _task(house, day, dice.uniform(20, 22.5))


def _task(house: House, day: int, hour: float, name: str | None = None) -> float:
    """One task; how many hours it took."""
    dice = house.dice
    name = name or dice.choices(tuple(TASKS), [one[3] for one in TASKS.values()])[0]
    minutes, often, depth, _ = TASKS[name]
    length = minutes * dice.lognormvariate(0, 0.5) / 60
    program = house.laptop if name in ("meeting", "question") else house.desk
    at, end = house.clock(day, hour), house.clock(day, hour + length)
    thread, context = house.thread(program), dice.uniform(12_000, 30_000)
    while at < end:
        at, context = _prompt(house, program, thread, at, context, depth * dice.lognormvariate(0, 0.7) * house.hard[day])
        if dice.random() < 0.02:
            at += dice.uniform(10, 40) * MINUTE  # a call, a coffee
        if context > 140_000:
            thread, context = house.thread(program), 25_000.0
        at += dice.expovariate(often / HOUR)
    return length


def _prompt(  # noqa: PLR0917  what a prompt leads to
    house: House, program: Program, thread: str | None, at: float, context: float, depth: float
) -> tuple[float, float]:
    """A prompt and the calls that it leads to: tools that take seconds, tests that take a minute."""
    dice = house.dice
    for number in range(max(1, round(depth))):
        fresh, output = dice.expovariate(1 / 1_800), dice.expovariate(1 / 600)
        led = (True if program.says_prompts else None) if number == 0 else (False if program.says_rest else None)
        _call(house, program, at, thread, (context, fresh, output), led, "interactive")
        context += fresh + output
        at += dice.uniform(40, 100) if dice.random() < 0.06 else 3 + dice.expovariate(1 / 9)
    return at, context


def _call(  # noqa: PLR0917  what a call consists of
    house: House,
    program: Program,
    at: float,
    thread: str | None,
    tokens: tuple[float, float, float],
    led: bool | None,
    run: str,
    usd: float | None = None,
    error: str | None = None,
) -> float:
    context, fresh, output = tokens
    cost = house.price(context, fresh, output) if usd is None else usd
    said = run if program.says_run else None
    size = round(context + fresh)
    house.calls.append(Call(at, program.app, cost, led, said, program.project, thread, size, round(output), error, house.model))
    return cost


# --- jobs that have always been there, and work as they should ------------------------------------------------------------


def _job(  # noqa: PLR0917  what a job consists of
    house: House, at: float, app: str, count: int, usd: float, gap: float = 15
) -> None:
    dice = house.dice
    program = _own_program(house, app)
    thread = house.thread(program)
    for _ in range(max(1, count)):
        tokens = (dice.uniform(8_000, 30_000), 900.0, dice.expovariate(1 / 500))
        _call(house, program, at, thread, tokens, False if program.says_rest else None, "ci", usd * dice.lognormvariate(0, 0.3))
        at += gap * dice.lognormvariate(0, 0.4)


def _on_push(house: House) -> None:
    """A review of each push: there are more of them when there is more work."""
    often, usd = house.dice.uniform(2, 10), house.dice.uniform(0.01, 0.06)
    for day in range(house.days):
        for _ in range(round(often * house.dice.random() * 2 * house.hard[day]) if house.works[day] else 0):
            hour = house.dice.uniform(house.starts + 1, house.ends + 0.5)
            _job(house, house.clock(day, hour), "review-action", house.dice.randint(3, 12), usd)


def _each_morning(house: House) -> None:
    hour, count, usd = house.dice.uniform(4, 8), house.dice.randint(10, 50), house.dice.uniform(0.01, 0.08)
    for day in range(house.days):
        _job(house, house.clock(day, hour), "changelog-bot", round(count * house.dice.lognormvariate(0, 0.25)), usd)


def _each_hour(house: House) -> None:
    usd = house.dice.uniform(0.003, 0.02)
    for hour in range(house.days * 24):
        _job(house, hour * HOUR + 300, "log-watch", house.dice.randint(1, 4), usd)


def _each_sunday(house: House) -> None:
    usd, count = house.dice.uniform(0.02, 0.1), house.dice.randint(30, 90)
    for day in range(6, house.days, 7):
        _job(house, house.clock(day, 5), "dependency-update", round(count * house.dice.lognormvariate(0, 0.2)), usd)


# --- drains ---------------------------------------------------------------------------------------------------------------


def _worth(house: House) -> float:
    return min(max(house.dice.lognormvariate(3.6, 0.8), 8), 250)


def _running(
    house: House, kind: str, program: Program, beats: Iterator[float], *, run: str, hours: float, **more: object
) -> None:
    """Calls at these moments until it has cost so much, or has gone on for so long."""
    dice, total = house.dice, _worth(house)
    first = next(beats)
    moments = [first]
    for at in beats:
        if at > first + hours * HOUR:
            break
        moments.append(at)
    usd = float(more.get("usd") or max(min(total / len(moments), 1.2), 0.004))  # type: ignore[arg-type]
    failing, output, own = float(more.get("failing", 0.0)), more.get("output"), more.get("thread")  # type: ignore[arg-type]
    context, start, spent, at = dice.uniform(25_000, 120_000), len(house.calls), 0.0, first
    thread = str(own) if own else house.thread(program)
    for at in moments:
        if spent >= total:
            break
        said = float(output) if output else dice.expovariate(1 / 400)  # type: ignore[arg-type]
        error = "overloaded" if dice.random() < failing else None
        led = False if program.says_rest else None
        spent += _call(house, program, at, thread, (context, 500.0, said), led, run, usd * dice.lognormvariate(0, 0.2), error)
    for call in house.calls[start:]:
        call.drain = len(house.drains)
    house.drains.append(Label(kind, program.app, first, house.calls[-1].at))


def _beats(house: House, at: float, gap: float, spread: float) -> Iterator[float]:
    while True:
        yield at
        at += gap * house.dice.lognormvariate(0, spread)


def _own_program(house: House, app: str) -> Program:
    return Program(app, True, house.desk.says_rest, house.desk.says_run, True, None)


def _other(house: House, *apps: str) -> Program:
    """An app of its own, or the person's."""
    app = house.dice.choice((*apps, house.desk.app))
    return house.desk if app == house.desk.app else _own_program(house, app)


def _cron(house: House, day: int) -> None:
    gap = house.dice.choice((120, 300, 900, 1800))
    beats = _beats(house, house.clock(day, house.dice.uniform(0, 24)), gap, 0.03)
    _running(
        house,
        "scheduled_loop",
        _other(house, "mail-sorter", "changelog-bot"),
        beats,
        run="scheduled",
        hours=house.dice.uniform(8, 60),
    )


def _retries(house: House, day: int) -> None:
    beats = _beats(house, house.clock(day, house.dice.uniform(0, 24)), house.dice.choice((5, 12, 30)), 0.4)
    more = {"failing": house.dice.uniform(0.7, 1), "output": 70}
    _running(house, "retry_loop", _other(house, "pdf-reader"), beats, run="headless", hours=house.dice.uniform(1, 9), **more)


def _last_of(house: House, day: int, hour: float) -> tuple[float, str | None]:
    """A prompt of the person, after which they leave."""
    house.works[day] = True
    program, thread = house.desk, house.thread(house.desk)
    at, context = house.clock(day, hour - 0.4), 20_000.0
    for _ in range(4):
        at, context = _prompt(house, program, thread, at, context, 5)
        at += house.dice.uniform(60, 240)
    _prompt(house, program, thread, at, context, 1)
    return at + 8, thread


def _night(house: House, day: int) -> None:
    """They leave for the day, and it goes on."""
    hour = max(house.ends, 17) + house.dice.uniform(0.5, 5)
    at, thread = _last_of(house, day, hour)
    beats = _beats(house, at, house.dice.uniform(8, 50), 0.6)
    _running(house, "overnight_run", house.desk, beats, run="interactive", hours=house.dice.uniform(5, 11), thread=thread)


def _drip(house: House, day: int) -> None:
    gap = house.dice.choice((120, 500, 1000))
    beats = _beats(house, house.clock(day, house.dice.uniform(0, 24)), gap, 0.8)
    program = _own_program(house, house.dice.choice(("log-watch", "crm-notes", "feed-reader")))
    _running(house, "slow_leak", program, beats, run="headless", hours=house.dice.uniform(40, 90))


def _guest(house: House, day: int) -> None:
    program = _own_program(house, house.dice.choice(("pipedream", "sheets-ai", "jira-bot")))
    beats = _beats(house, house.clock(day, house.dice.uniform(0, 24)), house.dice.choice((25, 150, 500)), 0.9)
    _running(house, "new_integration", program, beats, run="headless", hours=house.dice.uniform(6, 60))


def _swarm(house: House, day: int) -> None:
    """One prompt starts agents, and these start others."""
    hour = house.dice.uniform(house.starts + 1, house.ends)
    at, _ = _last_of(house, day, hour)
    width, step = house.dice.randint(10, 40), house.dice.uniform(6, 15)

    def beats() -> Iterator[float]:
        now = at + 4
        while True:
            yield now
            now += house.dice.expovariate(min(width, 2 + (now - at) / 4) / step)

    _running(house, "fan_out", house.desk, beats(), run="subagent", hours=3, usd=house.price(40_000, 2_000, 400))


def _polling(house: House, day: int) -> None:
    beats = _beats(house, house.clock(day, house.dice.uniform(0, 24)), house.dice.choice((60, 240, 600)), 0.05)
    more = {"output": house.dice.randint(5, 80), "thread": house.thread(house.desk)}
    _running(
        house, "no_op_polling", _other(house, "deploy-watch"), beats, run="headless", hours=house.dice.uniform(6, 50), **more
    )


# --- decoys ---------------------------------------------------------------------------------------------------------------


def _late(house: House, day: int) -> None:
    hour = 19.5
    while hour < 26:
        hour += _task(house, day, hour, house.dice.choice(("bug", "feature"))) + house.dice.uniform(0.05, 0.4)
    house.decoys.append(Label("late_night", None, house.clock(day, 19), house.clock(day, 28)))


def _mine(house: House, day: int) -> None:
    at, hours = house.clock(day, house.dice.uniform(0, 24)), house.dice.uniform(1, 6)
    label = Label("expected_batch", "import-2026", at - 200, at + hours * HOUR + 900)
    _job(house, at, "import-2026", round(hours * HOUR / 20), 0.06, gap=18)
    house.decoys.append(label)
    house.expected.append(label)


def _journey(house: House, day: int) -> None:
    last = min(day + house.dice.randint(4, 9), house.days)
    hours = house.dice.choice((-9, -6, 6, 8))
    house.shift[day:last] = [hours] * (last - day)
    house.decoys.append(Label("travel", None, day * DAY, last * DAY))


def _holiday(house: House, day: int) -> None:
    last = min(day + house.dice.randint(5, 10), house.days)
    house.works[day:last] = [False] * (last - day)
    house.decoys.append(Label("holiday", None, day * DAY, (last + 2) * DAY))


def _release(house: House, day: int) -> None:
    last = min(day + 5, house.days)
    house.hard[day:last] = [house.dice.uniform(1.6, 2.6)] * (last - day)
    house.decoys.append(Label("release_week", None, day * DAY, last * DAY))


def _editor(house: House, day: int) -> None:
    """They try another program for some days; it may not say what they typed."""
    says, last = house.dice.random() < 0.5, min(day + house.dice.randint(3, 9), house.days)
    program = Program(house.dice.choice(("Zed", "Windsurf")), says, says, says, house.dice.random() < 0.7, None)
    before, house.desk = house.desk, program
    for each in range(day, last):
        for _ in range(house.dice.randint(1, 2) if house.works[each] else 0):
            _task(house, each, house.dice.uniform(house.starts, house.ends - 1), house.dice.choice(("bug", "review")))
    house.desk = before
    house.decoys.append(Label("new_editor", program.app, day * DAY, last * DAY))


def _refactoring(house: House, day: int) -> None:
    """Asked for in the morning, and it works for an hour or two."""
    at, thread = _last_of(house, day, house.starts + house.dice.uniform(0.5, 3))
    end, context, start = at + house.dice.uniform(0.8, 2.2) * HOUR, 40_000.0, at
    led = False if house.desk.says_rest else None
    while at < end:
        fresh, output = house.dice.expovariate(1 / 1_500), house.dice.expovariate(1 / 500)
        _call(house, house.desk, at, thread, (context, fresh, output), led, "interactive")
        context = 40_000.0 if context > 150_000 else context + fresh + output
        at += 4 + house.dice.expovariate(1 / 14)
    house.decoys.append(Label("long_refactoring", house.desk.app, start, at))


def _hired(house: House, day: int) -> None:
    """A job of theirs that is new and cheap, and stays."""
    hour, usd = house.dice.uniform(0, 24), house.dice.uniform(0.004, 0.02)
    for each in range(day, house.days):
        _job(house, house.clock(each, hour), "nightly-docs", house.dice.randint(8, 20), usd)
    house.decoys.append(Label("new_job", "nightly-docs", day * DAY, house.days * DAY))


_DRAIN: Final[dict[str, Callable[[House, int], None]]] = {
    "scheduled_loop": _cron,
    "retry_loop": _retries,
    "overnight_run": _night,
    "slow_leak": _drip,
    "new_integration": _guest,
    "fan_out": _swarm,
    "no_op_polling": _polling,
}
_DECOY: Final[dict[str, Callable[[House, int], None]]] = {
    "late_night": _late,
    "expected_batch": _mine,
    "travel": _journey,
    "holiday": _holiday,
    "release_week": _release,
    "new_editor": _editor,
    "long_refactoring": _refactoring,
    "new_job": _hired,
}
