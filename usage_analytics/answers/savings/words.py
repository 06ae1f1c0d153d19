"""What each saving is called, how to get it, what it does not say, and why it may not be yours."""

from __future__ import annotations

from typing import Final

# Title, how, caveat.
WORDS: Final[dict[str, tuple[str, str, str]]] = {
    "cheaper_model": (
        "Lighter model for simple work",
        "Use Sonnet where Opus did such work, and Haiku where Sonnet did: type /model in Claude Code, or change the app's model.",
        (
            "We don't assess quality: check some of these calls (Savings lists them under Conversations). "
            "The range moves a quarter to all of this work, the middle half. The cache that each switch loses is already subtracted."
        ),
    ),
    "fresh_starts": (
        "Fresh starts",
        "Start a new conversation when the subject changes: type /clear, or /compact to keep a summary.",
        (
            "Assumes that you needed 10,000 tokens of the earlier messages and that half of the first prompt was still cached. "
            "The range goes from 18,000 tokens and 10% to 2,000 tokens and 90%."
        ),
    ),
    "long_outputs": (
        "Shorter answers",
        "Ask for the change instead of the whole file, and say how long the answer should be.",
        (
            "We don't know how much of a long answer you needed. The range is half to all of the part longer than nine in ten answers, "
            "the middle three quarters."
        ),
    ),
    "cache_lifetime": (
        "A different cache lifetime",
        "In Claude Code, set “promptCacheTtl” to “1h” where you pause for 5 to 60 minutes; in your own calls, set the cache's lifetime.",
        "Counts only what the plan didn't pay for: on the plan, Claude Code already keeps the cache for an hour.",
    ),
    "stop_drains": (
        "Stop drains when they are flagged",
        "Check Background drain daily, or run “usage-analytics check” from cron.",
        "Assumes that you stop a run as soon as it's flagged, and that drains keep coming as often as in this period.",
    ),
    "batch": (
        "Batches",
        "Send scheduled calls that can wait as a batch, at half the price.",
        "Batches are answered within a day, not right away. Calls that need another call's answer can't wait that long.",
    ),
}
NOT_YOU: Final[dict[str, str]] = {
    "cheaper_model": "None found: hardly any simple call ran on an expensive model.",
    "fresh_starts": "None found: no conversation was so long that a fresh start would have cost less.",
    "long_outputs": "None found: hardly any answer was far longer than usual.",
    "cache_lifetime": "None found: your cache lifetimes already suit your breaks.",
    "stop_drains": "None found: no run was flagged as a drain.",
    "batch": "None found: no scheduled calls on an API key that could wait.",
}
NOT_JUDGED: Final = "Not judged: a drain belongs to an app, not to a model. Remove the model filter to include drains."
