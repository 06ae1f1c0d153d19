"""What the advice and the pitfalls say."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np

from usage_analytics.answers import auto_reload
from usage_analytics.answers.auto_reload import mistakes as checked
from usage_analytics.answers.auto_reload import wording as answers
from usage_analytics.answers.auto_reload.advice import USD, Advice, Compared, Expected, Flat, History, LimitAdvice, Policy
from usage_analytics.answers.auto_reload.demand import Demand, demand
from usage_analytics.answers.auto_reload.mistakes import Finding, Stops
from usage_analytics.control.settings import AutoReload

NOW = datetime(2026, 11, 22, 12)
OURS, THEIRS, FORM = Policy(8 * USD, 52 * USD, 140 * USD), Policy(4 * USD, 20 * USD), Policy(5 * USD, 15 * USD)


def expected(cost: float) -> Expected:
    return Expected(0.98, 0.1, 2.0, 30 * USD, 0.04, cost)


ADVICE = Advice(
    OURS,
    "high",
    expected(3.0),
    (Compared("recommended", OURS, expected(3.0)), Compared("current", THEIRS, expected(9.5))),
    History(8.0, 900, 90 * USD),
    ("Why.",),
    Flat((6 * USD, 12 * USD), (40 * USD, 70 * USD)),
    limit=LimitAdvice(0.04, (2 * USD, 9 * USD), 15.0, 70 * USD, 4.7),
)
NEVER = Stops(0)
NONE = Advice(None, "none", None, (), History(0, 0, 0), ("Nothing to judge by.", "Import something."))


def spent(days: int, usd_a_day: float) -> Demand:
    moments = [NOW - timedelta(days=day, minutes=-1) for day in range(1, days + 1)]
    return demand(np.array(moments, dtype="datetime64[ms]"), np.full(days, round(usd_a_day * USD)))


def found(spent_: Demand, current: Policy | None = None, stops: Stops = NEVER, **more: object) -> dict[str, Finding]:
    known = {"known_nanos": 100 * USD, "by_app": [("Claude Code", 90 * USD)], "hour_usd": 25.0} | more
    four = checked.pitfalls(spent_, NOW, current=current, stops=stops, **known)  # type: ignore[arg-type]
    return dict(zip(("ignoring", "allowance", "apps", "little"), four, strict=True))


def test_the_answer_is_what_to_type_and_what_it_saves() -> None:
    said = answers.headline(ADVICE, THEIRS)
    assert said.lead == "When the balance falls below $8, reload it to $52, with a monthly limit of $140."
    assert said.detail.endswith(
        "would have cost $3.00 a month in blocked hours, reloads and idle balance. Your current setting would have cost $9.50."
    )


def test_what_is_as_good_is_left_as_it_is() -> None:
    said = answers.headline(replace(ADVICE, keep_current=True), THEIRS)
    assert said.lead == "Keep your current setting: when the balance falls below $4, reload it to $20."
    assert [kpi.value for kpi in answers.numbers(replace(ADVICE, keep_current=True), THEIRS)][:3] == ["$4", "$20", "Unlimited"]


def test_without_evidence_there_is_no_advice() -> None:
    said = answers.headline(NONE, None)
    assert not said.enough
    assert said.detail == "Nothing to judge by. Import something."
    assert answers.numbers(NONE, None) == ()


def test_how_far_one_may_be_off_is_said_once() -> None:
    assert answers.flat(ADVICE) == (
        "Any threshold from $6 to $12 or any reload-to amount from $40 to $70 would have cost within $1 a month of this."
    )


def test_the_limit_says_what_it_does_not_stop() -> None:
    soft, runaway = answers.about_limit(ADVICE)
    assert soft.endswith("a month may end $2.00 to $9.00 above it.")
    assert runaway == ("With this limit, a runaway agent at $15.00/h mid-month costs at most $70.00 (4.7 h).")


def test_the_steps_have_the_numbers_in_them() -> None:
    steps = " ".join(answers.steps(OURS))
    assert "falls below”: $8. “Reload balance to”: $52." in steps
    assert "choose $140 as the monthly spend limit" in steps
    assert "“Set to unlimited”" in " ".join(answers.steps(THEIRS))


def test_a_setting_that_is_switched_off_is_no_setting() -> None:
    assert auto_reload.policy_of(AutoReload(5 * USD, 15 * USD, None)) == FORM
    assert auto_reload.policy_of(AutoReload(5 * USD, 15 * USD, None, enabled=False)) is None
    assert auto_reload.policy_of(AutoReload(5 * USD, 15 * USD, None, currency="EUR")) is None
    assert auto_reload.policy_of(None) is None


def test_spend_of_which_nobody_knows_who_paid_is_said() -> None:
    assert answers.unknown(3 * USD, ["my-bot"]).startswith("We don't know whether the plan or credits paid for $3.00 of my-bot,")
    assert answers.unknown(0, []) == ""


def test_running_out_is_a_finding_with_its_price() -> None:
    one = found(spent(20, 3.0), stops=Stops(4, 6.0, NOW - timedelta(days=2)))["ignoring"]
    assert one.yours
    assert one.said == "You ran out of credits 4 times, which cost 6.0 h of work: $150.00 at $25.00 an hour."


def test_who_has_auto_reload_and_has_not_run_out_lately_is_told_so() -> None:
    one = found(spent(60, 3.0), FORM, Stops(4, 6.0, NOW - timedelta(days=40)))["ignoring"]
    assert one.yours is False
    assert one.said.startswith("Auto-reload is on, and you haven't run out for 40 days.")


def test_a_load_that_lasts_days_is_too_little_and_one_that_lasts_weeks_is_not() -> None:
    short = found(spent(28, 7.7))["little"]
    assert short.yours
    assert "lasts 1.3 days at your spend of $7.70 a day; a week costs $53.90" in short.said
    long = found(spent(28, 0.5), Policy(5 * USD, 25 * USD))["little"]
    assert long.yours is False
    assert long.said == "Your reload of $20.00 lasts 40 days at your spend of $0.50 a day."


def test_third_parties_are_named_and_claudes_own_apps_are_not() -> None:
    assert found(spent(5, 1.0))["apps"].yours is False
    one = found(spent(5, 1.0), by_app=[("my-bot", 30 * USD), ("Claude Code", 70 * USD)])["apps"]
    assert one.yours
    assert one.said == "my-bot used $30.00 of your credits (30%)."


def test_the_allowance_that_covered_almost_all_is_enough() -> None:
    assert found(spent(2, 1.0))["allowance"].yours is False
    assert (
        found(spent(20, 1.0))["allowance"].said
        == "Credits paid for $20.00, 20% of the spend whose payer we know, on 20 of 20 days."
    )


def test_what_cannot_be_known_is_not_said() -> None:
    nothing = found(spent(0, 1.0), known_nanos=0, by_app=[])
    assert [one.yours for one in nothing.values()] == [None] * 4
