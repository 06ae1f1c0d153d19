"""The verbs of the command line: what each is for, its words, and the module that does it."""

from __future__ import annotations

from typing import Final

from usage_analytics.cli.archive_verbs import ARCHIVE_VERBS
from usage_analytics.cli.verb import Verb, word

BREAKDOWNS: Final = ("model", "app", "day", "project", "account", "conversation-length")
REPORT_FORMATS: Final = ("html", "pdf", "md", "json")
REPORT_SECTIONS: Final = (
    "spend", "balance", "auto_reload", "background", "models", "conversations", "apps", "savings", "reconcile", "method",
)  # fmt: skip
_REDACT: Final = "none shows names, names replaces them, totals leaves them out"
OWN_PLAN: Final = word("--plan", metavar="PLAN", help="the plan you have, if it isn't in Settings: pro, max5, max20, team, api")

VERBS: Final = (
    Verb(
        "run",
        "dashboard",
        "open the dashboard (the default)",
        words=(
            word("--rollups", metavar="URI", help="show what “derive” wrote, read-only"),
            word("--demo", action="store_true", help="open it on sample data, kept apart from yours"),
            word("--port", type=int, metavar="N", help="port to listen on (default: 8501, or the next free one)"),
            word(
                "--host",
                metavar="ADDRESS",
                default="127.0.0.1",
                help="address to listen on; 0.0.0.0 lets other machines in (default: 127.0.0.1)",
            ),
            word(
                "--allow-host",
                action="append",
                default=[],
                metavar="NAME",
                help="accept requests for this host name too; may be repeated",
            ),
            word("--without-sign-in", action="store_true", help="let anyone who can reach it see and change everything"),
        ),
    ),
    Verb(
        "import",
        "imports",
        "read files, folders, .xlsx, .zip and .gz; we detect the format from the content",
        words=(
            word("paths", nargs="+", metavar="PATH", help="a file or a folder"),
            word(
                "--map",
                metavar="NAME|FILE.json",
                help="how to read a table we don't recognize: a saved mapping, a mapping file, “suggest” to see a proposal without"
                " importing, or “auto” to use the proposal if it leaves no questions",
            ),
            word(
                "--answer",
                action="append",
                default=[],
                metavar="FIELD=VALUE",
                help="answer a question of “--map suggest”, as in zone=UTC; may be repeated",
            ),
            word("--keep", metavar="NAME", help="save the mapping under this name, for every table with the same columns"),
        ),
        answers="json",
        function="import_files",
    ),
    Verb(
        "mappings",
        "mappings",
        "your saved mappings for tables we don't recognize",
        one_of=(
            word("--export", metavar="NAME", help="print a mapping as JSON, to share it"),
            word("--add", metavar="FILE.json", help="save a mapping that someone shared with you"),
            word("--forget", metavar="NAME", help="delete a mapping; what you imported with it stays"),
        ),
        answers="json",
    ),
    Verb("sync", "imports", "read what's new in every source: Claude Code folders, added folders, APIs", answers="json"),
    Verb(
        "sources",
        "sources",
        "what sync reads: add or remove a folder, turn your organization's APIs on or off",
        words=(word("--account", metavar="NAME", help="account for the added folder's usage"),),
        one_of=(
            word(
                "--add", metavar="PATH", help="also read this folder: another machine's .claude, another home folder, or exports"
            ),
            word("--remove", metavar="PATH", help="stop reading this folder; what was imported stays"),
            word("--organization", choices=("on", "off"), help="read your organization's APIs with an Admin key"),
            word("--keep-key", action="store_true", help="store an Admin key from standard input in the system keyring"),
            word("--forget-key", action="store_true", help="remove the Admin key from the system keyring"),
        ),
        answers="json",
    ),
    Verb(
        "imports",
        "imports",
        "list your imports, with dates and counts; undo one, or redo it",
        one_of=(
            word("--undo", type=int, nargs="+", metavar="ID", help="undo these imports"),
            word("--redo", type=int, nargs="+", metavar="ID", help="bring these undone imports back, within 30 days of the undo"),
        ),
        answers="span",
    ),
    Verb(
        "spend",
        "spend",
        "what you spent, by model, app, day, project, account or conversation length",
        words=(word("--by", choices=BREAKDOWNS, default="model", help="what to group by (default: model)"),),
        answers="filtered",
    ),
    Verb(
        "balance",
        "balance",
        "your credit balance: readings, top-ups, and how they compare with the logged spend",
        words=(
            word("--set", metavar="AMOUNT", help="record the balance you see at the vendor, in the account's currency"),
            word("--top-up", dest="top_up", metavar="AMOUNT", help="record a top-up"),
            word("--at", metavar="TIME", help="when you saw the balance or topped up (default: now)"),
            word("--account", metavar="NAME", help="whose balance it is, if several accounts have one each"),
            word("--currency", metavar="CODE", help="three letters (default: the account's currency)"),
            word("--forget", type=int, metavar="ID", help="delete a balance that you entered"),
            word("--forget-top-up", dest="forget_top_up", type=int, metavar="ID", help="delete a top-up that you entered"),
        ),
        answers="span",
    ),
    Verb(
        "auto-reload",
        "auto_reload",
        "recommended auto-reload threshold, reload-to amount and monthly limit",
        words=(
            word("--balance", metavar="USD", help="your balance now"),
            word("--account", metavar="NAME", help="only this account, if it has its own balance (default: all share one)"),
            word("--current", metavar="BELOW:TO[:LIMIT]", help="your setting now, as in 5:15:100 (default: the one in Settings)"),
            word("--hour-blocked", metavar="USD", help="cost of a blocked hour (default: 25)"),
            word("--reload-nuisance", metavar="USD", help="hassle per reload (default: 0.50)"),
            word("--idle-percent", metavar="P", help="cost of idle balance per month, in percent (default: 3)"),
            word("--latency", metavar="MINUTES", help="how long a reload usually takes (default: 1)"),
            word("--slow-share", metavar="SHARE", help="share of reloads that take 5 to 60 min (default: 0.03)"),
            word("--failed-share", metavar="SHARE", help="share of reloads that fail (default: 0.015)"),
        ),
        answers="span",
    ),
    Verb(
        "background",
        "background",
        "unattended spend and drains; mark a run as expected, dismiss or restore a flag",
        words=(
            word(
                "action",
                nargs="?",
                choices=("expect", "expected", "forget", "dismiss", "restore", "stopped"),
                help="expect: mark a run as expected; expected: list those; forget: undo one; dismiss, restore, stopped: about a flag "
                "(default: list the flags)",
            ),
            word(
                "which",
                nargs="?",
                metavar="ID",
                help="forget: number of an expected run; dismiss, restore, stopped: key of a flag",
            ),
            word("--app", metavar="NAME", help="expect: the app that runs"),
            word("--account", metavar="NAME", help="expect: only for this account"),
            word("--project", metavar="NAME", help="expect: only for this project"),
            word("--note", metavar="TEXT", help="expect: a note on what it's for"),
            word("--reason", metavar="TEXT", help="dismiss: why it isn't a drain"),
        ),
        answers="span",
    ),
    Verb(
        "savings", "savings", "what you would save by working differently, and which plan fits", (OWN_PLAN,), answers="filtered"
    ),
    Verb(
        "reconcile",
        "reconcile",
        "billed vs. computed cost, by day and model",
        words=(
            word("--same", metavar="KEY", help="these calls are on this API key's bill: count the bill, not both"),
            word("--separate", metavar="KEY", help="these calls are not on this API key's bill: count both"),
            word("--by-evidence", metavar="KEY", help="let the data decide again for this API key"),
            word("--of", metavar="ACCOUNT", help="account of the calls (default: all)"),
            word(
                "--order",
                metavar="CLASS,…",
                help="which kind of source to trust first, second and so on; “usual” restores our order",
            ),
        ),
        answers="filtered",
    ),
    Verb(
        "report",
        "report",
        "a report to share (default: the last 30 days)",
        words=(
            word("--format", choices=REPORT_FORMATS, default="html", help="file format (default: html)"),
            word("--out", metavar="FILE", help="file to write (default: standard output; a PDF needs a file)"),
            word("--redact", choices=("none", "names", "totals"), default="none", help=_REDACT),
            word("--sections", nargs="+", choices=REPORT_SECTIONS, metavar="SECTION", help=", ".join(REPORT_SECTIONS)),
            word("--compare-with", metavar="FILE", help="compare with an earlier report in JSON"),
        ),
        answers="filtered",
    ),
    Verb(
        "check",
        "check",
        "for cron, CI and hooks: print what needs your attention, and exit with 1 if anything does",
        answers="span",
    ),
    Verb(
        "watch",
        "watch",
        "sync, check and send alerts until you stop it",
        words=(
            word("--every", type=float, metavar="SECONDS", help="seconds between checks (default: 60)"),
            word("--once", action="store_true", help="check once, then exit"),
            word("--folder", action="append", default=[], metavar="PATH", help="also read exports from this folder"),
        ),
        answers="json",
    ),
    Verb(
        "alerts",
        "alerts",
        "where alerts go, how much spend triggers one, and what was sent",
        words=(
            word(
                "--webhook",
                metavar="URL",
                help="add a webhook; - reads the URL from standard input; the signing key is shown once",
            ),
            word("--email", metavar="ADDR", help="add an email address"),
            word("--smtp", metavar="URL", help="the mail server, as in smtps://me@mail.example.com; we ask for its password"),
            word("--desktop", choices=("on", "off"), help="show alerts on this desktop"),
            word("--only-act", action="store_true", help="send only urgent alerts to the added channel"),
            word("--allow-private", action="store_true", help="allow a private network address for the added channel"),
            word("--remove", type=int, metavar="ID", help="remove a channel"),
            word("--notify", metavar="USD", help="alert on drains of this amount or more; 0 for every drain"),
            word("--act", metavar="USD", help="treat drains of this amount or more as urgent"),
            word("--test", action="store_true", help="send a test to every channel"),
        ),
        answers="json",
    ),
    Verb(
        "digest",
        "digest",
        "weekly or monthly numbers, sent to an alert channel",
        words=(
            word("--to", type=int, metavar="ID", help="channel (default: the only one)"),
            word("--zone", metavar="ZONE", help="time zone for days, as in Europe/Berlin (default: UTC)"),
            word("--redact", choices=("none", "names", "totals"), help=_REDACT),
            word("--link", choices=("on", "off"), help="include a link to the dashboard"),
            word("--now", action="store_true", help="send the last complete week or month now"),
        ),
        one_of=(
            word("--weekly", action="store_true", help="send on the first day of each week"),
            word("--monthly", action="store_true", help="send on the first of each month"),
            word("--off", action="store_true", help="stop sending digests"),
        ),
        answers="json",
    ),
    Verb(
        "prices",
        "prices",
        "show list prices, and set your own",
        one_of=(
            word("--set", metavar="FILE", dest="own_prices", help="use the prices in this JSON file in place of list prices"),
            word("--clear", action="store_true", help="go back to list prices"),
            word("--assume", metavar="MODEL", help="price calls whose source names no model as this model"),
            word(
                "--same-as",
                nargs=2,
                metavar=("NAME", "MODEL"),
                help="price a name that doesn't include its model, such as a profile's ARN",
            ),
        ),
        answers="span",
    ),
    *ARCHIVE_VERBS,
)
