"""What spends while I'm away?"""

from usage_analytics.answers.background import AGENTS_NOTE, NOTE, agents_started
from usage_analytics.ui import background, frame, parts
from usage_analytics.ui.columns import AGENTS, BACKGROUND, RAISED

question = frame.everything().recent()
parts.question("What spends while I'm away?")
found = background.asked(question)
parts.answer(found.headline)
parts.kpis(question, found.figures)
for flag in background.shown(found):
    background.card(question, flag)
zone = question.filters.zone
parts.breakdown(
    "Unattended spend by source",
    found.rows,
    BACKGROUND,
    key="sources",
    alt="Sources by unattended spend",
    total={},
    zone=zone,
)
threads = agents_started(question)
if len(threads):
    parts.breakdown(
        "Agents that conversations started",
        threads,
        AGENTS,
        key="agents",
        alt="Conversations and the agents that they started",
        zone=zone,
        note=AGENTS_NOTE,
    )
background.declared(question)
background.ways_back(question)
raised = background.raised()
if len(raised):
    parts.breakdown("Flags so far", raised, RAISED, key="raised", alt="Flags and what became of them", zone=zone)
parts.notes(NOTE, *found.notes)
