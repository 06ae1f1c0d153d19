"""What `python -m tests.benchmarks.background_prior` counted on many made-up people; used by `attendance`."""

# fmt: off
# From which minute after the last prompt on, and from which dollars an hour on, each row and each of its entries counts
MINUTES = (10, 20, 30, 45, 60, 90, 120, 180)
RATES = (0.0, 3.0, 10.0)
# Of runs that went on for so long and spent $3 or more: which part were drains, and did not stop by themselves
DRAINS = (
    (0.500, 0.286, 0.085),
    (0.500, 0.213, 0.115),
    (0.500, 0.318, 0.122),
    (0.500, 0.456, 0.230),
    (0.900, 0.941, 0.818),
    (0.929, 0.943, 0.875),
    (0.958, 0.970, 0.875),
    (0.889, 0.971, 0.933),
)
