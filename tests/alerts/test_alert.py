"""What an alert says, and that names from data stay words in it."""

from __future__ import annotations

import json
import re
import unicodedata
from datetime import timedelta
from itertools import pairwise

import pytest

from tests.alerts.receiving import NOW, flag
from usage_analytics.alerts import desktop, mail, webhook
from usage_analytics.alerts.alert import of_flag
from usage_analytics.alerts.plain import plain
from usage_analytics.answers.background.flags import Reason
from usage_analytics.control.alerts import Thresholds

DEFAULT = Thresholds()
HOSTILE = (
    "<!channel> <!here|x> <@U123> @channel @here @everyone",
    "![x](http://evil.example/p.png) [click](https://evil.example) www.evil.example",
    "*bold* _it_ `code` <https://evil.example|your bank> & <script>alert(1)</script>",
    "evil\u202egnp.exe\u2066\u200b\x00\x1b]0;title\x07\r\nBcc: victim@example.com\n\n.\n",
    "-i /etc/passwd; $(reboot) `reboot` \" ' \\",
    "x" * 5000,
)


def test_an_alert_says_who_since_when_how_much_how_fast_why_and_what_to_do() -> None:
    alert = of_flag(flag(), DEFAULT, "UTC")
    assert alert.title == "nightly-sync spends unattended: $7.40 since Nov 20, 2026, 01:30 (UTC)"
    assert alert.lines == (
        (
            "Loop on a schedule in garden, flagged Nov 20, 2026, 02:30 (UTC); it spends $3.70/h and will reach $25.90 by "
            "Nov 20, 2026, 08:30 (UTC)."
        ),
        "It calls every 5 minutes, to within 2 s.",
    )
    assert alert.what_to_do == "Remove the schedule of nightly-sync."
    facts = dict(alert.facts)
    assert (facts["app"], facts["project"], facts["account"]) == ("nightly-sync", "garden", None)
    assert (facts["spent_usd"], facts["projected_usd"], facts["started_at"]) == ("7.4", "25.9", "2026-11-20T01:30:00Z")


def test_a_drain_that_is_over_projects_nothing() -> None:
    alert = of_flag(flag(projected_nanos=None, projected_until=None, over=True), DEFAULT, "UTC")
    assert alert.title == "nightly-sync spent $7.40 unattended, until Nov 20, 2026, 03:29 (UTC)"
    assert alert.lines[0].endswith("it spent $3.70/h.")
    assert dict(alert.facts)["projected_usd"] is None


def test_many_subagents_at_once_are_not_said_to_be_alone() -> None:
    assert of_flag(flag(kind="fan_out"), DEFAULT, "UTC").title == "nightly-sync fans out: $7.40 since Nov 20, 2026, 01:30 (UTC)"


def test_times_are_those_of_the_persons_clock() -> None:
    assert "Nov 20, 2026, 02:30 (Europe/Berlin)" in of_flag(flag(), DEFAULT, "Europe/Berlin").title


@pytest.mark.parametrize(
    ("spent", "projected", "level"),
    [(4, 5, None), (6, 7, "notify"), (6, None, "notify"), (6, 20, "act"), (20, None, "act"), (4, None, None)],
)
def test_the_level_is_what_was_spent_or_is_going_to_be(spent: int, projected: int | None, level: str | None) -> None:
    one = flag(spent_nanos=spent * 10**9, projected_nanos=projected and projected * 10**9)
    assert of_flag(one, Thresholds(6 * 10**9, 20 * 10**9), "UTC").level == level


def test_the_same_episode_is_the_same_whatever_it_has_spent_by_now() -> None:
    later = flag(spent_nanos=9 * 10**9, last_seen_at=NOW + timedelta(hours=1))
    assert of_flag(flag(), DEFAULT, "UTC").episode == of_flag(later, DEFAULT, "UTC").episode
    assert of_flag(flag("two"), DEFAULT, "UTC").episode != of_flag(flag(), DEFAULT, "UTC").episode


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_name_is_plain_words_in_a_webhook(name: str) -> None:
    one = flag(app=name, project=name, account=name, what_to_do=f"Stop {name}", reasons=(Reason("x", name),) * 9)
    content = webhook.body(of_flag(one, DEFAULT, "UTC"))
    assert len(content) < webhook.LARGEST
    document = json.loads(content)
    shown = [document["text"]]
    for block in document["blocks"][:-1]:
        assert block["text"]["type"] == "plain_text"
        shown.append(block["text"]["text"])
    assert len(document["blocks"][0]["text"]["text"]) <= 150
    for text in shown:
        assert not re.search(r"[<>]", text)
        assert not re.search(r"&(?!amp;|lt;|gt;)", text)
    assert document["blocks"][-1]["elements"][0]["text"] == "<http://localhost:8501/background?flag=one|Open the dashboard>"
    for text in (*shown, *(value for value in document["usage_analytics"].values() if isinstance(value, str))):
        assert "evil.example/p" not in text or "http://" not in text.replace("http://localhost", "")
        assert not re.search(r"@\w", text), "nobody is pinged"
        assert not re.search(r"!\[|\]\(", text)
        assert not [c for c in text if unicodedata.category(c)[0] == "C" and c not in "\n\N{WORD JOINER}"]


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_name_adds_no_header_to_a_mail(name: str) -> None:
    one = flag(app=name, project=name, reasons=(Reason("x", name),))
    made = mail.message(of_flag(one, DEFAULT, "UTC"), "me@example.com", "me@example.com", NOW)
    assert set(made.keys()) == {
        "Subject", "From", "To", "Date", "Auto-Submitted", "Content-Type", "Content-Transfer-Encoding", "MIME-Version",
    }  # fmt: skip
    assert made.get_content_type() == "text/plain"
    assert b"\nBcc:" not in made.as_bytes()


@pytest.mark.parametrize("name", HOSTILE[:-1], ids=range(len(HOSTILE) - 1))
def test_a_hostile_name_is_an_argument_of_a_notification(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    alert = of_flag(flag(app=name), DEFAULT, "UTC")
    monkeypatch.setattr("sys.platform", "linux")
    command, _ = desktop.words("/usr/bin/notify-send", alert)
    assert command[-3:-1] == ["--", alert.title]
    assert "<" not in command[-1]
    monkeypatch.setattr("sys.platform", "darwin")
    command, _ = desktop.words("/usr/bin/osascript", alert)
    script = [word for before, word in pairwise(command[:-2]) if before == "-e"]
    assert script == ["on run argv", "display notification (item 2 of argv) with title (item 1 of argv)", "end run"]
    monkeypatch.setattr("sys.platform", "win32")
    command, environment = desktop.words("powershell", alert)
    assert plain(name)[:10] not in " ".join(command)
    assert alert.title in environment.values()


def test_no_entity_is_cut_in_two() -> None:
    for padding in range(40):
        title = webhook.body(of_flag(flag(app="x" * padding + "<" * 40, project="&" * 400), DEFAULT, "UTC"))
        header = json.loads(title)["blocks"][0]["text"]["text"]
        assert len(header) <= 150
        assert not re.search(r"&(?!amp;|lt;|gt;)", header)


def test_a_word_that_would_ping_still_reads_the_same() -> None:
    assert plain("@channel").replace("\N{WORD JOINER}", "") == "@channel"
    assert plain("@channel") != "@channel"
