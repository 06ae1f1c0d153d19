"""A fifth kind of people, never tuned on: they work in shifts that rotate, on a laptop and a server, crunch at the end of the month, take
their holidays, and change to another editor for good halfway through.

Few of them work from nine to five. A shift is a row of spells at the keyboard, and between two of them an agent may be left to work
alone, as long as it takes. The server runs their cron jobs; some run on a month's last days only. Drains begin at any hour of a shift or
after it. Nothing is taken from the other makers but the records that people are made of.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from random import Random
from typing import Final

from tests.benchmarks.background_people import DAY, DRAINS, HOUR, Call, Label, Person, moment

MINUTE: Final = 60.0
SHIFTS: Final = {"early": (6.0, 14.0), "late": (14.0, 22.0), "night": (22.0, 30.0), "day": (9.0, 17.5)}
ROTAS: Final = (("early", "late"), ("early", "late", "night"), ("day",), ("day", "late"))  # a week each
MONTH_END: Final = (28, 29, 30, 58, 59)  # days since the start
DECOYS: Final = ("month_end", "swap", "holiday", "new_editor", "declared", "long_build", "new_cron", "dearer_model")
__all__ = ["DECOYS", "DRAINS", "moment", "person"]


@dataclass(frozen=True, slots=True)
class Machine:
    """Where calls are made: the app that logs them, and what its log says."""

    app: str
    prompts: bool
    rest: bool  # whether it says of other calls that no prompt led to them
    runs: bool
    threads: bool
    project: str | None = None


class Worker:
    """One person: their rota, machines and prices."""

    def __init__(self, seed: int) -> None:
        self.dice = dice = Random(f"shifts {seed}")
        self.days = dice.choice((40, 47, 54, 61))
        self.calls: list[Call] = []
        self.drains: list[Label] = []
        self.decoys: list[Label] = []
        self.expected: list[Label] = []
        self.count = 0
        self.zone = dice.choice((-7, -4, 0, 2, 5.5, 10))
        rota, turn = dice.choice(ROTAS), dice.randrange(3)
        self.shift = [rota[(day // 7 + turn) % len(rota)] for day in range(self.days)]
        off = {dice.randrange(7), dice.randrange(7)} if len(rota) > 1 else {5, 6}
        self.works = [day % 7 not in off for day in range(self.days)]
        self.load = [dice.lognormvariate(0, 0.25) for _ in range(self.days)]
        self.usd, self.step = dice.lognormvariate(-3.4, 0.6), dice.lognormvariate(2.4, 0.35)
        self.dear = [1.0] * self.days
        self.leaves = dice.choice((0.0, 0.03, 0.08))  # how often an agent is left to work on its own
        says = {"rest": dice.random() < 0.7, "runs": dice.random() < 0.7, "threads": dice.random() < 0.85}
        first, second = dice.sample(("Claude Code", "Cursor", "opencode", "codex"), 2)
        self.laptop = Machine(first, prompts=True, project=dice.choice(("ward", "stock", None)), **says)
        self.other = replace(self.laptop, app=second)
        self.server = Machine("server-agent", prompts=False, rest=True, runs=dice.random() < 0.6, threads=True)
        self.changes = self.days + 1  # the day from which on they use the other editor

    def editor(self, day: int) -> Machine:
        return self.other if day >= self.changes else self.laptop

    def clock(self, day: int, hour: float) -> float:
        return day * DAY + (hour - self.zone) * HOUR

    def thread(self, machine: Machine) -> str | None:
        self.count += 1
        return f"s{self.count}" if machine.threads else None

    def call(  # noqa: PLR0917  what a call consists of
        self, machine: Machine, at: float, thread: str | None, led: bool, run: str, usd: float, **more: object
    ) -> Call:
        """Log a call as its machine does."""
        human = (True if machine.prompts else None) if led else (False if machine.rest else None)
        said = run if machine.runs else None
        one = Call(at, machine.app, usd, human, said, machine.project, thread)
        for name, value in {
            "prompt_tokens": self.dice.randint(9_000, 90_000),
            "output_tokens": self.dice.randint(60, 1_500),
            **more,
        }.items():
            setattr(one, name, value)
        self.calls.append(one)
        return one


def person(seed: int) -> Person:
    """A person's weeks, the same for the same seed."""
    one = Worker(seed)
    dice = one.dice
    days = list(range(14, one.days - 4, 4))
    dice.shuffle(days)
    drains = [(_DRAIN[dice.choice(DRAINS)], days.pop()) for _ in range(dice.choice((0, 1, 1, 2)))]
    decoys = [(_DECOY[name], days.pop()) for name in dice.sample(DECOYS, dice.choice((1, 2, 3)))]
    for make, day in decoys:  # first: they change what days are like
        make(one, day)
    for day in range(one.days):
        if one.works[day]:
            _shift(one, day)
    for job in dice.sample((_backup, _intake, _probe, _ledger), dice.choice((0, 1, 2, 2))):
        job(one)
    for make, day in drains:
        make(one, day)
    calls = sorted((call for call in one.calls if 0 <= call.at < one.days * DAY), key=lambda call: call.at)
    return Person(seed, None, one.days, calls, one.drains, one.decoys, one.expected)


