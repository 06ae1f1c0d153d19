"""What should my auto-reload be?"""

from usage_analytics.analysis import auto_reload_answer as answers
from usage_analytics.figures import auto_reload as figures
from usage_analytics.ui import auto_reload, auto_reload_about, auto_reload_told, frame, ledger, parts
from usage_analytics.ui.columns import SETTINGS

view = frame.everything()
parts.question("What should my auto-reload be?")
found = auto_reload_about.judged(view)
parts.answer(answers.answer(found.advice, found.current))
if found.policy is None:
    auto_reload_told.who_pays(view)
else:
    auto_reload_about.numbers(view, found)
    auto_reload.lived_again(view, found)
    parts.breakdown(
        "How do the settings compare?",
        found.rows,
        SETTINGS,
        key="settings",
        alt="Settings compared on your own past weeks",
        note=answers.NOTE,
    )
    parts.chart(
        "What does idle money buy?",
        view.figure(figures.tradeoff, found.curve, found.marks),
        found.rows,
        SETTINGS,
        key="tradeoff",
        alt=f"Hours blocked a month against money that lies idle. {answers.flat(found.advice)}",
        note=answers.CURVE_NOTE,
    )
    auto_reload_about.steps(found.policy)
    auto_reload_about.by_account(view, found)
auto_reload_about.pitfalls(view, found)
ledger.card(view, ledger.known(view))
auto_reload_about.refused(view, found)
auto_reload_told.economics()
auto_reload_about.notes(view)
