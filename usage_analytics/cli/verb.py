"""What a verb of the command line is: its name, its words, and the module that does it."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

Word = tuple[tuple[str, ...], dict[str, Any]]  # what argparse's add_argument takes


def word(*names: str, **how: Any) -> Word:
    """An option, or a place, of a verb."""
    return names, how


class Verb(NamedTuple):
    """What can be asked for, and the module of this folder that does it, in a function of the verb's name or of the one given."""

    name: str
    module: str
    help: str
    words: tuple[Word, ...] = ()
    one_of: tuple[Word, ...] = ()  # of these at most one goes at a time
    answers: Literal["", "json", "span", "filtered"] = ""  # in JSON too; and of a span of time; and of what filters keep
    function: str = ""
