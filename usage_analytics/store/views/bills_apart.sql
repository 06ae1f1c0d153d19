-- One row, one source: whether its spend is on another vendor's bill, so that no bill of Anthropic's is about it. See claims_sources.sql.
create or replace macro bills_apart(source) as source in (
    'cursor', 'codex', 'openrouter', 'openrouter_daily', 'openai_usage', 'openai_cost', 'bedrock', 'fazm'
)
