"""The share campaign: links that are guessed, leaked, ended, tried out and forged."""

from __future__ import annotations

import asyncio
import statistics
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from httpx import Response

from tests.server.asked import client
from usage_analytics.control import Control, shares
from usage_analytics.server.shares import sweeping
from usage_analytics.store.location import VARIABLE

REPORT = "<!doctype html><html><body class='report'><h1>Where the money went</h1></body></html>"
PASSCODE = "open sesame 42"


@pytest.fixture
def control(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Control:
    monkeypatch.setenv(VARIABLE, str(tmp_path / "usage.duckdb"))
    return Control.beside(tmp_path / "usage.duckdb")


def now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


def shared(control: Control, **given: Any) -> str:
    told = {"title": "October", "html": REPORT, "json": '{"spend":"12"}', "redaction": "names", "now": now()} | given
    return shares.create(control, **told)


def same(answer: Response) -> tuple[int, str, list[tuple[str, str]]]:
    """All that an answer shows of itself."""
    return answer.status_code, answer.text, sorted(answer.headers.items())


def test_a_link_opens_the_frozen_report_and_says_until_when(control: Control) -> None:
    answer = client().get(f"/r/{shared(control)}")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "<h1>Where the money went</h1>" in answer.text
    ends = now() + timedelta(days=14)
    assert f"The link expires on {ends:%b} {ends.day}, {ends.year}." in answer.text


def test_the_same_link_gives_the_report_to_programs(control: Control) -> None:
    answer = client().get(f"/r/{shared(control)}.json")
    assert answer.json() == {"spend": "12"}
    assert answer.headers["content-type"] == "application/json"


def test_a_report_is_kept_nowhere_told_nowhere_listed_nowhere_and_runs_nothing(control: Control) -> None:
    for path in (f"/r/{shared(control)}", f"/r/{shared(control, passcode=PASSCODE)}", "/r/unknown"):
        headers = client().get(path).headers
        policy = dict(part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";"))
        assert policy["default-src"] == "'none'"
        assert not {"script-src", "connect-src", "frame-src", "object-src"} & set(policy)
        assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
        assert headers["cache-control"] == "no-store"
        assert headers["referrer-policy"] == "no-referrer"
        assert "noindex" in headers["x-robots-tag"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cross-origin-resource-policy"] == "same-origin"
        assert headers["cross-origin-opener-policy"] == "same-origin"
        assert "set-cookie" not in headers


def ended(control: Control) -> dict[str, str]:
    """Tokens of links that do not open, by why."""
    tokens = {
        "unknown": "A" * 43,
        "revoked": shared(control),
        "paused": shared(control, passcode=PASSCODE),
        "expired": shared(control, now=now() - timedelta(days=20)),
    }
    by_token = {why: shares.find(control, token, now() - timedelta(days=19)) for why, token in tokens.items()}
    assert by_token["revoked"] is not None
    assert by_token["paused"] is not None
    shares.revoke(control, by_token["revoked"].share_id, now())
    shares.pause(control, by_token["paused"].share_id)
    return tokens


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
@pytest.mark.parametrize("suffix", ["", ".json"])
def test_unknown_revoked_expired_and_paused_look_the_same(control: Control, method: str, suffix: str) -> None:
    answers = {
        why: same(client().request(method, f"/r/{token}{suffix}", data={"passcode": PASSCODE} if method == "POST" else None))
        for why, token in ended(control).items()
    }
    assert answers["unknown"][0] == 404
    for why in ("revoked", "expired", "paused"):
        assert answers[why] == answers["unknown"], why


def test_unknown_revoked_expired_and_paused_take_as_long(control: Control) -> None:
    asker, tokens = client(), ended(control)
    took: dict[str, list[float]] = {why: [] for why in tokens}
    for _ in range(40):
        for why, token in tokens.items():
            start = time.perf_counter()
            asker.get(f"/r/{token}")
            took[why].append(time.perf_counter() - start)
    # The quickest tenth: what else the machine does only makes a request slower.
    quickest = {why: statistics.mean(sorted(times)[:4]) for why, times in took.items()}
    assert max(quickest.values()) - min(quickest.values()) < 0.002


@pytest.mark.parametrize(
    "token",
    [":token", "", "*", "%25", "{token}", "..", "../healthz", "%2e%2e%2fcontrol.sqlite", "a/b", "A" * 4000, "%00", "' or 1=1 --"],
)
def test_a_word_that_is_no_token_opens_nothing(control: Control, token: str) -> None:
    shared(control)
    answer = client().get(f"/r/{token}")
    if answer.url.path.startswith("/r/"):
        assert answer.status_code == 404
        assert "No report here" in answer.text
    assert "Where the money went" not in answer.text


def test_an_address_that_is_too_long_is_refused(control: Control) -> None:
    assert client().get(f"/r/{'A' * 9000}").status_code == 414


def test_views_count_people_and_not_those_who_only_look_whether_it_is_there(control: Control) -> None:
    token = shared(control)
    assert client().head(f"/r/{token}").status_code == 200
    assert client().get("/r/" + "A" * 43).status_code == 404
    assert shares.shares(control)[0].views == 0
    client().get(f"/r/{token}")
    client().get(f"/r/{token}")
    seen = shares.shares(control)[0]
    assert seen.views == 2
    assert seen.last_view_at is not None


def test_no_address_is_kept(control: Control, tmp_path: Path) -> None:
    token = shared(control, passcode=PASSCODE)
    client("192.0.2.77").post(f"/r/{token}", data={"passcode": "wrong passcode"})
    kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"192.0.2.77" not in kept
    assert control.rows("select count(*) as tries from share_try")[0]["tries"] == 1


def test_a_passcode_opens_the_report_and_without_it_nothing_is_seen(control: Control) -> None:
    token = shared(control, passcode=PASSCODE)
    asked = client().get(f"/r/{token}")
    assert asked.status_code == 200
    assert '<form method="post">' in asked.text
    assert "form-action 'self'" in asked.headers["content-security-policy"]
    assert "Where the money went" not in asked.text
    assert client().get(f"/r/{token}.json").text == asked.text
    wrong = client().post(f"/r/{token}", data={"passcode": "open sesame 43"})
    assert wrong.status_code == 403
    assert "Wrong passcode." in wrong.text
    assert "Where the money went" not in wrong.text
    right = client().post(f"/r/{token}", data={"passcode": PASSCODE})
    assert right.status_code == 200
    assert "Where the money went" in right.text
    assert client().post(f"/r/{token}.json", data={"passcode": PASSCODE}).json() == {"spend": "12"}


def test_a_passcode_can_be_tried_five_times(control: Control) -> None:
    token = shared(control, passcode=PASSCODE)
    tried = [client().post(f"/r/{token}", data={"passcode": f"guess {n}"}).status_code for n in range(6)]
    assert tried == [403] * 5 + [429]
    limited = client().post(f"/r/{token}", data={"passcode": PASSCODE})
    assert limited.status_code == 429
    assert limited.headers["retry-after"] == "900"
    assert client("192.0.2.8").post(f"/r/{token}", data={"passcode": PASSCODE}).status_code == 200


@pytest.mark.parametrize(
    "form", [b"", b"passcode", b"other=x", b"passcode=" + b"x" * 5000, b"\xff\xfe", b"&".join([b"a=1"] * 99)]
)
def test_a_form_that_is_none_is_a_wrong_passcode(control: Control, form: bytes) -> None:
    token = shared(control, passcode=PASSCODE)
    assert client().post(f"/r/{token}", content=form).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "http://localhost:9999"},
        {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
    ],
)
def test_a_form_on_another_site_is_refused_and_costs_no_try(control: Control, headers: dict[str, str]) -> None:
    token = shared(control, passcode=PASSCODE)
    answer = client().post(f"/r/{token}", data={"passcode": PASSCODE}, headers=headers)
    assert answer.status_code == 403
    assert "Where the money went" not in answer.text
    assert control.rows("select count(*) as tries from share_try")[0]["tries"] == 0


