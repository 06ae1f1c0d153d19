"""What each lever is called, how it is pulled, what it does not say, and why it may not be yours."""

from __future__ import annotations

from typing import Final

# Title, how, caveat.
WORDS: Final[dict[str, tuple[str, str, str]]] = {
    "cheaper_model": (
        "A cheaper model for simple work",
        "Choose Sonnet where Opus did such work, and Haiku where Sonnet did: /model in Claude Code, or the model of the app.",
        "Quality was not assessed. Only whole conversations are counted, because a switch half-way loses the cache.",
    ),
    "fresh_starts": (
        "Fresh starts",
        "Begin a new conversation when the subject changes: /clear, or /compact to take a summary along.",
        "The high end assumes that nothing said before was needed; the low end, that 20,000 tokens of it were.",
    ),
    "long_outputs": (
        "Shorter outputs",
        "Ask for a change instead of the whole file, and for a length.",
        "How much of a long output was needed is not known: the range is a quarter to all of what exceeds your usual.",
    ),
    "cache_lifetime": (
        "The other cache lifetime",
        "In Claude Code set “promptCacheTtl” to “1h” where work pauses for 5 to 60 minutes; in your own calls, the cache's lifetime.",
        "Only what the plan did not pay is counted: while it pays, Claude Code keeps the cache for an hour by itself.",
    ),
    "stop_drains": (
        "Stop drains when they are flagged",
        "Look at Background drain daily, or let “usage-analytics check” run from cron.",
        "Assumes that you stop a run at once when it is flagged, and that such runs come as often as in this span.",
    ),
    "batch": (
        "Batches",
        "Send scheduled calls that may wait as a batch: it costs half.",
        "A batch is answered within a day and not at once; only calls that stand alone can wait.",
    ),
}
NOT_YOU: Final[dict[str, str]] = {
    "cheaper_model": "Not you: hardly any conversation on a dear model asked little throughout.",
    "fresh_starts": "Not you: no conversation was so long that a new one would have been cheaper.",
    "long_outputs": "Not you: hardly any output was far longer than usual.",
    "cache_lifetime": "Not you: the caches live as long as suits the pauses.",
    "stop_drains": "Not you: no run was flagged as a drain.",
    "batch": "Not you: no scheduled calls on an API key that could wait.",
}
NOT_JUDGED: Final = "Not judged: a drain belongs to an app, not to a model. Remove the model filter to include drains."
