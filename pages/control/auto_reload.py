"""What should my auto-reload be?"""

from usage_analytics.answers.auto_reload import wording as answers
from usage_analytics.figures import auto_reload as figures
from usage_analytics.ui import frame, ledger, parts
from usage_analytics.ui.auto_reload import page, replay, settings
from usage_analytics.ui.columns import SETTINGS

view = frame.everything()
parts.question("What should my auto-reload be?")
found = page.judged(view)
parts.answer(answers.answer(found.advice, found.current))
if found.policy is None:
    settings.who_pays(view)
else:
    page.numbers(view, found)
    replay.lived_again(view, found)
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
    page.steps(found.policy)
    page.by_account(view, found)
page.pitfalls(view, found)
ledger.card(view, ledger.known(view))
page.refused(view, found)
settings.economics()
page.notes(view)
