-- One row per model and span of time in which none of its rates changes: what a token of each kind costs. Needs table `rate`.
with change as (
    select model, effective_from as moment from rate
    union
    select model, effective_to from rate
),
span as (
    select model, moment as effective_from, lead(moment) over (partition by model order by moment) as effective_to
    from change
)
select
    span.model                as rated_model,
    span.effective_from,
    span.effective_to,
    base.input_picos,
    base.cache_read_picos,
    base.cache_write_5m_picos,
    base.cache_write_1h_picos,
    base.output_picos,
    base.web_search_nanos,
    base.surcharges,
    base.regional,
    base.known_as,
    long.above_tokens,
    long.input_picos          as long_input_picos,
    long.cache_read_picos     as long_cache_read_picos,
    long.cache_write_5m_picos as long_cache_write_5m_picos,
    long.cache_write_1h_picos as long_cache_write_1h_picos,
    long.output_picos         as long_output_picos,
    fast.input_picos          as fast_input_picos,
    fast.cache_read_picos     as fast_cache_read_picos,
    fast.cache_write_5m_picos as fast_cache_write_5m_picos,
    fast.cache_write_1h_picos as fast_cache_write_1h_picos,
    fast.output_picos         as fast_output_picos
from span
join rate as base
    on base.model = span.model and base.tier = 'standard'
    and base.effective_from <= span.effective_from and base.effective_to >= span.effective_to
left join rate as long
    on long.model = span.model and long.tier = 'long'
    and long.effective_from <= span.effective_from and long.effective_to >= span.effective_to
left join rate as fast
    on fast.model = span.model and fast.tier = 'fast'
    and fast.effective_from <= span.effective_from and fast.effective_to >= span.effective_to
