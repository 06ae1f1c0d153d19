-- One row per model and span of time in which none of its rates changes, numbered: what a token of each kind costs.
-- A model without a rate for long prompts has its own there, and no `above_tokens`. rate_card() stands for pricing/rate_card.sql.
create or replace view price_card as
select
    row_number() over (order by rated_model, effective_from) - 1 as card,
    rated_model as model,
    effective_from,
    effective_to,
    input_picos,
    cache_read_picos,
    cache_write_5m_picos,
    cache_write_1h_picos,
    output_picos,
    web_search_nanos,
    surcharges,
    above_tokens,
    coalesce(long_input_picos, input_picos) as long_input_picos,
    coalesce(long_cache_read_picos, cache_read_picos) as long_cache_read_picos,
    coalesce(long_cache_write_5m_picos, cache_write_5m_picos) as long_cache_write_5m_picos,
    coalesce(long_cache_write_1h_picos, cache_write_1h_picos) as long_cache_write_1h_picos,
    coalesce(long_output_picos, output_picos) as long_output_picos
from rate_card()
