"""Telemetry over real HTTP: what is received is kept at once, without anybody's words, and imported like any file."""

from __future__ import annotations

import gzip
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from google.protobuf.json_format import ParseDict
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest

from tests import databases
from tests.server.asked import client
from tests.shots import wait_for
from tests.transcripts import SPARED
from usage_analytics.control import Control
from usage_analytics.control.telemetry import forget_token, new_token
from usage_analytics.errors import UsageError
from usage_analytics.importers.claude_code_otel.reduced import reduced
from usage_analytics.ingest import import_paths
from usage_analytics.server import telemetry
from usage_analytics.server.limits import LARGEST_TELEMETRY
from usage_analytics.server.spool import Full, Spool
from usage_analytics.store import Store

FIXTURES = Path(__file__).parents[1] / "fixtures" / "claude_code_otel"
LOGS = [json.loads(line) for line in (FIXTURES / "logs.jsonl").read_text(encoding="utf-8").splitlines()]
METRICS = [json.loads(line) for line in (FIXTURES / "metrics.jsonl").read_text(encoding="utf-8").splitlines()]
CALLS = ["req_1", "req_2", "req_3", "req_4", "s-2:7"]
JSON, PROTOBUF = {"content-type": "application/json"}, {"content-type": "application/x-protobuf"}


@dataclass
class Served:
    """A dashboard in a process of its own, on a database that it alone has."""

    url: str
    database: Path
    process: subprocess.Popen[bytes]

    def post(self, body: bytes | str, path: str = "/v1/logs", **headers: str) -> httpx.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return httpx.post(f"{self.url}{path}", content=body, headers=JSON | named, timeout=20)

    def waiting(self) -> list[Path]:
        return sorted(self.database.with_name("telemetry").glob("*"))


@contextmanager
def served(folder: Path) -> Iterator[Served]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    given = {"USAGE_ANALYTICS_DB": str(folder / "usage.duckdb"), "HOME": str(folder)}
    command = [sys.executable, "-m", "usage_analytics", "run", "--port", str(port)]
    with (folder / "log").open("a") as log:
        process = subprocess.Popen(command, cwd=folder, env=os.environ | given, stdout=log, stderr=log)
    try:
        wait_for(f"http://localhost:{port}/healthz")
        yield Served(f"http://localhost:{port}", folder / "usage.duckdb", process)
    finally:
        process.terminate()
        process.wait(30)


def calls(database: Path) -> list[str]:
    store = Store(database)
    found = [row["event_id"] for row in databases.rows(store, "select event_id from call where grain = 'call' order by event_id")]
    store.close()
    return found


