"""How often claims came true, as `python -m tests.benchmarks.auto_reload_claims` counted on made-up people.

One row for each length of history in weeks: months judged, then claimed and true: months without a block, reloads a month, months
below the limit.
"""

# fmt: off
CLAIMS = (
    (2, 262, 0.9824, 0.9823, 2.4642, 2.5466, 0.9669, 0.9580),
    (4, 276, 0.9832, 0.9858, 2.3526, 2.3473, 0.9681, 0.9601),
    (8, 284, 0.9829, 0.9887, 2.2467, 2.2687, 0.9755, 0.9859),
)
