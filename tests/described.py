"""An answer as lines of text, one a value, for golden files: nothing in it changes without a line that says what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any, Final

import numpy as np
import pandas as pd

ZERO: Final = datetime(2026, 1, 1)
LONGEST: Final = 12  # of a longer series of numbers: how many, their sum, and how they begin and end


def described(value: Any) -> str:
    """Every value under its path, in order."""
    return "".join(f"{path.lstrip('.')}: {text}\n" for path, text in _lines("", value))


def _lines(path: str, value: Any) -> Iterator[tuple[str, str]]:
    if is_dataclass(value):
        for field in fields(value):
            if field.repr:
                yield from _lines(f"{path}.{field.name}", getattr(value, field.name))
        for name, one in vars(type(value)).items():
            if isinstance(one, property) and not name.startswith("_"):
                yield from _lines(f"{path}.{name}", getattr(value, name))
    elif isinstance(value, pd.DataFrame):
        yield path, f"{len(value)} rows of {', '.join(map(str, value.columns))}"
        for column in value.columns:
            yield from _lines(f"{path}.{column}", value[column].tolist())
    elif isinstance(value, Mapping):
        for key, one in value.items():
            yield from _lines(f"{path}.{key}", one)
    elif isinstance(value, (list, tuple, pd.Series, np.ndarray, pd.Index)):
        yield from _series(path, list(value.ravel() if isinstance(value, np.ndarray) else value))
    else:
        yield path, _text(value)


def _series(path: str, values: list[Any]) -> Iterator[tuple[str, str]]:
    if len(values) > LONGEST and all(type(one) is tuple and len(one) == 2 and not isinstance(one[1], str) for one in values):
        for number, column in enumerate(zip(*values, strict=True)):
            yield from _series(f"{path}.{number}", list(column))
        return
    if any(is_dataclass(one) or isinstance(one, (Mapping, list, tuple, np.ndarray, pd.DataFrame)) for one in values):
        for number, one in enumerate(values):
            yield from _lines(f"{path}[{number}]", one)
    elif len(values) <= LONGEST:
        yield path, ", ".join(map(_text, values)) or "(none)"
    else:
        ends = f"{', '.join(map(_text, values[:4]))} … {', '.join(map(_text, values[-4:]))}"
        numbers = [(one - ZERO).total_seconds() if isinstance(one, datetime) and one is not pd.NaT else one for one in values]
        known = [float(one) for one in numbers if isinstance(one, (int, float, np.number)) and one == one]
        sums = (
            f", sum {_text(sum(known))}, weighted {_text(sum(number * one for number, one in enumerate(known)))}" if known else ""
        )
        yield path, f"{len(values)} values{sums}: {ends}"


def _text(value: Any) -> str:
    match value:
        case None:
            return "-"
        case bool() | np.bool_():
            return str(bool(value))
        case float() | np.floating():
            return "-" if value != value else f"{float(value):.6g}"
        case datetime() | date():
            return "-" if value is pd.NaT else value.isoformat(sep=" ") if isinstance(value, datetime) else value.isoformat()
        case timedelta() | Enum() | int() | np.integer():
            return str(value)
        case str():
            return value.replace("\n", "⏎")
        case _ if value is pd.NaT or value is pd.NA:
            return "-"
        case _:
            return repr(value)
