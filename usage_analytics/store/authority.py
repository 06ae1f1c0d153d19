"""Which source gives a total, and what is the same traffic, as the person says: a JSON file beside the database.

{"order": ["invoice", "cost_report", …], "choices": [{"key": "claude_code_key_ann", "same": true, "account": null}]}
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Final

import duckdb
import msgspec

from usage_analytics.errors import BadRequest

NAME: Final = "claims.json"
# From what was charged to what somebody guessed. The sources of each class are in derivation/claims_sources.sql.
CLASSES: Final = ("invoice", "cost_report", "usage_report", "gateway", "telemetry", "transcript", "estimate")
LARGEST_BYTES: Final = 1 << 20


class Choice(msgspec.Struct, frozen=True):
    """Whether the calls of an account (None: of every account) are on a key of a bill, by the key's name."""

    key: str
    same: bool
    account: str | None = None


class Rules(msgspec.Struct, frozen=True):
    """The order of the classes, the first gives the total; and the person's choices."""

    order: tuple[str, ...] = CLASSES
    choices: tuple[Choice, ...] = ()

    @property
    def digest(self) -> str:
        """A word that changes with them."""
        return hashlib.sha256(msgspec.json.encode(self)).hexdigest()


def rules_for(database: Path) -> Rules:
    """The rules that apply in this database. Raises BadRequest for a file that holds none."""
    try:
        with database.with_name(NAME).open("rb") as file:
            return _checked(msgspec.json.decode(file.read(LARGEST_BYTES), type=Rules))
    except FileNotFoundError:
        return Rules()
    except (msgspec.MsgspecError, OSError) as error:
        raise BadRequest(f"{NAME} can't be read. Correct it, or delete it to go back to our order.") from error


def set_rules(database: Path, rules: Rules) -> None:
    """Keep the rules; they hold from the next use of the database on. Raises BadRequest."""
    _checked(rules)
    file = database.with_name(NAME)
    if rules == Rules():
        file.unlink(missing_ok=True)
        return
    database.parent.mkdir(parents=True, exist_ok=True)
    draft = database.with_name(f"{NAME}.{os.getpid()}")
    draft.write_bytes(msgspec.json.format(msgspec.json.encode(rules), indent=2) + b"\n")
    draft.replace(file)


def chosen(rules: Rules, key: str, *, same: bool | None, account: str | None = None) -> Rules:
    """The rules with one more choice, which takes the place of an earlier one; None goes by the evidence again."""
    others = tuple(one for one in rules.choices if (one.key, one.account) != (key, account))
    more = () if same is None else (Choice(key, same, account),)
    return msgspec.structs.replace(rules, choices=tuple(sorted((*others, *more), key=lambda one: (one.key, one.account or ""))))


def write_rules(connection: duckdb.DuckDBPyConnection, rules: Rules) -> None:
    """Put the rules into the database; what they lead to is derived by the caller."""
    for statement in ("delete from claim_rule", "delete from claim_order", "delete from claim_choice"):
        connection.execute(statement)
    for position, name in enumerate(rules.order, 1):
        connection.execute("insert into claim_order values ($name, $position)", {"name": name, "position": position})
    for one in rules.choices:
        connection.execute("insert into claim_choice values ($account, $key, $same)", msgspec.structs.asdict(one))


def _checked(rules: Rules) -> Rules:
    if sorted(rules.order) != sorted(CLASSES):
        raise BadRequest(f"The order needs each of these once: {', '.join(CLASSES)}.")
    return rules
