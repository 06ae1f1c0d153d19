"""Where did the money go, and how long will the balance last?"""

from usage_analytics.analysis.answers import Answer, Kpi
from usage_analytics.ui import frame, parts
from usage_analytics.ui.parts import Column, Pick

view = frame.current()
parts.question("Where did the money go?")
rows = view.read("models")
parts.some(view, rows)
parts.answer(Answer("You spent a lot."))
parts.kpis(view, [Kpi("Spend", "$412.10", 0.18, (1, 2, 3, 2, 4), "bad")] * 4)
parts.breakdown(
    "By model",
    rows,
    {"model": Column("Model"), "cost_nanos": Column("Spend", "dollars"), "calls": Column("Calls", "count")},
    key="models",
    alt="x",
    picks=Pick("model", "model"),
    total={},
)
parts.method(view)
