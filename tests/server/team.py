"""A dashboard whose people sign in, as a process of its own, and people who do."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import httpx

from tests.oidc_provider import CLIENT_ID, Provider, provider
from tests.server.tab import cookies, opened
from tests.shots import wait_for

OWNER: Final = "robin@example.com"
VIEWER: Final = "kim@partner.example"
STRANGER: Final = "alex@elsewhere.example"
UNVERIFIED: Final = "sam@partner.example"
PEOPLE: Final[dict[str, dict[str, Any]]] = {
    OWNER: {"email_verified": True, "name": "Robin"},
    VIEWER: {"email_verified": True, "name": "Kim"},
    STRANGER: {"email_verified": True, "name": "Alex"},
    UNVERIFIED: {"email_verified": False, "name": "Sam"},
}


@dataclass
class Team:
    """The dashboard's address, its folder, and who signs its people in."""

    url: str
    folder: Path
    provider: Provider
    signed_in: dict[str, dict[str, str]] = field(default_factory=dict)  # cookies by person

    def let_in(self, owners: list[str], viewers: list[str]) -> None:
        """Write the list of people."""
        (self.folder / "access.toml").write_text(f"owners = {owners!r}\nviewers = {viewers!r}\n")

    @contextmanager
    def somebody(self, person: str | None = None) -> Iterator[httpx.Client]:
        """A browser's cookies: of nobody, or of a person who has signed in, once for all tests."""
        if person is not None and person not in self.signed_in:
            with httpx.Client(timeout=30) as http:
                self._sign_in(http, person)
                self.signed_in[person] = cookies(http.cookies.jar)
        with httpx.Client(timeout=30, cookies=self.signed_in.get(person or "")) as http:
            yield http

    def _sign_in(self, http: httpx.Client, person: str) -> None:
        with opened(self.url, http) as tab:
            redirect = tab.run(click=tab.run().buttons["Sign in"]).redirect
        assert redirect is not None
        asked = http.get(f"{self.url}{urlsplit(redirect).path}?{urlsplit(redirect).query}")
        assert asked.status_code == 302, asked.text
        chosen = http.get(f"{asked.headers['location']}&person={person}")
        back = http.get(chosen.headers["location"])
        assert back.status_code == 302, back.text
        assert any(cookie.name == "_streamlit_user" for cookie in http.cookies.jar)


@contextmanager
def team(folder: Path, database: Path | None = None) -> Iterator[Team]:
    """The dashboard on a copy of a database, or on none, with its people's provider."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://localhost:{port}"
    if database is not None:
        shutil.copy(database, folder / "usage.duckdb")
    with provider(f"{url}/oauth2callback", PEOPLE) as signs_in:
        (folder / ".streamlit").mkdir()
        (folder / ".streamlit" / "secrets.toml").write_text(
            f'[auth]\nredirect_uri = "{url}/oauth2callback"\ncookie_secret = "a secret of this test alone, long enough"\n'
            f'client_id = "{CLIENT_ID}"\nclient_secret = "{signs_in.client_secret}"\n'
            f'server_metadata_url = "{signs_in.issuer}/.well-known/openid-configuration"\n'
        )
        found = Team(url, folder, signs_in)
        found.let_in([OWNER], ["@partner.example"])
        given = {"USAGE_ANALYTICS_DB": str(folder / "usage.duckdb"), "HOME": str(folder)}
        command = [sys.executable, "-m", "usage_analytics", "run", "--port", str(port)]
        with (folder / "log").open("w") as log:
            server = subprocess.Popen(command, cwd=folder, env=os.environ | given, stdout=log, stderr=log)
        try:
            wait_for(f"{url}/healthz")
            yield found
        finally:
            server.terminate()
            server.wait(20)
