"""The Admin key in the system keyring: kept, found and removed; what the keyring says when it fails is shown nowhere."""

from __future__ import annotations

import sys
import types
from pathlib import Path

import pytest

from tests.organization_server import KEY
from usage_analytics.cli import main
from usage_analytics.errors import BadRequest
from usage_analytics.sources.organization.key import VARIABLE, Key, find_key, keep_key


@pytest.fixture
def ring(monkeypatch: pytest.MonkeyPatch) -> dict[tuple[str, str], str]:
    """A keyring package that keeps what it is given in memory."""
    kept: dict[tuple[str, str], str] = {}
    package = types.ModuleType("keyring")
    package.get_password = lambda service, name: kept.get((service, name))  # type: ignore[attr-defined]
    package.set_password = lambda service, name, secret: kept.update({(service, name): secret})  # type: ignore[attr-defined]
    package.delete_password = lambda service, name: kept.pop((service, name))  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "keyring", package)
    return kept


def test_a_key_is_kept_in_the_keyring_found_and_removed(ring: dict[tuple[str, str], str]) -> None:
    assert find_key({}) is None
    keep_key(f"{KEY}\n")
    assert list(ring.values()) == [KEY]
    found = find_key({})
    assert found is not None
    assert (found.reveal(), found.where) == (KEY, "the system keyring")
    keep_key(None)
    assert find_key({}) is None


def test_the_environment_goes_before_the_keyring(ring: dict[tuple[str, str], str]) -> None:
    keep_key(KEY)
    found = find_key({VARIABLE: KEY + "2"})
    assert found is not None
    assert found.where == VARIABLE


def test_what_a_keyring_says_when_it_fails_is_not_shown(
    ring: dict[tuple[str, str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*words: str) -> None:
        raise RuntimeError(f"{words} kanarienvogel")

    for name in ("get_password", "set_password", "delete_password"):
        monkeypatch.setattr(sys.modules["keyring"], name, fail)
    assert find_key({}) is None
    for secret in (KEY, None):
        with pytest.raises(BadRequest, match="refused") as caught:
            keep_key(secret)
        assert "kanarienvogel" not in f"{caught.value!r} {caught.value.__cause__!r}"


def test_without_the_package_one_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    with pytest.raises(BadRequest, match=r"usage-analytics\[keyring\]"):
        keep_key(KEY)


def test_the_command_line_reads_the_key_and_shows_its_end(
    ring: dict[tuple[str, str], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import io

    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{KEY}\n"))
    database = ["--db", str(tmp_path / "usage.duckdb")]
    assert main(["sources", "--keep-key", *database]) == 0
    said = capsys.readouterr()
    assert "…Wxyz, from the system keyring" in said.out
    assert "kanarienvogel" not in said.out + said.err
    assert main(["sources", "--forget-key", *database]) == 0
    assert ring == {}
    monkeypatch.setattr("sys.stdin", io.StringIO("kanarienvogel\n"))
    assert main(["sources", "--keep-key", *database]) == 2
    assert "kanarienvogel" not in capsys.readouterr().err


def test_two_keys_do_not_show_whether_they_are_the_same() -> None:
    assert repr(Key(KEY, "here")) == repr(Key("sk-ant-admin01-another-one-of-them-Wxyz", "there"))
