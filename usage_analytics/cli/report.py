"""`report`: the same report as on the page, to a file or to standard output."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from contextlib import suppress
from pathlib import Path

from usage_analytics import format as fmt
from usage_analytics.cli import answer, asked
from usage_analytics.errors import BadRequest


def report(options: Namespace) -> int:
    """Make the report and put it where it was asked for. Raises BadRequest."""
    if options.format == "pdf" and not options.out:
        raise BadRequest("A PDF needs a file. Name it with --out FILE.")
    from usage_analytics import reports

    earlier = None
    if options.compare_with:
        file = Path(options.compare_with)
        with suppress(OSError, ValueError):
            earlier = json.loads(file.expanduser().read_text(encoding="utf-8"))
        if not isinstance(earlier, dict) or "report" not in earlier:
            raise BadRequest(
                f"{file.name} isn't a report in JSON. Make one with: usage-analytics report --format json --out FILE"
            )
    with asked.reading(options) as store:
        question = asked.question(options, store)
        if question.first_at is None or question.last_at is None:
            raise BadRequest("There is no usage to report. Import something, or choose a later date.")
        if not len(question.columns("models")["calls"]):
            days = fmt.days(question.first_at.date(), question.last_at.date())
            raise BadRequest(f"There is no usage in that date range. Your data covers {days}. Choose --from and --to within it.")
        sections = options.sections or reports.SECTIONS
        made = reports.make(question, redaction=options.redact, sections=sections, earlier=earlier)
    content = reports.render(made, options.format)
    if not options.out:
        sys.stdout.write(content.decode())
        return 0
    file = Path(options.out).expanduser()
    try:
        file.write_bytes(content)
    except OSError as error:
        raise BadRequest(f"{file.name} can't be written ({error.strerror}). Name another file with --out.") from None
    if options.json:
        about = {"file": str(file), "format": options.format, "redact": options.redact, "bytes": len(content)}
        answer.write_json({**about, "from": answer.time(made.start), "to": answer.time(made.end)})
    else:
        print(f"{file.name}: {fmt.size(len(content))}, {made.span}")
    return 0
