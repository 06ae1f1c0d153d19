"""What needs somebody: a drain that goes on or that nobody has seen, work that is blocked, a balance that is running out."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from tests import databases
from tests.alerts.receiving import NOW
from tests.drains import Home, stamp
from tests.transcripts import call, notice, prompt, text
from usage_analytics.alerts.alert import Alert, of_balance, of_changed_habits
from usage_analytics.alerts.attention import Attention, attention
from usage_analytics.answers.auto_reload import changed_habits
from usage_analytics.answers.balance import Low, ledger
from usage_analytics.answers.balance.low import running_out
from usage_analytics.control import Control, balances, flags
from usage_analytics.control.balances import Reading, TopUp
from usage_analytics.control.decisions import Decisions, decisions
from usage_analytics.control.episodes import known_as
from usage_analytics.control.settings import AutoReload, Currency, set_current_policy
from usage_analytics.ingest import import_paths
from usage_analytics.question.ask import ask
from usage_analytics.store import Store

USD = 10**9
LONG_AGO = datetime(2000, 1, 1)


def found(home: Home, now: datetime, **asked: object) -> Attention:
    store = Store(home.database)
    known = {"as_of": True, "since": now - timedelta(days=1)} | asked
    try:
        return attention(store, home.control, now, **known)  # type: ignore[arg-type]
    finally:
        store.close()


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Somebody with a loop that ran for an hour."""
    return Home(tmp_path, NOW, fires=12)


def test_a_persons_own_work_needs_nobody(tmp_path: Path) -> None:
    assert found(Home(tmp_path, NOW), NOW) == Attention((), ())


def test_a_drain_needs_somebody_until_it_is_over_and_seen(home: Home) -> None:
    (alert,) = found(home, NOW).alerts
    assert alert.subject == "background"
    assert alert.title.startswith("claude -p spends unattended: $11.88 since Nov 20, 2026, 02:30 (UTC)")
    later = NOW + timedelta(hours=20)
    (flag,) = found(home, later).flags
    assert flag.over
    assert len(found(home, later).alerts) == 1, "over, and nobody has looked"
    assert found(home, later, seen={flag.key}).alerts == ()
    assert found(home, NOW + timedelta(days=3)).alerts == (), "too long ago"


def test_as_of_a_moment_nothing_later_counts(home: Home) -> None:
    assert found(home, NOW - timedelta(minutes=55)).alerts == ()
    assert len(found(home, NOW - timedelta(minutes=30)).alerts) == 1


def test_what_was_dismissed_needs_nobody(home: Home) -> None:
    known = found(home, NOW).flags
    flags.note_raised(home.control, known, NOW)
    flags.dismiss(home.control, known[0].key, "mine", NOW)
    assert found(home, NOW).alerts == ()


@pytest.mark.parametrize(("later", "alerts"), [([], 1), ([call("after", 3600)], 0)], ids=["nothing since", "work went on"])
def test_work_that_is_blocked_needs_somebody_until_it_goes_on(
    tmp_path: Path, later: list[dict[str, object]], alerts: int
) -> None:
    store = databases.new(tmp_path)
    refusal = "You're out of extra usage. Add more at claude.ai/settings/usage and keep going."
    databases.add(store, {"one.jsonl": text(prompt(), call("a", 1), notice(refusal, 60), *later)})
    now = datetime(2026, 11, 2, 12)
    known = attention(store, Control(tmp_path / "control.sqlite"), now, as_of=True, since=LONG_AGO).alerts
    assert len(known) == alerts
    if known:
        assert (known[0].subject, known[0].level) == ("blocked", "act")
        assert known[0].title == "Work has been blocked since Nov 2, 2026, 09:01 (UTC): Usage credits (extra usage) used up"
        assert "Add funds" in known[0].what_to_do


def test_work_that_was_blocked_within_the_hour_that_runs_is_said(tmp_path: Path) -> None:
    store = databases.new(tmp_path)
    refusal = "You're out of extra usage. Add more at claude.ai/settings/usage and keep going."
    databases.add(store, {"one.jsonl": text(prompt(), call("a", 1), notice(refusal, 60))})
    now = datetime(2026, 11, 2, 9, 30)
    known = attention(store, Control(tmp_path / "control.sqlite"), now, as_of=True, since=LONG_AGO).alerts
    assert [alert.subject for alert in known] == ["blocked"]


class Account:
    """An account that spends so much a day on credits, and what was typed of it."""

    def __init__(self, folder: Path, usd_a_day: float) -> None:
        self.control = Control(folder / "control.sqlite")
        days = range(10, 0, -1)
        self.calls = pd.DataFrame(
            {"occurred_at": [NOW - timedelta(days=day, hours=-1) for day in days], "nanos": [round(usd_a_day * USD)] * 10}
        ).astype({"occurred_at": "datetime64[us]"})

    def low(self, known: Decisions | None = None) -> Low | None:
        known = known or decisions(self.control)
        return running_out(known, ledger.run(known, self.calls, NOW), self.calls, NOW)

    def read(self, usd: float, before: timedelta = timedelta(hours=1)) -> None:
        balances.add_reading(self.control, Reading(NOW - before, round(usd * USD)))


