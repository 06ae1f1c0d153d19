"""Other people than those of background_people, made another way, to see what holds where nothing was tuned.

Time runs in bins of a minute, each app has a rate of its own and calls come as they fall; prices are heavy-tailed, keys may stand as
accounts, most apps say little, drains come and go while they last, and automations drift.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tests.benchmarks.background_people import DAY, DECOYS, DRAINS, HOUR, Call, Label, Person, moment

Rate = NDArray[np.float64]
MINUTE: Final = 60.0
__all__ = ["DECOYS", "DRAINS", "moment", "person"]


class Life:
    """One stranger's weeks, in minutes."""

    def __init__(self, seed: int) -> None:
        self.chance = np.random.default_rng([seed, 77])
        self.days = int(self.chance.choice([35, 42, 56, 63]))
        self.minutes = self.days * 1440
        self.calls: list[Call] = []
        self.drains: list[Label] = []
        self.decoys: list[Label] = []
        self.expected: list[Label] = []
        self.zone = int(self.chance.integers(-8, 10))
        self.usd = float(10 ** self.chance.uniform(-2.2, -0.3))
        self.tail = float(self.chance.uniform(1.6, 4))
        self.talks = bool(self.chance.random() < 0.6)  # says run classes
        self.threads = bool(self.chance.random() < 0.5)
        self.false = bool(self.chance.random() < 0.7)
        self.keys = bool(self.chance.random() < 0.3)  # apps on keys of their own, which stand as accounts
        self.main = str(self.chance.choice(["claude-code", "Claude Code", "cursor", "vscode-claude"]))
        self.model = np.full(self.days, 0)
        self.dear = np.ones(self.days)
        self.shift = np.zeros(self.days)
        self.awake = self._awake()
        self.work = float(self.chance.uniform(0.25, 0.6))  # of a block, the share of minutes in which something happens
        self.serial = 0

    def _awake(self) -> NDArray[np.bool_]:
        """Minutes of the local day at which the person works, one row a day: blocks with a start and an end that vary."""
        blocks = [(9, 12.5), (13.5, 18), (20.5, 22.5)]
        often = [self.chance.uniform(0.5, 0.95), self.chance.uniform(0.6, 0.95), self.chance.uniform(0.05, 0.4)]
        owl = self.chance.uniform(-2, 4)
        rows = np.zeros((self.days, 1440), dtype=bool)
        for day in range(self.days):
            damp = 0.25 if day % 7 >= 5 else 1.0
            for (start, end), share in zip(blocks, often, strict=True):
                if self.chance.random() < share * damp:
                    first = int((start + owl + self.chance.normal(0, 0.5)) * 60)
                    last = int((end + owl + self.chance.normal(0, 0.7)) * 60)
                    rows[day, max(first, 0) : min(max(last, 0), 1440)] = True
        return rows

    def price(self, size: int) -> Rate:
        """Heavy-tailed prices of calls."""
        return np.minimum(self.chance.pareto(self.tail, size) + 0.3, 12) / 1.3

    def account(self, app: str) -> str | None:
        return f"key-{app}" if self.keys and app != self.main else None

    def emit(self, at: NDArray[np.float64], app: str, usd: Rate, **more: object) -> list[Call]:
        """Calls at these moments, in the order of time."""
        made = [Call(float(one), app, float(cost), **more) for one, cost in zip(at, usd, strict=True)]  # type: ignore[arg-type]
        self.calls += made
        return made


