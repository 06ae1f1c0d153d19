"""No name in an archive or upload leads to a file elsewhere; of what a link in a folder leads to, nothing but usage is kept."""

from __future__ import annotations

import io
import tarfile
import zipfile
from pathlib import Path

from tests.campaign.frame import Result, all_of, by_tests, command, holds
from tests.transcripts import call, text

PROMISES = "P7"
NAMES = (
    "../../evil.jsonl",
    "/etc/evil.jsonl",
    "..\\..\\evil.jsonl",
    "C:\\evil.jsonl",
    "a/../../../evil.jsonl",
    "~/evil.jsonl",
    "evil\x00.jsonl",
    "\u2025/evil.jsonl",
    "CON.jsonl",
    "evil.jsonl/",
    "." * 200 + "/evil.jsonl",
)


def check(where: Path) -> Result:
    """Packs transcripts under names that climb, links to the password file, and a tar; imports them; looks for anything outside."""
    inside, outside = where / "inside", where / "outside"
    inside.mkdir()
    outside.mkdir()
    packed = inside / "names.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for number, name in enumerate(NAMES):
            archive.writestr(zipfile.ZipInfo(name), text(call(f"n{number}")))
        link = zipfile.ZipInfo("link.jsonl")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    tar = io.BytesIO()
    with tarfile.open(fileobj=tar, mode="w:gz") as archive:
        found = tarfile.TarInfo("link.jsonl")
        found.type, found.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(found)
    (inside / "links.tar.gz").write_bytes(tar.getvalue())
    (inside / "passwd.jsonl").symlink_to("/etc/passwd")
    before = {path for path in where.rglob("*") if "evil" in path.name}
    done = command("import", inside, db=outside / "usage.duckdb", cwd=outside, env={"PYTHONSAFEPATH": "1"})
    assert done.returncode in (0, 1)
    assert {path for path in where.rglob("*") if "evil" in path.name} == before
    assert not list(Path("/etc").glob("evil*"))
    assert not list(Path.home().glob("evil*"))
    said = done.stdout + done.stderr
    assert "root:" not in said
    assert not [path for path in outside.rglob("*") if path.is_file() and b"root:x:" in path.read_bytes()]
    known = by_tests(
        where,
        "tests/ingest/test_unpack.py::test_names_in_archives_are_never_paths",
        "tests/ingest/test_unpack.py::test_a_link_in_an_archive_is_not_followed",
        "tests/ingest/test_preview.py::test_a_name_from_the_browser_is_never_a_path",
    )
    return all_of(holds(f"{len(NAMES)} names and 3 links"), known)
