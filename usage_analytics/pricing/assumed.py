"""The model by whose rates calls are estimated whose source names none, such as those of a claude.ai export.

It has rates of its own in table `rate`, under a name that no model has: those calls stay without a model, and are priced anew when the
person assumes another one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from usage_analytics.errors import BadRequest
from usage_analytics.pricing.models import canonical, display_name, family, known
from usage_analytics.pricing.rates import Rate

ASSUMED: Final = "(assumed)"


def newest_sonnet() -> str:
    """The model assumed if the person names none: the default model of claude.ai."""
    return [model for model in known() if family(model) == "sonnet"][-1]


def assumed_model(name: object, also: Iterable[str] = ()) -> str | None:
    """The model that a name means, if it is one with a price (`also` are those with an own price); None without. Raises BadRequest."""
    if name is None:
        return None
    model = canonical(name) if isinstance(name, str) else None
    if model is None or model not in (*known(), *also):
        raise BadRequest(f"No price is known for that model. Name one that has a price, such as {display_name(newest_sonnet())}.")
    return model


def with_assumed(rates: Iterable[Rate], model: str | None = None) -> tuple[Rate, ...]:
    """The rates, and once more those of the assumed model under the name of the assumed one."""
    rated = tuple(rates)
    return (*rated, *(replace(rate, model=ASSUMED) for rate in rated if rate.model == (model or newest_sonnet())))
