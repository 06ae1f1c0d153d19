"""What the program is made of: `python -m tests.supply lock|audit|sbom|licenses`, behind `./dev lock`, `./dev lint` and `./dev sbom`.

lock       deploy/requirements.txt: every package that it runs on, with its version from constraints.txt and the digests of its files
audit      ask the advisory database about those versions, once a day; says so and passes where it can't be reached
sbom       a bill of materials in CycloneDX (JSON)
licenses   docs/licenses.md: the license of every package that it runs on
"""

from __future__ import annotations

import argparse
import hashlib
import re
import subprocess
import sys
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from typing import Final

PROJECT: Final = Path(__file__).parents[1]
LOCK: Final = PROJECT / "deploy" / "requirements.txt"
LICENSES: Final = PROJECT / "docs" / "licenses.md"
TOOLS: Final = Path(sys.executable).parent
HEAD: Final = (
    "# Every package that the dashboard runs on, with the digests of its files; written by ./dev lock from pyproject.toml and "
    "constraints.txt.\n"
)
SECONDS: Final = 180


def main() -> int:
    """Do what is asked; 1 where a package has a known fault."""
    asked = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    asked.add_argument("what", choices=("lock", "audit", "sbom", "licenses"))
    asked.add_argument(
        "file", nargs="?", type=Path, default=PROJECT / "dist" / "usage-analytics.cdx.json", help="where the bill goes"
    )
    options = asked.parse_args()
    if options.what == "sbom":
        return sbom(options.file)
    return {"lock": lock, "audit": audit, "licenses": licenses}[options.what]()


def packages() -> dict[str, str]:
    """The version of each package of the lock, by name."""
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", LOCK.read_text(encoding="utf-8"), flags=re.MULTILINE))


def lock() -> int:
    """Write the lock."""
    given = ["uv", "pip", "compile", "-q", "--universal", "--generate-hashes", "--no-header", "--no-annotate", "--extra", "team",
             "-c", "constraints.txt", "pyproject.toml"]  # fmt: skip
    made = subprocess.run([str(TOOLS / given[0]), *given[1:]], cwd=PROJECT, capture_output=True, text=True, check=True)
    LOCK.write_text(HEAD + made.stdout, encoding="utf-8")
    return licenses()


def audit() -> int:
    """Ask whether any version of the lock has a known fault; once a day for the same lock."""
    stamp = PROJECT / ".venv" / ".audited"
    today = f"{datetime.now(UTC):%Y-%m-%d} {hashlib.sha256(LOCK.read_bytes()).hexdigest()}"
    if stamp.exists() and stamp.read_text() == today:
        return 0
    tool = TOOLS / "pip-audit"
    if not tool.exists():
        print("pip-audit isn't installed, so nobody looked for known faults in packages.", file=sys.stderr)
        return 0
    given = [str(tool), "-r", str(LOCK), "--require-hashes", "--disable-pip", "--progress-spinner", "off", "--timeout", "10"]
    try:
        ran = subprocess.run(given, capture_output=True, text=True, timeout=SECONDS, check=False)
        said = ran.stdout + ran.stderr
    except subprocess.TimeoutExpired:
        ran, said = None, ""
    if re.search(r"Found \d+ known vulnerabilit", said):
        print(said)
        return 1
    unseen = said.count("could not be audited")
    if ran is None or ran.returncode or unseen:
        missed = f"{unseen} of {len(packages())} packages" if unseen else "packages"
        print(f"The advisory database couldn't be asked about {missed}; nobody looked for known faults in them.", file=sys.stderr)
    if ran is not None and not ran.returncode:
        stamp.write_text(today)
    return 0


def sbom(file: Path) -> int:
    """Write the bill of materials of the lock."""
    file.parent.mkdir(parents=True, exist_ok=True)
    given = [str(TOOLS / "cyclonedx-py"), "requirements", str(LOCK), "--pyproject", "pyproject.toml", "--output-reproducible",
             "--of", "JSON", "-o", str(file)]  # fmt: skip
    done = subprocess.run(given, cwd=PROJECT, capture_output=True, text=True, check=False)
    if done.returncode:
        print(f"The bill of materials couldn't be written: {done.stderr.strip()[-300:]}", file=sys.stderr)
        return 1
    print(file)
    return 0


def licenses() -> int:
    """Write the list of licenses."""
    LICENSES.write_text(listed(), encoding="utf-8")
    return 0


def listed() -> str:
    """The list: a line a package that is installed here; what is for other systems has none."""
    lines = [
        "# Licenses of the packages it runs on\n",
        "Written by `./dev lock` from what the packages say of themselves.\n",
        "| package | license |",
        "|---|---|",
    ]
    lines += [f"| {name} | {found} |" for name in sorted(packages()) if (found := license_of(name)) is not None]
    return "\n".join(lines) + "\n"


def license_of(name: str) -> str | None:
    """What the installed package says; None where it isn't installed."""
    try:
        known = metadata(name)
    except PackageNotFoundError:
        return None
    classified = [one.rpartition(" :: ")[2] for one in known.get_all("Classifier") or [] if one.startswith("License ::")]
    short = (known.get("License") or "").strip().split("\n")[0]
    return str(
        known.get("License-Expression")
        or (short if 0 < len(short) < 60 and "Copyright" not in short else "")
        or ", ".join(classified)
        or "not stated"
    )


if __name__ == "__main__":
    sys.exit(main())