def test_a_balance_that_lasts_less_than_a_day_needs_somebody(tmp_path: Path) -> None:
    account = Account(tmp_path, 10)
    assert account.low() is None, "none is known"
    account.read(50)
    assert account.low() is None
    account.read(9.2)
    low = account.low()
    assert low is not None
    assert low.lasts is not None
    assert round(low.lasts.total_seconds() / 3600) == 22
    alert = of_balance(low, "UTC")
    assert (alert.level, alert.title) == ("notify", "About $9.20 of usage credits left, which lasts 22 h")


def test_a_balance_that_is_used_up_calls_for_action(tmp_path: Path) -> None:
    account = Account(tmp_path, 10)
    account.read(25, timedelta(days=3))
    low = account.low()
    assert low is not None
    assert low.nanos == -5 * USD
    assert of_balance(low, "UTC").level == "act"


def test_where_auto_reload_is_on_only_a_balance_below_zero_needs_somebody(tmp_path: Path) -> None:
    account = Account(tmp_path, 10)
    set_current_policy(account.control, AutoReload(5 * USD, 20 * USD, None))
    account.read(9)
    assert account.low() is None


def test_the_episode_of_a_low_balance_ends_when_money_comes(tmp_path: Path) -> None:
    account = Account(tmp_path, 100)
    account.read(60, timedelta(hours=5))
    before = account.low()
    balances.add_top_up(account.control, TopUp(NOW - timedelta(hours=2), 5 * USD, 5 * USD))
    after = account.low()
    assert before is not None
    assert after is not None
    assert of_balance(before, "UTC").episode != of_balance(after, "UTC").episode


def test_amounts_are_in_the_accounts_currency(tmp_path: Path) -> None:
    from usage_analytics.control.settings import set_currency

    account = Account(tmp_path, 10)
    set_currency(account.control, Currency("EUR", Decimal("1.25"), None))
    balances.add_reading(account.control, Reading(NOW - timedelta(hours=1), 7 * USD, "EUR"))
    low = account.low()
    assert low is not None
    assert (low.currency, low.nanos_per_day) == ("EUR", 8 * USD)


def test_the_link_leads_to_where_the_dashboard_is_reached(home: Home) -> None:
    home.control.set_setting("public_url", "https://usage.example.com")
    (alert,) = found(home, NOW).alerts
    assert alert.link.startswith("https://usage.example.com/background?flag=")
    assert stamp(NOW) == "2026-11-20T03:30:00.000Z"


def test_a_change_of_habits_that_the_setting_should_follow_is_told_once_until_it_follows(tmp_path: Path) -> None:
    now = datetime(2026, 11, 23, 9)
    days = [(day, 10 if day > 18 else 40) for day in range(1, 57)]  # 18 days ago four times as many calls a day began
    spent = [f"{now - timedelta(days=day, minutes=11 * n)}Z,Cursor,0.21,credits" for day, calls in days for n in range(calls)]
    (tmp_path / "spent.csv").write_text("\n".join(("occurred_at,app,cost_usd,paid_from", *spent)) + "\n")
    store, control = Store(tmp_path / "usage.duckdb"), Control.beside(tmp_path / "usage.duckdb")
    import_paths(store, [tmp_path / "spent.csv"])

    def told(moment: datetime) -> Alert | None:
        found = changed_habits(ask(store, control, now=moment, as_of=moment))
        return of_changed_habits(found) if found else None

    assert told(now) is None, "no setting was entered"
    set_current_policy(control, AutoReload(2 * USD, 20 * USD, None))
    (alert,) = attention(store, control, now, as_of=True, since=now).alerts
    assert (alert.subject, alert.level) == ("auto_reload", "notify")
    assert alert.title.startswith("Since Nov 5, 2026, you've been spending 4.")
    facts = dict(alert.facts)
    assert facts["since"] == "2026-11-05T00:00:00Z"
    tomorrow = told(now + timedelta(days=1))
    assert alert.span is not None
    assert tomorrow is not None
    assert tomorrow.span is not None
    assert known_as(control, alert.episode, alert.span) == known_as(control, "another name", tomorrow.span)
    assert told(now - timedelta(days=19)) is None, "before it"
    advised = [round(float(facts[name] or 0) * USD) for name in ("threshold_usd", "reload_to_usd", "monthly_limit_usd")]
    set_current_policy(control, AutoReload(*advised))
    assert told(now) is None
    store.close()
