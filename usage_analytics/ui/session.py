"""The store of this process, the one cached read, and the clock: the only part of `ui` that looks outside.

Nobody clears a cache: every read is keyed by the store's revision, which an import raises.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pandas as pd
import streamlit as st

from usage_analytics import format
from usage_analytics.control import Control, settings
from usage_analytics.figures.template import Figure
from usage_analytics.filters import Filters, instant
from usage_analytics.periods import Clocks
from usage_analytics.question import Question
from usage_analytics.question.ask import Range, ask
from usage_analytics.question.kept import ANSWERS, clear_all
from usage_analytics.sources.claude_code import folders, from_home
from usage_analytics.store import Store
from usage_analytics.store.location import default_database
from usage_analytics.store.own_rates import rates_for
from usage_analytics.ui import access
from usage_analytics.weeks import WeekStart, starts_of

_OWN_DATA: Final = "own"  # the value of the URL's `data`, and the session's note that it was there
_SYNC: Final = "_sync"
_SAMPLE_VARIABLE: Final = "USAGE_ANALYTICS_SAMPLE_DB"
_NOW_VARIABLE: Final = "USAGE_ANALYTICS_NOW"


def database() -> Path:
    """The database on show: the sample's, where there is one, until the person starts with their own."""
    sample = _sample()
    if not sample:
        return default_database()

    # A link to another page drops the choice from the URL, so it is put back.
    if st.query_params.get("data") == _OWN_DATA:
        st.session_state[_OWN_DATA] = True
    elif st.session_state.get(_OWN_DATA):
        st.query_params["data"] = _OWN_DATA
    return default_database() if st.session_state.get(_OWN_DATA) else sample


def is_sample() -> bool:
    """Whether what is shown is not the person's own."""
    return database() == _sample()


def start_with_own_data() -> None:
    """Leave the sample for the person's own database; the session keeps the choice, and the URL keeps it across a reload."""
    st.session_state[_OWN_DATA] = True
    st.query_params["data"] = _OWN_DATA


def has_sample() -> bool:
    """Whether there is sample data to look at."""
    return _sample() is not None


def look_at_sample() -> None:
    """Go back from the person's own database to the sample."""
    st.session_state.pop(_OWN_DATA, None)
    st.query_params.pop("data", None)


def store() -> Store:
    """The store of the database on show; one a process."""
    return _store(database())


def notices() -> tuple[str, ...]:
    """What we did to the database on show by ourselves since this process started: that it was made again, and why."""
    return tuple(_notices(database()))


def dismiss_notices() -> None:
    """Show them no more, to anyone."""
    _notices(database()).clear()


def control() -> Control:
    """Return what the person decided: balances, settings. Only an owner can change it."""
    return access.decisions(Control.beside(database()))


def question(dates: Range, kept: Filters) -> Question:
    """What this page asks, with the person's dates and filters, on the clock of the person's zone.

    The moment is the minute, so that what is drawn again within it asks the same. A moment set by the environment is an "as of".
    """
    moment, place, asked = now().replace(second=0, microsecond=0), zone(), control()
    fixed = moment if os.environ.get(_NOW_VARIABLE) else None
    week = week_start()
    key = ("question", state(), asked.revision, moment, fixed, place, week, dates(moment, place), kept)

    def put() -> Question:
        clock: dict[str, Any] = {"grain": kept.grain, "zone": place, "week_start": week}
        return ask(store(), asked, now=moment, as_of=fixed, dates=dates, kept=kept, sample=is_sample(), **clock)

    return ANSWERS.get(key, put)


def read(query: str, filters: Filters, **parameters: Any) -> pd.DataFrame:
    """The rows of `store/queries/<query>.sql` under `filters`: a copy of your own, from the cache if the store is unchanged.

    Numbers that may be unknown are floats with NaN, which are exact up to nine million dollars in nanos.
    """
    opened = store()
    return _frame(f"{query} {filters} {parameters} {state()}", query, filters, parameters, opened)


def kept(name: str, about: object, make: Callable[[], Any]) -> Any:
    """What `make` returns, made once for a name, what it is about (by its repr) and the state of the store. It is shared: leave it be."""
    return _kept(f"{name} {about} {state()}", make)


