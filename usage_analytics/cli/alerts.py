"""`alerts`: where alerts go, from how many dollars on, a test, and what was sent."""

from __future__ import annotations

import getpass
import os
import sys
from argparse import Namespace
from datetime import UTC, datetime
from typing import Final

from usage_analytics import format as fmt
from usage_analytics.alerts import channels, delivery, mail
from usage_analytics.cli import answer, asked
from usage_analytics.control import Control
from usage_analytics.control import alerts as decided
from usage_analytics.control.alerts import Thresholds
from usage_analytics.control.deliveries import history
from usage_analytics.control.settings import nanos_of
from usage_analytics.errors import BadRequest

STATES: Final = {
    "claimed": "being sent",
    "handed": "being sent",
    "sent": "sent",
    "failed": "failed",
    "unsure": "perhaps arrived",
}


def alerts(options: Namespace) -> int:
    """Change what is asked, send a test if asked, and say how it stands; 1 when a test did not arrive. Raises BadRequest."""
    control, now = Control.beside(asked.database(options)), datetime.now(UTC).replace(tzinfo=None)
    added: channels.Added | None = None  # for its key
    if options.smtp is not None:
        password = None
        if options.smtp and mail.server(options.smtp).user is not None:
            password = os.environ.get(mail.PASSWORD_VARIABLE)
            if password is None and sys.stdin.isatty():
                password = getpass.getpass("Password for the mail server (hidden): ")
            if not password:
                raise BadRequest(f"The mail server needs a password. Set {mail.PASSWORD_VARIABLE}, or run this in a terminal.")
        channels.set_mail_server(control, options.smtp or None, password)
    if options.notify is not None or options.act is not None:
        known = decided.thresholds(control)
        notify = known.notify_nanos if options.notify is None else nanos_of(options.notify)
        decided.set_thresholds(control, Thresholds(notify, known.act_nanos if options.act is None else nanos_of(options.act)))
    wanted = {"from_level": "act" if options.only_act else "notify", "private_allowed": options.allow_private}
    if options.webhook is not None:
        address = options.webhook
        if address == "-":  # standard input, where no list of processes shows it
            asked_for = "Webhook URL (hidden): "
            address = getpass.getpass(asked_for) if sys.stdin.isatty() else sys.stdin.readline()
        added = channels.add_webhook(control, address, now, **wanted)
    if options.email is not None:
        channels.add_email(control, options.email, now, **wanted)
    if options.desktop is not None:
        channels.switch_desktop(control, now, on=options.desktop == "on", from_level=wanted["from_level"])
    if options.remove is not None:
        channels.remove(control, options.remove, now)
    told = delivery.send_test(control, now) if options.test else ()
    if options.json:
        answer.write_json(_as_json(control, added, told))
    else:
        _write_for_people(control, added, told)
    return 1 if any(one.state != "sent" for one in told) else 0


def _as_json(control: Control, added: channels.Added | None, told: tuple[delivery.Told, ...]) -> dict[str, object]:
    amounts = decided.thresholds(control)
    found: dict[str, object] = {
        "notify_usd": answer.money(amounts.notify_nanos),
        "act_usd": answer.money(amounts.act_nanos),
        "channels": [
            {
                "id": one.id,
                "kind": one.kind,
                "label": one.label,
                "from_level": one.from_level,
                "private_allowed": one.private_allowed,
                "made_at": answer.time(one.made_at),
            }
            for one in decided.channels(control)
        ],
        "history": [
            {
                "at": answer.time(one.claimed_at),
                "channel": one.channel,
                "level": one.level,
                "title": one.title,
                "state": one.state,
                "tries": one.tries,
                "next_try_at": answer.time(one.next_try_at),
                "problem": one.problem,
            }
            for one in history(control)
        ],
    }
    if added is not None and added.signing_key is not None:
        found["signing_key"] = added.signing_key
    if told:
        found["test"] = [{"channel": one.channel, "state": one.state, "problem": one.problem} for one in told]
    return found


def _write_for_people(control: Control, added: channels.Added | None, told: tuple[delivery.Told, ...]) -> None:
    if added is not None and added.signing_key is not None:
        print(f"Webhook signing key. Copy it now; we won't show it again: {added.signing_key}\n")
    for one in told:
        print(f"Test to {one.channel}: {STATES[one.state]}." if one.problem is None else f"Test to {one.channel}: {one.problem}")
    known, amounts = decided.channels(control), decided.thresholds(control)
    least = (
        f"Drains of {fmt.dollars(amounts.notify_nanos)} or more trigger an alert"
        if amounts.notify_nanos
        else "Every drain triggers an alert"
    )
    print(
        f"{least}. Drains of {fmt.dollars(amounts.act_nanos)} or more are urgent, counting what they'll have spent by the time you're "
        "usually back."
    )
    if not known:
        print("No alerts yet. Add a channel with --webhook, --email or --desktop on.")
        return
    print()
    levels = {"notify": "all alerts", "act": "urgent alerts"}
    answer.write_table(
        ("ID", "Kind", "Where", "Gets"),
        [(str(one.id), one.kind, one.label, levels[one.from_level]) for one in known],
        words=4,
    )
    if sent := history(control, 20):
        print()
        rows = [(fmt.moment(one.claimed_at, "UTC"), one.channel, STATES[one.state], fmt.name(one.title, 60)) for one in sent]
        answer.write_table(("When (UTC)", "Where", "Result", "What"), rows, words=4)