@pytest.fixture
def own_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The database of a server without a process: what was received lies beside it."""
    monkeypatch.setenv("USAGE_ANALYTICS_DB", str(tmp_path / "usage.duckdb"))
    yield tmp_path / "usage.duckdb"
    telemetry._receivers.clear()


def spooled(database: Path) -> str:
    return "".join(path.read_text(encoding="utf-8") for path in sorted(database.with_name("telemetry").glob("*")))


@pytest.mark.slow
def test_what_a_server_received_is_imported_while_it_runs_after_a_crash_and_when_it_stops(tmp_path: Path) -> None:
    as_protobuf = ParseDict(LOGS[1], ExportLogsServiceRequest()).SerializeToString()
    with served(tmp_path) as here:
        assert here.post(json.dumps(LOGS[0])).json() == {"partialSuccess": {}}
        answer = here.post(gzip.compress(as_protobuf), content_encoding="gzip", content_type="application/x-protobuf")
        assert (answer.status_code, answer.content, answer.headers["content-type"]) == (200, b"", "application/x-protobuf")
        until = time.monotonic() + 60
        while here.waiting():
            assert time.monotonic() < until, "nothing was imported"
            time.sleep(0.2)
        assert here.post(json.dumps(LOGS[2])).status_code == 200
        here.process.send_signal(signal.SIGKILL)
        here.process.wait(20)
        (left,) = here.waiting()
        assert SPARED not in left.read_text(encoding="utf-8")
    with served(tmp_path) as here:
        assert here.post(json.dumps(LOGS[3])).status_code == 200
        assert here.post(json.dumps(LOGS[4])).status_code == 200
    assert not here.waiting()
    assert calls(here.database) == CALLS


def test_only_this_machine_is_heard_without_the_token(own_database: Path) -> None:
    document = {"content": json.dumps(LOGS[0]), "headers": JSON}
    assert client().post("/v1/logs", **document).status_code == 200
    elsewhere = client("203.0.113.9")
    refused = elsewhere.post("/v1/logs", **document)
    assert (refused.status_code, "Settings" in refused.json()["message"]) == (401, True)
    proxied = client().post("/v1/logs", content=document["content"], headers=JSON | {"x-forwarded-for": "203.0.113.9"})
    assert proxied.status_code == 401

    control = Control.beside(own_database)
    made = new_token(control)
    for shown, status in ((f"Bearer {made}", 200), (f"bearer {made}", 200), ("Bearer wrong", 401), (made, 401), ("", 401)):
        headers = JSON | {"authorization": shown}
        assert elsewhere.post("/v1/logs", content=document["content"], headers=headers).status_code == status
    forget_token(control)
    assert (
        elsewhere.post("/v1/logs", content=document["content"], headers=JSON | {"authorization": f"Bearer {made}"}).status_code
        == 401
    )


@pytest.mark.parametrize("headers", [{"origin": "http://localhost:8501"}, {"sec-fetch-site": "cross-site"}])
def test_a_web_page_is_never_heard(headers: dict[str, str], own_database: Path) -> None:
    assert client().post("/v1/logs", content=json.dumps(LOGS[0]), headers=JSON | headers).status_code == 403
    assert not own_database.with_name("telemetry").exists()


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"{", JSON, 400),
        (b"[]", JSON, 400),
        (b'{"resourceLogs": 7}', JSON, 400),
        (b"\xff\xff\xff", PROTOBUF, 400),
        (b"not packed", JSON | {"content-encoding": "gzip"}, 400),
        (gzip.compress(b"{}" * 99)[:-9], JSON | {"content-encoding": "gzip"}, 400),
        (gzip.compress(b" " * (33 << 20)), JSON | {"content-encoding": "gzip"}, 413),
        (b" " * (LARGEST_TELEMETRY + 1), JSON, 413),
        (b"{}", {"content-type": "text/plain"}, 415),
        (b"{}", JSON | {"content-encoding": "zstd"}, 415),
    ],
    ids=["cut off", "a list", "no list", "no protobuf", "not packed", "packed and cut off", "a bomb", "large", "text", "zstd"],
)
def test_a_broken_request_is_refused_and_leaves_nothing(
    body: bytes, headers: dict[str, str], status: int, own_database: Path
) -> None:
    assert client().post("/v1/logs", content=body, headers=headers).status_code == status
    assert not own_database.with_name("telemetry").exists()


def test_metrics_are_received_at_their_own_address_and_nothing_else_is(own_database: Path) -> None:
    assert client().post("/v1/metrics", content=json.dumps(METRICS[0]), headers=JSON).status_code == 200
    assert "claude_code.token.usage" in spooled(own_database)
    assert "session.count" not in spooled(own_database)
    assert client().post("/v1/traces", content=b"{}", headers=JSON).status_code == 404
    assert client().get("/v1/logs").status_code == 405


def test_what_is_kept_holds_no_word_and_comes_to_the_same_calls(tmp_path: Path) -> None:
    kept = [found for document in (*LOGS, *METRICS) if (found := reduced(document))]
    assert SPARED not in json.dumps(kept)
    told = {"key": "error", "value": {"stringValue": f"Invalid request: {SPARED}"}}
    failed: dict[str, Any] = json.loads(json.dumps(LOGS[3]))
    for record in failed["resourceLogs"][0]["scopeLogs"][0]["logRecords"]:
        record["attributes"].append(told)
    assert SPARED not in json.dumps(reduced(failed))

    spool = Spool(tmp_path / "usage.duckdb")
    for document in kept:
        spool.add(document)
    spool.bring_in()
    direct = databases.new(tmp_path / "direct")
    import_paths(direct, [FIXTURES])
    asked = "select event_id, occurred_at, cost_nanos, cache_write_1h_tokens, run, human_prompt from call order by event_id"
    assert databases.rows(Store(tmp_path / "usage.duckdb"), asked) == databases.rows(direct, asked)


def test_what_cannot_be_imported_now_waits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    database = tmp_path / "usage.duckdb"
    spool = Spool(database)
    spool.add(LOGS[0])
    (tmp_path / "prices.json").write_text("[]", encoding="utf-8")
    with pytest.raises(UsageError):
        spool.bring_in()
    spool.add(LOGS[1])
    assert len(list((tmp_path / "telemetry").iterdir())) == 2
    (tmp_path / "prices.json").unlink()
    receipt = spool.bring_in()
    assert receipt is not None
    assert (len(receipt.files), calls(database), list((tmp_path / "telemetry").iterdir())) == (2, ["req_1", "req_2"], [])
    assert spool.bring_in() is None
    monkeypatch.setattr("usage_analytics.server.spool.MOST_BYTES", 10)
    with pytest.raises(Full):
        spool.add(LOGS[0])
