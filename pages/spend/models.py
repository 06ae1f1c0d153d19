"""Which model spends it?"""

from usage_analytics.answers import models
from usage_analytics.figures import models as figures
from usage_analytics.ui import frame, parts
from usage_analytics.ui.columns import COMPARED, MODELS, UNPRICED
from usage_analytics.ui.parts import Pick

view = frame.current()
parts.question("Which model spends it?")
parts.some(view, view.read("models"))
found = view.judged(models.judge, models.QUERIES)

parts.answer(found.answer)
parts.kpis(view, found.kpis)
if found.bars:
    parts.chart(
        "What does each model cost?",
        view.figure(figures.spend, found.bars, view.palette),
        found.rows,
        MODELS,
        key="spend-by-model",
        alt=f"Spend by model. {found.answer.lead}",
        picks="model",
        note="A click on a bar keeps only that model.",
    )

parts.breakdown(
    "What does each model do for it?",
    found.rows,
    MODELS,
    key="models",
    alt="Models by spend",
    picks=Pick("model", "model"),
    total=found.total,
)
if len(found.unpriced):
    parts.breakdown("What has no price yet?", found.unpriced, UNPRICED, key="unpriced", alt="Models without a known price")
if len(found.compared):
    agree = "Does what was billed agree with the list prices?"
    parts.breakdown(agree, found.compared, COMPARED, key="compared", alt="Stated cost beside computed cost", total={})
parts.method(view, "A million tokens counts what was sent, read from and written to the cache, and answered.")
