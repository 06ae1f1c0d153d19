"""How long people wait for pages of a large database, and what each redraw costs: `python -m tests.benchmarks.crowd FOLDER`.

FOLDER holds a usage.duckdb, as `python -m tests.benchmarks.many_calls` writes it. Measured over websockets, as a browser speaks:
- `--first`: the first draw of each page of a server that has just started, and the CPU time of a redraw after it;
- `--people N`: so many tabs come within a minute, and each does something about every ten seconds: another page or another date range.
Waiting is told in wall time; where other work shares the machine, what a redraw costs in CPU time is what can be compared.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import statistics
import time
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final

import httpx
import psutil
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from tests.campaign.serving import Dashboard, dashboard

PAGES: Final = ("", "models", "conversations", "apps", "auto_reload", "background", "savings")
SPANS: Final = ("", "span=7+days", "span=90+days", "span=All")
THINK_SECONDS: Final = 10.0
ARRIVAL_SECONDS: Final = 60.0
MEMORY_SECONDS: Final = 5.0  # between two looks
REDRAWS: Final = 6
PATIENCE: Final = 600  # seconds: on a machine that others share, what takes long is to be measured, not cut off


@dataclass
class Waits:
    """Seconds that people waited, by whether it was a tab's first page."""

    first: list[float] = field(default_factory=list)
    later: list[float] = field(default_factory=list)
    errors: int = 0


async def draw(socket: ClientConnection, page: str, query: str) -> tuple[float, bool]:
    """Ask for a page; seconds until its script had finished, and whether it went through without an exception."""
    asked = BackMsg()
    asked.rerun_script.page_name = page
    asked.rerun_script.query_string = query
    asked.rerun_script.context_info.timezone = "UTC"
    begun, sound = time.perf_counter(), True
    await socket.send(asked.SerializeToString())
    while True:
        message = ForwardMsg.FromString(await asyncio.wait_for(socket.recv(), PATIENCE))
        sound &= not (message.HasField("delta") and message.delta.new_element.HasField("exception"))
        if message.HasField("script_finished"):
            return time.perf_counter() - begun, sound and message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY


@cache
def cookies_of(url: str) -> tuple[str | None, str]:
    """The token against forged requests, and the cookies; everybody here has the same."""
    with httpx.Client(timeout=60) as http:
        http.get(f"{url}/_stcore/host-config")
        token = http.cookies.get("_streamlit_xsrf")
        return token, "; ".join(f"{name}={value}" for name, value in http.cookies.items())


def socket_of(url: str) -> connect:
    """A tab's websocket."""
    token, cookie = cookies_of(url)
    protocols = [Subprotocol(name) for name in ("streamlit", token) if name]
    address = url.replace("http", "ws", 1) + "/_stcore/stream"
    headers = {"Cookie": cookie}
    return connect(
        address, origin=Origin(url), subprotocols=protocols, additional_headers=headers, max_size=None, open_timeout=120
    )


async def person(url: str, waits: Waits, comes: float, leaves: float, seed: int) -> None:
    """Come, look at pages, think in between, and leave."""
    chance = random.Random(seed)
    await asyncio.sleep(comes)
    async with socket_of(url) as socket:
        page, query, into = chance.choice(PAGES), chance.choice(SPANS), waits.first
        while time.perf_counter() < leaves:
            seconds, sound = await draw(socket, page, query)
            into.append(seconds)
            waits.errors += not sound
            into = waits.later
            await asyncio.sleep(chance.uniform(0.5, 1.5) * THINK_SECONDS)
            if chance.random() < 0.5:
                page = chance.choice(PAGES)
            else:
                query = chance.choice(SPANS)


async def crowd(served: Dashboard, people: int, seconds: float) -> tuple[Waits, list[int]]:
    """Everybody's waits, and the server's memory every few seconds since the last has come, in bytes.

    `seconds` is how long all of them are there after the last has come.
    """
    waits, leaves, memory = Waits(), time.perf_counter() + ARRIVAL_SECONDS + seconds, []

    async def watched() -> None:
        await asyncio.sleep(ARRIVAL_SECONDS)
        while time.perf_counter() < leaves:
            memory.append(served.memory)
            await asyncio.sleep(MEMORY_SECONDS)

    those = (person(served.url, waits, ARRIVAL_SECONDS * number / people, leaves, number) for number in range(people))
    await asyncio.gather(watched(), *those)
    return waits, memory


async def first_draw(served: Dashboard, page: str) -> None:
    """Print how long the first draw of a server takes, and the CPU time of that and of redraws."""

    def cpu() -> float:
        spent = served.process.cpu_times()
        return float(spent.user + spent.system)

    async with socket_of(served.url) as socket:
        before = cpu()
        seconds, sound = await draw(socket, page, "")
        after = cpu()
        again = [(await draw(socket, page, ""))[0] for _ in range(REDRAWS)]
        each = (cpu() - after) / REDRAWS
        megabytes = served.memory >> 20
    print(
        f"{page or 'overview':16} first {seconds:5.2f} s, {after - before:5.2f} CPU-s; again {statistics.median(again):5.2f} s,"
        f" {each * 1000:4.0f} CPU-ms; {megabytes} MB{'' if sound else '; an exception was shown'}",
        flush=True,
    )


def main() -> None:
    """Measure one or the other, and print it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--first", nargs="*", metavar="PAGE", help="the pages; without a name, all of them")
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60.0, help="how long everybody stays after the last has come")
    asked = parser.parse_args()
    if asked.first is not None:
        for page in asked.first or PAGES:
            with dashboard(asked.folder) as served:
                asyncio.run(first_draw(served, page))
        return
    with dashboard(asked.folder) as served:
        own = psutil.Process()
        waits, memory = asyncio.run(crowd(served, asked.people, asked.seconds))
        spent, client = served.process.cpu_times(), own.cpu_times()
    draws = len(waits.first) + len(waits.later)
    cpu = spent.user + spent.system
    print(
        f"{asked.people} people: {draws} draws, {waits.errors} with an error; {cpu / draws * 1000:.0f} CPU-ms a draw; memory "
        f"{memory[0] >> 20} MB when all had come, {max(memory) >> 20} MB at most, {memory[-1] >> 20} MB at the end"
    )
    for name, seconds in (("first pages", waits.first), ("later pages", waits.later), ("all", waits.first + waits.later)):
        cuts = statistics.quantiles(seconds, n=100)
        print(f"{name:12} p50 {cuts[49]:6.2f} s  p95 {cuts[94]:6.2f} s  p99 {cuts[98]:6.2f} s")
    print(f"the client took {client.user + client.system:.1f} CPU-s; load average {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
