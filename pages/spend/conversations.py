"""What do long conversations cost?"""

from functools import partial

from usage_analytics.answers import conversations, fresh_starts
from usage_analytics.figures import conversations as figures
from usage_analytics.ui import evidence, frame, parts, savings
from usage_analytics.ui.columns import COSTLIEST, GUESSED, LENGTHS, LONG_OUTPUTS, PLACES
from usage_analytics.ui.parts import Pick

question = frame.current()
parts.question("What do long conversations cost?")
found = conversations.answer(question)
evidence.show(question)
parts.some(question, found.lengths, "conversations")

parts.answer(found.headline)
parts.kpis(question, found.figures)
if found.curve.positions:
    parts.chart(
        "Cost per call as a conversation grows",
        parts.figure(figures.by_position, found.curve, conversations.CLAIMED_AT, conversations.CLAIMED_TIMES),
        found.positions,
        PLACES,
        key="by-position",
        alt=f"What a call costs by its position in the conversation, in multiples of the first. {found.headline.lead}",
        note=conversations.CURVE_NOTE,
    )
lengths, costliest, long = "Spend by conversation length", "Most expensive conversations", "Long outputs by source"
columns = {**LENGTHS, **(GUESSED if found.lengths["guessed_nanos"].any() else {})}
parts.breakdown(lengths, found.lengths, columns, key="lengths", alt="Conversations by length", total=found.length_total)
more = {}
if len(found.costliest):
    more[costliest] = partial(
        parts.breakdown,
        costliest,
        found.costliest,
        COSTLIEST,
        key="costliest",
        alt="The most expensive conversations",
        picks=Pick("conversation", "conversation_id"),
        zone=question.filters.zone,
        note=f"Click a row to see its calls. {fresh_starts.NOTE}",
    )
if len(found.long_outputs):
    more[long] = partial(
        parts.breakdown,
        long,
        found.long_outputs,
        LONG_OUTPUTS,
        key="long-outputs",
        alt="Long outputs",
        picks=Pick("project", "project"),
        total={},
    )
more["What conversations paid for"] = partial(savings.economics, question)
parts.one_of(more, key="costly")
parts.method(question, conversations.NOTE, found=found)
