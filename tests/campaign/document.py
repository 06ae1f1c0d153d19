"""docs/trust.md: what is promised and how each row of the campaign finds out, written from the rows and the last whole run."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Final

from tests.campaign.frame import HERE, PROJECT, Result, Row, rows

DOCUMENT: Final = PROJECT / "docs" / "trust.md"
RESULTS: Final = HERE / "results.json"
BEGIN: Final = "<!-- Written by ./dev campaign --write; change the rows in tests/campaign instead. -->"
END: Final = "<!-- End of what is written. -->"
KINDS: Final = {"P": "Promises", "F": "Faults", "T": "Attacks"}


def keep(results: dict[str, Result]) -> None:
    """Keep the results of the rows that ran, and write the tables anew."""
    known = results_kept()
    today = f"{datetime.now(UTC):%Y-%m-%d}"
    for row_id, one in results.items():
        known[row_id] = {"state": one.state, "figure": one.figure, "why": one.why, "on": today}
    there = {row.id for row in rows()}
    RESULTS.write_text(json.dumps({name: known[name] for name in sorted(known) if name in there}, indent=1) + "\n")
    DOCUMENT.write_text(written(DOCUMENT.read_text(encoding="utf-8")), encoding="utf-8")


def results_kept() -> dict[str, dict[str, str]]:
    """The last result of each row by its id; none where none was kept."""
    return dict(json.loads(RESULTS.read_text(encoding="utf-8"))) if RESULTS.exists() else {}


def written(text: str) -> str:
    """The document with its tables as the rows and the results are now."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{tables()}\n{END}{after}"


def tables() -> str:
    """One table a kind of row, and how many hold."""
    kept = results_kept()
    states = [one["state"] for one in kept.values()]
    parts = [
        (
            f"Of {len(rows())} rows, {states.count('holds')} hold, {states.count('does not hold')} don't and "
            f"{states.count('could not run')} couldn't run on the machine of the last run.\n"
        )
    ]
    for letter, title in KINDS.items():
        lines = [f"### {title}\n", "| row | we promise | how we find out | result |", "|---|---|---|---|"]
        lines += [_line(row, kept.get(row.id)) for row in rows() if row.id.startswith(letter)]
        parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)


def _line(row: Row, result: dict[str, str] | None) -> str:
    said = "not run yet"
    if result is not None:
        said = f"{result['state']} ({result['on']})"
        for more in (result["figure"], result["why"]):
            said += f": {_cell(more)}" if more else ""
    stands_for = f" ({row.promises})" if row.promises and row.promises != row.id else ""
    return f"| {row.id}{stands_for} | {_cell(row.sentence)} | {_cell(row.done)} | {said} |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;").replace("\n", " ")


if __name__ == "__main__":  # after a row's words have changed: the tables anew, with the results as they were
    DOCUMENT.write_text(written(DOCUMENT.read_text(encoding="utf-8")), encoding="utf-8")
