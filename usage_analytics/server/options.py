"""The server's options: Streamlit's from `.streamlit/config.toml`, and the host names it answers to."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Any, Final

from streamlit import config

from usage_analytics.store.location import default_database

ALLOWED_HOSTS: Final = "USAGE_ANALYTICS_ALLOWED_HOSTS"  # further names, separated by commas
SAMPLE: Final = "USAGE_ANALYTICS_SAMPLE_DB"  # the database of the sample data, where there is one
LARGEST_UPLOAD_MB: Final = "server.maxUploadSize"

_PACKAGE: Final = Path(__file__).parents[1]
HOME: Final = next(folder for folder in (_PACKAGE / "dashboard", _PACKAGE.parent) if (folder / "app.py").is_file())


def settings() -> dict[str, Any]:
    """`.streamlit/config.toml` as Streamlit's dotted options, with the host names that the environment adds."""
    known = dict(_dotted(tomllib.loads((HOME / ".streamlit" / "config.toml").read_text(encoding="utf-8"))))
    added = [name.strip().lower() for name in os.environ.get(ALLOWED_HOSTS, "").split(",") if name.strip()]
    known["server.allowedHosts"] = list(dict.fromkeys([*known["server.allowedHosts"], *added]))
    return known


def secret_files() -> list[str]:
    """Where sign-in may be set up: `.streamlit/secrets.toml` of the home folder, of the folder it is started in, and beside `app.py`."""
    return list(dict.fromkeys([*config.get_config_files("secrets.toml"), str(HOME / ".streamlit" / "secrets.toml")]))


def databases() -> list[Path]:
    """The databases that this server shows: the person's own, and the sample's where there is one."""
    return [default_database(), *filter(None, [Path(named) if (named := os.environ.get(SAMPLE)) else None])]


def _dotted(table: dict[str, Any], prefix: str = "") -> list[tuple[str, Any]]:
    pairs: list[tuple[str, Any]] = []
    for name, value in table.items():
        if isinstance(value, dict):
            pairs += _dotted(value, f"{prefix}{name}.")
        else:
            pairs.append((f"{prefix}{name}", value))
    return pairs
