"""A Spark cluster of its own on this machine: a standalone master, two workers and a Spark Connect server, each a process."""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

WORKERS: Final = 2
SETTINGS: Final = {
    "spark.ui.enabled": "false",
    "spark.executor.memory": "900m",
    "spark.executor.cores": "1",
    "spark.sql.shuffle.partitions": "4",
}


def spark_home() -> Path | None:
    """Where Spark is: SPARK_HOME, or the wheel of pyspark; the wheel of its client has no server."""
    named = os.environ.get("SPARK_HOME")
    found = importlib.util.find_spec("pyspark")
    package = Path(found.origin).parent if found and found.origin else None
    places = [Path(named)] if named else [package] if package else []
    return next((place for place in places if (place / "jars").is_dir()), None)


def what_lacks() -> str | None:
    """Why no cluster can be started here; None where one can."""
    if importlib.util.find_spec("pyspark") is None or importlib.util.find_spec("sqlglot") is None:
        return "the extra “spark” is not installed"
    if not shutil.which("java"):
        return "there is no Java on this machine"
    if spark_home() is None:
        return "there is no Spark on this machine; set SPARK_HOME to the folder “pyspark” of its wheel"
    return None


@contextmanager
def cluster(folder: Path) -> Iterator[str]:
    """The address of a Spark Connect server whose work is done by two workers."""
    master, connect = free_port(), free_port()
    with ExitStack() as running:
        start = Starter(folder, running)
        name = f"spark://127.0.0.1:{master}"
        start("master", "spark-class", "org.apache.spark.deploy.master.Master", "--host", "127.0.0.1", "--port", str(master),
              "--webui-port", str(free_port()))  # fmt: skip
        wait_for(master)
        for number in range(WORKERS):
            start(f"worker-{number}", "spark-class", "org.apache.spark.deploy.worker.Worker", name, "--cores", "1", "--memory", "1g",
                  "--host", "127.0.0.1", "--webui-port", str(free_port()), "--work-dir", str(folder / f"work-{number}"))  # fmt: skip
        settings = SETTINGS | {
            "spark.connect.grpc.binding.address": "127.0.0.1",
            "spark.connect.grpc.binding.port": str(connect),
            "spark.local.dir": str(folder / "local"),
            "spark.sql.warehouse.dir": str(folder / "warehouse"),
        }
        words = [word for key, value in settings.items() for word in ("--conf", f"{key}={value}")]
        start("connect", "spark-submit", "--master", name, "--driver-memory", "1g", *words, "--class",
              "org.apache.spark.sql.connect.service.SparkConnectServer", "spark-internal")  # fmt: skip
        wait_for(connect)
        yield f"sc://127.0.0.1:{connect}"


# Heaps of the master and of each worker, whose executors have their own.
DAEMONS: Final = {"spark-class": {"SPARK_DAEMON_MEMORY": "256m"}}


class Starter:
    """Starts processes of Spark, each with a log in the folder, and ends them with the stack."""

    def __init__(self, folder: Path, running: ExitStack) -> None:
        self.folder = folder
        self.running = running

    def __call__(self, name: str, command: str, *words: str) -> None:
        home = spark_home()
        assert home is not None
        log = self.running.enter_context((self.folder / f"{name}.log").open("wb"))
        process = subprocess.Popen(
            [str(home / "bin" / command), *words],
            env=os.environ | {"SPARK_HOME": str(home), "SPARK_LOCAL_IP": "127.0.0.1"} | DAEMONS.get(command, {}),
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        self.running.callback(end, process)


def end(process: subprocess.Popen[bytes]) -> None:
    """End a process and its children."""
    for how in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, how)
            process.wait(20)
            return
        except ProcessLookupError:
            return
        except subprocess.TimeoutExpired:
            continue


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int, seconds: float = 180) -> None:
    """Wait until somebody listens there."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.5)
    raise TimeoutError(f"nothing listens at {port}")
