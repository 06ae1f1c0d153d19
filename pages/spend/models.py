"""Which model costs the most?"""

from functools import partial

from usage_analytics.answers import models
from usage_analytics.figures import models as figures
from usage_analytics.ui import frame, parts, prices
from usage_analytics.ui.columns import COMPARED, MODELS
from usage_analytics.ui.parts import Pick

question = frame.current()
parts.question("Which model costs the most?")
found = models.answer(question)
parts.some(question, found.rows)

parts.answer(found.headline)
parts.kpis(question, found.figures)
if found.bars:
    parts.chart(
        "Spend by model",
        parts.figure(figures.spend, found.bars, frame.palette()),
        found.rows,
        MODELS,
        key="spend-by-model",
        alt=f"Spend by model. {found.headline.lead}",
        picks="model",
        note="Click a bar to filter by its model.",
    )

parts.breakdown(
    "Cost and usage by model",
    found.rows,
    MODELS,
    key="models",
    alt="Models by spend",
    picks=Pick("model", "model"),
    total=found.total,
)
checks = {}
if len(found.unpriced):
    checks["Unpriced models"] = partial(prices.unpriced, found.unpriced)
if len(found.compared):
    agree = "Billed vs. computed cost"
    checks[agree] = partial(
        parts.breakdown, agree, found.compared, COMPARED, key="compared", alt="Billed cost beside computed cost", total={}
    )
parts.one_of(checks, key="check")
parts.method(question, "Per million tokens of any kind: input, cache reads and writes, output.", found=found)
