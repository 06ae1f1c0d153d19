"""What should my auto-reload be?"""

from usage_analytics.answers import auto_reload
from usage_analytics.figures import auto_reload as figures
from usage_analytics.ui import frame, ledger, parts
from usage_analytics.ui.auto_reload import page, replay, settings
from usage_analytics.ui.columns import SETTINGS

question = frame.everything()
parts.question("What should my auto-reload be?")
found = page.asked(question)
parts.answer(found.headline)
if found.policy is None:
    settings.who_pays(found)
else:
    page.numbers(question, found)
    replay.lived_again(question, found)
    parts.breakdown(
        "How each setting would have done",
        found.rows,
        SETTINGS,
        key="settings",
        alt="Settings compared on your own past weeks",
        note=auto_reload.NOTE,
    )
    parts.chart(
        "Idle balance vs. blocked hours",
        parts.figure(figures.tradeoff, *auto_reload.curve(question, found)),
        found.rows,
        SETTINGS,
        key="tradeoff",
        alt=f"Blocked hours a month against idle balance. {found.flat}",
        note=auto_reload.CURVE_NOTE,
    )
    page.steps(found)
    page.by_account(question, found)
page.pitfalls(question, found)
ledger.card(question)
page.refused(question)
settings.economics()
page.notes(found)
