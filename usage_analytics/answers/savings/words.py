"""What each saving is called, how to get it, what it does not say, and why it may not be yours."""

from __future__ import annotations

from typing import Final

# Title, how, caveat.
WORDS: Final[dict[str, tuple[str, str, str]]] = {
    "cheaper_model": (
        "Lighter model for simple work",
        "Switch to Sonnet where Opus did such work, and to Haiku where Sonnet did: /model in Claude Code, or the model of the app.",
        "Quality not assessed: check some of the conversations below. The cache that each switch loses is already subtracted.",
    ),
    "fresh_starts": (
        "Fresh starts",
        "Start a new conversation when the subject changes: /clear, or /compact to take a summary along.",
        "The high end assumes that you needed nothing said before; the low end, 20,000 tokens of it.",
    ),
    "long_outputs": (
        "Shorter answers",
        "Ask for a change instead of the whole file, and for a length.",
        "We don't know how much of a long answer you needed: the range is half to all of what exceeds nine in ten of your answers.",
    ),
    "cache_lifetime": (
        "A different cache lifetime",
        "In Claude Code, set “promptCacheTtl” to “1h” where you pause for 5 to 60 minutes; in your own calls, set the cache's lifetime.",
        "Counts only what the plan didn't pay: while it pays, Claude Code keeps the cache for an hour by itself.",
    ),
    "stop_drains": (
        "Stop drains when they are flagged",
        "Check Background drain daily, or let “usage-analytics check” run from cron.",
        "Assumes that you stop a run as soon as it's flagged, and that such runs come as often as in this period.",
    ),
    "batch": (
        "Batches",
        "Send scheduled calls that can wait as a batch: it costs half.",
        "A batch is answered within a day, not at once; only calls that stand alone can wait.",
    ),
}
NOT_YOU: Final[dict[str, str]] = {
    "cheaper_model": "Not you: hardly any simple call ran on an expensive model.",
    "fresh_starts": "Not you: no conversation was so long that a fresh start would have cost less.",
    "long_outputs": "Not you: hardly any answer was far longer than usual.",
    "cache_lifetime": "Not you: your caches live as long as suits your breaks.",
    "stop_drains": "Not you: no run was flagged as a drain.",
    "batch": "Not you: no scheduled calls on an API key that could wait.",
}
NOT_JUDGED: Final = "Not judged: a drain belongs to an app, not to a model. Remove the model filter to include drains."
