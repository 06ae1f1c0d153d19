-- One row per model, validity and tier of the rates that are in force at some moment of the span.
select
    model,
    effective_from,
    effective_to,
    tier,
    above_tokens,
    input_picos,
    cache_read_picos,
    cache_write_5m_picos,
    cache_write_1h_picos,
    output_picos,
    web_search_nanos,
    surcharges
from rate
where effective_from < $end and effective_to > $start and model <> '(assumed)'
order by model, effective_from, tier desc
