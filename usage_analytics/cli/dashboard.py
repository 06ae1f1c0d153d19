"""`run`: the dashboard, on this machine only unless --host says otherwise; with --demo on sample data."""

from __future__ import annotations

import errno
import hashlib
import ipaddress
import os
import re
import shutil
import socket
import sys
import threading
import time
import webbrowser
from argparse import Namespace
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from usage_analytics.cli import answer, asked
from usage_analytics.errors import BadRequest
from usage_analytics.store import location

LOOPBACK: Final = "127.0.0.1"
FIRST_PORT: Final = 8501
SAMPLE_VARIABLE: Final = "USAGE_ANALYTICS_SAMPLE_DB"  # the dashboard shows this one until the person starts with their own
ALLOWED_HOSTS_VARIABLE: Final = "USAGE_ANALYTICS_ALLOWED_HOSTS"


def run(options: Namespace) -> int:
    """Serve the dashboard until stopped. Raises BadRequest when the port is taken, or when it would be open to anybody."""
    host = checked_host(options.host)
    port = choose_port(options.port, host)
    os.environ[location.VARIABLE] = str(rollups(options) if options.rollups else asked.database(options))
    os.environ[ALLOWED_HOSTS_VARIABLE] = ",".join(allowed_hosts(host, options.allow_host))
    if options.demo:
        os.environ[SAMPLE_VARIABLE] = str(sample_database(datetime.now(UTC).replace(tzinfo=None)))
    from usage_analytics import server

    def ready() -> None:
        answer.complain(f"The dashboard is at http://localhost:{port}{reach(host)}. Press Ctrl-C to stop.")
        threading.Thread(target=show_in_browser, args=(port, host), daemon=True).start()

    with suppress(KeyboardInterrupt):  # Ctrl-C is how it ends
        server.run(port, host, without_sign_in=options.without_sign_in, ready=ready)
    return 0


def rollups(options: Namespace) -> Path:
    """The database that shows what “derive” wrote; beside the one that --db names. Raises BadRequest."""
    from usage_analytics.store.authority import rules_for
    from usage_analytics.store.engines.show import database_of
    from usage_analytics.store.own_rates import rates_for

    own = asked.database(options)
    return database_of(options.rollups, own.parent, rates_for(own), rules_for(own))


def checked_host(wanted: str) -> str:
    """The address to listen at. Raises BadRequest for what is none."""
    if wanted == "localhost":
        return LOOPBACK
    try:
        return str(ipaddress.ip_address(wanted))
    except ValueError:
        raise BadRequest(f"“{wanted}” isn't an address to listen on. Use one of this machine's, or 0.0.0.0 for all.") from None


def allowed_hosts(host: str, named: list[str]) -> list[str]:
    """The names that it is asked for by, beside localhost. Raises BadRequest for what is none."""
    wrong = next((name for name in named if not re.fullmatch(r"(\*\.)?[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*", name)), None)
    if wrong is not None:
        raise BadRequest(f"“{wrong}” isn't a host name. Write it without scheme and port, as in usage.example.com.")
    kept = [name for name in os.environ.get(ALLOWED_HOSTS_VARIABLE, "").split(",") if name]
    own = [] if ipaddress.ip_address(host).is_unspecified else [host, f"[{host}]"] if ":" in host else [host]
    return [*kept, *named, *own]


def reach(host: str) -> str:
    """Who reaches it, in words."""
    return " on this machine" if ipaddress.ip_address(host).is_loopback else f", and listens on {host} for other machines"


def choose_port(wanted: int | None, host: str = LOOPBACK) -> int:
    """The port that was asked for, or the first free one from 8501 on."""
    if wanted is not None:
        if not 0 < wanted < 65536:
            raise BadRequest(f"{wanted} isn't a port. Choose one from 1 to 65535, or leave out --port.")
        if not is_free(wanted, host):
            raise BadRequest(f"Port {wanted} is in use. Choose another, or leave out --port to use the next free one.")
        return wanted
    found = next((port for port in range(FIRST_PORT, FIRST_PORT + 100) if is_free(port, host)), None)
    if found is None:
        raise BadRequest(f"No port from {FIRST_PORT} on is free. Stop a program that uses one, or choose another with --port.")
    return found


def is_free(port: int, host: str = LOOPBACK) -> bool:
    """Whether the port is free. Raise BadRequest if the address is not this machine's."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        if sys.platform != "win32":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as problem:
            if problem.errno == errno.EADDRNOTAVAIL:
                raise BadRequest(f"{host} isn't an address of this machine. Use one that is, or 0.0.0.0 for all.") from None
            return False
        return True


def sample_database(now: datetime) -> Path:
    """The sample database, made again every two hours so that its data ends now: something in it drains."""
    database = location.demo_database()
    made_for = database.with_name("made-for")
    edition = f"{now.date()} {now.hour // 2} {generator()}"
    if not (database.exists() and made_for.exists() and made_for.read_text("utf-8") == edition):
        answer.complain("Making the sample data …")
        shutil.rmtree(database.parent, ignore_errors=True)
        make_sample(database, now)
        made_for.write_text(edition, "utf-8")
    return database


def generator() -> str:
    """A digest of this program: another one may make other data, or read it otherwise."""
    sources = sorted(path for path in Path(__file__).parents[1].rglob("*") if path.suffix in (".py", ".sql", ".csv"))
    return hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()[:16]


def make_sample(database: Path, now: datetime) -> None:
    """Write the sample exports to a folder that is gone afterwards, and import them like anybody's."""
    from tempfile import TemporaryDirectory

    from usage_analytics.demo import write_samples
    from usage_analytics.ingest import import_paths
    from usage_analytics.store import Store

    with TemporaryDirectory(prefix="usage-analytics-") as folder, closing(Store(database)) as store:
        write_samples(Path(folder), today=now.date(), until=now)
        receipt = import_paths(store, [Path(folder)])
    assert not receipt.unread, receipt.unread[0].reason


def show_in_browser(port: int, host: str = LOOPBACK) -> None:
    """Open the person's browser as soon as the server answers, where there is a screen to open it on."""
    has_screen = sys.platform in ("win32", "darwin") or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    if not (has_screen and sys.stderr.isatty()):
        return
    for _ in range(200):
        time.sleep(0.1)
        if not is_free(port, host):
            webbrowser.open(f"http://localhost:{port}")
            return
