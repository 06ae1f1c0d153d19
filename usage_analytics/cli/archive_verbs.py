"""The verbs about the archive, that everything else is made from, and its copies."""

from __future__ import annotations

from typing import Final

from usage_analytics.cli.verb import Verb, word

ARCHIVE_VERBS: Final = (
    Verb(
        "archive",
        "archive",
        "the copy of everything you imported: how much it holds, and whether it's intact",
        one_of=(
            word("--verify", action="store_true", help="read every part and compare it with its checksum"),
            word("--merge", metavar="DIR", help="add the imports of another machine's archive or backup"),
        ),
        answers="json",
    ),
    Verb("rebuild", "archive", "rebuild the database from the archive", answers="json"),
    Verb(
        "derive",
        "derive",
        "compute the calls and roll-ups of a whole archive, on this machine or a cluster, and write them as Parquet",
        words=(
            word("--engine", default="duckdb", metavar="ENGINE", help="duckdb, or a Spark Connect server: sc://HOST:PORT"),
            word("--archive", dest="source", metavar="URI", help="the archive (default: the database's own)"),
            word("--out", metavar="URI", required=True, help="where the Parquet goes; “run --rollups” shows it"),
        ),
        answers="json",
    ),
    Verb(
        "backup",
        "archive",
        "copy the archive and your settings to a folder, even while the dashboard is open",
        words=(
            word("--to", dest="folder", metavar="DIR", required=True, help="the folder; a second backup adds only what's new"),
        ),
        answers="json",
    ),
    Verb(
        "restore",
        "archive",
        "restore a backup and rebuild the database from it",
        words=(
            word("--from", dest="folder", metavar="DIR", required=True, help="the folder that “backup” wrote"),
            word(
                "--force",
                action="store_true",
                help="restore even if there's data already; we move it to a folder next to the database",
            ),
        ),
        answers="json",
    ),
)
