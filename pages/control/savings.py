"""What would I save if I worked differently?"""

from usage_analytics.answers import savings
from usage_analytics.figures import savings as figures
from usage_analytics.ui import frame, parts
from usage_analytics.ui import savings as sections
from usage_analytics.ui.columns import SAVINGS

question = frame.current()
parts.question("What would I save if I worked differently?")
found = savings.answer(question)
parts.answer(found.headline)
parts.kpis(question, found.figures)
sections.what_if(question, found)
if found.worth:
    parts.chart(
        "Savings per month",
        parts.figure(figures.ranges, found.bars),
        found.rows,
        SAVINGS,
        key="each",
        alt=f"What each saving is worth in a month, from low to high. {found.headline.lead}",
        note=savings.NOTE,
    )
sections.details(question, found)
parts.method(question)
