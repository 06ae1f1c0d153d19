"""Which model spends it?"""

from usage_analytics.answers import models
from usage_analytics.figures import models as figures
from usage_analytics.ui import frame, parts, prices
from usage_analytics.ui.columns import COMPARED, MODELS, UNPRICED
from usage_analytics.ui.parts import Pick

question = frame.current()
parts.question("Which model spends it?")
found = models.answer(question)
parts.some(question, found.rows)

parts.answer(found.headline)
parts.kpis(question, found.figures)
if found.bars:
    parts.chart(
        "What does each model cost?",
        parts.figure(figures.spend, found.bars, frame.palette()),
        found.rows,
        MODELS,
        key="spend-by-model",
        alt=f"Spend by model. {found.headline.lead}",
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
    prices.set_a_price(found.unpriced)
if len(found.compared):
    agree = "Does what was billed agree with the list prices?"
    parts.breakdown(agree, found.compared, COMPARED, key="compared", alt="Stated cost beside computed cost", total={})
parts.method(question, "A million tokens counts what was sent, read from and written to the cache, and answered.")
