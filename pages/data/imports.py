"""What was read, and what was left out?"""

from usage_analytics.answers import imports
from usage_analytics.ui import frame, history, intake, parts, reconcile

parts.question("What was read, and what was left out?")
history.toast()
found = imports.answer(frame.asked())
parts.answer(found.headline)
history.privacy(found)
intake.show()
if len(found.batches):
    history.lines(found.figures)
    history.show(found.batches)
    history.rejects(found.batches)
    reconcile.show(frame.asked())
