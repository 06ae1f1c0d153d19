"""What would I save if I worked differently?"""

from usage_analytics.answers import savings
from usage_analytics.figures import savings as figures
from usage_analytics.ui import frame, parts
from usage_analytics.ui import savings as pulls
from usage_analytics.ui.columns import SAVINGS

question = frame.current()
parts.question("What would I save if I worked differently?")
found = savings.answer(question)
parts.answer(found.headline)
parts.kpis(question, found.figures)
if found.pulled:
    parts.chart(
        "What would each lever save in a month?",
        parts.figure(figures.ranges, tuple((lever.title, saves) for lever, saves in found.pulled)),
        found.rows,
        SAVINGS,
        key="levers",
        alt=f"What each lever saves in a month, from low to high. {found.headline.lead}",
        note=savings.NOTE,
    )
pulls.levers(found)
if found.levers:
    parts.breakdown("What was looked at?", found.rows, SAVINGS, key="savings", alt="Levers, the largest first")
parts.method(question)