def state() -> str:
    """Changes with the content of the database on show, and with how its numbers are written."""
    return f"{database()} {store().revision} {format.numbers()}"


def drawn(build: Callable[..., Figure], *judgement: Any) -> Figure:
    """The figure that `build` makes of hashable judgements, built once. Do not change it: it is shared."""
    return _drawn(format.numbers(), build, *judgement)


def use_numbers() -> None:
    """Write numbers as the person chose, else as their browser's language does. Call it at the start of every run, also of a fragment's."""
    format.use_numbers(settings.numbers(control()) or format.numbers_of(st.context.locale))


def claude_code_folders() -> tuple[str, ...]:
    """The Claude Code folders on this machine, as a person would write them."""
    return tuple(from_home(folder) for folder in folders())


def ask_for_sync() -> None:
    """Have the Imports page read the Claude Code folders right away."""
    st.session_state[_SYNC] = True


def asked_for_sync() -> bool:
    """Whether the person asked for it on the page before; answers True once."""
    return bool(st.session_state.pop(_SYNC, False))


def theme() -> Literal["light", "dark"]:
    """The theme that the page is drawn in."""
    return "dark" if st.context.theme.type == "dark" else "light"


def main_button() -> Literal["primary", "secondary"]:
    """How the main button of a page looks: filled, but not on dark, where its white text could not be read on the accent."""
    return "secondary" if theme() == "dark" else "primary"


def now() -> datetime:
    """Now, in naive UTC; a test or a demonstration may set it."""
    fixed = os.environ.get(_NOW_VARIABLE)
    return instant(fixed) if fixed else datetime.now(UTC).replace(tzinfo=None)


def zone() -> str:
    """Return where the person's days begin: the zone they chose, else the browser's."""
    name = control().setting("zone") or st.context.timezone or "UTC"
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return "UTC"
    return name


def week_start() -> WeekStart:
    """Return the day on which the person's weeks begin: the one they chose, else that of the browser's language."""
    return settings.week_start(control()) or starts_of(st.context.locale)


def clocks() -> Clocks:
    """Return when the billing cycle begins, and when the plan's windows reset, as last reported by the account."""
    said = read("balances", Filters())
    resets = {
        name: None if (known := said[f"{name}_resets_at"].dropna()).empty else known.iloc[-1].to_pydatetime()
        for name in ("session", "weekly")
    }
    return Clocks(settings.cycle_day(control()), resets["session"], resets["weekly"])


def open_anew() -> None:
    """Reopen the database because prices changed: its first answer reprices all calls, which changes its revision."""
    store().close()
    _store.clear(database())
    store().rows("events_total")


def forget() -> None:
    """Drop what is in memory of a database that was removed: no key would ever lead there again, but it should not stay."""
    st.cache_data.clear()
    st.cache_resource.clear()
    _drawn.cache_clear()
    clear_all()


def _sample() -> Path | None:
    named = os.environ.get(_SAMPLE_VARIABLE)
    return Path(named) if named else None


@lru_cache(maxsize=256)
def _drawn(_numbers: format.Numbers, build: Callable[..., Figure], *judgement: Any) -> Figure:
    return build(*judgement)


@st.cache_resource(show_spinner=False, max_entries=8)
def _store(path: Path) -> Store:
    return Store(path, rates_for(path), tell=_notices(path).append)


@st.cache_resource(show_spinner=False, max_entries=8)
def _notices(path: Path) -> list[str]:
    assert path
    return []


# The keys are short texts: hashing the values themselves took a third of a page's time.
@st.cache_resource(show_spinner=False, max_entries=128)
def _kept(key: str, _make: Callable[[], Any]) -> Any:
    assert key
    return _make()


@st.cache_data(show_spinner=False, max_entries=512)
def _frame(key: str, _query: str, _filters: Filters, _parameters: dict[str, Any], _store: Store) -> pd.DataFrame:
    assert key
    rows = _store.frame(_query, _filters, **_parameters)
    return rows.astype({name: "float64" for name, kind in rows.dtypes.items() if str(kind) == "Int64"})
