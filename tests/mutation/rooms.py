"""Which tests notice a change, by room: the strong and quick ones, those that fail most often first."""

from __future__ import annotations

from typing import Final

GROUPS: Final = {  # group: (the files that are changed, the share that has to be noticed)
    "pricing": (("usage_analytics/pricing/",), 0.85),
    "importers": (("usage_analytics/importers/",), 0.85),
    "store": (("usage_analytics/store/",), 0.85),
    "answers": (("usage_analytics/answers/",), 0.75),
}
LEFT_OUT: Final = ("usage_analytics/store/migrations/",)  # tables without a decision, and views that are dropped again
STORE: Final = "tests/store/test_golden.py"
ANSWERS: Final = "tests/answers/test_golden.py"
AUTO_RELOAD: Final = "tests/answers/auto_reload tests/answers/test_auto_reload_said.py tests/test_cli_auto_reload.py"
BACKGROUND: Final = (
    "tests/answers/background tests/answers/test_background_said.py tests/test_cli_background.py "
    f"{ANSWERS}::test_every_answer_is_as_it_was[background] {ANSWERS}::test_an_answer_about_doubtful_data_is_as_it_was[background] "
    f"{ANSWERS}::test_every_threshold_stands_in_one_list_so_that_moving_one_is_a_decision"
)
TESTS: Final = {  # the longest prefix of the changed file's path counts
    "usage_analytics/pricing/": "tests/pricing/test_cost_twin.py tests/pricing",
    "usage_analytics/importers/": "tests/importers/test_golden.py tests/importers tests/ingest/test_known_totals.py",
    "usage_analytics/store/": f"{STORE} tests/store/test_promises.py tests/store/test_migrations.py tests/test_cli.py",
    "usage_analytics/store/lease.py": "tests/store/test_lease.py",
    "usage_analytics/store/location.py": "tests/store/test_location.py tests/store/test_lease.py",
    "usage_analytics/store/following.py": "tests/archive",
    "usage_analytics/store/opening.py": "tests/archive/test_rebuild.py tests/store/test_migrations.py",
    "usage_analytics/store/derivation/": f"{STORE} tests/store/test_calls.py",
    "usage_analytics/store/queries/": f"{STORE} tests/store/test_savings_query.py",
    "usage_analytics/store/views/": f"{STORE} tests/store/test_views.py",
    "usage_analytics/answers/": f"{ANSWERS} tests/answers",
    "usage_analytics/answers/auto_reload/": f"{AUTO_RELOAD} {ANSWERS}",
    "usage_analytics/answers/background/": BACKGROUND,
    "usage_analytics/answers/balance/": f"{ANSWERS} tests/answers/test_ledger.py tests/answers/test_runway_golden.py "
    "tests/answers/test_runway.py "
    "tests/answers/test_account.py tests/answers/test_pools.py tests/test_balance.py",
    "usage_analytics/answers/imports/": "tests/answers/test_imports.py",
}


def group_of(path: str) -> str | None:
    """The group that the file belongs to."""
    if not path.endswith((".py", ".sql")) or path.startswith(LEFT_OUT):
        return None
    return next((name for name, (prefixes, _) in GROUPS.items() if path.startswith(prefixes)), None)


def tests_of(path: str) -> tuple[str, ...]:
    """What to run when the file has changed."""
    return tuple(TESTS[max((prefix for prefix in TESTS if path.startswith(prefix)), key=len)].split())
