"""What we use of Streamlit that it does not promise to keep: all of it is named here, and each is what we take it for.

A new version of Streamlit that changes one of these fails here first, with the name of what changed, and not in somebody's sign-in.
"""

from __future__ import annotations

import ast
import inspect
import secrets
from pathlib import Path

import pytest
import streamlit
from streamlit import auth_util, config
from streamlit.runtime.pages_manager import PagesManager
from streamlit.web.server import server_util
from streamlit.web.server.starlette import starlette_app_utils, starlette_server_config

from usage_analytics.server.options import settings

PACKAGE = Path(__file__).parents[2] / "usage_analytics"
# Modules that Streamlit documents; whatever else is imported from it is on its own account.
DOCUMENTED = {"streamlit", "streamlit.column_config", "streamlit.testing.v1", "streamlit.errors", "streamlit.delta_generator"}
KNOWN = {
    "streamlit.config": "get_config_files get_option",
    "streamlit.auth_util": "get_auth_cookie get_cookie_with_chunks get_secrets_auth_section is_authlib_installed",
    "streamlit.web.server.server_util": "get_cookie_secret",
    "streamlit.web.server.starlette.starlette_app_utils": "decode_signed_value",
    "streamlit.web.server.starlette.starlette_server_config": "USER_COOKIE_NAME",
    "streamlit.runtime.pages_manager": "PagesManager",
}


def test_every_inner_part_of_streamlit_that_we_import_is_named_here() -> None:
    found = set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.ImportFrom)
                and (node.module or "").startswith("streamlit.")
                and node.module not in DOCUMENTED
            ):
                found |= {(node.module, one.name) for one in node.names}
    unknown = {(module, name) for module, name in found if name not in KNOWN.get(str(module), "").split()}
    assert not unknown, f"{unknown} is no documented part of Streamlit; add a test of what you take it for"


def test_a_cookie_that_streamlit_signed_is_read_and_any_other_is_not() -> None:
    name = starlette_server_config.USER_COOKIE_NAME
    assert name == "_streamlit_user"
    signed = starlette_app_utils.create_signed_value("a secret", name, '{"email": "a@b.c"}')
    assert starlette_app_utils.decode_signed_value("a secret", name, signed) == b'{"email": "a@b.c"}'
    for secret, called, value in (
        ("another", name, signed),
        ("a secret", "other", signed),
        ("a secret", name, signed[:-1]),
        ("a secret", name, b""),
    ):
        assert starlette_app_utils.decode_signed_value(secret, called, value) is None


def test_a_cookie_in_pieces_is_put_together() -> None:
    kept: dict[str, bytes] = {}
    long = secrets.token_hex(9000)
    auth_util.set_cookie_with_chunks(
        lambda name, value: kept.__setitem__(name, value.encode()),
        lambda name, value: starlette_app_utils.create_signed_value("a secret", name, value),
        "_streamlit_user",
        {"a": long},
        cookie_attr_size=100,
    )
    assert len(kept) > 1
    assert long.encode() in (auth_util.get_cookie_with_chunks(kept.get, "_streamlit_user") or b"")
    assert auth_util.get_cookie_with_chunks({"_streamlit_user": b"all"}.get, "_streamlit_user") == b"all"
    assert auth_util.get_cookie_with_chunks(dict[str, bytes]().get, "_streamlit_user") is None


def test_what_we_call_takes_what_we_give() -> None:
    calls = {
        auth_util.get_cookie_with_chunks: 2,
        auth_util.is_authlib_installed: 0,
        auth_util.get_secrets_auth_section: 0,
        server_util.get_cookie_secret: 0,
        starlette_app_utils.decode_signed_value: 3,
    }
    for function, given in calls.items():
        inspect.signature(function).bind(*range(given))
    assert isinstance(PagesManager.uses_pages_directory, bool | None)


def test_the_version_is_one_that_was_looked_at() -> None:
    major, minor = map(int, streamlit.__version__.split(".")[:2])
    if (major, minor) > (1, 67):
        pytest.fail(
            f"Streamlit {streamlit.__version__} is new: run ./dev campaign T02 T12 and tests/server/test_team.py, then raise this"
        )


def test_garbage_is_collected_once_a_minute_and_not_after_every_redraw() -> None:
    """A hundred tabs waited for twelve seconds where it was, and a third of a second where it isn't."""
    assert config.get_option("runner.postScriptGC") in {True, False}, "Streamlit still knows the option"
    assert settings()["runner.postScriptGC"] is False
