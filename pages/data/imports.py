"""What was read, and what was left out?"""

from usage_analytics.answers import imports
from usage_analytics.ui import history, intake, parts, session

parts.question("What was read, and what was left out?")
batches = history.batches()
parts.answer(imports.answer(batches, session.now(), session.zone()))
history.privacy(batches)
intake.show()
if len(batches):
    history.lines(batches)
    history.show(batches)
    history.rejects(batches)
