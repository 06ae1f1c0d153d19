"""Whenever a process is killed, each import is there whole or not at all, and nothing that was acknowledged is lost."""

from __future__ import annotations

import json
import random
from collections import Counter
from pathlib import Path

from tests.campaign import killing
from tests.campaign.frame import Result, holds
from tests.transcripts import call, prompt, write

PROMISES = "P5"
KILLS = 200
CALLS = 15


def check(where: Path) -> Result:
    """Kills import, undo, sync, rebuild, backup, report and settings 200 times at random moments, and looks after each kill."""
    killing.ready()
    scene = Scene(where)
    killed = Counter[str]()
    for number in range(2000):
        if killed.total() >= KILLS:
            break
        act = list(scene.acts)[number % len(scene.acts)]
        killed[act] += scene.round(act, number)
    assert killed.total() >= KILLS, f"only {killed} were met"
    scene.look(deep=True)
    return holds(f"{killed.total()} kills: " + ", ".join(f"{count} {act}" for act, count in sorted(killed.items())))


class Scene:
    """A database, a home folder with transcripts, and what has been acknowledged so far."""

    def __init__(self, where: Path) -> None:
        self.where, self.chance = where, random.Random(5)
        self.db = where / "store" / "usage.duckdb"
        self.said = where / "said"
        self.projects = where / "claude" / "projects"
        self.acts = {
            "import": self.import_words,
            "sync": lambda _n: ("sync",),
            "undo": self.undo_words,
            "rebuild": lambda _n: ("rebuild",),
            "backup": lambda n: ("backup", "--to", where / f"backup-{n // 50}"),
            "report": lambda n: (
                "report",
                "--format",
                "json",
                "--from",
                "2026-11-01",
                "--to",
                "2026-12-01",
                "--out",
                where / f"r{n}.json",
            ),
            "settings": lambda n: ("balance", "--set", str(n), "--at", f"2026-11-{1 + n % 28:02}T{n % 24:02}:00:00Z"),
        }
        self.longest = dict.fromkeys(self.acts, 0.0)
        self.acknowledged: set[int] = set()  # numbers of imports that were said to be there, and not undone since
        killing.os.environ.update(CLAUDE_CONFIG_DIR=str(self.projects.parent), HOME=str(where))
        self.files(0)
        assert self.verb("import", where / "files" / "0").status == 0

    def files(self, number: int) -> None:
        """New transcripts: two to import, and one more in the home folder."""
        for name in (f"i{number}-a", f"i{number}-b"):
            self._write(self.where / "files" / str(number) / f"{name}.jsonl", name)
        self._write(self.projects / "garden" / f"s{number}.jsonl", f"s{number}")

    def _write(self, path: Path, session: str) -> None:
        lines = [call(f"{session}-{one}", one, sessionId=session) for one in range(CALLS)]
        write(path, prompt(0, sessionId=session), *lines)

    def import_words(self, number: int) -> tuple[object, ...]:
        return ("import", self.where / "files" / str(number))

    def undo_words(self, number: int) -> tuple[object, ...]:
        return ("imports", "--undo", self.newest())

    def verb(self, *words: object, kill_after: float | None = None) -> killing.Ended:
        return killing.run(killing.verb(*words, "--db", self.db), self.said, kill_after=kill_after)

    def newest(self) -> int:
        """The number of the last import that is there, asked in a process of its own."""
        ended = self.verb("imports", "--json")
        return int(max(one["id"] for one in json.loads(ended.said)["imports"]))

    def round(self, act: str, number: int) -> int:
        """Do one thing and kill it; 1 when it was met before its end."""
        self.files(number)
        words = (*self.acts[act](number), *(["--json"] if act in ("import", "sync") else []))
        if act == "undo":
            self.acknowledged.discard(int(str(words[-1])))
        longest = self.longest[act]
        ended = self.verb(*words, kill_after=self.chance.uniform(0, longest * 1.05) if longest else None)
        assert "Traceback" not in ended.said, f"{act}: {ended.said[-1500:]}"
        if ended.status is not None:
            self.longest[act] = max(ended.seconds, longest)
            assert ended.status == 0, f"{act} ended with {ended.status}: {ended.said[-500:]}"
            if act in ("import", "sync"):
                self.acknowledged.update(one["id"] for one in json.loads(ended.said)["imports"])
        self.look(deep=number % 25 == 0)
        return int(ended.status is None)

    def look(self, *, deep: bool) -> None:
        """Judge the database in a process of its own; `deep` also compares it with what the archive makes of it."""
        ended = killing.run(lambda: _sound(self.db, deep=deep), self.where / "looked")
        assert ended.status == 0, ended.said[-1500:]
        lost = self.acknowledged - set(json.loads(ended.said))
        assert not lost, f"the imports {lost} were acknowledged and are lost"


def _sound(db: Path, *, deep: bool) -> int:
    """Everything in the database agrees with everything else and with the archive."""
    from tests.archive.test_copies import ALL
    from tests.databases import content, rows
    from usage_analytics.archive.copies import faults
    from usage_analytics.store import Store

    store = Store(db)
    kept = store.imports()
    total = store.rows("events_total")[0]["events"]
    assert total == sum(one.events_new for one in kept)
    assert all(one.events_new + one.events_duplicate == CALLS for one in kept)
    for table in ("rollup_half_hour", "rollup_conversation", "rollup_message_position"):
        assert rows(store, f"select coalesce(sum(calls), 0)::int as calls from {table}") == [{"calls": total}]
    assert {one.number for one in store.archive.read().entries().values()} == {one.import_id for one in kept}
    if deep:
        assert list(faults(store.archive)) == []
        before = content(store, ALL)
        store.rebuild()
        assert content(store, ALL) == before
    store.close()
    print(json.dumps([one.import_id for one in kept]))
    return 0
