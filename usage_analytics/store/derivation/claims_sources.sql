-- One row per source: the class of what it says, whose bill it is about, and how much it knows of a call (1 is most). What nobody foresaw
-- keeps records of calls between a program and a vendor: a gateway, on anyone's bill.
--
-- `reports`: it states amounts of a bill by day or finer, which calls itemize; the others know calls, or sums of sessions.
--
-- This and the table `claim_order` are all that says which source gives a total. A vendor's bill is about its own calls alone: what Cursor
-- or OpenAI charges is never compared with what Anthropic charges.
create or replace temp table claim_source as
with
known as (
    select source, class, bill, knows, reports
    from (  -- of what the Console and the API both say, the Console's file names keys, and the API's costs are not rounded
        values
        ('console_cost', 'cost_report', 'anthropic', 9, true),
        ('admin_cost', 'cost_report', 'anthropic', 8, true),
        ('analytics_cost', 'cost_report', 'anthropic', 8, true),
        ('console_tokens', 'usage_report', 'anthropic', 8, true),
        ('admin_usage', 'usage_report', 'anthropic', 9, true),
        ('analytics_usage', 'usage_report', 'anthropic', 9, true),
        ('claude_code_users', 'telemetry', 'anthropic', 9, true),
        ('openai_cost', 'cost_report', 'openai', 9, true),
        ('openai_usage', 'usage_report', 'openai', 9, true),
        ('claude_code', 'transcript', 'claude_code', 1, false),
        ('claude_print', 'transcript', 'claude_code', 2, false),
        ('claude_code_otel', 'telemetry', 'claude_code', 3, false),
        ('stats_cache', 'estimate', 'claude_code', 8, false),
        ('cursor', 'gateway', 'cursor', 5, false),
        ('codex', 'transcript', 'codex', 5, false),
        ('openrouter', 'gateway', 'openrouter', 5, false),
        ('openrouter_daily', 'cost_report', 'openrouter', 9, true),
        ('claude_ai', 'estimate', 'claude_ai', 8, false),
        ('bedrock', 'gateway', 'amazon', 5, false),
        ('fazm', 'gateway', 'fazm', 6, false)
    ) as listed (source, class, bill, knows, reports)
)

select source, class, bill, knows, reports from known
union all
select source, 'gateway' as class, 'any' as bill, 7 as knows, false as reports
from (select source from call union select source from claim)
anti join known using (source)
