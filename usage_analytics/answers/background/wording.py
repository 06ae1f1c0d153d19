"""What drains, in a sentence; the sources beside each other; what has become of every flag."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Protocol

from usage_analytics import format
from usage_analytics.answers import Headline, Kpi
from usage_analytics.answers.background.flags import KINDS, Flag, Found, SourceSpend

NOTE: Final = (
    "A source is an app with its account and project. A run is unattended if no prompt started it, and expected if you marked it as yours. "
    "A flag uses only what we knew when we raised it."
)


if TYPE_CHECKING:
    import pandas as pd


class Kept(Protocol):
    """What we store of a flag that was raised."""

    @property
    def app(self) -> str: ...
    @property
    def project(self) -> str | None: ...
    @property
    def kind(self) -> str: ...
    @property
    def spent_nanos(self) -> int: ...
    @property
    def reason(self) -> str | None: ...
    @property
    def saved_nanos(self) -> int | None: ...


def headline(found: Found, within: str) -> Headline:
    """Name what drains now; else what did and is over; else say how many sources were watched. `within` may follow "in"."""
    running = [flag for flag in found.flags if not flag.over]
    if running:
        first = max(running, key=lambda flag: flag.pace_nanos_per_hour)
        lasted = format.span((first.last_seen_at - first.started_at) / timedelta(seconds=1))
        so_far, pace = format.dollars(first.spent_nanos), format.per_hour(first.pace_nanos_per_hour)
        lead = f"{_short(first)} spent {so_far} unattended in {lasted} and is still spending {pace}."
        others = list(dict.fromkeys(_short(flag) for flag in running if flag is not first))
        return Headline(lead, f"Also draining: {format.listed(others)}." if others else "")
    unattended = sum(source.unattended_nanos for source in found.sources)
    watched = f"We watched {format.plural(len(found.sources), 'source that logs', 'sources that log')} each call"
    if not found.sources:
        return Headline(f"No usage in {within}.", "Import newer usage to see what your agents did since.", enough=False)
    if found.flags:
        spent = sum(flag.spent_nanos for flag in found.flags)
        names = format.listed(list(dict.fromkeys(map(_short, found.flags))), most=2)
        ended = format.plural(len(found.flags), "drain")
        return Headline(
            f"No drains now. {ended[:1].upper()}{ended[1:]} in {within} came to {format.dollars(spent)}.",
            f"All from {names}. {watched}; {format.dollars(unattended)} was unattended in all.",
        )
    return Headline(f"No drains in {within}. {format.dollars(unattended)} of unattended spend, all normal.", f"{watched}.")


def figures(found: Found, within: str, nights: int) -> tuple[Kpi, ...]:
    """Unattended spend, the nights, what was declared, and the drains."""
    whole = sum(source.total_nanos for source in found.sources)
    unattended = sum(source.unattended_nanos for source in found.sources)
    overnight = sum(source.overnight_nanos for source in found.sources)
    drained = sum(flag.spent_nanos for flag in found.flags)
    share = f"{format.percent(unattended / whole)} of all spend in {within}." if whole else None
    return (
        Kpi("Unattended spend", format.dollars(unattended), help=share),
        Kpi("Per night", format.dollars(overnight / nights), help="Unattended, outside your usual hours."),
        Kpi(
            "Flagged",
            format.plural(len(found.flags), "drain"),
            help=f"Drains in {within} that you haven't dismissed.",
        ),
        Kpi("Drained", format.dollars(drained), help="What the flagged drains spent."),
    )


def not_counted(running: Sequence[Flag]) -> str:
    """Return what an estimate from past weeks assumes of the drains that are running; "" if there is none."""
    if not running:
        return ""
    pace = format.per_hour(sum(flag.pace_nanos_per_hour for flag in running))
    drains, them = ("A drain is", "it") if len(running) == 1 else ("Drains are", "them")
    return f"{drains} spending {pace} right now; this assumes that you stop {them}."


def unnamed(found: Found, within: str) -> str:
    """What the flags come to, in a sentence that names none."""
    unattended = format.dollars(sum(one.unattended_nanos for one in found.sources))
    if not found.flags:
        return f"No drains in {within}. {unattended} of unattended spend."
    spent, running = format.dollars(sum(flag.spent_nanos for flag in found.flags)), sum(not flag.over for flag in found.flags)
    return f"{format.plural(len(found.flags), 'drain')} came to {spent}; {running or 'none'} still running."


@lru_cache(maxsize=16)
def as_rows(sources: tuple[SourceSpend, ...]) -> pd.DataFrame:
    """One row per app, account and project, however it was run, the one with most unattended spend first. Shared: do not change it."""
    whole = sum(source.unattended_nanos for source in sources)
    same: dict[tuple[str, str | None, str | None], list[SourceSpend]] = {}
    for source in sources:
        same.setdefault((source.app, source.account, source.project), []).append(source)
    columns = ["label", "unattended_nanos", "share", "attended_nanos", "expected_nanos", "overnight_nanos"]
    columns += ["since_last_human_nanos", "fires", "cost_per_fire_nanos", "empty_fire_share"]
    import pandas as pd  # here: the command line answers without it

    rows = []
    for together in same.values():
        first, fires = together[0], sum(one.fires for one in together)
        unattended = sum(one.unattended_nanos for one in together)
        fired = [one for one in together if one.fires]
        costs = [one.fires * one.cost_per_fire_nanos for one in fired if one.cost_per_fire_nanos is not None]
        empty = [one.fires * one.empty_fire_share for one in fired if one.empty_fire_share is not None]
        since = [one.since_last_human_nanos for one in together if one.since_last_human_nanos is not None]
        rows.append(
            (
                format.name(" · ".join(filter(None, (first.project, first.app, first.account)))),
                unattended,
                unattended / whole if whole else None,
                sum(one.attended_nanos for one in together),
                sum(one.expected_nanos for one in together),
                sum(one.overnight_nanos for one in together),
                sum(since) if since else None,
                fires,
                sum(costs) / fires if len(costs) == len(fired) and fires else None,
                sum(empty) / fires if len(empty) == len(fired) and fires else None,
            )
        )
    table = pd.DataFrame(rows, columns=columns)
    numbers = ("cost_per_fire_nanos", "empty_fire_share", "since_last_human_nanos", "share")
    return table.astype(dict.fromkeys(numbers, "float64")).sort_values(
        "unattended_nanos", ascending=False, kind="stable", ignore_index=True
    )


def history(kept: Iterable[Kept]) -> pd.DataFrame:
    """Every episode that was ever raised, and what has become of it."""
    rows = [
        {
            "source": format.name(" · ".join(filter(None, (one.project, one.app)))),
            "kind": _KINDS.get(one.kind, one.kind),
            "spent_nanos": one.spent_nanos,
            **{moment: getattr(one, moment) for moment in _MOMENTS},
            "reason": one.reason,
            "saved_nanos": one.saved_nanos,
        }
        for one in kept
    ]
    import pandas as pd  # here: the command line answers without it

    table = pd.DataFrame(rows, columns=["source", "kind", "spent_nanos", *_MOMENTS, "reason", "saved_nanos"])
    table["saved_nanos"] = table["saved_nanos"].astype("float64")
    return table.assign(**{moment: pd.to_datetime(table[moment]) for moment in _MOMENTS})


_KINDS: Final[dict[str, str]] = dict(KINDS.items())  # what an older version called otherwise keeps its name
_MOMENTS: Final = ("flagged_at", "seen_at", "dismissed_at", "stopped_at", "over_at")


def _short(flag: Flag) -> str:
    return format.name(flag.project or flag.app, 40)
