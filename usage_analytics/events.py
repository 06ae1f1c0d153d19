"""The one vocabulary: what importers hand over, and what the store keeps.

An importer turns an export into six kinds of row. None of them holds a word that a person wrote.

* An *observation* is what one file says about one call (or one bucket of calls). Two files may observe the same call; the store
  merges observations that share (`source`, `event_id`) by taking the maximum of every count, so the order of imports is of no matter.
  Of what a source states anew (`stated_at`), only the latest statement is merged.
* A *prompt* is the moment at which somebody or something asked: it decides whether a person led to a call.
* A *limit* is a moment at which work was refused, or moved to credits.
* A *session total* is what the client itself says a session has cost; it is compared, never added.
* A *range total* is what a source says that a range of dates came to as a whole, such as a month of one user. It has no days: it is
  reconciled with what the calls come to, and never added to a chart. The same (`source`, `total_id`) is the same statement: where two
  files make it, the larger of every count and amount holds.
* A *balance* is what the account said of itself at a moment: balance, limits, auto-reload, how full the plan's windows were.

Times are naive UTC. Token counts are disjoint. Money is in integer nano-dollars. Unknown is None, never 0 and never "".
"""

from __future__ import annotations

from typing import Final, Literal

Grain = Literal["call", "minute", "hour", "day"]
Run = Literal["interactive", "headless", "scheduled", "subagent", "ci"]
PaidFrom = Literal["plan", "credits", "api"]
PromptKind = Literal["human", "sdk", "scheduled", "auto", "present"]
Gauge = Literal["session", "weekly", "balance", "monthly_limit", "organisation", "model", "credits_started", "unknown"]

TOKEN_COLUMNS: Final = (
    "input_tokens",
    "cache_read_tokens",
    "cache_write_5m_tokens",
    "cache_write_1h_tokens",
    "output_tokens",
)

# Column name → DuckDB type. The order is the order in every staged Parquet file.
OBSERVATION: Final[dict[str, str]] = {
    "import_no": "integer",  # which file of the batch; the store turns it into an import id
    "source": "varchar",  # the importer's name, or that of the report within it: claude_code, console_cost, admin_usage
    "grain": "varchar",  # Grain
    "event_id": "varchar",  # the call's own id, else a digest of what makes the row itself; never null
    "request_id": "varchar",
    "is_sidechain": "boolean",  # a subagent's call, or a replay beside the main thread
    "is_copy": "boolean",  # the line says that it was copied from another conversation
    "occurred_at": "timestamp",
    "app": "varchar",
    "account": "varchar",
    "project": "varchar",
    "conversation_id": "varchar",
    "agent_id": "varchar",  # null on the main thread
    "message_index": "bigint",  # as stated by the source; the store numbers the calls of transcripts
    "run": "varchar",  # Run, as stated by the source; the store infers it for transcripts
    "human_prompt": "boolean",  # as stated by the source; the store infers it for transcripts
    "entrypoint": "varchar",
    "version": "varchar",
    "model": "varchar",  # pricing.models.canonical(model_raw)
    "model_raw": "varchar",
    "input_tokens": "bigint",
    "cache_read_tokens": "bigint",
    "cache_write_5m_tokens": "bigint",
    "cache_write_1h_tokens": "bigint",
    "output_tokens": "bigint",
    "output_is_final": "boolean",  # false: the log never finished this output, and the count is a lower bound
    "unfinished": "struct(line bigint, chars bigint)[]",  # of an output that is not final: each line's digest and visible characters
    "web_searches": "bigint",
    "speed": "varchar",  # null is standard
    "geo": "varchar",
    "batch": "boolean",
    # Set when a call has two or more iterations that add up to it: the long-prompt tier is judged for each of them alone.
    "iterations": (
        "struct(input_tokens bigint, cache_read_tokens bigint, cache_write_5m_tokens bigint,"
        " cache_write_1h_tokens bigint, output_tokens bigint)[]"
    ),
    # Set when the source counts no tokens: the columns above hold the likely counts, judged by the length of the text; these the lowest
    # and the highest that they may have been, in this order.
    "estimates": (
        "struct(input_tokens bigint, cache_read_tokens bigint, cache_write_5m_tokens bigint,"
        " cache_write_1h_tokens bigint, output_tokens bigint)[]"
    ),
    "reported_cost_nanos": "bigint",
    "reported_cost_kind": "varchar",  # billed: this is what it cost; estimate: the client's own guess at list prices
    "paid_from": "varchar",  # PaidFrom, as stated by the source
    "error": "varchar",  # the class of the failure, never its text
    "extra": "varchar",  # JSON object of the columns that we do not know; labels and numbers only
    # Of a source that states a bucket again and may correct it, up or down: the latest statement stands.
    "stated_at": "timestamp",
    "is_whole_bucket": "boolean",  # the file holds every row of the bucket: what an earlier statement had beside them is gone
}

