"""People who sign in: what each of them is shown, and what each of them can do, whatever their browser sends."""

from __future__ import annotations

import http.client
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx
import pytest
from websockets.exceptions import InvalidStatus

from tests.server.tab import cookies, opened
from tests.server.team import OWNER, STRANGER, UNVERIFIED, VIEWER, Team, team

PNG = b"\x89PNG"
UPLOAD = "/_stcore/upload_file/session/file"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Team]:
    with team(tmp_path_factory.mktemp("team")) as found:
        yield found


def test_whoever_has_not_signed_in_sees_how_to_and_nothing_else(served: Team) -> None:
    with served.somebody() as nobody, opened(served.url, nobody) as tab:
        for page in ("", "models", "imports", "settings"):
            seen = tab.run(page)
            assert "Sign in to see the usage" in seen.text
            assert list(seen.buttons) == ["Sign in"]
            assert seen.pages == []


def test_an_owner_has_all_pages_and_a_viewer_those_that_only_show(served: Team) -> None:
    with served.somebody(OWNER) as owner, opened(served.url, owner) as tab:
        seen = tab.run()
        assert {"Overview", "Models", "Imports"} <= set(seen.pages)
        assert f"{OWNER}, owner" in seen.text
        own_pages = {page.page_name: page.page_script_hash for m in seen.messages for page in m.navigation.app_pages}
        assert "Read what I pasted" in seen.buttons
    with served.somebody(VIEWER) as viewer, opened(served.url, viewer) as tab:
        seen = tab.run()
        assert {"Overview", "Models"} <= set(seen.pages)
        assert not {"Imports", "Settings"} & set(seen.pages)
        assert f"{VIEWER}, viewer" in seen.text
        assert "An owner of this dashboard can import some" in seen.text
        for asked in (tab.run("imports"), tab.run(page_hash=own_pages["Imports"])):
            assert "Drag exports and transcripts here" not in asked.text
            assert "file_uploader" not in asked.text
        assert tab.run("imports").page_was_not_found


def test_a_viewer_who_presses_an_owners_button_presses_nothing(served: Team) -> None:
    with served.somebody(OWNER) as owner, opened(served.url, owner) as tab:
        button = tab.run().buttons["Read what I pasted"]
    with served.somebody(VIEWER) as viewer, opened(served.url, viewer) as tab:
        tab.run()
        assert "An owner of this dashboard can import some" in tab.run(click=button).text


@pytest.mark.parametrize(("person", "reason"), [(STRANGER, "isn't on the list of people"), (UNVERIFIED, "verified")])
def test_a_person_without_access_learns_why(served: Team, person: str, reason: str) -> None:
    with served.somebody(person) as stranger, opened(served.url, stranger) as tab:
        seen = tab.run()
        assert reason in seen.text
        assert seen.pages == []


def test_whoever_is_struck_off_the_list_is_out_at_the_next_click(served: Team) -> None:
    with served.somebody(VIEWER) as viewer, opened(served.url, viewer) as tab:
        assert "Overview" in tab.run().pages
        served.let_in([OWNER], [])
        try:
            assert tab.run().pages == []
            assert viewer.get(f"{served.url}/media/x").status_code == 403
        finally:
            served.let_in([OWNER], ["@partner.example"])


def test_downloads_uploads_and_measures_are_closed_and_health_and_links_are_open(served: Team) -> None:
    closed = ("/media/0123456789abcdef.csv", "/_stcore/metrics")
    with served.somebody() as nobody, served.somebody(VIEWER) as viewer, served.somebody(OWNER) as owner:
        assert [nobody.get(served.url + path).status_code for path in closed] == [403, 403]
        assert [viewer.get(served.url + path).status_code for path in closed] == [404, 200]
        assert [one.put(served.url + UPLOAD, content=b"x").status_code for one in (nobody, viewer, owner)] == [403] * 3
        assert "You don't have access." in viewer.put(served.url + UPLOAD, content=b"x").text
        assert "You don't have access." not in owner.put(served.url + UPLOAD, content=b"x").text  # refused for want of a token
        assert nobody.get(f"{served.url}/healthz").json() == {"status": "ok"}
        assert "No report here" in nobody.get(f"{served.url}/r/{'A' * 43}").text


