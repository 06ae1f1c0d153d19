"""What the person decided about sources: which one gives a total, and which calls are on which bill. A JSON file beside the database.

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
# From billed amounts to guesses. The sources of each class are in derivation/claims_sources.sql.
CLASSES: Final = ("invoice", "cost_report", "usage_report", "gateway", "telemetry", "transcript", "estimate")
LARGEST_BYTES: Final = 1 << 20


class Choice(msgspec.Struct, frozen=True):
    """Whether the calls of an account (None: of every account) are on the bill of the API key with this name."""

    key: str
    same: bool
    account: str | None = None


class Rules(msgspec.Struct, frozen=True):
    """The order in which classes of sources give the total, most trusted first, and the person's choices."""

    order: tuple[str, ...] = CLASSES
    choices: tuple[Choice, ...] = ()

    @property
    def digest(self) -> str:
        """Return a digest that changes whenever they do."""
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
    """Save the rules; they apply from the next use of the database. Raise BadRequest if the order is incomplete."""
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
    """Return the rules with a choice added or replaced; None lets the data decide again."""
    others = tuple(one for one in rules.choices if (one.key, one.account) != (key, account))
    more = () if same is None else (Choice(key, same, account),)
    return msgspec.structs.replace(rules, choices=tuple(sorted((*others, *more), key=lambda one: (one.key, one.account or ""))))


def write_rules(connection: duckdb.DuckDBPyConnection, rules: Rules) -> None:
    """Write the rules into the database; the caller derives what follows from them."""
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
