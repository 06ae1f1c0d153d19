"""A question as the sections about auto-reload, the balance and background drain still put it; the others take the question itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from usage_analytics.control import Control
from usage_analytics.filters import Filters
from usage_analytics.periods import Period
from usage_analytics.question import Question
from usage_analytics.question.names import Names, Redaction
from usage_analytics.question.question import Place

if TYPE_CHECKING:
    import pandas as pd

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Asked:
    """When, about which dates, and what becomes of names."""

    now: datetime
    filters: Filters
    redaction: Redaction


@dataclass(frozen=True, slots=True)
class Source:
    """The rows for a question, with names already replaced."""

    question: Question

    @property
    def asked(self) -> Asked:
        """When, about which dates, and what becomes of names."""
        names = self.question.names
        return Asked(self.question.as_of, self.question.filters, names.redaction if names else "none")

    @property
    def names(self) -> Names:
        """What becomes of names."""
        return self.question.names or Names("none", {})

    @property
    def period(self) -> Period:
        """The date range in words."""
        return self.question.period

    @property
    def control(self) -> Control:
        """The decisions beside the data."""
        return Control.beside(self.question.store.path)

    @property
    def is_narrowed(self) -> bool:
        """Whether the report is about a part of the usage only."""
        return self.question.is_narrowed

    @property
    def days(self) -> int:
        """How long the date range is, in whole days."""
        return self.question.days

    def read(self, query: str, filters: Filters, **parameters: Any) -> pd.DataFrame:
        """The rows of a query with names as they are."""
        return replace(self.question, names=None).read(query, filters, **parameters)

    def once(self, name: str, make: Callable[[], T]) -> T:
        """What `make` returns, made once for a name."""
        return self.question.kept(f"report {name}", make)

    def rows(self, query: str, filters: Filters | None = None, **parameters: Any) -> pd.DataFrame:
        """The rows of a query, with names replaced."""
        return self.question.read(query, filters, **parameters)

    def load(self, queries: Mapping[str, Mapping[str, Any]]) -> dict[str, pd.DataFrame]:
        """The rows of several queries by name."""
        return self.question.load(queries)

    def keeps(self, one: Place) -> bool:
        """Whether something of an app, project and account, by its real names, belongs into the report."""
        return replace(self.question, names=None).keeps(one)
