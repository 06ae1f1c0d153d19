"""Answers: one folder a topic. What a surface asks, it asks here, and no surface asks in a second way.

`answers.<topic>.answer(question)` returns one frozen result: a headline, figures with their units, tables, evidence. How it is
computed lies beside it in the folder and is imported by nobody else; what several topics share lies beside the folders. Nothing here
draws, reads the clock or writes: time, settings and the way to the rows are in the `Question`.
"""

from usage_analytics.answers.headline import Headline, Kpi

__all__ = ["Headline", "Kpi"]