@pytest.mark.parametrize("headers", [{"Origin": "null", "Sec-Fetch-Site": "same-origin"}, {"Origin": "http://localhost:8501"}])
def test_the_form_of_the_page_itself_is_taken(control: Control, headers: dict[str, str]) -> None:
    token = shared(control, passcode=PASSCODE)
    assert client().post(f"/r/{token}", data={"passcode": PASSCODE}, headers=headers).status_code == 200


def test_a_form_that_is_too_large_is_refused(control: Control) -> None:
    token = shared(control, passcode=PASSCODE)
    assert client().post(f"/r/{token}", content=b"x" * 100_000).status_code == 413


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_a_link_only_shows(control: Control, method: str) -> None:
    assert client().request(method, f"/r/{shared(control)}").status_code == 405
    assert shares.shares(control)[0].state(now()) == "open"


def test_the_sample_data_is_shared_beside_ones_own(control: Control, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sample = tmp_path / "demo" / "usage.duckdb"
    monkeypatch.setenv("USAGE_ANALYTICS_SAMPLE_DB", str(sample))
    own, of_sample = shared(control), shared(Control.beside(sample), html=REPORT.replace("money", "sample"))
    assert "Where the money went" in client().get(f"/r/{own}").text
    assert "Where the sample went" in client().get(f"/r/{of_sample}").text


def test_a_server_that_starts_deletes_what_has_expired_meanwhile(control: Control, tmp_path: Path) -> None:
    shared(control, now=now() - timedelta(days=20), html=REPORT * 20)

    async def start() -> None:
        async with sweeping():
            for _ in range(100):
                if b"Where the money went" not in control.path.read_bytes():
                    return
                await asyncio.sleep(0.05)

    asyncio.run(start())
    assert b"Where the money went" not in control.path.read_bytes()


def test_links_are_tried_120_times_a_minute_at_most(control: Control) -> None:
    asker = client(often=False)
    assert {asker.get("/r/guess").status_code for _ in range(120)} == {404}
    refused = asker.get(f"/r/{shared(control)}")
    assert refused.status_code == 429
    assert refused.headers["retry-after"] == "60"
    assert asker.get("/healthz").status_code == 200
