"""What this dashboard knows about the account."""

from functools import partial

from usage_analytics.answers import balance
from usage_analytics.ui import account, alerts, balances, frame, parts, prices, privacy, sources, telemetry

question = frame.asked()
found = balance.answer(question)

parts.question("Settings")
parts.answer(found.headline)
parts.one_of(
    {
        "Balance": partial(balances.show, found),
        "Account": partial(account.section, question, found.known),
        "Prices": prices.section,
        "Sources": lambda: (sources.section(), telemetry.show()),
        "Alerts": alerts.section,
        "Privacy": privacy.show,
    },
    key="settings",
)
