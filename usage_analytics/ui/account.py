"""What a person enters about their account in Settings: plan, what pays for each app, current auto-reload, currency, time zone, week."""

from __future__ import annotations

from decimal import Decimal
from typing import Final
from zoneinfo import available_timezones

import pandas as pd
import streamlit as st

from usage_analytics import format
from usage_analytics.answers import balance
from usage_analytics.control import settings
from usage_analytics.control.decisions import Decisions
from usage_analytics.control.settings import AutoReload, Currency, Economics, OwnPool
from usage_analytics.errors import BadRequest
from usage_analytics.filters import Filters
from usage_analytics.question import Question
from usage_analytics.ui import access, session, tables
from usage_analytics.ui.columns import PAYERS
from usage_analytics.ui.text import md
from usage_analytics.weeks import WEEK_STARTS

_PROSE: Final = 760
_SAID: Final = "_account said"
_ROUND: Final = "_account round"
_ANY: Final = ""
_BROWSER: Final = "Same as the browser"
_WORTH: Final = {
    "hour_blocked_usd": ("Cost of a blocked hour, $", 1.0, "What an hour without work costs you."),
    "reload_usd": ("Hassle per reload, $", 0.1, "One more charge on your card and one more receipt to file."),
    "idle_share_per_month": ("Cost of idle balance per month (share)", 0.01, "0.03 is 3% of the average balance."),
    "latency_minutes": ("Reload time, minutes", 1.0, "How long a reload usually takes."),
    "slow_share": ("Slow reloads (share)", 0.01, "Share of reloads that take 5 to 60 minutes."),
    "failed_share": ("Failed reloads (share)", 0.005, "Share of reloads that fail until you repair the payment."),
}


def section(question: Question, known: Decisions) -> None:
    """Draw everything that a person can enter about their account."""
    show(known)
    who_pays(question)


def show(known: Decisions) -> None:
    """The card on the account: plan, currency, time zone, auto-reload."""
    if done := st.session_state.pop(_SAID, None):
        st.toast(md(done), icon=":material/check:")
    left, right = st.columns(2, gap="small")
    with left.container(border=True, height="stretch", key="card plan"):
        st.header("Account", anchor=False)
        _plan(known)
    with right.container(border=True, height="stretch", key="card set today"):
        st.header("Your current auto-reload setting", anchor=False)
        policy, code = known.policy, known.currency.code
        if known.policy_from == "account":
            st.caption("From the account's data. What you save here takes precedence.")
        with st.form("set today", border=False):
            with st.grid(2, min_column_width=150, gap="small"):
                threshold = _amount(f"When the balance falls below, {code}", policy.threshold_nanos if policy else None)
                reload_to = _amount(f"Reload balance to, {code}", policy.reload_to_nanos if policy else None)
                limit = _amount(f"Monthly limit, {code}", policy.monthly_limit_nanos if policy else None, "Empty means no limit")
            enabled = st.checkbox("Auto-reload is on", policy.enabled if policy else True)
            if st.form_submit_button("Save setting"):
                access.owner_only()
                if threshold is None or reload_to is None:
                    raise BadRequest("Enter both the threshold and the balance after a reload.")
                most = None if limit is None else settings.nanos_of(limit)
                said = AutoReload(settings.nanos_of(threshold), settings.nanos_of(reload_to), most, enabled, code)
                settings.set_current_policy(session.control(), said)
                _done("Setting saved.")


def who_pays(question: Question) -> None:
    """Draw the card on what pays for each app: what we know, why, and what the person chose."""
    found = balance.paid_from(question)
    with st.container(border=True, key="card who pays"):
        st.header("What pays for each app", anchor=False)
        st.markdown(
            "If the export names who paid, we use that. Otherwise we use your choice here; without one, we use a rule and tell you which. "
            "The plan, credits or an API key pay for the Agent SDK and `claude -p`, depending on the account and the month.",
            width=_PROSE,
        )
        if found.payments:
            tables.table(found.rows, PAYERS, key="payers", alt="Who paid and why we think so, highest first", total={})

        # What the person chose, and the apps to choose from.
        known = question.decisions.pools
        choices = session.read("choices", Filters())
        apps, accounts = (
            sorted({*choices.loc[choices["dimension"] == dimension, "value"], *said} - {""})
            for dimension, said in (("app", [one.app for one in known]), ("account", [one.account or "" for one in known]))
        )
        names = {name: pool for pool, name in settings.POOLS.items()}
        rows = pd.DataFrame(
            [(one.app, one.account or _ANY, settings.POOLS[one.pool]) for one in known],
            columns=["app", "account", "pool"],
            dtype="object",
        )
        edited: pd.DataFrame = st.data_editor(
            rows,
            key=f"own pools {st.session_state.get(_ROUND, 0)}",
            num_rows="dynamic",
            hide_index=True,
            column_config={
                "app": st.column_config.SelectboxColumn("App", options=apps, required=True),
                "account": st.column_config.SelectboxColumn(
                    "Account", options=[_ANY, *accounts], default=_ANY, help="Empty means every account"
                ),
                "pool": st.column_config.SelectboxColumn("Paid by", options=list(names), required=True),
            },
        )
        if st.button("Save", disabled=edited.reset_index(drop=True).equals(rows)):
            access.owner_only()
            settings.set_pools(session.control(), pools_of(edited, names))
            _done("Saved.")


