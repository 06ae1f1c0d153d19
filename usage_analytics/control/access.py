"""Who may come in, where people sign in: `access.toml` beside the database, or where USAGE_ANALYTICS_ACCESS says.

    owners  = ["robin@example.com"]
    viewers = ["kim@example.com", "@example.com"]       # a whole domain begins with @

We read it on every request, so that removing someone works at their next click. Anyone in neither list has no access.
"""

from __future__ import annotations

import ipaddress
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final, Literal, NoReturn
from urllib.parse import urlsplit

from usage_analytics.control import Control
from usage_analytics.errors import BadRequest, NotAllowed
from usage_analytics.store.location import default_database

Role = Literal["owner", "viewer"]

VARIABLE: Final = "USAGE_ANALYTICS_ACCESS"
WITHOUT_SIGN_IN: Final = "USAGE_ANALYTICS_WITHOUT_SIGN_IN"  # “yes” if --without-sign-in was given
SIGNED_IN_FOR: Final = timedelta(days=7)
ONLY_OWNERS: Final = "Only an owner can do this. Ask one of them."


@dataclass(frozen=True, slots=True)
class People:
    """Email addresses, and domains that begin with @, in small letters."""

    owners: frozenset[str]
    viewers: frozenset[str]


@dataclass(frozen=True, slots=True)
class Entry:
    """Whether a visitor has access, and in which role; if not, `reason` says what to do. `email` is their verified address."""

    role: Role | None
    reason: str = ""
    email: str | None = None


class Looking(Control):
    """Decisions for someone who may not change them."""

    def deciding(self) -> NoReturn:
        """Raises NotAllowed."""
        raise NotAllowed(ONLY_OWNERS)


def people() -> People:
    """Return who has access; no one if there is no list. Raise BadRequest if the list cannot be read."""
    path = Path(named).expanduser() if (named := os.environ.get(VARIABLE)) else default_database().with_name("access.toml")
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return People(frozenset(), frozenset())
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise BadRequest(f"The list of people in {path.name} can't be read ({problem}). Correct it.") from None
    strange = sorted(set(told) - {"owners", "viewers"})
    if strange:
        raise BadRequest(f"{path.name} says “{strange[0]}”, which we don't know. Use owners and viewers.")
    return People(_names(told, "owners"), _names(told, "viewers"))


def judged(claims: Mapping[str, Any]) -> Entry:
    """Whether the person of these claims may come in now. Raises BadRequest when the list of people cannot be read."""
    return entry(claims, people(), datetime.now(UTC).replace(tzinfo=None))


def entry(claims: Mapping[str, Any], let_in: People, now: datetime) -> Entry:
    """Whether the person of these claims (of an OpenID Connect identity token, its signature checked) may come in. `now`: naive UTC."""
    if not claims.get("is_logged_in"):
        return Entry(None)
    email = claims.get("email")
    if not isinstance(email, str) or email.count("@") != 1:
        return Entry(None, "Your sign-in provider sent no email address. Allow the scope “email” there.")
    email = email.strip().lower()
    if str(claims.get("email_verified")).lower() != "true":
        return Entry(None, f"Your sign-in provider hasn't verified {email}. Verify it there, then sign in again.")
    # Whether the sign-in is recent; the claim is in seconds since 1970
    issued_at = claims.get("iat")
    if not isinstance(issued_at, int | float):
        fresh = False
    else:
        age = (now - datetime(1970, 1, 1)).total_seconds() - issued_at
        fresh = -300 <= age < SIGNED_IN_FOR.total_seconds()
    if not fresh:
        return Entry(None, f"You signed in more than {SIGNED_IN_FOR.days} days ago. Sign in again.")
    names = {email, f"@{email.partition('@')[2]}"}
    if names & let_in.owners:
        return Entry("owner", email=email)
    if names & let_in.viewers:
        return Entry("viewer", email=email)
    return Entry(None, f"{email} isn't on the list of people with access. Ask an owner to add it.")


def said_without_sign_in() -> bool:
    """Whether this server was started to run without sign-in although other machines reach it."""
    return os.environ.get(WITHOUT_SIGN_IN) == "yes"


def is_this_machine(address: str | None) -> bool:
    """Whether an address or host name (or none) means this machine only."""
    if address is None or address == "localhost":
        return True
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return (mapped or found).is_loopback


def has_sign_in(files: list[str]) -> bool:
    """Whether one of these files of secrets sets sign-in up. Raises BadRequest for one that cannot be read: it may be the one."""
    return any("auth" in _secrets(Path(file)) for file in files)


def comes_back_to(files: list[str]) -> str | None:
    """The host name at which people arrive when they have signed in; None where it is not said."""
    told = [section for file in files if isinstance(section := _secrets(Path(file)).get("auth"), dict)]
    return urlsplit(str(told[-1].get("redirect_uri", ""))).hostname if told else None


def _secrets(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, IsADirectoryError):
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        raise BadRequest(f"{path.name}, the sign-in setup, can't be read. Correct it or remove it.") from None


def _names(told: Mapping[str, Any], list_name: str) -> frozenset[str]:
    names = told.get(list_name, [])
    if not isinstance(names, list) or not all(isinstance(name, str) and name.count("@") == 1 for name in names):
        raise BadRequest(f"In the list of people, {list_name} isn't a list of addresses and @domains. Correct it.")
    return frozenset(name.strip().lower() for name in names)
