"""The makers of people, by name: those that the method was tuned with, and all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from tests.benchmarks.auto_reload_overflow import overflowing
from tests.benchmarks.auto_reload_projects import on_projects
from tests.benchmarks.auto_reload_strangers import stranger
from tests.benchmarks.auto_reload_tickets import ticketed
from tests.benchmarks.auto_reload_tokens import tokened
from tests.benchmarks.auto_reload_unseen import unseen
from tests.benchmarks.auto_reload_users import Person, person

Maker = Callable[[str, int], Person]
TUNED: Final[dict[str, Maker]] = {"sessions": person, "strangers": stranger, "overflow": overflowing, "projects": on_projects}
MAKERS: Final[dict[str, Maker]] = {**TUNED, "unseen": unseen, "tickets": ticketed, "tokens": tokened}
