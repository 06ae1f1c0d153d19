"""The page that makes and shares a report."""

from usage_analytics.ui import digest, frame, parts, reporting, sharing

question = frame.current()
parts.question("Share a report")
parts.some(question, question.read("spend_by_part"))
report = reporting.chosen(question)
reporting.files(report)
reporting.preview(report)
sharing.section(report)
digest.section()
