"""Notifications on the desktop of this machine, where it has one. What is shown goes to the program as arguments, never through a shell."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from usage_analytics.alerts.alert import Alert
from usage_analytics.alerts.plain import entities
from usage_analytics.errors import NotDelivered

SECONDS: Final = 10
_APPLE: Final = ("on run argv", "display notification (item 2 of argv) with title (item 1 of argv)", "end run")
_TITLE, _WORDS = "USAGE_ANALYTICS_TITLE", "USAGE_ANALYTICS_WORDS"
# The words come from the environment and are put in as text nodes, so that nothing in them is taken for a command or for markup.
_WINDOWS: Final = f"""
$null = [Windows.UI.Notifications.ToastNotificationManager, Windows.UI.Notifications, ContentType = WindowsRuntime]
$toast = [Windows.UI.Notifications.ToastNotificationManager]::GetTemplateContent('ToastText02')
$texts = $toast.GetElementsByTagName('text')
$null = $texts.Item(0).AppendChild($toast.CreateTextNode($env:{_TITLE}))
$null = $texts.Item(1).AppendChild($toast.CreateTextNode($env:{_WORDS}))
$shown = [Windows.UI.Notifications.ToastNotification]::new($toast)
[Windows.UI.Notifications.ToastNotificationManager]::CreateToastNotifier('usage-analytics').Show($shown)
"""


def program() -> str | None:
    """The program of this machine that shows notifications; None where there is none."""
    return shutil.which({"darwin": "osascript", "win32": "powershell"}.get(sys.platform, "notify-send"))


@contextmanager
def ready() -> Iterator[Callable[[Alert], None]]:
    """A way to show an alert. Raises NotDelivered."""
    found = program()
    if found is None:
        raise NotDelivered(absent())

    def show(alert: Alert) -> None:
        command, environment = words(found, alert)
        try:
            done = subprocess.run(  # noqa: S603  the program is the desktop's own, and the words are arguments
                command, env=os.environ | environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=SECONDS, check=False
            )
        except (OSError, subprocess.TimeoutExpired):
            raise NotDelivered("Couldn't show the notification. Check that you're logged in on this desktop.") from None
        if done.returncode:
            raise NotDelivered("The desktop refused the notification. Check that you're logged in and that notifications are on.")

    yield show


def words(found: str, alert: Alert) -> tuple[list[str], dict[str, str]]:
    """The command that shows an alert, and what it needs in its environment."""
    text = "\n".join((*alert.lines[:2], alert.what_to_do))
    if sys.platform == "darwin":
        script = [word for line in _APPLE for word in ("-e", line)]
        return [found, *script, alert.title, text], {}
    if sys.platform == "win32":
        return [found, "-NoProfile", "-NonInteractive", "-Command", _WINDOWS], {_TITLE: alert.title, _WORDS: text}
    urgency = "critical" if alert.level == "act" else "normal"
    return [found, "--app-name=usage-analytics", f"--urgency={urgency}", "--", alert.title, entities(text)], {}


def absent() -> str:
    if sys.platform in ("darwin", "win32"):
        return "This machine can't show notifications. Use a webhook or email."
    return "notify-send is missing on this machine. Install libnotify, or use a webhook or email."
