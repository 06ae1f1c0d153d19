"""What spends while I'm away?"""

from functools import partial

from usage_analytics.answers.background import AGENTS_NOTE, NOTE, agents_started
from usage_analytics.ui import background, frame, parts
from usage_analytics.ui.columns import AGENTS, BACKGROUND

question = frame.everything().recent()
parts.question("What spends while I'm away?")
found = background.asked(question)
parts.answer(found.headline)
parts.kpis(question, found.figures)
for flag in background.shown(found):
    background.card(question, flag)
sources, zone, threads = "Unattended spend by source", question.filters.zone, agents_started(question)
agents = partial(
    parts.breakdown,
    "Agents that conversations started",
    threads,
    AGENTS,
    key="agents",
    alt="Conversations and the agents that they started",
    zone=zone,
    note=AGENTS_NOTE,
)
parts.one_of(
    {
        "By source": partial(
            parts.breakdown,
            sources,
            found.rows,
            BACKGROUND,
            key="sources",
            alt="Sources by unattended spend",
            total={},
            zone=zone,
        ),
        **({"Earlier flags": partial(background.earlier, question, found)} if background.has_earlier(found) else {}),
        **({"Agents": agents} if len(threads) else {}),
    },
    key="watched",
)
background.declared(question)
background.ways_back(question)
parts.notes(NOTE, *found.notes)
