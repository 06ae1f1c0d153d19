"""The person's own prices: a JSON file beside the database, so that whoever opens it prices alike."""

from __future__ import annotations

import json
import os
from pathlib import Path

from usage_analytics.errors import BadRequest, UnreadableFile
from usage_analytics.pricing.overrides import read_overrides, with_overrides
from usage_analytics.pricing.rates import Rate, list_rates

NAME = "prices.json"
LARGEST_BYTES = 1 << 20


def rates_for(database: Path) -> tuple[Rate, ...]:
    """The rates that apply in this database: the list's, with the person's own laid over them. Raises BadRequest."""
    own = database.with_name(NAME)
    return with_overrides(list_rates(), read_overrides(_json(own))) if own.exists() else list_rates()


def set_own_prices(database: Path, file: Path) -> None:
    """Keep the prices in `file` as the person's own. Raises UnreadableFile, or BadRequest for what cannot be a price."""
    prices = _json(file)
    read_overrides(prices)
    database.parent.mkdir(parents=True, exist_ok=True)
    draft = database.with_name(f"{NAME}.{os.getpid()}")
    draft.write_text(json.dumps(prices, indent=2) + "\n", encoding="utf-8")
    draft.replace(database.with_name(NAME))


def clear_own_prices(database: Path) -> None:
    """Go back to the list prices."""
    database.with_name(NAME).unlink(missing_ok=True)


def has_own_prices(database: Path) -> bool:
    """Whether the person has prices of their own."""
    return database.with_name(NAME).exists()


def _json(file: Path) -> object:
    try:
        with file.open("rb") as opened:
            return json.loads(opened.read(LARGEST_BYTES))
    except OSError as error:
        raise UnreadableFile(
            f"{file.name} cannot be read ({error.strerror}); check that it is there and yours to read."
        ) from error
    except ValueError as error:
        raise BadRequest(f'{file.name} is not JSON; write prices like {{"overrides": {{"my-model": {{…}}}}}}.') from error