def person(seed: int) -> Person:
    """A stranger's weeks, the same for the same seed."""
    life = Life(seed)
    first = min(21, life.days // 2)
    slots = list(range(first, life.days - 5, 6))
    life.chance.shuffle(slots)
    plans: list[tuple[Callable[[Life, int], None], int]] = []
    drains = int(life.chance.choice([0, 1, 1, 2]))
    decoys = int(life.chance.choice([1, 2, 2, 3]))
    names = [*life.chance.choice(DRAINS, drains), *life.chance.choice(DECOYS, decoys)]
    for name, day in zip(names, slots, strict=False):
        plans.append(((_DRAIN | _DECOY)[str(name)], int(day)))
    for make, day in plans:
        make(life, day)
    _person_works(life)
    for make_it in life.chance.permutation([_digest, _watchdog, _service, _batch])[: int(life.chance.choice([0, 1, 2, 3]))]:
        make_it(life)
    calls = sorted((call for call in life.calls if 0 <= call.at < life.days * DAY), key=lambda call: call.at)
    return Person(seed, None, life.days, calls, life.drains, life.decoys, life.expected, life.account)


def _person_works(life: Life) -> None:
    """Minute by minute: in a block something happens in a share of them; a turn is a word and a geometric number of calls."""
    apps = [life.main, *life.chance.choice(["claude.ai", "raycast", "zed"], int(life.chance.integers(0, 3)), replace=False)]
    weights = np.array([5.0, 2.0, 1.0])[: len(apps)]
    for day in range(life.days):
        busy = np.flatnonzero(life.awake[day])
        if not len(busy):
            continue
        turns = np.sort(life.chance.choice(busy, max(1, int(len(busy) * life.work * 0.35)), replace=False))
        app, thread, before = life.main, f"t{day}-0", -99
        for number, minute in enumerate(turns):
            if minute - before > 25 or life.chance.random() < 0.05:
                app, thread = str(life.chance.choice(apps, p=weights / weights.sum())), f"t{day}-{number}"
            before = minute
            _turn(life, day, minute, app, thread)


def _turn(life: Life, day: int, minute: int, app: str, thread: str, *, human: bool | None = True) -> None:
    chance = life.chance
    count = int(chance.geometric(0.3))
    if chance.random() < 0.004:  # a habit: it works on alone for a while
        count = int(chance.uniform(80, 200))
    at = day * DAY + (minute - life.zone * 60 + life.shift[day] * 60) * MINUTE + np.cumsum(chance.gamma(2, 6, count))
    made = life.emit(
        at,
        app,
        life.price(count) * life.usd * life.dear[day],
        human=False if life.false else None,
        run="interactive" if life.talks else None,
        conversation=thread if life.threads else None,
        model=f"model-{life.model[day]}",
    )
    made[0].human = human


def _digest(life: Life) -> None:
    """Every morning before work, longer on Mondays."""
    start, usd, size = life.chance.uniform(2, 8), life.usd * life.chance.uniform(0.3, 1.5), life.chance.integers(6, 60)
    for day in range(life.days):
        count = max(1, int(size * life.chance.lognormal(0, 0.3) * (1.6 if day % 7 == 0 else 1)))
        at = day * DAY + (start - life.zone) * HOUR + np.cumsum(life.chance.exponential(20, count))
        _auto(life, at, "morning-digest", usd, day=day, run="scheduled")


def _watchdog(life: Life) -> None:
    """All day long at random moments, drifting upwards."""
    rate, usd = life.chance.uniform(8, 90), life.usd * life.chance.uniform(0.05, 0.3)
    for day in range(life.days):
        count = life.chance.poisson(rate * (1 + 0.012 * day))
        at = day * DAY + np.sort(life.chance.uniform(0, DAY, count))
        _auto(life, at, "watchdog", usd, day=day, run="headless")


def _service(life: Life) -> None:
    """Customers use it in the day of another zone, less at weekends."""
    rate, usd, zone = life.chance.uniform(20, 200), life.usd * life.chance.uniform(0.03, 0.2), life.chance.integers(-8, 9)
    for day in range(life.days):
        count = life.chance.poisson(rate * (0.3 if day % 7 >= 5 else 1) * life.chance.lognormal(0, 0.25))
        hours = life.chance.normal(14, 3.5, count)
        _auto(life, np.sort(day * DAY + (hours - zone) * HOUR), "help-widget", usd, day=day, run="headless")


def _batch(life: Life) -> None:
    """Twice a week, for an hour or so."""
    days = life.chance.choice(7, 2, replace=False)
    start, usd = life.chance.uniform(0, 24), life.usd * life.chance.uniform(0.3, 1)
    for day in range(life.days):
        if day % 7 in days:
            count = max(1, int(60 * life.chance.lognormal(0, 0.2)))
            _auto(
                life,
                day * DAY + (start + life.chance.normal(0, 0.2)) * HOUR + np.cumsum(life.chance.gamma(2, 30, count)),
                "index-job",
                usd,
                day=day,
                run="ci",
            )


def _auto(life: Life, at: NDArray[np.float64], app: str, usd: float, *, day: int, run: str) -> list[Call]:
    return life.emit(
        at,
        app,
        life.price(len(at)) * usd * life.dear[min(day, life.days - 1)],
        human=False if life.false else None,
        run=run if life.talks else None,
        model=f"model-{life.model[min(day, life.days - 1)]}",
        prompt_tokens=int(life.chance.integers(2_000, 60_000)),
        output_tokens=int(life.chance.integers(100, 900)),
        conversation=f"{app}{day}" if life.threads and run != "headless" else None,
    )


# --- drains: total and length are drawn, calls come in bouts ------------------------------------------------------------


def _leak(
    life: Life,
    kind: str,
    app: str,
    start: float,
    hours: float,
    *,
    total: float,
    gap: float,
    shape: Callable[[NDArray[np.float64]], NDArray[np.float64]] = np.ones_like,
    steady: float = 1.0,
    duty: float = 1.0,
    **more: object,
) -> None:
    """Calls about `gap` seconds apart (the steadier the more even) for some hours, on for a share of the time, of so much in all."""
    count = max(int(hours * HOUR / gap), 20)
    steps = life.chance.gamma(steady, gap / steady, count)
    at = start + np.cumsum(steps)
    at = at[at < start + hours * HOUR]
    bouts = ((at - start) // (1.5 * HOUR)).astype(int)
    on = life.chance.random(bouts.max(initial=0) + 1) < duty
    on[0] = True
    at = at[on[bouts]]
    usd = life.price(len(at)) * shape((at - start) / (hours * HOUR))
    usd = np.minimum(usd * total / usd.sum(), 3.0)
    given: dict[str, object] = {"human": False if life.false else None} | more
    for call in life.emit(at, app, usd, **given):
        call.drain = len(life.drains)
    life.drains.append(Label(kind, app, float(at[0]), float(at[-1])))


def _dollars(life: Life) -> float:
    return float(np.clip(life.chance.lognormal(np.log(45), 0.9), 8, 300))


def _some_time(life: Life, day: int) -> float:
    return day * DAY + float(life.chance.uniform(0, DAY))


def _says(life: Life, run: str) -> str | None:
    return run if life.talks else None


def _cron(life: Life, day: int) -> None:
    app = str(life.chance.choice(["release-bot", life.main, "mail-triage", "morning-digest"]))
    gap, hours = float(life.chance.choice([90, 300, 600, 900, 1800, 3600])), life.chance.uniform(10, 80)
    _leak(
        life,
        "scheduled_loop",
        app,
        _some_time(life, day),
        hours,
        total=_dollars(life),
        gap=gap,
        steady=300,
        run=_says(life, "scheduled"),
        prompt_tokens=30_000,
    )


def _retry(life: Life, day: int) -> None:
    app = str(life.chance.choice(["doc-parser", "help-widget", life.main]))
    gap, hours = float(life.chance.choice([4, 15, 45, 120])), life.chance.uniform(1, 16)
    before = len(life.calls)
    _leak(
        life,
        "retry_loop",
        app,
        _some_time(life, day),
        hours,
        total=_dollars(life),
        gap=gap,
        steady=6,
        run=_says(life, "headless"),
        prompt_tokens=18_000,
    )
    share = life.chance.uniform(0.6, 1)
    for call in life.calls[before:]:
        call.error = "rate_limit" if life.chance.random() < share else None


def _night(life: Life, day: int) -> None:
    awake = np.flatnonzero(life.awake[day])
    last = int(awake[-1]) if len(awake) else 18 * 60
    start = day * DAY + (last - life.zone * 60 + life.shift[day] * 60) * MINUTE + 30
    thread = f"night{day}" if life.threads else None
    _turn(life, day, last, life.main, f"night{day}")
    gap = float(life.chance.uniform(10, 90))
    _leak(
        life, "overnight_run", life.main, start, float(life.chance.uniform(5, 12)), total=_dollars(life), gap=gap, steady=1.5,
        run=_says(life, "interactive"), conversation=thread,
    )  # fmt: skip


def _drip(life: Life, day: int) -> None:
    app = str(life.chance.choice(["watchdog", "crm-sync", "help-widget", "telemetry-notes"]))
    hours = float(life.chance.uniform(40, 140))
    hours = min(hours, (life.days - day) * 24 - 2.0)
    _leak(
        life, "slow_leak", app, _some_time(life, day) - 0.0, hours, total=_dollars(life), gap=float(life.chance.choice([60, 240, 900])),
        shape=lambda part: 0.5 + part, run=_says(life, "headless"), duty=0.9,
    )  # fmt: skip


def _integration(life: Life, day: int) -> None:
    app = str(life.chance.choice(["notion-ai", "n8n", "make-claude", "sheet-addon"]))
    _leak(
        life, "new_integration", app, _some_time(life, day), float(life.chance.uniform(8, 100)), total=_dollars(life),
        gap=float(life.chance.choice([30, 120, 500])), duty=0.7, run=_says(life, "headless"),
    )  # fmt: skip


def _swarm(life: Life, day: int) -> None:
    awake = np.flatnonzero(life.awake[day])
    minute = int(life.chance.choice(awake)) if len(awake) else 15 * 60
    start = day * DAY + (minute - life.zone * 60 + life.shift[day] * 60) * MINUTE + 20
    _turn(life, day, minute, life.main, f"swarm{day}")
    total = _dollars(life)
    gap = float(life.chance.uniform(0.5, 2.5))
    hours = max(total / max(life.usd, 0.02) * gap / HOUR, 0.15)
    before = len(life.calls)
    _leak(life, "fan_out", life.main, start, min(hours, 5), total=total, gap=gap, run=_says(life, "subagent"))
    if life.threads:
        for call in life.calls[before:]:
            call.conversation = f"swarm{day}-{life.chance.integers(0, 12)}"


def _poll(life: Life, day: int) -> None:
    app = str(life.chance.choice(["pr-watcher", life.main, "agent-sdk"]))
    _leak(
        life, "no_op_polling", app, _some_time(life, day), float(life.chance.uniform(6, 70)), total=_dollars(life),
        gap=float(life.chance.choice([60, 180, 300, 1200])), steady=60, run=_says(life, "headless"),
        prompt_tokens=int(life.chance.integers(40_000, 250_000)), output_tokens=int(life.chance.integers(3, 90)),
    )  # fmt: skip


# --- decoys -------------------------------------------------------------------------------------------------------------


def _crunch(life: Life, day: int) -> None:
    life.decoys.append(Label("crunch_night", None, day * DAY + (18 - life.zone) * HOUR, day * DAY + (30 - life.zone) * HOUR))
    life.awake[day, 18 * 60 :] = True
    life.awake[min(day + 1, life.days - 1), : 4 * 60] = True


def _mine(life: Life, day: int) -> None:
    start, hours = _some_time(life, day), float(life.chance.uniform(1, 10))
    label = Label("expected_batch", "backfill-2026", start - 60, start + hours * HOUR + 900)
    life.decoys.append(label)
    life.expected.append(label)
    count = int(hours * 120)
    life.emit(
        start + np.sort(life.chance.uniform(0, hours * HOUR, count)), "backfill-2026", life.price(count) * life.usd, human=False
    )


def _journey(life: Life, day: int) -> None:
    length = int(life.chance.integers(3, 12))
    life.decoys.append(Label("travel", None, day * DAY, (day + length) * DAY))
    life.shift[day : day + length] = life.chance.choice([-8, -6, 5, 7, 9])


def _away(life: Life, day: int) -> None:
    length = int(life.chance.integers(4, 9))
    life.decoys.append(Label("holiday", None, day * DAY, (day + length + 2) * DAY))
    life.awake[day : day + length] = False


def _dearer(life: Life, day: int) -> None:
    life.decoys.append(Label("model_switch", None, day * DAY, (day + 7) * DAY))
    life.dear[day:] = life.chance.uniform(2, 3)
    life.model[day:] = 1


def _another_app(life: Life, day: int) -> None:
    app, says = str(life.chance.choice(["opencode", "aider", "perplexity"])), life.chance.random() < 0.5
    last = min(day + int(life.chance.integers(4, 14)), life.days)
    life.decoys.append(Label("new_human_app", app, day * DAY, last * DAY))
    for each in range(day, last):
        busy = np.flatnonzero(life.awake[each])
        if len(busy) < 60:
            continue
        first = int(life.chance.choice(busy[:-30]))
        at = first
        while at < first + life.chance.uniform(15, 90):
            _turn(life, each, int(at), app, f"other{each}", human=True if says else None)
            at += life.chance.exponential(3.5) + 0.4


def _asked_for(life: Life, day: int) -> None:
    awake = np.flatnonzero(life.awake[day])
    minute = int(life.chance.choice(awake[: max(len(awake) // 2, 1)])) if len(awake) else 10 * 60
    start = day * DAY + (minute - life.zone * 60 + life.shift[day] * 60) * MINUTE
    hours = float(life.chance.uniform(1, 3))
    life.decoys.append(Label("long_task", life.main, start, start + hours * HOUR))
    _turn(life, day, minute, life.main, f"long{day}")
    at = start + 30 + np.cumsum(life.chance.gamma(2, 11, int(hours * HOUR / 22)))
    life.emit(
        at, life.main, life.price(len(at)) * life.usd * life.dear[day], human=False if life.false else None,
        run=_says(life, "interactive"), conversation=f"long{day}" if life.threads else None, model=f"model-{life.model[day]}",
    )  # fmt: skip


def _hectic(life: Life, day: int) -> None:
    life.decoys.append(Label("busy_week", None, day * DAY, (day + 6) * DAY))
    for each in range(day, min(day + 6, life.days)):
        first = int(life.chance.uniform(7, 9) * 60)
        life.awake[each, first : first + int(life.chance.uniform(11, 14) * 60)] = True


_DRAIN: Final[dict[str, Callable[[Life, int], None]]] = {
    "scheduled_loop": _cron,
    "retry_loop": _retry,
    "overnight_run": _night,
    "slow_leak": _drip,
    "new_integration": _integration,
    "fan_out": _swarm,
    "no_op_polling": _poll,
}
_DECOY: Final[dict[str, Callable[[Life, int], None]]] = {
    "crunch_night": _crunch,
    "expected_batch": _mine,
    "travel": _journey,
    "holiday": _away,
    "model_switch": _dearer,
    "new_human_app": _another_app,
    "long_task": _asked_for,
    "busy_week": _hectic,
}
