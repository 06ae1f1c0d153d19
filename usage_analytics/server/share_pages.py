"""Plain pages around a shared report: one that asks for its passcode, and one for a link that doesn't work, which gives no reason."""

from __future__ import annotations

import html
import re
from datetime import datetime
from typing import Final

from usage_analytics import format

_BODY: Final = re.compile(r"<body[^>]*>")
_PAGE: Final = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; margin: 0; display: grid; place-items: center; min-height: 100vh;
  color-scheme: light dark; background: light-dark(#fff, #11131a); color: light-dark(#10142a, #e6e8ee); }}
main {{ max-width: 26rem; padding: 1.5rem; }}
h1 {{ font-size: 1.375rem; margin: 0 0 .5rem; }}
p {{ margin: 0 0 1rem; }}
label {{ display: block; margin: 0 0 .25rem; font-size: .875rem; }}
input, button {{ font: inherit; padding: .5rem .75rem; border: 1px solid light-dark(#69738680, #9aa3b580); border-radius: 8px; }}
input {{ width: 100%; margin: 0 0 1rem; box-sizing: border-box; background: light-dark(#f6f7f9, #1b1e28); color: inherit; }}
button {{ border: 0; background: light-dark(#4f46e5, #8b8cf8); color: light-dark(#fff, #11131a); }}
</style>
</head>
<body>
<main>
<h1>{title}</h1>
{content}
</main>
</body>
</html>
"""


def page(title: str, content: str) -> str:
    """A page with one thing to say, without a script; `content` is HTML of our own."""
    return _PAGE.format(title=title, content=content)


NOT_HERE: Final = page(
    "No report here",
    "<p>The address may be incomplete, or the link has expired. Ask the sender for a new one.</p>",
)


def passcode(complaint: str = "") -> str:
    """The question for the passcode, with what was wrong with the last try."""
    said = f'<p role="alert"><strong>{html.escape(complaint)}</strong></p>\n' if complaint else ""
    form = (
        f"{said}<p>The sender of this link has the passcode.</p>\n"
        '<form method="post">\n<label for="passcode">Passcode</label>\n'
        '<input id="passcode" name="passcode" type="password" maxlength="200" autocomplete="off" required autofocus>\n'
        '<button type="submit">Open the report</button>\n</form>'
    )
    return page("This report has a passcode", form)


def framed(report: str, created_at: datetime, expires_at: datetime) -> str:
    """Return the report with a line on top: what it is, and when the link expires."""
    said = f"Copy from {format.day(created_at)}. The link expires on {format.day(expires_at)}."
    style = "font:13px/1.5 system-ui,sans-serif;text-align:center;padding:.5rem 1rem;opacity:.75"
    line = f'<aside aria-label="About this copy" style="{style}">{said}</aside>'
    return _BODY.sub(lambda found: found.group() + line, report, count=1)
