"""Flags on the page: each in a card with its figures, what to do, and what the person decides about it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

import streamlit as st

from usage_analytics import format
from usage_analytics.answers import background
from usage_analytics.answers.background import Background, Flag, Severity, Week
from usage_analytics.control import expected, flags
from usage_analytics.control.expected import ExpectedRun
from usage_analytics.errors import BadRequest
from usage_analytics.figures import background as figures
from usage_analytics.filters import Filters
from usage_analytics.question import Question
from usage_analytics.ui import access, cards, parts, session
from usage_analytics.ui.columns import RAISED
from usage_analytics.ui.text import md
from usage_analytics.weeks import WeekStart

_COLOURS: Final[dict[Severity, Literal["red", "orange", "gray"]]] = {"stop": "red", "drain": "orange", "watch": "gray"}
PAGE: Final = "pages/control/background.py"
MOST_OVER: Final = 5
_MOST_BACK: Final = 10
_QUICKLY_JUDGED: Final = 100_000  # calls: more would hold up a page that only points here
_ONCE, _ALWAYS, _BETWEEN = "Only this time", "From now on, always", "Between two days"


def asked(question: Question) -> Background:
    """What drains; the flags are entered in the history as raised and seen."""
    with st.spinner("Looking for unattended spend …"):
        found = background.answer(question)
    if access.is_owner():
        question.kept("background seen", lambda: _note(found, question.as_of))  # once, not at every redraw
    return found


def _note(found: Background, now: datetime) -> None:
    flags.note_raised(session.control(), found.flags, now)
    flags.note_seen(session.control(), [flag.key for flag in found.flags], now)


def shown(found: Background) -> tuple[Flag, ...]:
    """What has a card at once: all that drains now, after the flag that an alert links to; the others are among the earlier ones."""
    asked_for = st.query_params.get("flag")
    linked = tuple(flag for flag in found.flags if flag.key == asked_for)
    return (*linked, *(flag for flag in found.running if flag.key != asked_for))


def has_earlier(found: Background) -> bool:
    """Whether there is a flag to look back on."""
    return bool(found.over or flags.flag_history(session.control()))


def earlier(question: Question, found: Background) -> None:
    """The last flags that are over, each in its card, and the table of all that there were."""
    for flag in found.over[:MOST_OVER]:
        if flag.key != st.query_params.get("flag"):
            card(question, flag)
    rows, zone = background.history(flags.flag_history(session.control())), question.filters.zone
    if len(rows):
        parts.breakdown("Flags so far", rows, RAISED, key="raised", alt="Flags and what became of them", zone=zone)


def card(question: Question, flag: Flag) -> None:
    """Draw one flag: who, since when, how much, why and what to do, with buttons. A drain that is over gets a sentence first."""
    with st.container(border=True, key=f"flag {flag.key}"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            if flag.over:
                st.badge("Ended", color="gray")
            else:
                st.badge(background.SEVERITIES[flag.severity], color=_COLOURS[flag.severity])
            st.header(md(background.title(flag)), anchor=False, width="content")
        if not flag.over:
            said = background.kpis(flag, question.as_of, question.filters.zone)
            st.markdown(" · ".join(f"{md(figure.label)} **{md(figure.value)}**" for figure in said))
            st.markdown(md(flag.found_by.said))
            _reasons(question, flag)
        else:
            st.markdown(md(f"{background.course(flag, question.filters.zone)} {flag.found_by.said}"))
            if st.toggle("Why it was flagged", key=f"explain {flag.key}"):
                _reasons(question, flag)
        if access.is_owner():
            with st.container(horizontal=True, gap="small"):
                _this_is_mine(question, flag)
                st.button(
                    "Stopped it",
                    key=f"stopped {flag.key}",
                    icon=":material/stop_circle:",
                    on_click=access.for_owners(_stopped),
                    args=(flag, question.as_of),
                    help="Records when you stopped it and what that saves.",
                )
                with st.popover("Dismiss", icon=":material/close:"), st.form(f"dismiss {flag.key}", border=False):
                    st.markdown("You'll find it under Earlier flags. We'll still flag this source's next drain.")
                    st.text_input("Why?", key=f"why {flag.key}", placeholder="Stopped it, a test, …")
                    on_click, args = access.for_owners(_dismiss), (flag, question.as_of)
                    st.form_submit_button("Dismiss this flag", key=f"aside {flag.key}", on_click=on_click, args=args)


def pointer(question: Question) -> None:
    """One line that leads to the page, where something drains at this moment; nothing else."""
    if question.read("events_total", Filters())["events"].iloc[0] > _QUICKLY_JUDGED:
        return
    running = background.answer(question.recent()).running
    for flag in running[:1]:
        more = f", and {format.plural(len(running) - 1, 'other')}" if len(running) > 1 else ""
        said = f"{flag.project or flag.app} spent {format.dollars(flag.spent_nanos)} unattended{more}"
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key="drains now"):
            st.badge("Drains now", icon=":material/nights_stay:", color="red")
            st.page_link(PAGE, label=md(format.name(said, 120)), icon=":material/arrow_forward:", icon_position="right")


def not_counted(question: Question) -> str:
    """What an estimate beside leaves out: the drains that are running, in a sentence; nothing where they aren't judged quickly."""
    if question.read("events_total", Filters())["events"].iloc[0] > _QUICKLY_JUDGED:
        return ""
    return background.not_counted(background.answer(question.recent()).running)


