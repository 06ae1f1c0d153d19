-- The price of a call, in one place. Needs table `rate` and the macro rate_card() (see rate_card.sql); leaves temporary macros behind. See
-- cost.py for how to ask.
--
-- priced(calls) adds four columns to every row of the relation `calls`, in whole nano-dollars; null is unpriced. A fifth, `known_as`, is
-- the model that the call's name stands for where the person said so.
--     computed_cost_nanos              the tokens as recorded, and web searches
--     computed_estimated_cost_nanos    the same with estimated_output_tokens, where there are any, in place of output_tokens
--     cache_read_cost_nanos            of the cost: the prompt that was read from the cache
--     fresh_prompt_cost_nanos          of the cost: the prompt that was sent anew or written to the cache
--
-- Whole tokens times picodollars a token are exact. US geography, Bedrock's regional profiles (both × 1.1) and batch (× 0.5) stay exact
-- because sums are held in twentieths of a picodollar; each column is rounded once, half away from zero. They multiply tokens at any tier,
-- fast included, and leave web searches alone.
--
-- A call without any count is unpriced. So is one of a model that has no rate at that time, even when its web searches are known: a
-- sum with a part missing would look whole.

-- Tokens at one rate; a count that is not known adds nothing.
create or replace temp macro charge(tokens, picos) as coalesce(tokens, 0)::hugeint * picos;

create or replace temp macro prompt_tokens(input_tokens, cache_read, write_5m, write_1h) as
    coalesce(input_tokens, 0)::hugeint + coalesce(cache_read, 0) + coalesce(write_5m, 0) + coalesce(write_1h, 0);

create or replace temp macro pass_is_long(pass, above) as prompt_tokens(
    pass.input_tokens, pass.cache_read_tokens, pass.cache_write_5m_tokens, pass.cache_write_1h_tokens
) > above;

-- Bedrock's inference profiles are named for where they may run: `us.anthropic.…`, `eu.anthropic.…`, `global.anthropic.…`.
create or replace temp macro is_regional(model_raw) as
    model_raw like '%.anthropic.%' and model_raw not like '%global.anthropic.%';

create or replace temp macro at_tier(tier, base, long, fast) as case tier when 'fast' then fast when 'long' then long else base end;

