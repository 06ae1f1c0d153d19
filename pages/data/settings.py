"""What should this dashboard know about my account?"""

from usage_analytics.answers.balance import account as judged
from usage_analytics.ui import account, alerts, balances, parts, privacy, session

known = balances.known()
book = balances.run(known)

parts.question("What should this dashboard know about my account?")
parts.answer(judged.answer(known, book, session.now()))
balances.show(known, book)
account.show(known)
account.who_pays(known)
account.economics()
alerts.section()
privacy.show()
