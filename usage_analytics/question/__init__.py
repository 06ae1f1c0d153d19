"""The question, as every surface puts it: as of when, over which dates, of what, under which decisions, from which data.

The dashboard, the command line, a report and an alert each build one `Question` from their own inputs with `ask`, and nothing else about
the question is decided anywhere. Equal questions have equal answers, whoever asks.

question = ask(store, control, now=now)
found = answers.overview.answer(question)
"""

from usage_analytics.question.ask import ask, redacted
from usage_analytics.question.question import Question

__all__ = ["Question", "ask", "redacted"]
