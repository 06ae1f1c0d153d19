"""Names that say nothing of their model, such as the ARN of an application inference profile, and the model that each stands for.

Such a name gets the rates of its model in table `rate`, and its calls are shown as that model's. What the person says once holds for
calls of the past and of the future.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from usage_analytics.errors import BadRequest
from usage_analytics.pricing.models import canonical, display_name, known
from usage_analytics.pricing.rates import Rate

_REGIONAL: Final = 11, 10  # of the price on a global profile
_SCALED: Final = ("input_picos", "cache_read_picos", "cache_write_5m_picos", "cache_write_1h_picos", "output_picos")


def read_profiles(said: Mapping[str, object], also: Iterable[str] = ()) -> dict[str, str]:
    """The name of the model that each canonical name stands for. `also` are models with an own price. Raises BadRequest."""
    found = {}
    for name, stands_for in said.items():
        profile, model = canonical(name), canonical(stands_for) if isinstance(stands_for, str) else None
        if profile is None or model is None or model not in (*known(), *also):
            raise BadRequest(f"{name or 'A profile'} needs a model with a known price, such as {display_name(known()[-1])}.")
        if profile in known():
            raise BadRequest(f"{name} is already a model. Set its price instead.")
        found[profile] = str(stands_for)
    return found


def with_profiles(rates: Iterable[Rate], profiles: Mapping[str, str]) -> tuple[Rate, ...]:
    """The rates, and those of each profile. One that stands for a regional profile of Bedrock costs what that one costs."""
    rated = [rate for rate in rates if rate.model not in profiles]  # a name has one meaning
    for profile, stands_for in profiles.items():
        name = stands_for.strip().lower()
        is_regional = ".anthropic." in name and "global.anthropic." not in name
        for rate in [one for one in rated if one.model == canonical(name)]:
            own = replace(rate, model=profile, known_as=rate.model, regional=False)
            if is_regional and rate.regional and rate.surcharges:
                times, of = _REGIONAL
                own = replace(own, **{column: round(getattr(rate, column) * times / of) for column in _SCALED})
            rated.append(own)
    return tuple(rated)