-- Twentieths of a picodollar to nano-dollars. Dividing wide integers is slow and left to the sums that need it; one that no ledger
-- holds is unpriced, and not the end of an import.
create or replace temp macro to_nanos(twentieths) as case
    when twentieths between 0 and 9000000000000000000 then (twentieths::bigint + 10000) // 20000
    when twentieths between -184000000000000000000000 and 184000000000000000000000
    then ((twentieths + case when twentieths < 0 then -10000 else 10000 end) // 20000)::bigint
end;

-- One row per row of `calls`.
create or replace temp macro priced(calls) as table
with rated as (
    select
        c.*,
        r.*,
        case
            when r.rated_model is null then null
            when coalesce(
                c.input_tokens, c.cache_read_tokens, c.cache_write_5m_tokens, c.cache_write_1h_tokens, c.output_tokens,
                nullif(c.web_searches, 0)
            ) is null then null
            when c.speed = 'fast' and r.fast_input_picos is not null then 'fast'
            when r.above_tokens is null then 'standard'
            -- The sums of a bucket do not say how long a prompt was; its export may.
            when c.grain <> 'call' then case when json_extract_string(c.extra, '$.long_context') = 'true' then 'long' else 'standard' end
            when c.iterations is not null then 'by pass'
            when prompt_tokens(c.input_tokens, c.cache_read_tokens, c.cache_write_5m_tokens, c.cache_write_1h_tokens)
                > r.above_tokens then 'long'
            else 'standard'
        end as tier,
        case
            when not r.surcharges then 20
            else (case when c.geo = 'us' or (r.regional and is_regional(c.model_raw)) then 11 else 10 end)
                * (case when c.batch then 1 else 2 end)
        end as factor,
        coalesce(c.estimated_output_tokens, c.output_tokens) as likely_output_tokens
    from query_table(calls) as c
    left join rate_card() as r
        on r.rated_model = c.model and c.occurred_at >= r.effective_from and c.occurred_at < r.effective_to
),
charged as (
    select
        *,
        case
            when tier = 'by pass' then list_sum(list_transform(
                iterations,
                lambda pass: charge(
                    pass.cache_read_tokens,
                    case when pass_is_long(pass, above_tokens) then long_cache_read_picos else cache_read_picos end
                )
            ))
            when tier is not null
            then charge(cache_read_tokens, at_tier(tier, cache_read_picos, long_cache_read_picos, fast_cache_read_picos))
        end * factor as read_twentieths,
        case
            when tier = 'by pass' then list_sum(list_transform(
                iterations,
                lambda pass: case
                    when pass_is_long(pass, above_tokens)
                    then charge(pass.input_tokens, long_input_picos)
                        + charge(pass.cache_write_5m_tokens, long_cache_write_5m_picos)
                        + charge(pass.cache_write_1h_tokens, long_cache_write_1h_picos)
                    else charge(pass.input_tokens, input_picos)
                        + charge(pass.cache_write_5m_tokens, cache_write_5m_picos)
                        + charge(pass.cache_write_1h_tokens, cache_write_1h_picos)
                end
            ))
            when tier is not null
            then charge(input_tokens, at_tier(tier, input_picos, long_input_picos, fast_input_picos))
                + charge(
                    cache_write_5m_tokens,
                    at_tier(tier, cache_write_5m_picos, long_cache_write_5m_picos, fast_cache_write_5m_picos)
                )
                + charge(
                    cache_write_1h_tokens,
                    at_tier(tier, cache_write_1h_picos, long_cache_write_1h_picos, fast_cache_write_1h_picos)
                )
        end * factor as fresh_twentieths,
        case
            when tier = 'by pass' then list_sum(list_transform(
                iterations,
                lambda pass: charge(pass.output_tokens, case when pass_is_long(pass, above_tokens) then long_output_picos else output_picos end)
            ))
            when tier is not null then charge(output_tokens, at_tier(tier, output_picos, long_output_picos, fast_output_picos))
        end * factor as output_twentieths,
        -- What was cut off was cut off in the last pass.
        case
            when tier = 'by pass' then charge(
                likely_output_tokens - coalesce(output_tokens, 0),
                case when pass_is_long(list_extract(iterations, -1), above_tokens) then long_output_picos else output_picos end
            )
            when tier is not null then charge(
                likely_output_tokens - coalesce(output_tokens, 0),
                at_tier(tier, output_picos, long_output_picos, fast_output_picos)
            )
        end * factor as unrecorded_twentieths,
        charge(web_searches, web_search_nanos) * 20000 as search_twentieths
    from rated
),
summed as (
    select *, read_twentieths + fresh_twentieths + output_twentieths + search_twentieths as all_twentieths
    from charged
)
select
    * exclude (
        rated_model, effective_from, effective_to, input_picos, cache_read_picos, cache_write_5m_picos, cache_write_1h_picos,
        output_picos, web_search_nanos, surcharges, regional, above_tokens, long_input_picos, long_cache_read_picos,
        long_cache_write_5m_picos, long_cache_write_1h_picos, long_output_picos, fast_input_picos, fast_cache_read_picos,
        fast_cache_write_5m_picos, fast_cache_write_1h_picos, fast_output_picos, tier, factor, likely_output_tokens,
        read_twentieths, fresh_twentieths, output_twentieths, unrecorded_twentieths, search_twentieths,
        all_twentieths
    ),
    to_nanos(all_twentieths)                         as computed_cost_nanos,
    to_nanos(all_twentieths + unrecorded_twentieths) as computed_estimated_cost_nanos,
    to_nanos(read_twentieths)                        as cache_read_cost_nanos,
    to_nanos(fresh_twentieths)                       as fresh_prompt_cost_nanos
from summed;