def _shift(one: Worker, day: int, start: float | None = None) -> None:
    """Spells at the keyboard with rounds, calls and meals between them."""
    begins, ends = SHIFTS[one.shift[day]]
    hour = (begins if start is None else start) + abs(one.dice.gauss(0, 0.3))
    while hour < ends:
        hour += _spell(one, day, hour, one.dice.lognormvariate(3.1, 0.6) * one.load[day]) / HOUR
        hour += one.dice.lognormvariate(-0.5, 0.7) / one.load[day]


def _spell(one: Worker, day: int, hour: float, minutes: float) -> float:
    """Prompts, each of which leads to some calls; at its end an agent may be left to work. How many seconds they sat there."""
    dice, machine = one.dice, one.editor(day)
    start = at = one.clock(day, hour)
    thread = one.thread(machine)
    while at < start + minutes * MINUTE:
        at = _prompt(one, machine, day, at, thread, 1 + int(dice.expovariate(1 / 5)))
        at += dice.lognormvariate(4.1, 0.8)
    sat = at - start
    if dice.random() < one.leaves:
        _prompt(one, machine, day, at, thread, int(dice.lognormvariate(2.9, 0.5) * MINUTE / one.step))
    return sat


def _prompt(  # noqa: PLR0917  what a prompt leads to
    one: Worker, machine: Machine, day: int, at: float, thread: str | None, calls: int
) -> float:
    for number in range(max(calls, 1)):
        usd = one.usd * one.dear[day] * one.dice.lognormvariate(0, 0.5)
        one.call(machine, at, thread, number == 0, "interactive", usd)
        at += one.step * one.dice.lognormvariate(0, 0.5)
    return at


# --- cron jobs that are theirs ----------------------------------------------------------------------------------------------


def _cron(  # noqa: PLR0917  what a job consists of
    one: Worker, app: str, at: float, calls: int, usd: float, gap: float = 11.0
) -> None:
    machine = replace(one.server, app=app)
    thread = one.thread(machine)
    for _ in range(max(calls, 1)):
        one.call(machine, at, thread, False, "scheduled", usd * one.dice.lognormvariate(0, 0.25))
        at += gap * one.dice.lognormvariate(0, 0.3)


def _backup(one: Worker) -> None:
    hour, calls, usd = one.dice.uniform(0, 24), one.dice.randint(5, 40), one.dice.uniform(0.01, 0.07)
    for day in range(one.days):
        _cron(one, "backup-notes", one.clock(day, hour), round(calls * one.dice.lognormvariate(0, 0.2)), usd)


def _intake(one: Worker) -> None:
    """Follows the office: more comes in by day."""
    usd, often = one.dice.uniform(0.005, 0.02), one.dice.uniform(10, 60)
    for day in range(one.days):
        for _ in range(round(often * (0.3 if day % 7 >= 5 else one.load[day]))):
            _cron(one, "intake-bot", one.clock(day, one.dice.gauss(13, 3)), one.dice.randint(1, 3), usd)


