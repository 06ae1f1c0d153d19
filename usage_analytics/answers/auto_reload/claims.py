"""How often claims came true, as `python -m tests.benchmarks.auto_reload_claims` counted on made-up people.

One row for each length of history in weeks: months judged, then claimed and true: months without a block, reloads a month, months
below the limit.
"""

# fmt: off
CLAIMS = (
    (2, 131, 0.9815, 0.9771, 2.4773, 2.7057, 0.9668, 0.9389),
    (4, 137, 0.9831, 0.9817, 2.3974, 2.4891, 0.9666, 0.9489),
    (8, 142, 0.9829, 0.9881, 2.2997, 2.3839, 0.9608, 0.9648),
)
