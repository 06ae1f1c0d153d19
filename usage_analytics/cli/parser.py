"""The words that the command line understands. Nothing is loaded here but argparse: a verb brings its own."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Final, NoReturn

from usage_analytics.cli.verb import word
from usage_analytics.cli.verbs import VERBS as _VERBS
from usage_analytics.errors import BadRequest

Does = Callable[[argparse.Namespace], int]

VERBS: Final = tuple(verb.name for verb in _VERBS)
_SPAN: Final = (
    word("--from", dest="start", metavar="TIME", help="start: a date or time; UTC unless it has an offset"),
    word("--to", dest="end", metavar="TIME", help="end: a date or time, not included"),
    word("--as-of", dest="as_of", metavar="TIME", help="answer as of this time, ignoring anything later"),
    word("--zone", metavar="ZONE", help="time zone for days, as in Europe/Berlin (default: the one in Settings, else UTC)"),
)
_KEPT: Final = ("model", "app", "project", "account")


class Parser(argparse.ArgumentParser):
    """An argument parser whose complaints are one sentence."""

    def error(self, message: str) -> NoReturn:
        raise BadRequest(f"{message[:1].upper()}{message[1:]}. Run “{self.prog} --help” to see the options.")


def understand(words: Sequence[str]) -> tuple[Does, argparse.Namespace]:
    """The verb to run, and its options. Without a verb it is `run`. Raises BadRequest; `--help` and `--version` exit."""
    first = next(iter(words), "")
    if not first or (first.startswith("-") and first not in ("-h", "--help", "--version")):
        words = ["run", *words]
    elif not first.startswith("-") and first not in VERBS:
        raise BadRequest(f"“{first}” isn't a verb that this version knows. Use one of: {', '.join(VERBS)}.")
    parser = Parser(prog="usage-analytics", description="See where your Claude money goes.", allow_abbrev=False)
    parser.add_argument("--version", action=_Version, help="print the version")
    verbs = parser.add_subparsers(title="verbs", metavar="VERB", dest="verb")
    for known in _VERBS:
        about = f"{known.help[:1].upper()}{known.help[1:]}."
        verb = verbs.add_parser(known.name, help=known.help, description=about, allow_abbrev=False)
        verb.add_argument(
            "--db", metavar="FILE", help="the database (default: USAGE_ANALYTICS_DB, else usage.duckdb in the data folder)"
        )
        verb.set_defaults(does=(known.module, known.function or known.name.replace("-", "_")))
        verb.set_defaults(**{f"{dimension}s": () for dimension in _KEPT})
        one_of = verb.add_mutually_exclusive_group() if known.one_of else verb
        for names, how in known.one_of:
            one_of.add_argument(*names, **how)
        for names, how in known.words:
            verb.add_argument(*names, **how)
        if known.answers:
            verb.add_argument("--json", action="store_true", help="print JSON")
        for names, how in _SPAN if known.answers in ("span", "filtered") else ():
            verb.add_argument(*names, **how)
        for dimension in _KEPT if known.answers == "filtered" else ():
            named = f"only this {dimension}; may be repeated"
            verb.add_argument(f"--{dimension}", dest=f"{dimension}s", action="append", default=[], metavar="NAME", help=named)
    options = parser.parse_args(words)
    module, function = options.does
    return getattr(import_module(f"usage_analytics.cli.{module}"), function), options


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
