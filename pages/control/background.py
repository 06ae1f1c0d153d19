"""What drains while nobody is watching?"""

from usage_analytics.answers.background import agents
from usage_analytics.answers.background import wording as answers
from usage_analytics.ui import background, frame, parts
from usage_analytics.ui.columns import AGENTS, BACKGROUND, RAISED

view = frame.everything()
parts.question("What drains while nobody is watching?")
drains = background.judged(view)
found = drains.found
parts.answer(answers.answer(found))
parts.kpis(view, answers.kpis(found))
for flag in drains.shown:
    background.card(view, flag, drains.hours[flag.key])
zone = view.filters.zone
parts.breakdown(
    "Who spends when nobody is there?",
    drains.sources,
    BACKGROUND,
    key="sources",
    alt="Sources by unattended spend",
    total={},
    zone=zone,
)
threads = view.kept("agents", lambda: agents.tree(view.read("background_agents", **agents.QUERIES["background_agents"]), zone))
if len(threads):
    parts.breakdown(
        "Which agents did conversations start?",
        threads,
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
