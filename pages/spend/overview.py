"""Where did the money go, and how long will the balance last?"""

from usage_analytics.answers import changes, overview
from usage_analytics.figures import timeline as figures
from usage_analytics.ui import background, balance, blocked, frame, parts
from usage_analytics.ui.columns import PARTS, PARTS_AND_BEFORE, SPEND_BY_HOUR, SPEND_BY_TIME

view = frame.current()
parts.question("Where did the money go, and how long will the balance last?")
sources, before = view.read("spend_by_part"), view.read_before("spend_by_part")
parts.some(view, sources)
found = view.judged(overview.judge, overview.QUERIES)

parts.answer(found.answer)
background.pointer(view)
parts.kpis(view, found.kpis)
parts.chart(
    "How did spend go over time?",
    view.figure(figures.spend, found.bars, view.palette, found.stops, view.filters.zone),
    view.read("spend_by_time"),
    SPEND_BY_HOUR if view.filters.grain == "hour" else SPEND_BY_TIME,
    key="spend-over-time",
    alt=f"Spend by {found.bars.grain} and model. {found.answer.lead}",
    picks="days",
    note="A click on a bar looks at its days." + (" The hatched bar is not over yet." if found.bars.unfinished else ""),
)
parts.breakdown_by(
    "Who spent it, and what changed?",
    lambda by: view.kept(f"parts by {by}", lambda: changes.by_part(sources, before, by)),
    PARTS if before is None else PARTS_AND_BEFORE,
    key="parts",
    alt="Spend by part, dearest first, with its change",
    note="A click on a row keeps only that row's usage.",
)
balance.card(view, found.burn, found.spent_nanos)
blocked.card(view)
parts.method(view, "Conversations are counted by days of UTC.")
