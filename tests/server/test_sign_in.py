"""What a provider, or whoever stands between, may say wrong: it lets nobody in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc.jwk import RSAKey

from tests.server.tab import cookies, opened
from tests.server.team import OWNER, VIEWER, Team, team

USER = "_streamlit_user"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Team]:
    with team(tmp_path_factory.mktemp("sign-in")) as found:
        yield found


def to_the_provider(served: Team, http: httpx.Client) -> str:
    """Press “Sign in”; where the provider is asked, as the browser would."""
    with opened(served.url, http) as tab:
        redirect = tab.run(click=tab.run().buttons["Sign in"]).redirect
    assert redirect is not None
    return str(http.get(f"{served.url}{urlsplit(redirect).path}?{urlsplit(redirect).query}").headers["location"])


def came_in(served: Team, http: httpx.Client, back: str) -> bool:
    """Follow the way back from the provider, and see whether anybody is signed in."""
    http.get(back)
    with opened(served.url, http) as tab:
        return "Sign in to see the usage" not in tab.run().text


@pytest.mark.parametrize(
    "lies",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "another-client"},
        {"aud": ["another-client"]},
        {"iss": "https://evil.example"},
        {"exp": 1_600_000_000},
        {"email_verified": False},
        {"email_verified": 1},
        {"email": f"{OWNER}@evil.example"},
        {"email": [OWNER]},
    ],
    ids=str,
)
def test_a_token_that_is_not_for_us_gives_no_access(served: Team, lies: dict[str, Any]) -> None:
    served.provider.lies = lies
    try:
        with httpx.Client(timeout=30) as http:
            chosen = http.get(f"{to_the_provider(served, http)}&person={OWNER}")
            http.get(chosen.headers["location"])
            with opened(served.url, http) as tab:
                assert tab.run().pages == []
    finally:
        served.provider.lies = {}


def test_a_token_signed_by_another_key_gives_no_access(served: Team) -> None:
    served.provider.signs_with = RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})
    try:
        with httpx.Client(timeout=30) as http:
            chosen = http.get(f"{to_the_provider(served, http)}&person={OWNER}")
            assert not came_in(served, http, chosen.headers["location"])
    finally:
        served.provider.signs_with = None


def test_a_sign_in_that_another_browser_began_gives_no_access(served: Team) -> None:
    """Somebody sends the address with their own code, so that whoever opens it works in their name."""
    with httpx.Client(timeout=30) as attacker, httpx.Client(timeout=30) as victim:
        chosen = attacker.get(f"{to_the_provider(served, attacker)}&person={VIEWER}")
        assert not came_in(served, victim, chosen.headers["location"])
        assert came_in(served, attacker, chosen.headers["location"])
        assert not came_in(served, victim, chosen.headers["location"]), "a code counts once"


def test_a_cookie_from_before_the_sign_in_is_worth_nothing_after_it(served: Team) -> None:
    with served.somebody(VIEWER) as viewer:
        planted = cookies(viewer.cookies.jar)
    with httpx.Client(timeout=30, cookies=planted) as http:
        with opened(served.url, http) as tab:
            assert "Overview" in tab.run().pages
        before = planted[USER]
        http.cookies.clear()
        http.cookies.set(USER, "planted", domain="localhost.local", path="/")
        chosen = http.get(f"{to_the_provider(served, http)}&person={OWNER}")
        assert came_in(served, http, chosen.headers["location"])
        given = [cookie.value for cookie in http.cookies.jar if cookie.name == USER and cookie.value != "planted"]
        assert given
        assert before not in given


def test_the_provider_is_asked_with_a_state_a_nonce_and_a_challenge_each_time_another(served: Team) -> None:
    seen = []
    for _ in range(2):
        with httpx.Client(timeout=30) as http:
            seen.append(parse_qs(urlsplit(to_the_provider(served, http)).query))
    for name in ("state", "nonce", "code_challenge"):
        assert seen[0][name] != seen[1][name]
    assert seen[0]["redirect_uri"] == [f"{served.url}/oauth2callback"]


def test_the_cookie_of_a_person_can_be_read_by_no_script_and_is_sent_by_no_other_site(served: Team) -> None:
    with httpx.Client(timeout=30) as http:
        chosen = http.get(f"{to_the_provider(served, http)}&person={OWNER}")
        set_cookies = http.get(chosen.headers["location"]).headers.get_list("set-cookie")
    (own,) = [one.lower() for one in set_cookies if one.startswith(f"{USER}=")]
    assert "httponly" in own
    assert "samesite=lax" in own or "samesite=strict" in own
