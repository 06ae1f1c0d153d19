"""What should this dashboard know about my account?"""

from usage_analytics.answers import balance
from usage_analytics.ui import account, alerts, balances, frame, parts, prices, privacy, sources, telemetry

question = frame.asked()
found = balance.answer(question)

parts.question("What should this dashboard know about my account?")
parts.answer(found.headline)
balances.show(found)
account.show(found.known)
account.who_pays(question)
account.economics()
prices.assumed()
sources.section()
telemetry.show()
alerts.section()
privacy.show()
