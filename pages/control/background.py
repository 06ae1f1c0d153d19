"""What drains while nobody is watching?"""

from usage_analytics.analysis import background_agents as agents
from usage_analytics.analysis import background_answer as answers
from usage_analytics.ui import background, frame, parts
from usage_analytics.ui.columns import AGENTS, BACKGROUND, RAISED

view = frame.everything()
parts.question("What drains while nobody is watching?")
drains = background.judged(view)
found = drains.found
parts.answer(answers.answer(found))
parts.kpis(view, answers.kpis(found))
for flag in found.flags:
    background.card(view, flag, drains.hours[flag.key])
sources, zone = answers.as_rows(found.sources), view.filters.zone
parts.breakdown(
    "Who spends when nobody is there?",
    sources,
    BACKGROUND,
    key="sources",
    alt="Sources by unattended spend",
    total={},
    zone=zone,
)
threads = view.read("background_agents", **agents.QUERIES["background_agents"])
if len(threads):
    parts.breakdown(
        "Which agents did conversations start?",
        agents.tree(threads, zone),
        AGENTS,
        key="agents",
        alt="Conversations and the agents that they started",
        zone=zone,
        note=agents.NOTE,
    )
background.declared(view)
raised = background.raised()
if len(raised):
    parts.breakdown("What has been flagged so far?", raised, RAISED, key="raised", alt="Flags and what became of them", zone=zone)
parts.notes(answers.NOTE, *found.notes)
