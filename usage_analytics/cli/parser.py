"""The words that the command line understands. Nothing is loaded here but argparse: a verb brings its own."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Final, NoReturn

from usage_analytics.errors import BadRequest

Verb = Callable[[argparse.Namespace], int]
VERBS: Final = (
    "run", "import", "sync", "imports", "spend", "balance", "auto-reload", "background", "savings", "report", "check", "watch", "alerts",
    "digest", "prices",
)  # fmt: skip
BREAKDOWNS: Final = ("model", "app", "day", "project", "account", "conversation-length")
REPORT_FORMATS: Final = ("html", "pdf", "md", "json")
REPORT_SECTIONS: Final = (
    "spend", "balance", "auto_reload", "background", "models", "conversations", "apps", "savings", "method",
)  # fmt: skip


class Parser(argparse.ArgumentParser):
    """An argument parser whose complaints are one sentence."""

    def error(self, message: str) -> NoReturn:
        raise BadRequest(f"{message[:1].upper()}{message[1:]}; “{self.prog} --help” lists what can be asked.")


def understand(words: Sequence[str]) -> tuple[Verb, argparse.Namespace]:
    """The verb to run, and its options. Without a verb it is `run`. Raises BadRequest; `--help` and `--version` exit."""
    first = next(iter(words), "")
    if not first or (first.startswith("-") and first not in ("-h", "--help", "--version")):
        words = ["run", *words]
    elif not first.startswith("-") and first not in VERBS:
        raise BadRequest(f"“{first}” is not a verb of this version; it knows {', '.join(VERBS)}.")
    options = _parser().parse_args(words)
    module, function = options.does
    return getattr(import_module(f"usage_analytics.cli.{module}"), function), options


def _parser() -> Parser:
    parser = Parser(prog="usage-analytics", description="Where the money for Claude went.", allow_abbrev=False)
    parser.add_argument("--version", action=_Version, help="say which version this is")
    verbs = parser.add_subparsers(title="verbs", metavar="VERB", dest="verb")

    run = _verb(verbs, "run", "dashboard", "open the dashboard; the verb that is meant when none is named")
    run.add_argument("--demo", action="store_true", help="open it on sample data, in a database of its own")
    run.add_argument("--port", type=int, metavar="N", help="the port it listens at; 8501 or the next that is free")
    run.add_argument("--host", metavar="ADDRESS", default="127.0.0.1", help="listen beyond this machine too, as in 0.0.0.0")
    run.add_argument("--allow-host", action="append", default=[], metavar="NAME", help="a further name it is asked for by")
    run.add_argument("--without-sign-in", action="store_true", help="whoever reaches it may see and change everything")

    take = _verb(verbs, "import", "imports", "read files, folders, .zip and .gz; the format is found by content", "import_files")
    take.add_argument("paths", nargs="+", metavar="PATH", help="a file or a folder")
    _json(take)

    sync = _verb(verbs, "sync", "imports", "read what is new in the Claude Code folders of this machine")
    _json(sync)

    imports = _verb(verbs, "imports", "imports", "what was imported, when, how many rows; take one back")
    imports.add_argument("--undo", type=int, nargs="+", metavar="ID", help="take these imports back")
    _reading(imports)

    spend = _verb(verbs, "spend", "spend", "what was spent, by one property of the calls")
    spend.add_argument("--by", choices=BREAKDOWNS, default="model", help="the property; model when it is left out")
    _reading(spend, filtered=True)

    balance = _verb(
        verbs, "balance", "balance", "what is left: readings, top-ups, and their drift from what the log says was spent"
    )
    balance.add_argument("--set", metavar="AMOUNT", help="the balance as you read it, in the account's currency")
    balance.add_argument("--top-up", dest="top_up", metavar="AMOUNT", help="what was put on the balance")
    balance.add_argument("--at", metavar="TIME", help="when that was; now when it is left out")
    balance.add_argument("--currency", metavar="CODE", help="three letters; the account's when they are left out")
    balance.add_argument("--forget", type=int, metavar="ID", help="forget a reading that was typed")
    balance.add_argument("--forget-top-up", dest="forget_top_up", type=int, metavar="ID", help="forget a top-up that was typed")
    _reading(balance)

    _auto_reload(verbs)

    background = _verb(verbs, "background", "background", "what drains while nobody is watching; “this is mine”, or “never mind”")
    background.add_argument(
        "action", nargs="?", choices=("expect", "expected", "forget", "dismiss", "restore"), help="flags when it is left out"
    )
    background.add_argument(
        "which", nargs="?", metavar="ID", help="forget: the number of an expected run; dismiss, restore: the key of a flag"
    )
    background.add_argument("--app", metavar="NAME", help="expect: the app whose run it is")
    background.add_argument("--account", metavar="NAME", help="expect: only of this account")
    background.add_argument("--project", metavar="NAME", help="expect: only of this project")
    background.add_argument("--note", metavar="TEXT", help="expect: what it is for")
    background.add_argument("--reason", metavar="TEXT", help="dismiss: why it is no drain")
    _reading(background)

    savings = _verb(verbs, "savings", "savings", "what would be saved by working differently, with ranges")
    _reading(savings, filtered=True)
    _report(verbs)

    check = _verb(
        verbs, "check", "check", "for cron, CI and hooks: one line for each thing that needs somebody, and then exit status 1"
    )
    _reading(check)
    _watching(verbs)

    prices = _verb(verbs, "prices", "prices", "the rates in force, and the person's own")
    own = prices.add_mutually_exclusive_group()
    own.add_argument("--set", metavar="FILE", dest="own_prices", help="lay the prices in this JSON file over the list prices")
    own.add_argument("--clear", action="store_true", help="go back to the list prices")
    _reading(prices)
    return parser


def _auto_reload(verbs: argparse._SubParsersAction[Parser]) -> None:
    reload = _verb(verbs, "auto-reload", "auto_reload", "recommended threshold, reload-to and monthly limit", "auto_reload")
    reload.add_argument("--balance", metavar="USD", help="what is left now")
    reload.add_argument(
        "--current", metavar="BELOW:TO[:LIMIT]", help="how it is set now, as in 5:15:100; else as kept in the settings"
    )
    reload.add_argument("--hour-blocked", metavar="USD", help="what an hour without work costs you; 25 when it is left out")
    reload.add_argument("--reload-nuisance", metavar="USD", help="what a reload costs you; 0.50 when it is left out")
    reload.add_argument("--idle-percent", metavar="P", help="what idle money costs a month, in per cent; 3 when it is left out")
    reload.add_argument("--latency", metavar="MINUTES", help="how long a reload usually takes; 1 when it is left out")
    reload.add_argument(
        "--slow-share", metavar="SHARE", help="of the reloads, those that take 5 to 60 min; 0.03 when it is left out"
    )
    reload.add_argument("--failed-share", metavar="SHARE", help="of the reloads, those that fail; 0.015 when it is left out")
    _reading(reload)


def _watching(verbs: argparse._SubParsersAction[Parser]) -> None:
    watch = _verb(verbs, "watch", "watch", "sync, judge and alert until stopped")
    watch.add_argument("--every", type=float, metavar="SECONDS", help="how often; every 60 s when it is left out")
    watch.add_argument("--once", action="store_true", help="look a single time")
    watch.add_argument("--folder", action="append", default=[], metavar="PATH", help="a folder with exports to read too")
    _json(watch)

    alerts = _verb(verbs, "alerts", "alerts", "where alerts go, from how many dollars on, and what was sent")
    alerts.add_argument(
        "--webhook", metavar="URL", help="send them there too; - reads standard input; the signing key is shown once"
    )
    alerts.add_argument("--email", metavar="ADDR", help="write to this address too")
    alerts.add_argument(
        "--smtp", metavar="URL", help="the mail server, as in smtps://me@mail.example.com; its password is asked for"
    )
    alerts.add_argument("--desktop", choices=("on", "off"), help="show them on this desktop")
    alerts.add_argument("--only-act", action="store_true", help="the added channel hears only of what calls for action")
    alerts.add_argument("--allow-private", action="store_true", help="the added channel may lie in a private network")
    alerts.add_argument("--remove", type=int, metavar="ID", help="send nothing there any more")
    alerts.add_argument("--notify", metavar="USD", help="from how many dollars on a drain is told; 0 tells every one")
    alerts.add_argument("--act", metavar="USD", help="from how many dollars on it calls for action")
    alerts.add_argument("--test", action="store_true", help="send a test to every channel")
    _json(alerts)

    digest = _verb(verbs, "digest", "digest", "the numbers of each week or month, to a channel of “alerts”")
    often = digest.add_mutually_exclusive_group()
    often.add_argument("--weekly", action="store_true", help="on Mondays")
    often.add_argument("--monthly", action="store_true", help="on the first of the month")
    often.add_argument("--off", action="store_true", help="no more")
    digest.add_argument("--to", type=int, metavar="ID", help="the channel; the only one when it is left out")
    digest.add_argument("--zone", metavar="ZONE", help="where the days begin, as in Europe/Berlin; UTC when it is left out")
    digest.add_argument("--redact", choices=("none", "names", "totals"), help="what becomes of names")
    digest.add_argument("--link", choices=("on", "off"), help="with a link to the dashboard")
    digest.add_argument("--now", action="store_true", help="send that of the last whole week or month right away")
    _json(digest)


def _report(verbs: argparse._SubParsersAction[Parser]) -> None:
    report = _verb(verbs, "report", "report", "a report for others: the last 30 days unless a span is named")
    report.add_argument("--format", choices=REPORT_FORMATS, default="html", help="html when it is left out")
    report.add_argument("--out", metavar="FILE", help="where it goes; standard output when it is left out, but not for PDF")
    report.add_argument("--redact", choices=("none", "names", "totals"), default="none", help="what becomes of names")
    report.add_argument("--sections", nargs="+", choices=REPORT_SECTIONS, metavar="SECTION", help=", ".join(REPORT_SECTIONS))
    report.add_argument("--compare-with", metavar="FILE", help="an earlier report in JSON: say what changed since")
    _reading(report, filtered=True)


def _verb(verbs: argparse._SubParsersAction[Parser], name: str, module: str, help_text: str, function: str = "") -> Parser:
    verb = verbs.add_parser(name, help=help_text, description=f"{help_text[:1].upper()}{help_text[1:]}.", allow_abbrev=False)
    verb.add_argument("--db", metavar="FILE", help="the database; else USAGE_ANALYTICS_DB, else usage.duckdb in the data folder")
    verb.set_defaults(does=(module, function or name))
    return verb


def _json(verb: Parser) -> None:
    verb.add_argument("--json", action="store_true", help="answer in JSON, for programs")


def _reading(verb: Parser, *, filtered: bool = False) -> None:
    _json(verb)
    verb.add_argument("--from", dest="start", metavar="TIME", help="a date or time; UTC unless it has an offset")
    verb.add_argument("--to", dest="end", metavar="TIME", help="a date or time that is not included any more")
    verb.add_argument("--as-of", dest="as_of", metavar="TIME", help="answer as if it were then, using nothing later")
    verb.add_argument("--zone", metavar="ZONE", help="where days begin, as in Europe/Berlin; else as set in Settings, else UTC")
    if not filtered:
        verb.set_defaults(models=(), apps=(), projects=(), accounts=())
        return
    for dimension in ("model", "app", "project", "account"):
        named = f"count only this {dimension}; may be given several times"
        verb.add_argument(f"--{dimension}", dest=f"{dimension}s", action="append", default=[], metavar="NAME", help=named)


class _Version(argparse.Action):
    """Looks the version up only when it is asked for."""

    def __init__(self, option_strings: Sequence[str], dest: str, help: str | None = None) -> None:  # noqa: A002  argparse's word
        super().__init__(option_strings, dest, nargs=0, default=argparse.SUPPRESS, help=help)

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        from importlib.metadata import PackageNotFoundError, version

        try:
            print(f"usage-analytics {version('usage-analytics')}")
        except PackageNotFoundError:
            print("usage-analytics, run from its sources without being installed")
        parser.exit()
