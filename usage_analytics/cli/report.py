"""`report`: the same report as on the page, to a file or to standard output."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from usage_analytics import format as fmt
from usage_analytics.cli import answer, asked
from usage_analytics.control import Control
from usage_analytics.errors import BadRequest
from usage_analytics.filters import instant
from usage_analytics.store import EVERYTHING

if TYPE_CHECKING:
    from usage_analytics.reports import Report


def report(options: Namespace) -> int:
    """Make the report and put it where it was asked for."""
    if options.format == "pdf" and not options.out:
        raise BadRequest("A PDF needs a place to go; name it with --out FILE.")
    from usage_analytics import reports

    earlier = _earlier(options.compare_with)
    made = _made(options, earlier)
    content = reports.render(made, options.format)
    if not options.out:
        sys.stdout.write(content.decode())
        return 0
    file = Path(options.out).expanduser()
    _write(file, content)
    if options.json:
        answer.write_json(_written(made, options, file, len(content)))
    else:
        print(f"{file.name}: {fmt.size(len(content))}, {made.span}")
    return 0


def _made(options: Namespace, earlier: dict[str, Any] | None) -> Report:
    from usage_analytics import reports

    within = asked.span(options)
    now = instant(options.as_of) if options.as_of else datetime.now(UTC).replace(tzinfo=None)
    view = reports.between(within.start, within.end if options.end else None, now, strict=bool(options.as_of or options.end))
    view = replace(view, redaction=options.redact, sections=tuple(options.sections or reports.SECTIONS))
    with asked.reading(options) as store:
        read = reports.reading(store)
        if read("models", view.filters).empty:
            raise BadRequest(_nothing(read("extent", EVERYTHING).iloc[0]))
        return reports.make(view, read, Control.beside(asked.database(options)), earlier)


def _nothing(extent: Any) -> str:
    if not extent["rows"]:
        return answer.NOTHING_YET
    reach = fmt.days(extent["first_at"].date(), extent["last_at"].date())
    return f"There is no usage in that span; your data covers {reach}: name a part of it with --from and --to."


def _earlier(name: str | None) -> dict[str, Any] | None:
    if not name:
        return None
    try:
        found = json.loads(Path(name).expanduser().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        found = None
    if not isinstance(found, dict) or "report" not in found:
        raise BadRequest(
            f"{Path(name).name} is not a report in JSON; make one with: usage-analytics report --format json --out FILE"
        )
    return found


def _write(file: Path, content: bytes) -> None:
    try:
        file.write_bytes(content)
    except OSError as error:
        raise BadRequest(f"{file.name} cannot be written ({error.strerror}); name another place with --out.") from None


def _written(made: Report, options: Namespace, file: Path, size: int) -> dict[str, object]:
    return {
        "file": str(file),
        "format": options.format,
        "redact": options.redact,
        "bytes": size,
        "from": answer.time(made.start),
        "to": answer.time(made.end),
    }
