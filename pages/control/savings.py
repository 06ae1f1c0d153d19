"""What would I save if I worked differently?"""

from usage_analytics.answers.savings import wording as answers
from usage_analytics.figures import savings as figures
from usage_analytics.ui import frame, parts
from usage_analytics.ui import savings as saving
from usage_analytics.ui.columns import SAVINGS

view = frame.current()
parts.question("What would I save if I worked differently?")
parts.some(view, view.read("spend_by_part"))
made = saving.judged(view)
found = made.found
said = answers.answer(found)
parts.answer(said)
parts.kpis(view, answers.kpis(found))
pulled = answers.pulled(found)
if pulled:
    parts.chart(
        "What would each lever save in a month?",
        view.figure(figures.ranges, pulled),
        answers.as_rows(found),
        SAVINGS,
        key="levers",
        alt=f"What each lever saves in a month, from low to high. {said.lead}",
        note=answers.NOTE,
    )
saving.levers(made)
if found.levers:
    parts.breakdown("What was looked at?", answers.as_rows(found), SAVINGS, key="savings", alt="Levers, the largest first")
parts.method(view, f"Judged by {made.weeks(view.filters.zone)}.")
