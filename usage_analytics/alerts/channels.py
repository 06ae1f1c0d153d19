"""Where alerts go: adding, changing and removing channels, with their secrets."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime

from usage_analytics.alerts import desktop, mail, reach, webhook
from usage_analytics.control import Control
from usage_analytics.control.alerts import Level, add_channel, channels, remove_channel
from usage_analytics.control.keys import keep_key, key
from usage_analytics.errors import BadRequest, NotDelivered


@dataclass(frozen=True, slots=True)
class Added:
    """A channel that is there now. The signing key is shown this once; None where there is none, or where it is known already."""

    channel_id: int
    signing_key: str | None = field(default=None, repr=False)


def add_webhook(
    control: Control, url: str, now: datetime, *, from_level: Level = "notify", private_allowed: bool = False
) -> Added:
    """Send alerts to this address too. Raises BadRequest when it is none that alerts are sent to."""
    to = webhook.target(url, private_allowed=private_allowed)
    try:
        reach.addresses(to.host, to.port, private_allowed=private_allowed, encrypted=to.secure)
    except NotDelivered as problem:
        raise BadRequest(str(problem)) from None
    address = url.strip()
    number = add_channel(
        control, "webhook", address, webhook.label(address), now, from_level=from_level, private_allowed=private_allowed
    )
    if key(control, signing_key(number)):
        return Added(number)
    made = secrets.token_urlsafe(32)
    keep_key(control, address_key(number), address)
    keep_key(control, signing_key(number), made)
    return Added(number, made)


def add_email(
    control: Control, address: str, now: datetime, *, from_level: Level = "notify", private_allowed: bool = False
) -> Added:
    """Write to this address too. Raises BadRequest."""
    to = mail.recipient(address)
    return Added(add_channel(control, "email", to, to, now, from_level=from_level, private_allowed=private_allowed))


def switch_desktop(control: Control, now: datetime, *, on: bool, from_level: Level = "notify") -> None:
    """Show notifications on this machine, or no more. Raises BadRequest where it has no way to."""
    if on:
        if desktop.program() is None:
            raise BadRequest(desktop.absent())
        add_channel(control, "desktop", "", "This desktop", now, from_level=from_level, private_allowed=False)
        return
    for one in channels(control):
        if one.kind == "desktop":
            remove(control, one.id, now)


def set_mail_server(control: Control, url: str | None, password: str | None) -> None:
    """Keep who takes our mail; None forgets it. Raises BadRequest, also for a password inside the address, where others see it."""
    if url is not None and mail.server(url).password is not None:
        raise BadRequest(
            f"Leave the password out of the mail server's address. We ask for it, or read it from {mail.PASSWORD_VARIABLE}."
        )
    control.set_setting(mail.SETTING, url)
    if url is None or password is not None:
        keep_key(control, mail.KEY, password)


def remove(control: Control, channel_id: int, now: datetime) -> None:
    """Send nothing there any more, and forget its secrets. Raises BadRequest for an unknown id."""
    remove_channel(control, channel_id, now)
    keep_key(control, address_key(channel_id), None)
    keep_key(control, signing_key(channel_id), None)


def address_key(channel_id: int) -> str:
    """The name of the secret that is a webhook's address."""
    return f"webhook {channel_id} address"


def signing_key(channel_id: int) -> str:
    """The name of the secret that its messages are signed with."""
    return f"webhook {channel_id} signing key"
