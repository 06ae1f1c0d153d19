-- One row per model and span of time in which its rates are one set, in the order of `card`; `now` is whether they are in force at the end.
select
    card,
    model,
    coalesce($end > effective_from and $end <= effective_to, false) as now,
    above_tokens,
    input_picos,
    cache_read_picos,
    cache_write_5m_picos,
    cache_write_1h_picos,
    output_picos,
    long_input_picos,
    long_cache_read_picos,
    long_cache_write_5m_picos,
    long_cache_write_1h_picos,
    long_output_picos
from price_card
order by card
