"""One request to the API: https only, to one host, without redirects; what passes by itself is tried again, as the server asks.

Every problem that a person hears of is one sentence of ours. None quotes an answer, an address with its parameters, or the key.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Any, Final, Self
from urllib.parse import urlsplit

from usage_analytics.errors import BadRequest, NotRead
from usage_analytics.sources.organization.key import Key, hide_keys_in_logs
from usage_analytics.sources.organization.reports import Parameters

HOST: Final = "https://api.anthropic.com"
VARIABLE: Final = "USAGE_ANALYTICS_API_URL"  # for a proxy of your own; https, or this machine
VERSION: Final = "2023-06-01"
LARGEST_BYTES: Final = 64 << 20
_LOOPBACK: Final = frozenset(("localhost", "127.0.0.1", "::1"))
_PASSES: Final = frozenset((408, 409, 425, 429, 500, 502, 503, 504, 520, 522, 524, 529))


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to try: seconds until an answer begins, until it is whole, between tries, and how often; and the longest wait asked for."""

    answer: float = 30.0
    whole: float = 120.0
    first_wait: float = 0.5
    longest_wait: float = 30.0
    longest_asked: float = 300.0
    tries: int = 6


class NotOffered(NotRead):
    """The key may not read this report, or the organization has none such."""


class Expired(NotRead):
    """The place in a list of pages is no longer known to the server; the window has to be read from its beginning."""


class _Passing(Exception):
    """Something that passes by itself: a busy server, a lost connection, an answer that was cut off; `after` seconds if it said so."""

    def __init__(self, problem: str, after: float | None = None) -> None:
        super().__init__(problem)
        self.after = after


class Connection:
    """Requests with one key, one at a time; also the server's clock, which counts where this machine's is off."""

    def __init__(self, key: Key, patience: Patience | None = None, address: str | None = None) -> None:
        """`address` is that of the API; that of Anthropic unless the environment names another. Raises BadRequest for one without https."""
        import httpx  # here: a sync of folders needs no client

        hide_keys_in_logs()
        self._base = api_address() if address is None else _checked(address)
        self._patience = patience or Patience()
        self._ahead = timedelta()
        self._client = httpx.Client(
            headers={
                "x-api-key": key.reveal(),
                "anthropic-version": VERSION,
                "user-agent": "usage-analytics",
                "accept": "application/json",
            },
            timeout=httpx.Timeout(self._patience.answer, connect=min(10.0, self._patience.answer)),
            follow_redirects=False,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._client.close()

    @property
    def now(self) -> datetime:
        """Now by the server's clock, in naive UTC; by this machine's until the server has answered."""
        return datetime.now(UTC).replace(tzinfo=None) + self._ahead

    def get(self, path: str, parameters: Parameters = (), beta: str | None = None) -> dict[str, Any]:
        """The object that the API answers. Raises NotRead, NotOffered or Expired, and tries again before that where it may help."""
        import stamina

        patience = self._patience
        tries = stamina.retry_context(
            on=_wait, attempts=patience.tries, timeout=None, wait_initial=patience.first_wait, wait_max=patience.longest_wait,
            wait_jitter=patience.first_wait,
        )  # fmt: skip
        try:
            for one in tries:
                with one:
                    return self._once(path, parameters, beta)
        except _Passing as error:
            raise NotRead(f"The API {error}. Sync again later; earlier data stays.") from None
        raise AssertionError("every try returns or raises")

    def _once(self, path: str, parameters: Parameters, beta: str | None) -> dict[str, Any]:
        import httpx

        until = time.monotonic() + self._patience.whole
        content = bytearray()
        try:
            with self._client.stream(
                "GET", self._base + path, params=list(parameters), headers={"anthropic-beta": beta} if beta else {}
            ) as answer:
                self._judge(answer.status_code, answer.headers)
                for piece in answer.iter_bytes():
                    content += piece
                    if len(content) > LARGEST_BYTES:
                        raise NotRead("The API's answer is larger than any report; please report this.")
                    if time.monotonic() > until:
                        raise _Passing("took too long to answer")
        except httpx.TimeoutException:
            raise _Passing("did not answer in time") from None
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError):
            raise _Passing("can't be reached, or disconnected") from None
        try:
            found = json.loads(content, parse_float=str)  # exact, and written down as it came
        except (ValueError, RecursionError):
            raise _Passing("answered with incomplete or invalid JSON") from None
        if not isinstance(found, dict):
            raise NotRead("The API's answer isn't a report. Check for a proxy in between.")
        return found

    def _judge(self, status: int, headers: Mapping[str, str]) -> None:
        """Note the server's clock; raise unless the answer is one."""
        stated = _moment(headers.get("date"))
        if stated is not None:
            self._ahead = stated - datetime.now(UTC).replace(tzinfo=None)
        if status == 200:
            return
        if status in _PASSES:
            after = self._asked_for(headers.get("retry-after"))
            if after is not None and after > self._patience.longest_asked:
                raise NotRead(f"The API asks to wait {after / 60:.0f} min. Sync again after that; earlier data stays.")
            raise _Passing("asks us to slow down" if status == 429 else f"is busy or has a fault (status {status})", after)
        if status == 410:
            raise Expired("The API lost its place in a report twice. Sync again later.")
        if status == 401:
            raise NotRead("The API refused the Admin key. Make a new one in the Console, and sync again.")
        if status in (403, 404):
            raise NotOffered("This key can't read this report. Use an Admin key of the organization.")
        if 300 <= status < 400:
            raise NotRead(
                "The API answered with a redirect, which we don't follow. Check the address in USAGE_ANALYTICS_API_URL."
            )
        raise NotRead(f"The API refused the request (status {status}). Update usage-analytics, or report this if it stays.")

    def _asked_for(self, text: str | None) -> float | None:
        """The seconds that a Retry-After asks to wait: as a number, or until a time by the server's clock."""
        if text is None:
            return None
        try:
            return max(0.0, float(text))
        except ValueError:
            until = _moment(text)
        return None if until is None else max(0.0, (until - self.now).total_seconds())


def api_address() -> str:
    """The API's address. Raises BadRequest for one that is neither https nor of this machine."""
    return _checked(os.environ.get(VARIABLE, "").strip() or HOST)


def _checked(address: str) -> str:
    parts = urlsplit(address)
    plain = parts.scheme == "http" and parts.hostname in _LOOPBACK
    if not (parts.scheme == "https" or plain) or not parts.hostname or parts.username or parts.password or parts.query:
        raise BadRequest(f"{VARIABLE} has to start with https:// and have no user, password or query.")
    return address.rstrip("/")


def _moment(text: str | None) -> datetime | None:
    try:
        found = parsedate_to_datetime(text) if text else None
    except ValueError:
        return None
    return found.astimezone(UTC).replace(tzinfo=None) if found is not None else None


def _wait(error: Exception) -> bool | float:
    """Whether to try again, and after how long if the server said so."""
    if not isinstance(error, _Passing):
        return False
    return True if error.after is None else error.after
