"""Many people at once get each their own figures, never each other's."""

from __future__ import annotations

import random
import threading
from pathlib import Path

from tests.campaign.frame import Result, all_of, by_tests, holds
from tests.databases import add, new, rows
from tests.transcripts import call, text

PROMISES = ""
THREADS, ASKED = 8, 190


def check(where: Path) -> Result:
    """Eight threads ask 1,520 questions with known answers through the one store of the process."""
    store = new(where / "store")
    add(store, {"a.jsonl": text(*[call(str(one), one, model=f"m{one % 40}") for one in range(400)])})
    wrong: list[object] = []

    def ask(seed: int) -> None:
        chance = random.Random(seed)
        for _ in range(ASKED):
            model = f"m{chance.randrange(40)}"
            found = rows(store, f"select model, count(*) as calls from call where model = '{model}' group by all")
            if found != [{"model": model, "calls": 10}]:
                wrong.append(found)

    threads = [threading.Thread(target=ask, args=(seed,)) for seed in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong, f"{len(wrong)} wrong answers"
    known = by_tests(
        where,
        "tests/store/test_lease.py::test_eight_threads_get_each_their_own_answers",
        "tests/test_question.py::test_what_many_threads_ask_for_at_once_is_made_once",
    )
    return all_of(holds(f"{THREADS * ASKED} of {THREADS * ASKED} right"), known)
