"""The person's own prices: a JSON file beside the database, so that everyone who opens it gets the same prices."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import cast

from usage_analytics.errors import BadRequest, UnreadableFile
from usage_analytics.pricing.assumed import assumed_model, newest_sonnet, with_assumed
from usage_analytics.pricing.models import canonical, known
from usage_analytics.pricing.overrides import read_overrides, with_overrides
from usage_analytics.pricing.profiles import with_profiles
from usage_analytics.pricing.rates import Rate, list_rates

NAME = "prices.json"
LARGEST_BYTES = 1 << 20
NO_PRICES = frozenset({"assumedModel", "sameAs"})


def rates_for(database: Path) -> tuple[Rate, ...]:
    """Return this database's rates: list prices, unless the person set their own. Raise BadRequest if the file is unreadable."""
    overrides = read_overrides(_settings(database))
    return with_assumed(with_profiles(with_overrides(list_rates(), overrides), overrides.profiles), overrides.assumed_model)


def assumed_for(database: Path) -> str:
    """Return the model whose prices apply to calls without a model name. Raise BadRequest if the file is unreadable."""
    return read_overrides(_settings(database)).assumed_model or newest_sonnet()


def set_assumed_model(database: Path, name: str) -> None:
    """Save the model whose prices apply to calls without a model name. Raise BadRequest if it has no price."""
    prices = _settings(database)
    _keep(database, prices | {"assumedModel": assumed_model(name, read_overrides(prices).models)})


def set_own_prices(database: Path, file: Path) -> None:
    """Save the prices in `file` as the person's own. Raise UnreadableFile, or BadRequest if a value can't be a price."""
    prices = _json(file)
    read_overrides(prices)
    _keep(database, _beside_prices(database) | cast("dict[str, object]", prices))  # an object, or it was refused


def set_own_price(database: Path, model: str, price: Mapping[str, object]) -> None:
    """Add or replace one model's price, in dollars per million tokens. Raise BadRequest."""
    settings = _settings(database)
    inner = settings.get("modelPricing")
    prices = dict(inner) if isinstance(inner, dict) else settings
    overrides = prices.get("overrides")
    prices["overrides"] = (dict(overrides) if isinstance(overrides, dict) else {}) | {model: dict(price)}
    kept = settings | {"modelPricing": prices} if isinstance(inner, dict) else prices
    read_overrides(kept)
    _keep(database, kept)


def set_profile(database: Path, profile: str, model: str) -> None:
    """Save which model a name stands for, such as an application inference profile. Raise BadRequest."""
    settings = _settings(database)
    inner = settings.get("modelPricing")
    prices = dict(inner) if isinstance(inner, dict) else settings
    before = prices.get("sameAs")
    prices["sameAs"] = (dict(before) if isinstance(before, dict) else {}) | {profile: model}
    kept = settings | {"modelPricing": prices} if isinstance(inner, dict) else prices
    read_overrides(kept)
    _keep(database, kept)


def clear_own_prices(database: Path) -> None:
    """Go back to the list prices; which model is assumed stays, and so do profiles of models on the list."""
    kept = _beside_prices(database)
    if isinstance(named := kept.pop("sameAs", None), dict):
        listed = {name: model for name, model in named.items() if canonical(str(model)) in known()}
        kept |= {"sameAs": listed} if listed else {}
    if kept:
        _keep(database, kept)
    else:
        database.with_name(NAME).unlink(missing_ok=True)


def has_own_prices(database: Path) -> bool:
    """Return whether the person has set their own prices."""
    return bool(_settings(database).keys() - NO_PRICES)


def _settings(database: Path) -> dict[str, object]:
    own = database.with_name(NAME)
    found = _json(own) if own.exists() else {}
    if not isinstance(found, dict):
        raise BadRequest(f"{NAME} is not a JSON object. Correct it, or delete it to go back to the list prices.")
    return found


def _beside_prices(database: Path) -> dict[str, object]:
    """Return what the file holds besides prices."""
    return {name: value for name, value in _settings(database).items() if name in NO_PRICES}


def _keep(database: Path, prices: Mapping[str, object]) -> None:
    database.parent.mkdir(parents=True, exist_ok=True)
    draft = database.with_name(f"{NAME}.{os.getpid()}")
    draft.write_text(json.dumps(prices, indent=2) + "\n", encoding="utf-8")
    draft.replace(database.with_name(NAME))


def _json(file: Path) -> object:
    try:
        with file.open("rb") as opened:
            return json.loads(opened.read(LARGEST_BYTES))
    except OSError as error:
        raise UnreadableFile(
            f"{file.name} can't be read ({error.strerror}). Check that it exists and that you can read it."
        ) from error
    except ValueError as error:
        raise BadRequest(f'{file.name} is not JSON. Write prices like {{"overrides": {{"my-model": {{…}}}}}}.') from error
