-- Sources that count no tokens: what calls may have used, judged by the length of their text, and what that cost at least and at most.
alter table observation add column estimates struct(
    input_tokens bigint, cache_read_tokens bigint, cache_write_5m_tokens bigint, cache_write_1h_tokens bigint, output_tokens bigint
)[];
alter table call add column tokens_are_estimated boolean default false;
alter table call add column low_cost_nanos bigint;
alter table call add column high_cost_nanos bigint;
alter table rollup_hour add column guessed_calls bigint default 0;   -- calls whose tokens are estimated
alter table rollup_hour add column guessed_nanos bigint;             -- of the cost: theirs
alter table rollup_hour add column guessed_low_nanos bigint;
alter table rollup_hour add column guessed_high_nanos bigint;
alter table rollup_conversation add column guessed_nanos bigint;
alter table rollup_conversation_part add column guessed_nanos bigint;
