"""What we raise on purpose. Each message is one sentence that says what the person can do next.

    UsageError
    ├── UnreadableFile    this file is not imported; the others are
    ├── DatabaseBusy      another process holds the database; try again
    ├── DatabaseDamaged   the database cannot be opened; rebuild it
    ├── BadRequest        the call's own words are off (a date, an id, a setting)
    ├── NotAllowed        whoever is signed in may look, and not act
    ├── NotRead           a source elsewhere could not be read; what was read of it before stays
    └── NotDelivered      an alert did not arrive
        └── PerhapsDelivered    nobody can say whether it did

Anything else that is raised is a bug, and crashes. Pages and commands catch `UsageError`, once.
"""

from __future__ import annotations


class UsageError(Exception):
    """Base of every error that a person can act on."""


class UnreadableFile(UsageError):
    """A file that no importer claims, that two claim, or that breaks a limit."""


class DatabaseBusy(UsageError):
    """Another process holds the database file longer than we wait."""


class DatabaseDamaged(UsageError):
    """The database file is not one that DuckDB can open."""


class BadRequest(UsageError):
    """An argument that cannot be understood: a date, an import id, a setting."""


class NotRead(UsageError):
    """A source elsewhere, such as an API, that could not be read; it is asked again at the next sync."""


class NotDelivered(UsageError):
    """An alert that surely did not arrive; it may be sent again."""


class PerhapsDelivered(NotDelivered):
    """An alert that left and was not answered; sent again, it might arrive twice."""


class NotAllowed(UsageError):
    """What only an owner may do, asked for by somebody who is none."""