PROMPT: Final[dict[str, str]] = {
    "import_no": "integer",
    "conversation_id": "varchar",
    "occurred_at": "timestamp",
    "kind": "varchar",  # PromptKind; present: a person was there, and nothing says that a call followed
    "account": "varchar",  # whose folder it was found in, where a person has said so
}

LIMIT: Final[dict[str, str]] = {
    "import_no": "integer",
    "source": "varchar",
    "occurred_at": "timestamp",
    "app": "varchar",
    "account": "varchar",
    "conversation_id": "varchar",
    "gauge": "varchar",  # Gauge: what was empty
    "resets_at": "timestamp",
    "reason": "varchar",  # the vendor's own code, such as out_of_credits
}

SESSION_TOTAL: Final[dict[str, str]] = {
    "import_no": "integer",
    "conversation_id": "varchar",
    "started_at": "timestamp",
    "model": "varchar",
    "input_tokens": "bigint",
    "cache_read_tokens": "bigint",
    "cache_write_tokens": "bigint",
    "output_tokens": "bigint",
    "reported_cost_nanos": "bigint",
}

RANGE_TOTAL: Final[dict[str, str]] = {
    "import_no": "integer",
    "source": "varchar",  # the importer's name
    "total_id": "varchar",  # the range and every dimension that make the statement what it is, without its amounts; never null
    "starts_at": "timestamp",
    "ends_at": "timestamp",  # exclusive: of a range that ends on 31 October, 1 November
    "account": "varchar",  # whose bill it is; null where the export does not say
    "app": "varchar",  # the product or key; null where the total is of all of them
    "project": "varchar",  # workspace or project; null where the total is of all of them
    "person": "varchar",  # the user that it is about, as a label; null where it is about everyone
    "model": "varchar",  # pricing.models.canonical(model_raw); null where the total is of all models
    "model_raw": "varchar",
    "input_tokens": "bigint",
    "cache_read_tokens": "bigint",
    "cache_write_5m_tokens": "bigint",
    "cache_write_1h_tokens": "bigint",
    "output_tokens": "bigint",
    "requests": "bigint",
    "web_searches": "bigint",
    "reported_cost_nanos": "bigint",
    # billed: what was charged, net of discounts; gross: list price before them; estimate: the source's own guess. A source that states
    # the gross amount beside what it billed puts that into `extra`.
    "reported_cost_kind": "varchar",
    "conversation_id": "varchar",  # where the total is of one session
    "extra": "varchar",  # JSON object of the columns that we do not know; labels and numbers only
}

# Amounts are in nanos of the account's currency. What a document does not say is null; -1, which is its word for none, is null too.
BALANCE: Final[dict[str, str]] = {
    "import_no": "integer",
    "document": "varchar",  # usage, prepaid, spend_limit, bundles
    "seen_at": "timestamp",
    "dated_by": "varchar",  # where `seen_at` is from: document, file (when it was last written), import (when it was read)
    "account": "varchar",
    "currency": "varchar",
    "balance_nanos": "bigint",
    "used_nanos": "bigint",  # of credits, this month
    "credits_enabled": "boolean",
    "out_of_credits": "boolean",
    "has_monthly_limit": "boolean",  # null: the document does not say
    "monthly_limit_nanos": "bigint",
    "reload_enabled": "boolean",
    "threshold_nanos": "bigint",
    "reload_to_nanos": "bigint",
    "last_purchase_nanos": "bigint",
    "expiry_months": "bigint",
    "bundle_cap_nanos": "bigint",
    "expiring_nanos": "bigint",  # of the balance: what expires first …
    "expires_at": "timestamp",  # … and when
    "session_percent": "double",
    "session_resets_at": "timestamp",
    "weekly_percent": "double",
    "weekly_resets_at": "timestamp",
}

TABLES: Final[dict[str, dict[str, str]]] = {
    "observation": OBSERVATION,
    "prompt": PROMPT,
    "limit_seen": LIMIT,
    "session_total": SESSION_TOTAL,
    "balance_seen": BALANCE,
    "range_total": RANGE_TOTAL,
}

# When a row happened: what the archive's parts are divided by into months, and sorted by.
MOMENTS: Final[dict[str, str]] = {
    "observation": "occurred_at",
    "prompt": "occurred_at",
    "limit_seen": "occurred_at",
    "session_total": "started_at",
    "balance_seen": "seen_at",
    "range_total": "starts_at",
}
