"""Each channel hears of an episode once: from two processes at once, after failures, and after being removed and added again."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.alerts.receiving import NOW, Receiver, flag
from usage_analytics.alerts import channels, delivery, webhook
from usage_analytics.alerts.alert import Alert, of_flag
from usage_analytics.control import Control
from usage_analytics.control import alerts as decided
from usage_analytics.control.alerts import Thresholds
from usage_analytics.control.deliveries import HOURLY, PAUSES, claim, hand_over, history
from usage_analytics.errors import BadRequest

CANARY = "s3cr3t-t0k3n"  # the end of the receiver's path


def alert(key: str = "one", *, level: str = "act", **changed: Any) -> Alert:
    """A drain of an app that is called like the key."""
    spent = 30 * 10**9 if level == "act" else 2 * 10**9
    return of_flag(flag(key, **{"app": key, "spent_nanos": spent, "projected_nanos": None} | changed), Thresholds(), "UTC")


def told(control: Control, *alerts: Alert, now: datetime = NOW) -> list[str]:
    return [one.state for one in delivery.deliver(control, alerts, now)]


@pytest.fixture
def added(control: Control, receiver: Receiver) -> channels.Added:
    return channels.add_webhook(control, receiver.url, NOW, private_allowed=True)


def test_an_episode_is_told_once_however_often_it_is_found(control: Control, receiver: Receiver, added: channels.Added) -> None:
    assert told(control, alert()) == ["sent"]
    for minutes in (0, 1, 60, 60 * 24):
        assert told(control, alert(), now=NOW + timedelta(minutes=minutes)) == []
    assert len(receiver.received) == 1
    assert told(control, alert(), alert("two")) == ["sent"]


def test_an_episode_that_is_found_under_another_name_is_told_once(
    control: Control, receiver: Receiver, added: channels.Added
) -> None:
    """What is known of a moment may grow afterwards, and then the flag lies earlier."""
    hour = timedelta(hours=1)
    assert told(control, alert("one")) == ["sent"]
    assert told(control, alert("other", app="one", started_at=NOW - 3 * hour, flagged_at=NOW - 2 * hour)) == []
    assert told(control, alert("third", app="one", started_at=NOW - hour / 2, last_seen_at=NOW + 2 * hour)) == []
    assert told(control, alert("fourth", app="one", started_at=NOW + hour, last_seen_at=NOW + 3 * hour)) == [], "it goes on"
    assert len(receiver.received) == 1
    assert told(control, alert("apart", app="one", started_at=NOW + 4 * hour, last_seen_at=NOW + 5 * hour)) == ["sent"]
    assert told(control, alert("elsewhere", app="one", account="another")) == ["sent"]
    assert told(control, alert("led", app="one", run="interactive")) == ["sent"], "what somebody leads is another stream"


def test_an_episode_that_grows_dearer_is_not_told_again(control: Control, receiver: Receiver, added: channels.Added) -> None:
    assert told(control, alert(level="notify")) == ["sent"]
    assert told(control, alert(level="act")) == []
    assert [one.json["usage_analytics"]["level"] for one in receiver.received] == ["notify"]


def test_a_channel_for_what_calls_for_action_hears_when_it_does(control: Control, receiver: Receiver) -> None:
    channels.add_webhook(control, receiver.url, NOW, private_allowed=True, from_level="act")
    assert told(control, alert(level="notify")) == []
    assert told(control, alert(level="act")) == ["sent"]


def test_below_both_amounts_nobody_hears(control: Control, receiver: Receiver, added: channels.Added) -> None:
    small = of_flag(flag(projected_nanos=None), Thresholds(8 * 10**9, 20 * 10**9), "UTC")
    assert small.level is None
    assert told(control, small) == []


def test_the_message_is_signed_with_the_channels_own_key(control: Control, receiver: Receiver, added: channels.Added) -> None:
    told(control, alert())
    (one,) = receiver.received
    assert added.signing_key is not None
    assert one.headers["X-Usage-Analytics-Signature"] == webhook.signature(
        added.signing_key, one.headers["X-Usage-Analytics-Timestamp"], one.body
    )


def test_many_at_once_tell_once(control: Control, receiver: Receiver, added: channels.Added) -> None:
    receiver.pause = 0.1
    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(lambda _: told(Control(control.path), alert()), range(8)))
    assert sorted(map(len, done)) == [0] * 7 + [1]
    assert len(receiver.received) == 1


TELL = """
import sys, time
from pathlib import Path
from typing import Any
from tests.alerts.receiving import NOW
from tests.alerts.test_delivery import alert
from usage_analytics.alerts import delivery
from usage_analytics.control import Control
control, start = Control(Path(sys.argv[1])), Path(sys.argv[2])
print("ready", flush=True)
while not start.exists():
    time.sleep(0.001)
