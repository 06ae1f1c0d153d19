-- One row per model and span of time in which none of its standard and long rates changes, numbered: what a token of each kind costs.
-- A model without a rate for long prompts has its own there, and no `above_tokens`.
create or replace view price_card as
with
change as (
    select model, effective_from as moment from rate where tier in ('standard', 'long')
    union
    select model, effective_to from rate where tier in ('standard', 'long')
),

span as (
    select model, moment as effective_from, lead(moment) over (partition by model order by moment) as effective_to
    from change
)

select
    row_number() over (order by span.model, span.effective_from) - 1 as card,
    span.model,
    span.effective_from,
    span.effective_to,
    base.input_picos,
    base.cache_read_picos,
    base.cache_write_5m_picos,
    base.cache_write_1h_picos,
    base.output_picos,
    base.web_search_nanos,
    base.surcharges,
    long.above_tokens,
    coalesce(long.input_picos, base.input_picos) as long_input_picos,
    coalesce(long.cache_read_picos, base.cache_read_picos) as long_cache_read_picos,
    coalesce(long.cache_write_5m_picos, base.cache_write_5m_picos) as long_cache_write_5m_picos,
    coalesce(long.cache_write_1h_picos, base.cache_write_1h_picos) as long_cache_write_1h_picos,
    coalesce(long.output_picos, base.output_picos) as long_output_picos
from span
inner join rate as base
    on base.model = span.model and base.tier = 'standard'
    and base.effective_from <= span.effective_from and base.effective_to >= span.effective_to
left join rate as long
    on long.model = span.model and long.tier = 'long'
    and long.effective_from <= span.effective_from and long.effective_to >= span.effective_to
