"""Telling each channel of each episode, once: claim, connect, hand over, settle."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from usage_analytics.alerts import desktop, mail, webhook
from usage_analytics.alerts.alert import Alert, of_test
from usage_analytics.alerts.channels import address_key, signing_key
from usage_analytics.control import Control
from usage_analytics.control.alerts import Channel, channels
from usage_analytics.control.deliveries import State, claim, failed, hand_over, sent, unsure
from usage_analytics.control.episodes import known_as
from usage_analytics.control.keys import key
from usage_analytics.errors import BadRequest, NotDelivered, PerhapsDelivered, UsageError

_LOUDNESS: Final = {None: 0, "notify": 1, "act": 2}


@dataclass(frozen=True, slots=True)
class Told:
    """What came of telling one channel of one episode now."""

    channel: str
    title: str
    state: State
    problem: str | None = None


def deliver(control: Control, alerts: Sequence[Alert], now: datetime) -> tuple[Told, ...]:
    """Tell every channel of every episode that it has not heard of and that is loud enough for it; what was done about it now."""
    known = channels(control)
    done: list[Told] = []
    silent: set[int] = set()  # who does not answer is not waited for again and again
    for alert in alerts:
        hears = [channel for channel in known if _LOUDNESS[alert.level] >= _LOUDNESS[channel.from_level]]
        if hears and alert.span is not None:
            alert = replace(alert, episode=known_as(control, alert.episode, alert.span))  # noqa: PLW2901  the same, by its first name
        for channel in hears:
            told = None if channel.id in silent else tell(control, channel, alert, now)
            if told is not None:
                done.append(told)
                silent |= {channel.id} if told.state != "sent" else set()
    return tuple(done)


def send_test(control: Control, now: datetime, channel_id: int | None = None) -> tuple[Told, ...]:
    """Send a test to every channel, or to one. Raises BadRequest when there is none."""
    meant = [one for one in channels(control) if channel_id in (None, one.id)]
    if not meant:
        raise BadRequest("There is no such channel to test. Add one with --webhook, --email or --desktop on.")
    alert = of_test(secrets.token_hex(4), now)
    held_back = "This channel got too many messages in the last hour. Try again later."
    return tuple(tell(control, one, alert, now) or Told(one.label, alert.title, "failed", held_back) for one in meant)


def tell(control: Control, channel: Channel, alert: Alert, now: datetime) -> Told | None:
    """Claim and send one alert to one channel; None if there is nothing to do or another process does it."""
    assert alert.level is not None
    claimed = claim(control, channel, alert.episode, now, level=alert.level, title=alert.title)
    if claimed is None:
        return None
    try:
        if channel.kind == "desktop":
            ready = desktop.ready()
        elif channel.kind == "email":
            ready = mail.ready(control, channel.label, private_allowed=channel.private_allowed, now=now)
        else:
            url, secret = key(control, address_key(channel.id)), key(control, signing_key(channel.id))
            if url is None or secret is None:
                raise NotDelivered("The URL of this webhook is lost. Remove the channel and add it again.")
            ready = webhook.ready(url, secret, private_allowed=channel.private_allowed, now=now)
        with ready as send:
            if not hand_over(control, claimed):
                return None
            send(alert)
    except PerhapsDelivered as problem:
        unsure(control, claimed, now, str(problem))
        return Told(channel.label, alert.title, "unsure", str(problem))
    except UsageError as problem:
        failed(control, claimed, now, str(problem))
        return Told(channel.label, alert.title, "failed", str(problem))
    sent(control, claimed, now)
    return Told(channel.label, alert.title, "sent")
