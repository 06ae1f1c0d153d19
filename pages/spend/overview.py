"""Where did the money go, and how long will the balance last?"""

from usage_analytics.answers import overview
from usage_analytics.figures import timeline as figures
from usage_analytics.ui import background, balance, blocked, frame, parts
from usage_analytics.ui.columns import PARTS, PARTS_AND_BEFORE, SPEND_BY_HOUR, SPEND_BY_TIME

question = frame.current()
parts.question("Where did the money go, and how long will the balance last?")
found = overview.answer(question)
parts.some(question, found.parts["model"])

parts.answer(found.headline)
background.pointer(question)
parts.kpis(question, found.figures)
parts.chart(
    "How did spend go over time?",
    parts.figure(figures.spend, found.bars, frame.palette(), found.stops, question.filters.zone),
    found.over_time,
    SPEND_BY_HOUR if question.filters.grain == "hour" else SPEND_BY_TIME,
    key="spend-over-time",
    alt=f"Spend by {found.bars.grain} and model. {found.headline.lead}",
    picks="days",
    note="A click on a bar looks at its days." + (" The hatched bar is not over yet." if found.bars.unfinished else ""),
)
parts.breakdown_by(
    "Who spent it, and what changed?",
    found.parts.__getitem__,
    PARTS_AND_BEFORE if found.is_compared else PARTS,
    key="parts",
    alt="Spend by part, dearest first, with its change",
    note="A click on a row keeps only that row's usage.",
)
balance.card(question, found)
blocked.card(question)
parts.method(question, "Conversations are counted by days of UTC.")
