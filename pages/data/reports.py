"""What do others get to see?"""

from usage_analytics.ui import digest, frame, parts, reporting, sharing

view = frame.current()
parts.question("What do others get to see?")
parts.some(view, view.read("spend_by_part"))
report = reporting.chosen(view)
reporting.files(report)
reporting.preview(report)
sharing.section(report)
digest.section()
