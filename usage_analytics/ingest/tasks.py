"""The messages between the importing process and its workers, one JSON line each."""

from __future__ import annotations

import msgspec

from usage_analytics.importers.sink import Account, Summary


class Task(msgspec.Struct):
    """One file to read, starting at `offset`; `whole` means that nothing more will be written to it."""

    number: int
    path: str
    name: str
    offset: int = 0
    whole: bool = True
    importer: str | None = None  # where it is known without a look
    account: str | None = None  # the account of its folder, if a person named one
    wishes: msgspec.Raw = msgspec.Raw(b"null")  # for tables that no importer claims: `mapped.proposal.Wishes`


class Done(msgspec.Struct):
    """The result for one file (an archive contains several); `unread` says why we can't use it."""

    name: str
    import_no: int = -1
    format: str = ""
    lines: int = 0
    other: int = 0
    salvaged: int = 0
    rejected: int = 0
    rejects: list[tuple[int | None, str]] = []
    end_offset: int | None = None
    mark: str | None = None  # of a file that was read in place: see `mark`
    unread: str | None = None
    summary: Summary | None = None  # of a table that was read with a mapping
    proposal: msgspec.Raw = msgspec.Raw(b"null")  # of a table that waits for one: `mapped.proposal.Proposal`


def done_of(name: str, number: int, form: str, account: Account) -> Done:
    """Return the result for a file, from the count of its lines."""
    return Done(
        name=name,
        import_no=number,
        format=form,
        lines=account.lines,
        other=account.other,
        salvaged=account.salvaged,
        rejected=account.rejected,
        rejects=account.rejects,
        end_offset=account.end_offset,
        summary=account.summary,
    )


class Headline(msgspec.Struct):
    """A task is done."""

    number: int
    done: list[Done] = msgspec.field(default_factory=list)
