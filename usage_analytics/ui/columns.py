"""What the columns of the tables are called and how they are shown."""

from __future__ import annotations

from typing import Final

from usage_analytics.ui.tables import Column

SPEND_BY_TIME: Final = {
    "period": Column("From", "day"),
    "model": Column("Model", "model"),
    "calls": Column("Calls", "count"),
    "tokens": Column("Tokens", "tokens"),
    "cost_nanos": Column("Spend", "dollars"),
}
SPEND_BY_HOUR: Final = {**SPEND_BY_TIME, "period": Column("From", "clock")}
PARTS: Final = {
    "cost_nanos": Column("Spend", "dollars"),
    "share": Column("Share", "share"),
    "calls": Column("Calls", "count"),
}
PARTS_AND_BEFORE: Final = {
    **PARTS,
    "before_nanos": Column("Before", "dollars", "The same weekdays, whole weeks earlier"),
    "change_nanos": Column("Difference, $", "difference"),
    "change": Column("Change", "change"),
}
MODELS: Final = {
    "model": Column("Model", "model"),
    "cost_nanos": Column("Spend", "dollars"),
    "share": Column("Share", "share"),
    "change": Column("Change", "change", "Compared with the same weekdays, whole weeks earlier"),
    "trend": Column("Trend", "trend"),
    "calls": Column("Calls", "count"),
    "per_call": Column("Per call", "small_dollars"),
    "per_million": Column("Per million", "dollars_each", "Per million tokens of any kind"),
    "input_tokens": Column("Input", "tokens", "Prompt tokens not read from or written to the cache", extra=True),
    "cache_read_tokens": Column("Cache reads", "tokens", extra=True),
    "cache_write_tokens": Column("Cache writes", "tokens", extra=True),
    "output_tokens": Column("Output", "tokens", "If the log shows them", extra=True),
}
UNPRICED: Final = {
    "model": Column("Model", "model"),
    "unpriced_calls": Column("Unpriced calls", "count"),
    "tokens": Column("Tokens", "tokens"),
    "what_to_do": Column("What to do", "prose"),
}
COMPARED: Final = {
    "model": Column("Model", "model"),
    "reported_cost_nanos": Column("Billed", "dollars", "As billed"),
    "computed_cost_nanos": Column("Computed", "dollars", "At list prices"),
    "difference_nanos": Column("Difference, $", "difference"),
    "off": Column("Off by", "change"),
}
SAVINGS: Final = {
    "title": Column("Saving"),
    "low_nanos": Column("Low", "dollars", "Per month"),
    "mid_nanos": Column("Middle", "dollars", "Per month"),
    "high_nanos": Column("High", "dollars", "Per month"),
    "evidence": Column("Seen in the data", "prose"),
}
CONVERSATION: Final = {  # what tables of conversations end with
    "cost_nanos": Column("Cost", "dollars"),
    "calls": Column("Calls", "count"),
    "project": Column("Project"),
    "app": Column("App"),
    "model": Column("Model", "model"),
    "first_at": Column("Started", "moment"),
}
PAID_FOR: Final = {
    "title": Column("Paid for"),
    "nanos": Column("Cost", "dollars", "In the period"),
    "share": Column("Share", "share"),
    "per_call": Column("Per call", "small_dollars"),
}
PLACES: Final = {
    "name": Column("Message"),
    "calls": Column("Calls", "count"),
    "times": Column(
        "Times the first", "number", "Cost of a call here, divided by that of the first calls of the same apps and models"
    ),
    "per_call": Column("Per call", "small_dollars"),
    "again": Column("Re-sent history", "small_dollars", "Tokens sent or answered earlier in the conversation"),
    "prompt_tokens": Column("Prompt tokens per call", "tokens_each"),
}
LENGTHS: Final = {
    "label": Column("Length"),
    "cost_nanos": Column("Spend", "dollars"),
    "share": Column("Share", "share"),
    "conversations": Column("Conversations", "count"),
    "calls": Column("Calls", "count"),
    "per_call": Column("Per call", "small_dollars"),
    "resend_share": Column("Re-sent history", "share", "Share of their cost that paid for re-sent history"),
}
COSTLIEST: Final = {
    "project": Column("Project"),
    "cost_nanos": Column("Spend", "dollars"),
    "fresh_nanos": Column(
        "Would save", "dollars", "At most, if nothing earlier was needed; the cost of another first call is subtracted"
    ),
    "fresh_place": Column("Start fresh at", "text", "The message from which a new conversation would have been cheapest"),
    "first_at": Column("Started", "moment"),
    "calls": Column("Calls", "count"),
    "resend_share": Column("Re-sent history", "share", "Share of its cost that paid for re-sent history"),
    "next_nanos": Column("One more message", "small_dollars", "Its history alone, as cache reads", extra=True),
    "cold_nanos": Column(
        "After a break", "small_dollars", "Its history alone, written to the cache again after it expired", extra=True
    ),
    "app": Column("App", extra=True),
    "model": Column("Model", "model", "The most expensive one in it", extra=True),
    "id": Column("ID", help="Its first characters, as in the transcript's file name", extra=True),
}
CALLS: Final = {
    "place": Column("Call", width=70),
    "occurred_at": Column("Time", "moment"),
    "model": Column("Model", "model"),
    "cost_nanos": Column("Spend", "small_dollars"),
    "prompt_tokens": Column("Prompt tokens", "tokens_each"),
    "output_tokens": Column("Output", "tokens_each", "As far as the log has them"),
    "resend_nanos": Column("Re-sent history", "small_dollars", "Earlier messages sent again"),
    "who": Column("By", extra=True),
}
LONG_OUTPUTS: Final = {
    "project": Column("Project"),
    "app": Column("App"),
    "model": Column("Model", "model"),
    "long_outputs": Column("Long outputs", "count"),
    "long_output_nanos": Column("Spend", "dollars", "Of those calls, prompts included"),
    "share": Column("Share", "share", "Of what long outputs cost"),
    "per_output": Column("Each", "small_dollars"),
}
NEWS: Final = {"news": Column("New", help="First seen in this period")}
GUESSED: Final = {
    "guessed_nanos": Column(
        "Estimated", "dollars", "Where the source doesn't count tokens of each kind, such as a claude.ai export"
    ),
}
APPS: Final = {
    "cost_nanos": Column("Spend", "dollars"),
    "share": Column("Share", "share"),
    "change": Column("Change", "change", "Compared with the same weekdays, whole weeks earlier"),
    "trend": Column("Trend", "trend"),
    "calls": Column("Calls", "count"),
    "unattended": Column("Unattended", "share", "Share of spend by headless, scheduled and CI runs, where the run type is known"),
    "first_at": Column("First seen", "moment", "In all your data", extra=True),
    "last_at": Column("Last seen", "moment"),
}
APPS_BY_TIME: Final = {
    "period": Column("From", "day"),
    "value": Column("Name"),
    "calls": Column("Calls", "count"),
    "cost_nanos": Column("Spend", "dollars"),
}
LIVED: Final = {
    "setting": Column("Setting"),
    "at": Column("When", "clock"),
    "what": Column("What"),
    "nanos": Column("Bought", "dollars"),
    "seconds": Column("Lasted", "span"),
}
SETTINGS: Final = {
    "name": Column("Setting"),
    "threshold_nanos": Column("Below", "dollars_each", "“When usage credit balance falls below”"),
    "reload_to_nanos": Column("Reload to", "dollars_each", "“Reload balance to”"),
    "monthly_limit_nanos": Column("Monthly limit", "dollars_each", "– is unlimited"),
    "p_no_block": Column("Months without a block", "share", "Chance that the balance is never empty in a month"),
    "blocked_seconds": Column("Blocked time / month", "span"),
    "reloads": Column("Reloads / month", "number", "Recent weeks count most, so this can differ from a count of past reloads"),
    "idle_nanos": Column("Idle balance", "dollars_each", "Average balance"),
    "p_limit_hit": Column("Limit met", "share", "Chance of reaching the monthly limit in a month"),
    "cost_nanos": Column("Cost / month", "dollars_each", "Blocked hours, reloads and idle balance; not the credits themselves"),
}
BACKGROUND: Final = {
    "label": Column("Source"),
    "unattended_nanos": Column("Unattended", "dollars", "After the last prompt"),
    "share": Column("Share", "share", "Of the unattended spend"),
    "overnight_nanos": Column("Overnight", "dollars", "Unattended, outside your usual hours"),
    "fires": Column("Runs", "count", "Runs that no one started"),
    "cost_per_fire_nanos": Column("Per run", "small_dollars"),
    "empty_fire_share": Column("Empty runs", "share", "Almost no output"),
    "attended_nanos": Column("Attended", "dollars"),
    "expected_nanos": Column("Expected", "dollars", "Marked as expected"),
    "since_last_human_nanos": Column("Since you", "dollars_each", "After the last prompt", extra=True),
}
AGENTS: Final = {
    "name": Column("Conversation and its agents"),
    "model": Column("Model"),
    "calls": Column("Calls", "count"),
    "cost_nanos": Column("Spend", "dollars"),
    "share": Column("Share", "share", "Of the conversation"),
    "after_last_human_nanos": Column("After your last prompt", "dollars"),
    "first_at": Column("From", "moment"),
    "last_at": Column("To", "moment"),
}
RAISED: Final = {
    "source": Column("Source"),
    "kind": Column("What"),
    "spent_nanos": Column("Spent", "dollars"),
    "flagged_at": Column("Flagged", "moment"),
    "seen_at": Column("Seen", "moment"),
    "dismissed_at": Column("Dismissed", "moment"),
    "reason": Column("Why"),
    "stopped_at": Column("Stopped", "moment"),
    "saved_nanos": Column("Saved", "dollars"),
    "over_at": Column("Ended", "moment"),
}
BLOCKED: Final = {
    "what": Column("Used up", width=230),
    "app": Column("App"),
    "start": Column("From", "moment"),
    "ended": Column("Until", "moment"),
    "seconds": Column("Lasted", "span"),
    "working_seconds": Column("Of work", "span", "The part you would usually have worked"),
    "cost_nanos": Column("Cost you", "dollars"),
}
LEDGER: Final = {  # the result first: a phone has room for three columns
    "start": Column("From", "moment"),
    "drift": Column("Drift", "amount", "Reading minus what we expected"),
    "spent": Column("Spent", "amount", "From credits, by the log"),
    "opening": Column("Opening", "amount", "Balance at the start"),
    "put_on": Column("Added", "amount", "Top-ups, reloads and gifts"),
    "expected": Column("Expected", "amount", "Opening balance minus spend, plus top-ups, reloads and gifts"),
    "reading": Column("Reading", "amount"),
    "per_day": Column("Drift / day", "amount"),
    "end": Column("To reading of", "moment"),
}
PAYERS: Final = {
    "pool": Column("Paid by"),
    "why": Column("Why we think so", "prose"),
    "cost_nanos": Column("Spend", "dollars"),
    "calls": Column("Calls", "count"),
    "apps": Column("Apps", "prose"),
}
BY_ACCOUNT: Final = {
    "account": Column("Account"),
    "spent_nanos": Column("Credits so far", "dollars"),
    "threshold_nanos": Column("Below", "dollars_each"),
    "reload_to_nanos": Column("Reload to", "dollars_each"),
    "monthly_limit_nanos": Column("Monthly limit", "dollars", "As the member's limit: 95 of 100 months stay below it"),
    "p_no_block": Column("Months without a block", "share", "Chance that the balance is never empty in a month"),
    "reloads": Column("Reloads / month", "number", "Recent weeks count most, so this can differ from a count of past reloads"),
}
BLOCKS: Final = {
    "start": Column("When", "moment"),
    "what": Column("Used up"),
    "app": Column("App"),
    "tries": Column("Tries", "count", extra=True),
    "ended": Column("Work resumed", "moment", extra=True),
    "seconds": Column("Blocked", "span"),
    "working_seconds": Column("Usually worked", "span", "The part in your usual working hours", extra=True),
    "cost_nanos": Column("Cost of the time", "dollars"),
}
