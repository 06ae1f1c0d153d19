-- One row per call whose tokens are estimated: what it cost if they were as few, and as many, as they may have been.
create or replace temp view billable_low as
select
    b.* exclude (
        input_tokens, cache_read_tokens, cache_write_5m_tokens, cache_write_1h_tokens, output_tokens, estimated_output_tokens
    ),
    b.estimates[1].input_tokens as input_tokens,
    b.estimates[1].cache_read_tokens as cache_read_tokens,
    b.estimates[1].cache_write_5m_tokens as cache_write_5m_tokens,
    b.estimates[1].cache_write_1h_tokens as cache_write_1h_tokens,
    b.estimates[1].output_tokens as output_tokens,
    b.estimates[1].output_tokens as estimated_output_tokens
from billable as b
where b.estimates is not null;

create or replace temp view billable_high as
select
    b.* exclude (
        input_tokens, cache_read_tokens, cache_write_5m_tokens, cache_write_1h_tokens, output_tokens, estimated_output_tokens
    ),
    b.estimates[2].input_tokens as input_tokens,
    b.estimates[2].cache_read_tokens as cache_read_tokens,
    b.estimates[2].cache_write_5m_tokens as cache_write_5m_tokens,
    b.estimates[2].cache_write_1h_tokens as cache_write_1h_tokens,
    b.estimates[2].output_tokens as output_tokens,
    b.estimates[2].output_tokens as estimated_output_tokens
from billable as b
where b.estimates is not null;

create or replace temp view priced_low as
select source, event_id, part, computed_cost_nanos from priced('billable_low');

create or replace temp view priced_high as
select source, event_id, part, computed_cost_nanos from priced('billable_high');

update stored_call
set low_cost_nanos = priced.low_nanos, high_cost_nanos = priced.high_nanos
from (
    select low.source, low.event_id, low.part, low.computed_cost_nanos as low_nanos, high.computed_cost_nanos as high_nanos
    from priced_low as low
    inner join priced_high as high on low.source = high.source and low.event_id = high.event_id and low.part = high.part
) as priced
where stored_call.source = priced.source and stored_call.event_id = priced.event_id and stored_call.part = priced.part
