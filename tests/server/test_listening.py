"""T3: beyond this machine only with sign-in, or when told so in as many words."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from usage_analytics.cli import dashboard, main
from usage_analytics.control import access as people
from usage_analytics.errors import BadRequest
from usage_analytics.server import access
from usage_analytics.server.options import secret_files, settings

SECRETS = '[auth]\nredirect_uri = "https://usage.example.com/oauth2callback"\ncookie_secret = "x"\nclient_id = "x"\n'


@pytest.fixture(autouse=True)
def somewhere_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder and an environment in which nothing is set up; what one test decides, the next has forgotten."""
    monkeypatch.setenv("USAGE_ANALYTICS_DB", str(tmp_path / "usage.duckdb"))
    monkeypatch.setenv("USAGE_ANALYTICS_ALLOWED_HOSTS", "")
    monkeypatch.setenv(people.WITHOUT_SIGN_IN, "")


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])
def test_everywhere_without_sign_in_is_refused_with_a_sentence(host: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "--host", host]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert f"Anyone who can reach {host} could read and change everything" in said
    assert "--without-sign-in" in said


def test_a_process_that_was_told_to_listen_everywhere_exits(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "usage_analytics", "run", "--host", "0.0.0.0"]
    environment = {name: value for name, value in os.environ.items() if name != people.WITHOUT_SIGN_IN}
    ended = subprocess.run(
        command, cwd=Path(__file__).parents[2], env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert ended.returncode == 2
    assert "Traceback" not in ended.stderr
    assert ended.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--host", "usage.example.com"], "isn't an address to listen on"),
        (["--host", "198.51.100.199"], "198.51.100.199 isn't an address of this machine"),
        (["--allow-host", "https://usage.example.com"], "without scheme and port"),
        (["--allow-host", "*"], "isn't a host name"),
    ],
)
def test_what_is_no_address_is_said(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", *words]) == 2
    assert said in capsys.readouterr().err


def test_this_machine_alone_needs_no_sign_in() -> None:
    access.check("127.0.0.1", [])
    access.check("::1", [])


def test_somebody_who_says_so_in_as_many_words_may_do_without() -> None:
    access.check("0.0.0.0", [], without_sign_in=True)
    assert people.said_without_sign_in()


@pytest.fixture
def secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the folder that it is started in says how people sign in."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".streamlit").mkdir()
    path = tmp_path / ".streamlit" / "secrets.toml"
    assert str(path) in secret_files()
    return path


def test_with_sign_in_it_listens_where_it_is_told_once_the_list_names_an_owner(
    tmp_path: Path, secrets: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secrets.write_text(SECRETS)
    with pytest.raises(BadRequest, match="names no owner"):
        access.check("0.0.0.0", [str(secrets)])
    (tmp_path / "access.toml").write_text('owners = ["robin@example.com"]\n')
    with pytest.raises(
        BadRequest, match=r"returns people to usage\.example\.com, which isn't an allowed host\. Add --allow-host"
    ):
        access.check("0.0.0.0", [str(secrets)])
    for name in ("usage.example.com", "*.example.com"):
        monkeypatch.setenv("USAGE_ANALYTICS_ALLOWED_HOSTS", name)
        access.check("0.0.0.0", [str(secrets)])


def test_secrets_that_cannot_be_read_open_nothing(secrets: Path, capsys: pytest.CaptureFixture[str]) -> None:
    secrets.write_text("[auth\n")
    assert main(["run"]) == 2
    assert "secrets.toml, the sign-in setup, can't be read" in capsys.readouterr().err


def test_what_it_listens_at_is_a_name_that_it_answers_to(monkeypatch: pytest.MonkeyPatch) -> None:
    assert dashboard.allowed_hosts("127.0.0.1", []) == ["127.0.0.1"]
    assert dashboard.allowed_hosts("0.0.0.0", ["usage.example.com"]) == ["usage.example.com"]
    assert dashboard.allowed_hosts("::1", []) == ["::1", "[::1]"]  # Streamlit's spelling, and the one of the header
    monkeypatch.setenv("USAGE_ANALYTICS_ALLOWED_HOSTS", "usage.example.com, Other.example")
    assert settings()["server.allowedHosts"] == ["localhost", "127.0.0.1", "usage.example.com", "other.example"]