def economics() -> None:
    """What the recommendation weighs, and what that costs the person: theirs to set."""
    now = settings.economics(session.control())
    with st.container(border=True, key="card worth"), st.form("worth", border=False):
        st.header("Your costs", anchor=False)
        st.markdown("The auto-reload recommendation weighs blocked hours, reloads and idle balance at these costs.", width=_PROSE)
        with st.grid(3, min_column_width=210, gap="small"):
            typed = {
                name: st.number_input(label, value=float(getattr(now, name)), min_value=0.0, step=step, format="%.3g", help=help_)
                for name, (label, step, help_) in _WORTH.items()
            }
        if st.form_submit_button("Save costs"):
            access.owner_only()
            settings.set_economics(session.control(), Economics(**typed))
            _done("Costs saved.")


def _plan(known: Decisions) -> None:
    control, kept = session.control(), settings.currency(session.control())
    plans, zones = list(settings.PLANS), [_BROWSER, *sorted(available_timezones())]
    with st.form("plan", border=False):
        plan = st.selectbox("Plan", plans, plans.index(known.plan), format_func=lambda name: settings.PLANS[name])
        with st.grid(2, min_column_width=150, gap="small"):
            code = st.text_input("Account currency", known.currency.code, max_chars=3)
            rate = st.number_input(
                "Exchange rate to US dollars",
                value=float(kept.usd_rate) if kept and kept.usd_rate else None,
                min_value=0.0,
                format="%.4f",
                placeholder="Use 1 for US dollars",
                help="We price calls in US dollars. Without a rate, we can't compare a balance in another currency with them.",
            )
        if kept and kept.stated_on and kept.usd_rate and kept.code != "USD":
            st.caption(md(f"1 {kept.code} is ${kept.usd_rate}, entered on {format.day(kept.stated_on)}."))
        with st.grid(2, min_column_width=150, gap="small"):
            zone = st.selectbox("Time zone", zones, zones.index(known.zone) if known.zone in zones else 0)
            day = st.number_input(
                "Billing cycle starts on day",
                value=settings.cycle_day(control),
                min_value=1,
                max_value=31,
                help="Day of the month. The date range “Cycle” starts there.",
            )
        written, starts = [_BROWSER, *format.NUMBERS], [_BROWSER, *WEEK_STARTS]
        with st.grid(2, min_column_width=150, gap="small"):
            numbers = st.selectbox(
                "Number format",
                written,
                written.index(settings.numbers(control) or _BROWSER),
                help="For figures, charts and tables. CSV files and JSON keep the decimal point.",
            )
            week = st.selectbox(
                "Week starts on",
                starts,
                starts.index(settings.week_start(control) or _BROWSER),
                help="For charts, reports and the weekly digest. The digest and the command line use Monday unless you choose a day here.",
            )
        if st.form_submit_button("Save account"):
            access.owner_only()
            code = code.strip().upper()
            exact = Decimal(1) if code == "USD" else None if not rate else Decimal(str(rate))
            if kept is not None and (kept.code, kept.usd_rate) == (code, exact):
                said = kept  # a rate that did not change keeps its day
            else:
                said = Currency(code, exact, session.now().date() if exact is not None else None)
            settings.check_currency(said)
            settings.set_plan(control, plan)
            settings.set_currency(control, said)
            settings.set_zone(control, None if zone == _BROWSER else zone)
            settings.set_cycle_day(control, day)
            settings.set_numbers(control, None if numbers == _BROWSER else numbers)
            settings.set_week_start(control, None if week == _BROWSER else week)
            _done("Account saved.")


def _amount(label: str, nanos: int | None, help_text: str | None = None) -> float | None:
    value = None if nanos is None else nanos / settings.NANOS
    return st.number_input(label, value=value, min_value=0.0, step=5.0, format="%.2f", help=help_text)


def pools_of(rows: pd.DataFrame, names: dict[str, settings.Pool]) -> tuple[OwnPool, ...]:
    """Return the rows of an edited table. Raise BadRequest for an incomplete row."""
    found = []
    for row in rows.to_dict("records"):
        app, pool = row["app"], row["pool"]
        if not isinstance(app, str) or pool not in names:
            raise BadRequest("A row is incomplete. Choose its app and what pays for it, or delete the row.")
        account = row["account"]
        found.append(OwnPool(app, account if isinstance(account, str) and account else None, names[pool]))
    return tuple(found)


def _done(said: str) -> None:
    st.session_state[_SAID] = said
    st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1
    st.rerun()