def test_no_spelling_of_a_downloads_address_is_a_way_around_the_sign_in(served: Team) -> None:
    with served.somebody(OWNER) as owner, opened(served.url, owner) as tab:
        found = re.search(r"/media/[0-9a-f]+\.png", tab.run().text)
        assert found is not None
        file = found.group()
        assert owner.get(served.url + file).content.startswith(PNG)
    spellings = (file, f"/{file}", f"/.{file}", f"/static/..{file}", f"/r/..{file}", f"/r/%2e%2e{file}", f"/healthz/..{file}",
                 file.replace("/media/", "/media%2f"), file.replace("/media", "/%6dedia"), f"{file}?x", f"{served.url}{file}")  # fmt: skip
    for spelling in spellings:
        asked = http.client.HTTPConnection(str(urlsplit(served.url).netloc), timeout=20)
        asked.putrequest("GET", spelling)
        asked.endheaders()
        assert not asked.getresponse().read().startswith(PNG), spelling
        asked.close()


def test_an_upload_that_is_too_large_is_refused_before_it_is_read(served: Team) -> None:
    with served.somebody(OWNER) as owner:
        kept = "; ".join(f"{name}={value}" for name, value in cookies(owner.cookies.jar).items())
    for path, size in ((UPLOAD, 300 * 1024 * 1024), ("/healthz", 100_000), ("/auth/login", 100_000)):
        asked = http.client.HTTPConnection(str(urlsplit(served.url).netloc), timeout=20)
        asked.putrequest("PUT", path)
        asked.putheader("Cookie", kept)
        asked.putheader("Content-Length", str(size))
        asked.endheaders()
        assert asked.getresponse().status == 413, path
        asked.close()


def test_a_cookie_of_ones_own_making_opens_nothing(served: Team) -> None:
    from streamlit.web.server.starlette.starlette_app_utils import create_signed_value

    with served.somebody(OWNER) as owner:
        signed = cookies(owner.cookies.jar)["_streamlit_user"]
    claims = f'{{"email": "{OWNER}", "email_verified": true, "is_logged_in": true, "iat": 9999999999}}'
    forged = create_signed_value("another secret", "_streamlit_user", claims).decode()
    for cookie in (forged, signed[:-2], signed.partition(".")[0], "x" * 5000):
        with httpx.Client(cookies={"_streamlit_user": cookie}) as forger:
            assert forger.get(f"{served.url}/media/x").status_code == 403
            with opened(served.url, forger) as tab:
                assert "Sign in to see the usage" in tab.run().text


def test_a_session_of_an_owner_is_nothing_to_another_site(served: Team) -> None:
    """A page elsewhere opens the websocket with the owner's cookies: the browser says where it is from."""
    with served.somebody(OWNER) as owner:
        for origin in ("https://evil.example", "http://localhost:1", "null"):
            with pytest.raises(InvalidStatus) as refused, opened(served.url, owner, origin):
                pass
            assert refused.value.response.status_code == 403


ROUTES = ("/", "/healthz", "/r/x", "/media/x", "/_stcore/health", "/_stcore/host-config", "/auth/login", "/oauth2callback",
          "/app/static/favicon.png", "/static/x", "/imports")  # fmt: skip


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "", "localhost@evil.example"])
def test_a_name_that_was_pointed_at_this_machine_is_refused_on_every_route(served: Team, host: str) -> None:
    for path in ROUTES:
        asked = http.client.HTTPConnection(str(urlsplit(served.url).netloc), timeout=20)
        asked.putrequest("GET", path, skip_host=True)
        asked.putheader("Host", host)
        asked.endheaders()
        assert asked.getresponse().status in (400, 403), path
        asked.close()


def test_a_name_that_was_pointed_at_this_machine_opens_no_websocket(served: Team) -> None:
    port = urlsplit(served.url).port
    asked = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    asked.putrequest("GET", "/_stcore/stream", skip_host=True)
    for name, value in {
        "Host": f"evil.example:{port}",
        "Origin": f"http://evil.example:{port}",
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    }.items():
        asked.putheader(name, value)
    asked.endheaders()
    assert asked.getresponse().status in (400, 403)
    asked.close()
