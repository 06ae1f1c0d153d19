"""`sources`: which folders and APIs a sync reads; add and remove them."""

from __future__ import annotations

import sys
from argparse import Namespace
from getpass import getpass
from pathlib import Path

from usage_analytics.cli import answer, asked
from usage_analytics.control import Control, folders, organization
from usage_analytics.errors import BadRequest
from usage_analytics.ingest import sources as syncing
from usage_analytics.sources.organization import key as admin_key

KINDS = {"claude_code": "Claude Code", "folder": "Folder", "organization": "API"}


def sources(options: Namespace) -> int:
    """List what a sync reads, after the change that the words ask for. Raises BadRequest."""
    control = Control.beside(asked.database(options))
    if options.account is not None and not options.add:
        raise BadRequest("--account goes with a folder. Name the folder with --add PATH.")
    if options.add:
        folders.add_folder(control, Path(options.add), options.account)
    elif options.remove:
        folders.remove_folder(control, Path(options.remove))
    elif options.organization:
        organization.switch(control, on=options.organization == "on")
    elif options.keep_key or options.forget_key:
        # What is typed is not shown
        typed = (
            getpass("Admin key: ")
            if options.keep_key and sys.stdin.isatty()
            else sys.stdin.readline()
            if options.keep_key
            else None
        )
        admin_key.keep_key(typed)
    found = syncing.sources(control)
    key, problem = None, None
    try:
        key = admin_key.find_key()
    except BadRequest as error:
        problem = str(error)
    if options.json:
        api = {
            "on": organization.is_on(control),
            "key": None if key is None else f"{key}",
            "key_from": None if key is None else key.where,
            "last_asked_at": answer.time(organization.asked_at(control)),
            "problem": problem or organization.result(control),
        }
        listed = [{"source": one.kind, "name": one.name, "account": one.account} for one in found]
        answer.write_json({"sources": listed, "organization": api})
        return 0
    if found:
        answer.write_table(
            ["Source", "Where", "Account"], [[KINDS[one.kind], one.name, one.account or ""] for one in found], words=3
        )
    else:
        print("Sync has nothing to read: there is no Claude Code folder on this machine. Add a folder with --add PATH.")
    if problem:
        answer.complain(problem)
    elif key is not None and not organization.is_on(control):
        print(
            f"We found an Admin key ({key}, from {key.where}). To sync your organization with it: usage-analytics sources --organization on"
        )
    elif key is None and organization.is_on(control):
        answer.complain(admin_key.NO_KEY)
    return 0
