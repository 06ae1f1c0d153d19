"""What was imported, and what was rejected?"""

from functools import partial

from usage_analytics.answers import imports
from usage_analytics.ui import frame, history, intake, parts, reconcile

question = frame.asked()
parts.question("What was imported?")
history.toast()
found = imports.answer(question)
parts.answer(found.headline)
history.privacy()
intake.show()
if len(found.batches):
    history.lines(found.figures)
    history.show(found.batches)
    history.undone()
    rejected = {"Rejected lines": partial(history.rejects, found.batches)} if found.lines.rejected else {}
    parts.one_of({**rejected, "Billed vs. computed cost": partial(reconcile.show, question)}, key="check")
else:
    history.undone()