def declared(question: Question) -> None:
    """What was declared as one's own, each with its way back."""
    runs = expected.expected_runs(session.control())
    if not runs:
        return
    with st.container(border=True, key="card declared"):
        st.header("Marked as expected", anchor=False)
        zone = question.filters.zone
        for run in runs:
            whose = format.name(" · ".join(filter(None, (run.project, run.app, run.account))))
            until = f"to {format.moment(run.end, zone)}" if run.end else "until further notice"
            note = f"; {format.name(run.note)}" if run.note else ""
            when = f"from {format.moment(run.start, zone)} {until}{note}"
            _way_back(whose, when, "Undo", _forget, run.expected_id)


def _way_back(what: str, said: str, label: str, act: Callable[[Any], None], which: object) -> None:
    """A line about a decision, with the button that takes it back."""
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute", gap="small"):
        st.markdown(f"**{md(what)}** · {md(said)}", width="content")
        st.button(
            label,
            disabled=not access.is_owner(),
            key=f"{label.lower()} {which}",
            on_click=access.for_owners(act),
            args=(which,),
            icon=":material/undo:",
            type="tertiary",
        )


def ways_back(question: Question) -> None:
    """Flags that were dismissed or stopped, each with its way back."""
    known = [one for one in flags.flag_history(session.control()) if one.dismissed_at or one.stopped_at]
    if not known:
        return
    with st.container(border=True, key="card dismissed"):
        st.header("Dismissed or stopped", anchor=False)
        for one in known[:_MOST_BACK]:
            what = format.name(" · ".join(filter(None, (one.project, one.app, one.account))))
            saved = f", saved about {format.dollars(one.saved_nanos)}" if one.saved_nanos else ""
            how = f"stopped{saved}" if one.stopped_at else f"dismissed: {format.name(one.reason or '')}"
            when = format.moment(one.stopped_at or one.dismissed_at, question.filters.zone)
            said = f"{format.dollars(one.spent_nanos)}, {how}, {when}"
            _way_back(what, said, "Restore", _restore, one.key)


