"""What the program is made of is written down: versions, digests, licenses; and the container runs with as little as it can."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests import supply
from tests.campaign.frame import PROJECT, environment

HINT = "run ./dev lock"
READ_ONLY = """set -e
mount --make-rprivate /
mount --bind "$1" "$1"
if [ -n "$4" ]; then  # Python lies where only its owner looks: it is put on show, in this place's own view of the disk
    shown=$(mktemp -d)
    mount --bind "$3" "$shown"
    mount -t tmpfs -o mode=755 tmpfs "$4"
    mkdir -p "$3"
    mount --bind "$shown" "$3"
fi
mount -o remount,bind,ro /
touch /written || true
exec setpriv --reuid=65533 --regid=65533 --clear-groups --no-new-privs \\
    "$2" -m usage_analytics import "$1/week.csv" --db "$1/usage.duckdb" --json
"""


def test_the_lock_has_the_tested_version_and_digests_of_every_package_that_it_runs_on() -> None:
    pinned = dict(re.findall(r"^([a-z0-9-]+)==(\S+)", (PROJECT / "constraints.txt").read_text(), flags=re.MULTILINE))
    locked = supply.packages()
    assert {name: pinned.get(name) for name in locked} == locked, HINT
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]
    wanted = {re.split(r"[\[<>=;\s]", one)[0] for one in project["dependencies"] if ";" not in one}
    assert wanted <= set(locked), HINT
    entries = re.split(r"\n(?=[a-z0-9])", supply.LOCK.read_text())[1:]
    assert all("--hash=sha256:" in entry for entry in entries), HINT


def test_every_package_that_it_runs_on_says_its_license() -> None:
    found = dict(re.findall(r"^\| ([a-z0-9-]+) \| (.+) \|$", supply.LICENSES.read_text(), flags=re.MULTILINE))
    missing = {name for name in supply.packages() if supply.license_of(name) is not None} - set(found)
    assert not missing, HINT
    assert not [name for name, said in found.items() if "GPL" in said or said == "not stated"]


@pytest.mark.slow
@pytest.mark.skipif(
    not (supply.TOOLS / "cyclonedx-py").exists(), reason="the tools that look at packages are not installed (./dev sbom)"
)
def test_the_bill_of_materials_names_every_package_of_the_lock(tmp_path: Path) -> None:
    assert supply.sbom(tmp_path / "bill.json") == 0
    bill = json.loads((tmp_path / "bill.json").read_text())
    assert bill["bomFormat"] == "CycloneDX"
    assert {one["name"]: one["version"] for one in bill["components"]} == supply.packages()


@pytest.mark.skipif(shutil.which("unshare") is None, reason="a network without a route is made by unshare")
def test_without_a_network_the_look_for_known_faults_says_so_and_passes(tmp_path: Path) -> None:
    code = f"from pathlib import Path; from tests import supply; supply.PROJECT = Path({str(tmp_path)!r}); raise SystemExit(supply.audit())"
    (tmp_path / ".venv").mkdir()
    command = ["unshare", "--net", sys.executable, "-c", code]
    if subprocess.run(["unshare", "--net", "true"], capture_output=True, check=False).returncode:
        pytest.skip("this system lets us make no network of our own")
    done = subprocess.run(command, cwd=PROJECT, env=environment(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "nobody looked for known faults" in done.stderr


def test_the_container_runs_as_nobody_and_checks_digests() -> None:
    text = (PROJECT / "deploy" / "Containerfile").read_text()
    assert re.search(r"^USER 65533$", text, flags=re.MULTILINE)
    assert "--require-hashes -r /tmp/requirements.txt" in text


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="mounts are others there")
def test_it_works_as_nobody_where_only_its_data_can_be_written(tmp_path: Path) -> None:
    """What the container is: another user, no privilege, and a root that is read-only."""
    data = tmp_path / "data"
    data.mkdir()
    data.chmod(0o777)
    for folder in (tmp_path, *tmp_path.parents):
        if not folder.stat().st_mode & 0o001:
            folder.chmod(0o755)
    shutil.copy(PROJECT / "tests" / "fixtures" / "usage_events" / "week.csv", data)
    if (
        shutil.which("setpriv") is None
        or subprocess.run(["unshare", "--mount", "true"], capture_output=True, check=False).returncode
    ):
        pytest.skip("this system lets us make no mounts of our own")
    given = environment() | {"HOME": str(data), "TMPDIR": str(data), "USAGE_ANALYTICS_DB": str(data / "usage.duckdb")}
    command = [
        "unshare",
        "--mount",
        "sh",
        "-c",
        READ_ONLY,
        "sh",
        str(data),
        sys.executable,
        sys.base_prefix,
        closed_above(sys.base_prefix),
    ]
    done = subprocess.run(command, cwd=PROJECT, env=given, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "read-only" in done.stderr.lower(), "the root could be written"
    assert json.loads(done.stdout)["events_total"] > 0


def closed_above(place: str) -> str:
    """The folder above a place that others may not enter; an empty word where all may be entered."""
    return next((str(folder) for folder in Path(place).parents if not folder.stat().st_mode & 0o001), "")
