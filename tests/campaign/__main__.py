"""Run the campaign: `./dev campaign [ROW…] [--jobs N] [--write] [--sabotage]`. Prints a table; exit status 1 when a row does not hold."""

from __future__ import annotations

import argparse
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Final

from tests.campaign import document, sabotage
from tests.campaign.frame import PROJECT, NotHere, Result, Row, environment, rows

ROW_SECONDS: Final = 400  # for a row, on a machine that has nothing else to do


def main() -> int:
    """Run the rows that are asked for; 0 when all of them held or could not run here."""
    asked = argparse.ArgumentParser(prog="./dev campaign", description=__doc__)
    asked.add_argument("rows", nargs="*", metavar="ROW", help="as in P5, F06 or T1; all when left out")
    asked.add_argument("--jobs", type=int, default=2, help="rows at a time; 2 when left out")
    asked.add_argument("--write", action="store_true", help="keep the results, and write docs/trust.md from them")
    asked.add_argument("--sabotage", action="store_true", help="take defenses out of a copy, and show that their rows fail")
    asked.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    options = asked.parse_args()
    if options.one:
        result = replace(alone(rows(options.rows)[0]), cpu=worked())
        print(result.as_json())
        return 0
    if options.sabotage:
        return sabotage.main(options.rows)
    begun = time.monotonic()
    chosen = rows(options.rows)
    results: dict[str, Result] = {}
    with ThreadPoolExecutor(options.jobs) as pool:
        for row, result in zip(chosen, pool.map(apart, chosen), strict=True):
            results[row.id] = result
            print(line(row, result), flush=True)
    states = [result.state for result in results.values()]
    print(
        f"\n{len(states)} rows in {time.monotonic() - begun:.0f} s ({sum(one.cpu for one in results.values()):.0f} s of processor "
        f"time): {states.count('holds')} hold, "
        f"{states.count('does not hold')} do not, {states.count('could not run')} could not run here."
    )
    if options.write:
        document.keep(results)
    return int("does not hold" in states)


def line(row: Row, result: Result) -> str:
    """A row of the table: id, promise, what was done, result, figure and reason."""
    said = f"{row.id:4} {row.promises:8} {result.state:14} {result.cpu:5.0f} s  {result.figure}"
    why = f"\n     {result.why}" if result.why else ""
    return f"{said}\n     {row.sentence}\n     Done: {row.done}{why}"


def apart(row: Row, project: Path = PROJECT) -> Result:
    """Run a row of a copy of the project in a process of its own, in a folder that is gone afterwards."""
    command = [sys.executable, "-m", "tests.campaign", "--one", row.id]
    patience = ROW_SECONDS * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))
    with tempfile.TemporaryDirectory(prefix="campaign-") as scratch:
        given = environment() | {"PYTHONPATH": str(project), "TMPDIR": scratch}
        process = subprocess.Popen(
            command, cwd=project, env=given, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
        )
        try:
            said, complained = process.communicate(timeout=patience)
            result = Result(**json.loads(said.splitlines()[-1]))
        except subprocess.TimeoutExpired:
            result = Result("does not hold", why=f"it was not done after {patience:.0f} s")
        except (IndexError, ValueError, TypeError):
            result = Result("does not hold", why=f"the row itself ended early: {complained[-500:]}")
        finally:
            stop(process)
    return result


def stop(process: subprocess.Popen[str]) -> None:
    """End a row and whatever it started; all of it is one session of processes, which we began."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    finally:
        process.communicate()


def alone(row: Row) -> Result:
    """The result of a row, run here."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            result: Result = row.loaded.check(Path(folder))
        except NotHere as missing:
            return Result("could not run", why=str(missing))
        except AssertionError as failure:
            return Result("does not hold", why=" ".join((str(failure) or last_line(failure)).split())[:1200])
        except Exception as failure:  # noqa: BLE001  whatever a row stumbles over is a result
            return Result("does not hold", why=f"{type(failure).__name__}: {failure} ({last_line(failure)})"[:1200])
    return result


def worked() -> float:
    """Processor seconds of this process and of what it started and has waited for."""
    spent = [resource.getrusage(whose) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in spent)


def last_line(failure: BaseException) -> str:
    """Where it failed."""
    frame = traceback.extract_tb(failure.__traceback__)[-1]
    return f"{Path(frame.filename).name}, line {frame.lineno}: {frame.line}"


if __name__ == "__main__":
    sys.exit(main())