def _reasons(question: Question, flag: Flag) -> None:
    bars = background.hours(question, flag)
    if bars is not None:
        config = {**cards.TOOLBAR, "toImageButtonOptions": {"format": "png", "filename": "drain", "scale": 2}}
        when = format.moment(flag.flagged_at, question.filters.zone)
        alt = f"Spend by the hour of {flag.source}, attended and unattended; flagged at {when}."
        st.plotly_chart(parts.figure(figures.around, bars), key=f"chart {flag.key}", config=config, alt=alt)
    usual = background.week(question, flag)
    with st.grid(2, min_column_width=320, gap="medium"):
        with st.container(gap="small"):
            st.markdown("**Why it was flagged**" if not flag.over else "**Evidence**")
            signals = (
                (reason.signal[:1].upper() + reason.signal[1:], reason.evidence) for reason in flag.reasons[1:]
            )  # the first has the test's numbers
            st.markdown("\n".join(f"- **{md(signal)}**: {md(evidence)}" for signal, evidence in signals))
            if usual is not None:
                _week(flag, usual, question.filters.week_start)
        with st.container(gap="small"):
            st.markdown("**What to do**")
            # Text in “quotes” is to be typed, so it's shown as code.
            pieces = enumerate(re.split("“([^”`]+)”", flag.what_to_do))
            st.markdown("".join(f"`{text}`" if at % 2 else md(text) if text.strip() else text for at, text in pieces))
            if not flag.sees_prompts:
                st.caption("This app doesn't log prompts, so this flag is less certain.")


def _week(flag: Flag, usual: Week, starts: WeekStart) -> None:
    st.markdown(f"**{md(usual.title)}**")
    config = {**cards.TOOLBAR, "toImageButtonOptions": {"format": "png", "filename": "usual week", "scale": 2}}
    st.plotly_chart(parts.figure(figures.week, usual, starts), key=f"week {flag.key}", config=config, alt=usual.alt)
    st.caption(md(f"{usual.said} The red outline marks this drain."))


def _this_is_mine(question: Question, flag: Flag) -> None:
    with st.popover("Mark as expected", icon=":material/check:"):
        st.markdown("We won't flag it, and it doesn't change what counts as usual.")
        when = st.radio("When is it expected?", (_ONCE, _ALWAYS, _BETWEEN), key=f"when {flag.key}")
        first = format.local(flag.started_at, question.filters.zone).date()
        days = (
            st.date_input("From and to", (first, first + timedelta(days=7)), key=f"days {flag.key}") if when == _BETWEEN else None
        )
        st.text_input("Note", key=f"note {flag.key}", placeholder="What is it for?")
        st.button(
            "Save",
            key=f"expect {flag.key}",
            type=session.main_button(),
            on_click=access.for_owners(_expect),
            args=(flag, when, days, question.as_of, question.filters.zone),
        )


def _expect(flag: Flag, when: str, days: Any, now: datetime, zone: str) -> None:
    start, end = flag.started_at, None if when == _ALWAYS else flag.last_seen_at + timedelta(hours=1)
    if when == _BETWEEN and days:  # half-open, from one midnight to another
        start, end = (
            datetime.combine(day, time(), ZoneInfo(zone)).astimezone(ZoneInfo("UTC")).replace(tzinfo=None)
            for day in (days[0], days[-1] + timedelta(days=1))
        )
    note = str(st.session_state.get(f"note {flag.key}") or "").strip() or None
    try:
        expected.expect(session.control(), ExpectedRun(flag.app, start, end, flag.account, flag.project, note), now)
    except BadRequest as refused:
        st.toast(md(str(refused)), icon=":material/error:")
        return
    st.toast("Marked as expected. Undo below.", icon=":material/check:")


def _dismiss(flag: Flag, now: datetime) -> None:
    try:
        flags.dismiss(session.control(), flag.key, str(st.session_state.get(f"why {flag.key}") or ""), now)
    except BadRequest as refused:
        st.toast(md(str(refused)), icon=":material/error:")
        return
    st.toast("Dismissed. You'll find it under Earlier flags.", icon=":material/check:")


def _stopped(flag: Flag, now: datetime) -> None:
    try:
        flags.stop(session.control(), flag.key, flag.saved_nanos, now)
    except BadRequest as refused:
        st.toast(md(str(refused)), icon=":material/error:")
        return
    saves = f" That saves about {format.dollars(flag.saved_nanos)} by the time you're usually back." if flag.saved_nanos else ""
    st.toast(md(f"Marked as stopped.{saves}"), icon=":material/check:")


def _restore(key: str) -> None:
    flags.restore(session.control(), key)
    flags.unstop(session.control(), key)
    st.toast("Restored.", icon=":material/undo:")


def _forget(number: int) -> None:
    expected.forget(session.control(), number)
    st.toast("No longer expected. We watch it again.", icon=":material/undo:")
