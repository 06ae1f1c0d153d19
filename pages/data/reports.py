"""What do others get to see?"""

from usage_analytics.ui import digest, frame, parts, reporting, sharing

question = frame.current()
parts.question("What do others get to see?")
parts.some(question, question.read("spend_by_part"))
report = reporting.chosen(question)
reporting.files(report)
reporting.preview(report)
sharing.section(report)
digest.section()
