"""The verbs of the command line: what each is for, its words, and the module that does it."""

from __future__ import annotations

from typing import Any, Final, Literal, NamedTuple

BREAKDOWNS: Final = ("model", "app", "day", "project", "account", "conversation-length")
REPORT_FORMATS: Final = ("html", "pdf", "md", "json")
REPORT_SECTIONS: Final = (
    "spend", "balance", "auto_reload", "background", "models", "conversations", "apps", "savings", "reconcile", "method",
)  # fmt: skip
Word = tuple[tuple[str, ...], dict[str, Any]]  # what argparse's add_argument takes


def word(*names: str, **how: Any) -> Word:
    """An option, or a place, of a verb."""
    return names, how


OWN_PLAN: Final = word("--plan", metavar="PLAN", help="the plan you have, if Settings don't say: pro, max5, max20, team, api")


class Verb(NamedTuple):
    """What can be asked for, and the module of this folder that does it, in a function of the verb's name or of the one given."""

    name: str
    module: str
    help: str
    words: tuple[Word, ...] = ()
    one_of: tuple[Word, ...] = ()  # of these at most one goes at a time
    answers: Literal["", "json", "span", "filtered"] = ""  # in JSON too; and of a span of time; and of what filters keep
    function: str = ""


VERBS: Final = (
    Verb(
        "run",
        "dashboard",
        "open the dashboard; the verb that is meant when none is named",
        words=(
            word("--demo", action="store_true", help="open it on sample data, in a database of its own"),
            word("--port", type=int, metavar="N", help="the port it listens at; 8501 or the next that is free"),
            word("--host", metavar="ADDRESS", default="127.0.0.1", help="listen beyond this machine too, as in 0.0.0.0"),
            word("--allow-host", action="append", default=[], metavar="NAME", help="a further name it is asked for by"),
            word("--without-sign-in", action="store_true", help="whoever reaches it may see and change everything"),
        ),
    ),
    Verb(
        "import",
        "imports",
        "read files, folders, .xlsx, .zip and .gz; the format is found by content",
        words=(
            word("paths", nargs="+", metavar="PATH", help="a file or a folder"),
            word(
                "--map",
                metavar="NAME|FILE.json",
                help="how to read a table in a format of its own: a kept mapping, one in a file, “suggest” to propose one and add"
                " nothing, or “auto” to use the proposal where nothing is left to ask",
            ),
            word(
                "--answer",
                action="append",
                default=[],
                metavar="FIELD=VALUE",
                help="answer what “--map suggest” asks, as in zone=UTC; may be given several times",
            ),
            word("--keep", metavar="NAME", help="keep the mapping: the next table with the same columns is read by it"),
        ),
        answers="json",
        function="import_files",
    ),
    Verb(
        "mappings",
        "mappings",
        "the mappings you kept for tables in formats of their own",
        one_of=(
            word("--export", metavar="NAME", help="write one as JSON on standard output, to pass it on"),
            word("--add", metavar="FILE.json", help="keep one that somebody passed on"),
            word("--forget", metavar="NAME", help="forget one; what was imported with it stays"),
        ),
        answers="json",
    ),
    Verb("sync", "imports", "read what is new in every source: Claude Code folders, added folders, APIs", answers="json"),
    Verb(
        "sources",
        "sources",
        "what a sync reads; add or remove a folder, switch the organization's APIs on or off",
        words=(word("--account", metavar="NAME", help="the account that the added folder's usage belongs to"),),
        one_of=(
            word("--add", metavar="PATH", help="read this folder too: another machine's .claude, another home, or exports"),
            word("--remove", metavar="PATH", help="read this added folder no more; what was read stays"),
            word("--organization", choices=("on", "off"), help="ask the organization's APIs with an Admin key"),
            word("--keep-key", action="store_true", help="read an Admin key from standard input into the system keyring"),
            word("--forget-key", action="store_true", help="remove the Admin key from the system keyring"),
        ),
        answers="json",
    ),
    Verb(
        "imports",
        "imports",
        "what was imported, when, how many rows; take one back",
        words=(word("--undo", type=int, nargs="+", metavar="ID", help="take these imports back"),),
        answers="span",
    ),
    Verb(
        "spend",
        "spend",
        "what was spent, by one property of the calls",
        words=(word("--by", choices=BREAKDOWNS, default="model", help="the property; model when it is left out"),),
        answers="filtered",
    ),
    Verb(
        "balance",
        "balance",
        "what is left: readings, top-ups, and their drift from what the log says was spent",
        words=(
            word("--set", metavar="AMOUNT", help="the balance as you read it, in the account's currency"),
            word("--top-up", dest="top_up", metavar="AMOUNT", help="what was put on the balance"),
            word("--at", metavar="TIME", help="when that was; now when it is left out"),
            word("--currency", metavar="CODE", help="three letters; the account's when they are left out"),
            word("--forget", type=int, metavar="ID", help="forget a reading that was typed"),
            word("--forget-top-up", dest="forget_top_up", type=int, metavar="ID", help="forget a top-up that was typed"),
        ),
        answers="span",
    ),
    Verb(
        "auto-reload",
        "auto_reload",
        "recommended threshold, reload-to and monthly limit",
        words=(
            word("--balance", metavar="USD", help="what is left now"),
            word("--current", metavar="BELOW:TO[:LIMIT]", help="how it is set now, as in 5:15:100; else as kept in the settings"),
            word("--hour-blocked", metavar="USD", help="what an hour without work costs you; 25 when it is left out"),
            word("--reload-nuisance", metavar="USD", help="what a reload costs you; 0.50 when it is left out"),
            word("--idle-percent", metavar="P", help="what idle money costs a month, in per cent; 3 when it is left out"),
            word("--latency", metavar="MINUTES", help="how long a reload usually takes; 1 when it is left out"),
            word("--slow-share", metavar="SHARE", help="of the reloads, those that take 5 to 60 min; 0.03 when it is left out"),
            word("--failed-share", metavar="SHARE", help="of the reloads, those that fail; 0.015 when it is left out"),
        ),
        answers="span",
    ),
    Verb(
        "background",
        "background",
        "what drains while nobody is watching; “this is mine”, or “never mind”",
        words=(
            word(
                "action",
                nargs="?",
                choices=("expect", "expected", "forget", "dismiss", "restore"),
                help="flags when it is left out",
            ),
            word(
                "which",
                nargs="?",
                metavar="ID",
                help="forget: the number of an expected run; dismiss, restore: the key of a flag",
            ),
            word("--app", metavar="NAME", help="expect: the app whose run it is"),
            word("--account", metavar="NAME", help="expect: only of this account"),
            word("--project", metavar="NAME", help="expect: only of this project"),
            word("--note", metavar="TEXT", help="expect: what it is for"),
            word("--reason", metavar="TEXT", help="dismiss: why it is no drain"),
        ),
        answers="span",
    ),
    Verb(
        "savings", "savings", "what you would save by working differently, and which plan fits", (OWN_PLAN,), answers="filtered"
    ),
    Verb(
        "reconcile",
        "reconcile",
        "what was billed beside what was computed, by day and model",
        words=(
            word("--same", metavar="KEY", help="the calls of --of, or all, are on this key of the bill: its total holds"),
            word("--separate", metavar="KEY", help="they are not on this key: both count"),
            word("--by-evidence", metavar="KEY", help="forget what you said of this key"),
            word("--of", metavar="ACCOUNT", help="of which account; every one when it is left out"),
            word(
                "--order",
                metavar="CLASS,…",
                help="which kind of source gives a total, first to last; “usual” for the order we propose",
            ),
        ),
        answers="filtered",
    ),
    Verb(
        "report",
        "report",
        "a report for others: the last 30 days unless a span is named",
        words=(
            word("--format", choices=REPORT_FORMATS, default="html", help="html when it is left out"),
            word("--out", metavar="FILE", help="where it goes; standard output when it is left out, but not for PDF"),
            word("--redact", choices=("none", "names", "totals"), default="none", help="what becomes of names"),
            word("--sections", nargs="+", choices=REPORT_SECTIONS, metavar="SECTION", help=", ".join(REPORT_SECTIONS)),
            word("--compare-with", metavar="FILE", help="an earlier report in JSON: say what changed since"),
        ),
        answers="filtered",
    ),
    Verb(
        "check",
        "check",
        "for cron, CI and hooks: one line for each thing that needs somebody, and then exit status 1",
        answers="span",
    ),
    Verb(
        "watch",
        "watch",
        "sync, judge and alert until stopped",
        words=(
            word("--every", type=float, metavar="SECONDS", help="how often; every 60 s when it is left out"),
            word("--once", action="store_true", help="look a single time"),
            word("--folder", action="append", default=[], metavar="PATH", help="a folder with exports to read too"),
        ),
        answers="json",
    ),
    Verb(
        "alerts",
        "alerts",
        "where alerts go, from how many dollars on, and what was sent",
        words=(
            word("--webhook", metavar="URL", help="send them there too; - reads standard input; the signing key is shown once"),
            word("--email", metavar="ADDR", help="write to this address too"),
            word("--smtp", metavar="URL", help="the mail server, as in smtps://me@mail.example.com; its password is asked for"),
            word("--desktop", choices=("on", "off"), help="show them on this desktop"),
            word("--only-act", action="store_true", help="the added channel hears only of what calls for action"),
            word("--allow-private", action="store_true", help="the added channel may lie in a private network"),
            word("--remove", type=int, metavar="ID", help="send nothing there any more"),
            word("--notify", metavar="USD", help="from how many dollars on a drain is told; 0 tells every one"),
            word("--act", metavar="USD", help="from how many dollars on it calls for action"),
            word("--test", action="store_true", help="send a test to every channel"),
        ),
        answers="json",
    ),
    Verb(
        "digest",
        "digest",
        "the numbers of each week or month, to a channel of “alerts”",
        words=(
            word("--to", type=int, metavar="ID", help="the channel; the only one when it is left out"),
            word("--zone", metavar="ZONE", help="where the days begin, as in Europe/Berlin; UTC when it is left out"),
            word("--redact", choices=("none", "names", "totals"), help="what becomes of names"),
            word("--link", choices=("on", "off"), help="with a link to the dashboard"),
            word("--now", action="store_true", help="send that of the last whole week or month right away"),
        ),
        one_of=(
            word("--weekly", action="store_true", help="on Mondays"),
            word("--monthly", action="store_true", help="on the first of the month"),
            word("--off", action="store_true", help="no more"),
        ),
        answers="json",
    ),
    Verb(
        "prices",
        "prices",
        "the rates in force, and the person's own",
        one_of=(
            word("--set", metavar="FILE", dest="own_prices", help="lay the prices in this JSON file over the list prices"),
            word("--clear", action="store_true", help="go back to the list prices"),
            word("--assume", metavar="MODEL", help="estimate calls whose source names no model at this model's prices"),
            word(
                "--same-as",
                nargs=2,
                metavar=("NAME", "MODEL"),
                help="price a name that doesn't say its model, such as a profile's ARN",
            ),
        ),
        answers="span",
    ),
    Verb(
        "archive",
        "archive",
        "the copy of all you imported that the database is made from: how much it holds, whether it is sound",
        one_of=(
            word("--verify", action="store_true", help="read every part and compare it with its checksum"),
            word("--merge", metavar="DIR", help="add the imports of another machine's archive or backup"),
        ),
        answers="json",
    ),
    Verb("rebuild", "archive", "make the database again from the archive", answers="json"),
    Verb(
        "backup",
        "archive",
        "copy the archive and what you decided to a folder, also while the dashboard is open",
        words=(
            word("--to", dest="folder", metavar="DIR", required=True, help="the folder; done again, it gets only what is new"),
        ),
        answers="json",
    ),
    Verb(
        "restore",
        "archive",
        "put a backup in place, and make the database from it",
        words=(
            word("--from", dest="folder", metavar="DIR", required=True, help="the folder that “backup” wrote"),
            word("--force", action="store_true", help="also where there are data already; they are moved into a folder beside"),
        ),
        answers="json",
    ),
)
