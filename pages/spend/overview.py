"""Where did the money go?"""

from functools import partial

from usage_analytics.answers import overview
from usage_analytics.figures import timeline as figures
from usage_analytics.ui import background, balance, blocked, burn, forecast, frame, notes, parts, sample
from usage_analytics.ui.columns import PARTS, PARTS_AND_BEFORE, SPEND_BY_HOUR, SPEND_BY_TIME

question = frame.current()
parts.question("Where did the money go?")
found = overview.answer(question)
parts.some(question, found.parts["model"])

parts.answer(found.headline)
background.pointer(question)
parts.kpis(question, found.figures)
parts.chart(
    "Spend over time",
    parts.figure(figures.spend, found.bars, frame.palette(), found.stops, question.filters.zone, found.notes),
    found.over_time,
    SPEND_BY_HOUR if question.filters.grain == "hour" else SPEND_BY_TIME,
    key="spend-over-time",
    alt=f"Spend by {found.bars.grain} and model. {found.headline.lead}",
    picks="days",
    note="Click a bar to zoom in on it." + (" Hatched: period still in progress." if found.bars.unfinished else ""),
)
sample.findings()
parts.breakdown_by(
    "Spend breakdown",
    found.parts.__getitem__,
    PARTS_AND_BEFORE if found.is_compared else PARTS,
    key="parts",
    alt="Spend by part, highest first, with its change",
    total={"change": found.figures[0].change} if found.is_compared else {},
    note="Click a row to filter by it.",
)
parts.one_of(
    {
        "Balance and runway": partial(balance.card, question, found),
        "Forecast": partial(forecast.card, question),
        "Burn rate": partial(burn.card, question),
        "Notes": partial(notes.card, question),
        **({"Blocks": partial(blocked.card, question)} if found.stops else {}),
    },
    key="more",
)
parts.method(question, "Conversations are counted by UTC day.", found=found)
