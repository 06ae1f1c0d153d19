-- One row per moment at which a person typed something by Claude Code's list of prompts, unless a transcript has that prompt too.
select distinct
    h.account,
    epoch_ms(h.occurred_at) as moment
from prompt as h
where
    h.kind = 'present'
    and h.occurred_at < $end
    and not exists (
        select 1
        from prompt as p
        where
            p.kind <> 'present'
            and p.conversation_id = h.conversation_id
            and abs(epoch_ms(p.occurred_at) - epoch_ms(h.occurred_at)) < 5000
    )
order by moment, h.account nulls first