print(sum(len(delivery.deliver(control, [alert(f"{number}")], NOW)) for number in range(5)))
"""


def test_two_processes_at_once_tell_once(
    control: Control, receiver: Receiver, added: channels.Added, project: Path, tmp_path: Path
) -> None:
    start = tmp_path / "start"
    words = [sys.executable, "-c", TELL, str(control.path), str(start)]
    environment = os.environ | {"PYTHONPATH": str(project)}
    running = [subprocess.Popen(words, cwd=project, env=environment, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    for process in running:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    start.touch()
    assert sum(int(process.communicate()[0]) for process in running) == 5
    assert sorted(one.json["usage_analytics"]["episode"] for one in receiver.received) == [f"background {n}" for n in range(5)]


def test_what_failed_is_tried_again_after_pauses_that_grow_and_in_the_end_no_more(
    control: Control, receiver: Receiver, added: channels.Added
) -> None:
    receiver.answer = [503] * 99
    now = NOW
    for pause in PAUSES:
        assert told(control, alert(), now=now) == ["failed"]
        assert told(control, alert(), now=now + pause - timedelta(seconds=1)) == []
        now += pause
    assert told(control, alert(), now=now) == ["failed"]
    assert told(control, alert(), now=now + timedelta(days=9)) == []
    assert len(receiver.received) == len(PAUSES) + 1
    (line,) = history(control)
    assert (line.state, line.tries, line.next_try_at) == ("failed", len(PAUSES) + 1, None)


def test_what_failed_once_arrives_once(control: Control, receiver: Receiver, added: channels.Added) -> None:
    receiver.answer = [503]
    assert told(control, alert()) == ["failed"]
    assert told(Control(control.path), alert(), now=NOW + PAUSES[0]) == ["sent"], "by whoever comes next"
    assert told(control, alert(), now=NOW + timedelta(days=1)) == []


def test_what_may_have_arrived_is_not_sent_twice(control: Control, receiver: Receiver, added: channels.Added) -> None:
    receiver.answer = [0]
    assert told(control, alert()) == ["unsure"]
    assert told(control, alert(), now=NOW + timedelta(days=1)) == []
    assert len(receiver.received) == 1


def test_who_is_stopped_before_anything_was_sent_is_replaced(control: Control, receiver: Receiver, added: channels.Added) -> None:
    (channel,) = decided.channels(control)
    abandoned = claim(control, channel, alert().episode, NOW, level="act", title="x")
    assert abandoned is not None
    assert told(control, alert(), now=NOW + timedelta(minutes=1)) == []
    assert told(control, alert(), now=NOW + timedelta(minutes=3)) == ["sent"]
    assert not hand_over(control, abandoned), "should it come back, it has lost its claim"


def test_who_is_stopped_while_it_sends_is_not_replaced(control: Control, receiver: Receiver, added: channels.Added) -> None:
    (channel,) = decided.channels(control)
    cut_short = claim(control, channel, alert().episode, NOW, level="act", title="x")
    assert cut_short is not None
    assert hand_over(control, cut_short)
    assert told(control, alert(), now=NOW + timedelta(days=1)) == []


def test_a_flood_waits_for_the_next_hour(control: Control, receiver: Receiver, added: channels.Added) -> None:
    many = [alert(str(number)) for number in range(HOURLY + 5)]
    assert told(control, *many) == ["sent"] * HOURLY
    assert told(control, *many, now=NOW + timedelta(minutes=59)) == []
    assert told(control, *many, now=NOW + timedelta(minutes=61)) == ["sent"] * 5


def test_a_channel_that_is_removed_hears_nothing_and_coming_back_nothing_twice(
    control: Control, receiver: Receiver, added: channels.Added
) -> None:
    told(control, alert())
    channels.remove(control, added.channel_id, NOW)
    assert decided.channels(control) == ()
    assert told(control, alert("two")) == []
    again = channels.add_webhook(control, receiver.url, NOW, private_allowed=True)
    assert again.channel_id == added.channel_id
    assert again.signing_key not in (None, added.signing_key)
    assert told(control, alert(), alert("two")) == ["sent"]
    assert len(history(control)) == 2


def test_adding_a_channel_twice_is_one_channel_whose_key_stays_unsaid(
    control: Control, receiver: Receiver, added: channels.Added
) -> None:
    assert channels.add_webhook(control, receiver.url, NOW, private_allowed=True, from_level="act").signing_key is None
    (channel,) = decided.channels(control)
    assert channel.from_level == "act"


def test_who_does_not_answer_is_not_waited_for_once_for_every_alert(
    control: Control, receiver: Receiver, added: channels.Added
) -> None:
    receiver.answer = [503]
    assert told(control, alert("one"), alert("two"), alert("three")) == ["failed"]
    assert told(control, alert("one"), alert("two"), alert("three")) == ["sent", "sent"]
    assert told(control, alert("one"), alert("two"), now=NOW + PAUSES[0]) == ["sent"]


def test_each_channel_fails_by_itself(
    control: Control, receiver: Receiver, added: channels.Added, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("USAGE_ANALYTICS_SMTP", raising=False)
    channels.add_email(control, "me@example.com", NOW)
    found = delivery.deliver(control, [alert()], NOW)
    assert [(one.channel.split("/")[0], one.state) for one in found] == [("localhost", "sent"), ("me@example.com", "failed")]
    assert "No mail server is set" in str(found[1].problem)


def test_a_test_reaches_every_channel_each_time(control: Control, receiver: Receiver, added: channels.Added) -> None:
    for _ in range(2):
        assert [one.state for one in delivery.send_test(control, NOW)] == ["sent"]
    assert [one.json["usage_analytics"]["subject"] for one in receiver.received] == ["test", "test"]
    with pytest.raises(BadRequest):
        delivery.send_test(control, NOW, 99)


def test_a_channel_whose_secret_is_lost_says_what_to_do(control: Control, receiver: Receiver, added: channels.Added) -> None:
    (control.path.with_name("keys.json")).unlink()
    (one,) = delivery.deliver(control, [alert()], NOW)
    assert (one.state, one.problem) == (
        "failed", "The URL of this webhook is lost. Remove the channel and add it again.",
    )  # fmt: skip


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such mode")
def test_secrets_are_their_owners_alone(control: Control, receiver: Receiver, added: channels.Added) -> None:
    assert stat.S_IMODE(control.path.with_name("keys.json").stat().st_mode) == 0o600


def test_secrets_are_nowhere_else(
    control: Control,
    receiver: Receiver,
    added: channels.Added,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    receiver.answer = [200, 500, 302, 0]
    said = [repr(delivery.deliver(control, [alert(str(number))], NOW)) for number in range(4)]
    receiver.port = 9
    channels.add_webhook(control, receiver.url + "?x=" + CANARY, NOW, private_allowed=True)
    said.append(repr(delivery.deliver(control, [alert("gone")], NOW)))
    said += [repr(history(control)), repr(decided.channels(control)), repr(added), *capsys.readouterr(), caplog.text]
    said += [path.read_bytes().decode("latin-1") for path in control.path.parent.iterdir() if path.name != "keys.json"]
    assert added.signing_key is not None
    for text in said:
        assert CANARY not in text
        assert added.signing_key not in text


def test_the_amounts_are_kept_and_cannot_be_the_wrong_way_round(control: Control) -> None:
    assert decided.thresholds(control) == Thresholds(0, 20 * 10**9)
    decided.set_thresholds(control, Thresholds(5 * 10**9, 50 * 10**9))
    assert decided.thresholds(Control(control.path)) == Thresholds(5 * 10**9, 50 * 10**9)
    for wrong in (Thresholds(6, 5), Thresholds(-1, 5)):
        with pytest.raises(BadRequest):
            decided.set_thresholds(control, wrong)


def test_a_channel_that_is_not_there_cannot_be_removed(control: Control) -> None:
    with pytest.raises(BadRequest, match="There is no channel 7"):
        channels.remove(control, 7, NOW)
