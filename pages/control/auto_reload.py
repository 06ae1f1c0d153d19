"""What should my auto-reload be?"""

from functools import partial

from usage_analytics.answers import auto_reload
from usage_analytics.ui import account, frame, ledger, parts
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
parts.one_of(
    {
        **(
            {"Set it up": partial(page.steps, found), "Tradeoff": partial(page.tradeoff, question, found)} if found.policy else {}
        ),
        "Mistakes": partial(page.pitfalls, question, found),
        "Balance": partial(ledger.card, question),
        **({"Blocks": partial(page.refused, question)} if page.was_refused(question) else {}),
        **({"Accounts": partial(page.by_account, question)} if page.has_accounts(found) else {}),
        "Your costs": account.economics,
    },
    key="details",
)
page.notes(found)