def _probe(one: Worker) -> None:
    every, usd = one.dice.choice((10, 30, 60)) * MINUTE, one.dice.uniform(0.001, 0.008)
    for number in range(int(one.days * DAY // every)):
        _cron(one, "probe", number * every + one.dice.uniform(0, 20), 1, usd)


def _ledger(one: Worker) -> None:
    """Weekly, and for longer at the end of a month."""
    usd, calls = one.dice.uniform(0.02, 0.08), one.dice.randint(20, 60)
    for day in range(one.days):
        if day % 7 == 4 or day in MONTH_END:
            _cron(one, "ledger-close", one.clock(day, 18.5), calls, usd)


# --- drains -----------------------------------------------------------------------------------------------------------------


def _runs(  # noqa: PLR0917  what a drain consists of
    one: Worker, kind: str, machine: Machine, beats: Iterator[float], run: str, hours: float, **more: object
) -> None:
    """Calls at these beats until they have cost so much, or for so many hours."""
    total, beats_ = min(max(one.dice.lognormvariate(3.7, 0.85), 8), 280), iter(beats)
    at = first = next(beats_)
    moments = []
    while at < first + hours * HOUR and len(moments) < 60_000:
        moments.append(at)
        at = next(beats_)
    usd, spent, last = min(max(total / len(moments), 0.003), 1.5), 0.0, first
    fixed, own = more.pop("usd", None), more.pop("thread", None)
    failing = float(more.pop("failing", 0.0))  # type: ignore[arg-type]
    thread = str(own) if own else one.thread(machine)
    for at in moments:
        if spent >= total:
            break
        cost = float(fixed or usd) * one.dice.lognormvariate(0, 0.25)  # type: ignore[arg-type]
        error = "timeout" if one.dice.random() < failing else None
        one.call(machine, at, thread, False, run, cost, drain=len(one.drains), error=error, **more)
        spent, last = spent + cost, at
    one.drains.append(Label(kind, machine.app, first, last))


def _beats(one: Worker, at: float, gap: float, spread: float) -> Iterator[float]:
    while True:
        yield at
        at += gap * one.dice.lognormvariate(0, spread)


def _app(one: Worker, day: int, *names: str) -> Machine:
    """A program of the server's, or the person's editor."""
    name = one.dice.choice((*names, ""))
    return replace(one.server, app=name) if name else one.editor(day)


def _any(one: Worker, day: int) -> float:
    return one.clock(day, one.dice.uniform(0, 24))


def _looping(one: Worker, day: int) -> None:
    beats = _beats(one, _any(one, day), one.dice.choice((90, 240, 600, 1500)), 0.04)
    _runs(one, "scheduled_loop", _app(one, day, "rota-mailer", "backup-notes"), beats, "scheduled", one.dice.uniform(8, 60))


def _failing(one: Worker, day: int) -> None:
    beats = _beats(one, _any(one, day), one.dice.choice((4, 15, 40)), 0.35)
    more = {"failing": one.dice.uniform(0.65, 1), "output_tokens": 50}
    _runs(one, "retry_loop", _app(one, day, "scan-reader", "intake-bot"), beats, "headless", one.dice.uniform(1, 10), **more)


def _left(one: Worker, day: int) -> None:
    """The last prompt of a shift, after which they go home and it goes on."""
    one.works[day] = True
    machine, ends = one.editor(day), SHIFTS[one.shift[day]][1]
    at, thread = one.clock(day, max(ends, _last_hour(one, day)) + one.dice.uniform(0, 0.5)), one.thread(machine)
    for _ in range(3):
        at = _prompt(one, machine, day, at, thread, 4) + one.dice.uniform(40, 200)
    at = _prompt(one, machine, day, at, thread, 1)
    beats = _beats(one, at, one.dice.uniform(7, 55), 0.5)
    _runs(one, "overnight_run", machine, beats, "interactive", one.dice.uniform(5, 11), thread=thread)


def _last_hour(one: Worker, day: int) -> float:
    begins, ends = (one.clock(day, hour) for hour in SHIFTS[one.shift[day]])
    last = max((call.at for call in one.calls if begins <= call.at < ends + 3 * HOUR and call.human), default=ends)
    return (last - day * DAY) / HOUR + one.zone


def _dripping(one: Worker, day: int) -> None:
    beats = _beats(one, _any(one, day), one.dice.choice((100, 400, 1100)), 0.9)
    _runs(
        one,
        "slow_leak",
        replace(one.server, app=one.dice.choice(("probe", "wiki-sync"))),
        beats,
        "headless",
        one.dice.uniform(45, 110),
    )


def _guest(one: Worker, day: int) -> None:
    machine = Machine(
        one.dice.choice(("roster-ai", "form-filler", "mail-plugin")),
        one.server.prompts,
        rest=True,
        runs=one.server.runs,
        threads=True,
    )
    beats = _beats(one, _any(one, day), one.dice.choice((20, 120, 600)), 1.0)
    _runs(one, "new_integration", machine, beats, "headless", one.dice.uniform(6, 70))


def _swarming(one: Worker, day: int) -> None:
    """One prompt in the middle of a shift starts agents by the dozen."""
    one.works[day] = True
    machine, (begins, ends) = one.editor(day), SHIFTS[one.shift[day]]
    at, thread = one.clock(day, one.dice.uniform(begins + 0.5, ends)), one.thread(machine)
    at, wide = _prompt(one, machine, day, at, thread, 2), one.dice.randint(12, 45)

    def beats() -> Iterator[float]:
        now = at
        while True:
            yield now
            now += one.dice.expovariate(min(wide, 3 + (now - at) / 5) / one.step)

    _runs(one, "fan_out", machine, beats(), "subagent", 2.5, usd=max(one.usd, 0.01))


def _polls(one: Worker, day: int) -> None:
    machine = _app(one, day, "queue-watch")
    beats = _beats(one, _any(one, day), one.dice.choice((60, 180, 480)), 0.06)
    more = {
        "output_tokens": one.dice.randint(5, 90),
        "prompt_tokens": one.dice.randint(30_000, 150_000),
        "thread": one.thread(machine),
    }
    _runs(one, "no_op_polling", machine, beats, "headless", one.dice.uniform(6, 50), **more)


# --- what may look like a drain -----------------------------------------------------------------------------------------------


def _month_end(one: Worker, day: int) -> None:
    """Twice the work, and an hour or two of overtime."""
    for each in (one_day for one_day in MONTH_END if one_day < one.days):
        one.works[each], one.load[each] = True, one.load[each] * one.dice.uniform(1.6, 2.4)
        _shift(one, each, SHIFTS[one.shift[each]][1] - 0.1)
        _spell(one, each, SHIFTS[one.shift[each]][1] + one.dice.uniform(0.2, 1), 60)
        one.decoys.append(Label("month_end", None, each * DAY, (each + 1.4) * DAY))


def _swap(one: Worker, day: int) -> None:
    """A colleague's shifts for some days."""
    last = min(day + one.dice.randint(2, 4), one.days)
    for each in range(day, last):
        one.works[each], one.shift[each] = True, one.dice.choice(("early", "late", "night"))
    one.decoys.append(Label("swap", None, day * DAY, (last + 0.5) * DAY))


def _holiday(one: Worker, day: int) -> None:
    last = min(day + one.dice.randint(6, 12), one.days)
    one.works[day:last] = [False] * (last - day)
    one.decoys.append(Label("holiday", None, day * DAY, (last + 2) * DAY))


def _new_editor(one: Worker, day: int) -> None:
    one.changes = day
    if one.dice.random() < 0.4:
        one.other = replace(one.other, prompts=False, rest=False, runs=False)
    one.decoys.append(Label("new_editor", one.other.app, day * DAY, (day + 9) * DAY))


def _declared(one: Worker, day: int) -> None:
    at, hours = _any(one, day), one.dice.uniform(1, 8)
    label = Label("declared", "migration", at - 300, at + hours * HOUR + 600)
    _cron(one, "migration", at, round(hours * HOUR / 25), one.dice.uniform(0.03, 0.1), gap=22)
    one.decoys.append(label)
    one.expected.append(label)


def _long_build(one: Worker, day: int) -> None:
    """Asked for within a shift; they go on a round, and it works for one to two and a half hours."""
    one.works[day] = True
    begins, ends = SHIFTS[one.shift[day]]
    machine, at = one.editor(day), one.clock(day, one.dice.uniform(begins, ends - 3))
    end = _prompt(one, machine, day, at, one.thread(machine), round(one.dice.uniform(1, 2.5) * HOUR / one.step / 1.13))
    one.decoys.append(Label("long_build", machine.app, at, end))


def _new_cron(one: Worker, day: int) -> None:
    hour, usd = one.dice.uniform(0, 24), one.dice.uniform(0.003, 0.02)
    for each in range(day, one.days):
        _cron(one, "bed-forecast", one.clock(each, hour), one.dice.randint(6, 20), usd)
    one.decoys.append(Label("new_cron", "bed-forecast", day * DAY, one.days * DAY))


def _dearer(one: Worker, day: int) -> None:
    one.dear[day:] = [one.dice.uniform(1.8, 3)] * (one.days - day)
    one.decoys.append(Label("dearer_model", None, day * DAY, (day + 7) * DAY))


_DRAIN: Final[dict[str, Callable[[Worker, int], None]]] = {
    "scheduled_loop": _looping,
    "retry_loop": _failing,
    "overnight_run": _left,
    "slow_leak": _dripping,
    "new_integration": _guest,
    "fan_out": _swarming,
    "no_op_polling": _polls,
}
_DECOY: Final[dict[str, Callable[[Worker, int], None]]] = {
    "month_end": _month_end,
    "swap": _swap,
    "holiday": _holiday,
    "new_editor": _new_editor,
    "declared": _declared,
    "long_build": _long_build,
    "new_cron": _new_cron,
    "dearer_model": _dearer,
}
