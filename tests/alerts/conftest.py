"""What tests of alerts may ask for."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.alerts.receiving import Receiver, serve
from usage_analytics.control import Control


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A webhook by plain http on this machine."""
    yield from serve()


@pytest.fixture
def control(tmp_path: Path) -> Control:
    """Decisions of the test's own."""
    return Control(tmp_path / "control.sqlite")


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for localhost that nobody has signed but itself."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("no openssl on this machine to make a certificate with")
    path = tmp_path_factory.mktemp("certificate") / "localhost.pem"
    command = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost".split()
    subprocess.run([openssl, *command, "-keyout", str(path), "-out", f"{path}.crt"], check=True, capture_output=True)
    path.write_bytes(path.read_bytes() + Path(f"{path}.crt").read_bytes())
    return path
