"""Tables that no importer claims: read with a mapping that says what their columns mean, and how their numbers and times are written.

Nothing is guessed. `suggest` proposes a mapping by the names and the content of the columns, `questions` asks what those leave open, and a
row that the mapping cannot read exactly is rejected with its reason.
"""

from __future__ import annotations

from typing import Final

from usage_analytics.errors import UnreadableFile
from usage_analytics.importers.sink import Head, Opened, Sink

name: Final = "mapped"
label: Final = "mapped table"


def claims(head: Head) -> bool:
    """Never: a mapping is chosen by a person, or kept from when one was."""
    return not head.name and not head.start and False


def read(opened: Opened, sink: Sink) -> None:
    """Raises UnreadableFile: only `reading.read` knows the mapping."""
    assert sink
    raise UnreadableFile(f"{opened.name} needs a mapping. Choose what its columns mean, and import it again.")
