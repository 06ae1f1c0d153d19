"""What should my auto-reload be?"""

from usage_analytics.analysis import auto_reload_answer as answers
from usage_analytics.figures import auto_reload as figures
from usage_analytics.ui import auto_reload, auto_reload_about, frame, parts
from usage_analytics.ui.columns import SETTINGS

view = frame.everything()
parts.question("What should my auto-reload be?")
found = auto_reload_about.judged(view)
parts.answer(answers.answer(found.advice, found.current))
if found.policy is None:
    auto_reload_about.who_pays(view)
else:
    auto_reload_about.numbers(view, found)
    auto_reload.lived_again(view, found)
    parts.breakdown(
        "How do the settings compare?",
        answers.as_rows(found.advice),
        SETTINGS,
        key="settings",
        alt="Settings compared on your own past weeks",
        note=answers.NOTE,
    )
    parts.chart(
        "What does idle money buy?",
        view.figure(figures.tradeoff, found.curve, answers.marks(found.advice)),
        answers.as_rows(found.advice),
        SETTINGS,
        key="tradeoff",
        alt=f"Hours blocked a month against money that lies idle. {answers.flat(found.advice)}",
        note="The line has the settings that are best for some price of an hour: less blocked only for more idle money.",
    )
    auto_reload_about.steps(found.policy)
auto_reload_about.pitfalls(view, found)
auto_reload_about.economics()
