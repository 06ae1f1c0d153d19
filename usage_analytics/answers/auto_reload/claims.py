"""How often claims came true, as `python -m tests.benchmarks.auto_reload_claims` counted on made-up people.

One row for each length of history in weeks: months judged, then claimed and true: months without a block, reloads a month, months
below the limit.
"""

# fmt: off
CLAIMS = (
    (2, 89, 0.9857, 0.9798, 2.3345, 2.6562, 0.9625, 0.9101),
    (4, 91, 0.9879, 0.9803, 2.2709, 2.4730, 0.9596, 0.9231),
    (8, 95, 0.9884, 0.9898, 2.1018, 2.2505, 0.9575, 0.9368),
)
