"""What is unpacked, what is refused and why: bombs, hostile names, damage, encodings, and files that hold no usage."""

from __future__ import annotations

import gzip
import io
import random
import stat
import struct
import zipfile
from pathlib import Path

import pytest

from usage_analytics.errors import UnreadableFile
from usage_analytics.ingest.unpack import Limits, shown_name, unpack
from usage_analytics.ingest.unpacked import Unpacked, Unreadable

EVENTS = "occurred_at,app,cost_usd\n2026-11-01T09:30:00Z,Café Büro,1.25\n2026-11-02T09:30:00Z,Naïve – “bot”,0.50\n"
SMALL = Limits(total_bytes=4 << 20, ratio=50, ratio_from=1 << 16, entries=10)


class Box:
    """A folder with files to unpack, a spool, and a look at what lies in either."""

    def __init__(self, folder: Path) -> None:
        self.files = folder / "files"
        self.spool = folder / "spool"
        self.files.mkdir()

    def file(self, name: str, content: bytes) -> Path:
        path = self.files / name
        path.write_bytes(content)
        return path

    def zip(self, name: str, entries: dict[str, bytes]) -> Path:
        with zipfile.ZipFile(self.files / name, "w", zipfile.ZIP_DEFLATED) as archive:
            for entry, content in entries.items():
                archive.writestr(entry, content)
        return self.files / name

    def read(self, path: Path, limits: Limits = SMALL) -> dict[str, bytes | str]:
        """Name → content, or the reason why there is none; copies are discarded, as a reader does."""
        found: dict[str, bytes | str] = {}
        for one in unpack(path, self.spool, limits):
            found[one.name] = one.path.read_bytes() if isinstance(one, Unpacked) else one.reason
            if isinstance(one, Unpacked):
                one.discard()
        return found

    def refused(self, path: Path, limits: Limits = SMALL) -> str:
        """Why nothing at all of the file is read."""
        handed_over = []
        with pytest.raises(UnreadableFile) as refusal:
            handed_over.extend(unpack(path, self.spool, limits))
        assert handed_over == []
        return str(refusal.value)

    def spooled(self) -> list[Path]:
        return list(self.spool.iterdir()) if self.spool.exists() else []


@pytest.fixture
def box(tmp_path: Path) -> Box:
    return Box(tmp_path)


def test_a_plain_file_is_read_in_place(box: Box) -> None:
    path = box.file("usage.csv", EVENTS.encode())
    assert list(unpack(path, box.spool)) == [Unpacked(path, "usage.csv")]
    assert not box.spool.exists()


def test_a_plain_file_survives_being_discarded(box: Box) -> None:
    path = box.file("usage.csv", EVENTS.encode())
    next(one for one in unpack(path, box.spool) if isinstance(one, Unpacked)).discard()
    assert path.exists()


@pytest.mark.parametrize("name", ["usage.csv.gz", "usage.csv", "usage.txt"])
def test_gzip_is_known_by_its_bytes_not_by_its_name(box: Box, name: str) -> None:
    assert list(box.read(box.file(name, gzip.compress(EVENTS.encode()))).values()) == [EVENTS.encode()]


def test_a_plain_file_that_is_named_like_gzip_is_read_as_it_is(box: Box) -> None:
    assert box.read(box.file("usage.csv.gz", EVENTS.encode())) == {"usage.csv.gz": EVENTS.encode()}


def test_gzip_files_that_were_joined_and_padded_are_one_file(box: Box) -> None:
    half = len(EVENTS) // 2
    joined = gzip.compress(EVENTS[:half].encode()) + gzip.compress(EVENTS[half:].encode()) + b"\0" * 512
    assert box.read(box.file("usage.csv.gz", joined)) == {"usage.csv": EVENTS.encode()}


def test_a_zip_gives_its_files_one_by_one_and_leaves_no_copies(box: Box) -> None:
    path = box.zip("export.zip", {"a/usage.csv": EVENTS.encode(), "b.jsonl": b'{"a":1}\n'})
    assert box.read(path) == {"usage.csv": EVENTS.encode(), "b.jsonl": b'{"a":1}\n'}
    assert box.spooled() == []


def test_copies_are_readable_by_their_owner_alone(box: Box) -> None:
    path = box.file("usage.csv.gz", gzip.compress(EVENTS.encode()))
    found = next(unpack(path, box.spool))
    assert isinstance(found, Unpacked)
    assert stat.S_IMODE(found.path.stat().st_mode) == 0o600


def test_an_archive_in_an_archive_is_unpacked_and_one_more_is_not(box: Box) -> None:
    inner = box.zip("inner.zip", {"usage.csv.gz": gzip.compress(EVENTS.encode())}).read_bytes()
    assert box.read(box.zip("one.zip", {"usage.csv.gz": gzip.compress(EVENTS.encode())})) == {"usage.csv": EVENTS.encode()}
    assert "archive within two others" in str(box.read(box.zip("two.zip", {"inner.zip": inner}))["usage.csv.gz"])
    assert box.spooled() == []


def test_a_gzip_bomb_is_stopped_at_the_ratio(box: Box) -> None:
    reason = box.refused(box.file("bomb.gz", gzip.compress(b"0" * (3 << 20))))
    assert "more than 50 times its size" in reason
    assert box.spooled() == []


def test_what_unpacks_to_more_than_the_cap_is_stopped(box: Box) -> None:
    noise = random.Random(1).randbytes(5 << 20)
    assert "more than 4 MB" in box.refused(box.file("large.gz", gzip.compress(noise, 1)))
    assert box.spooled() == []


def test_a_zip_bomb_is_refused_before_anything_of_it_is_unpacked(box: Box) -> None:
    assert "times its size" in box.refused(box.zip("bomb.zip", {f"{n}.csv": b"0" * (1 << 20) for n in range(3)}))
    assert not box.spool.exists()


def test_a_zip_of_too_many_files_is_refused(box: Box) -> None:
    assert "more than 10 files" in box.refused(box.zip("many.zip", {f"{n}.csv": b"a,b\n" for n in range(11)}))


def test_a_zip_that_lies_about_a_size_yields_no_more_than_it_said(box: Box) -> None:
    path = box.zip("lies.zip", {"usage.csv": b"0" * (1 << 20)})
    honest, lie = struct.pack("<L", 1 << 20), struct.pack("<L", 100)
    path.write_bytes(path.read_bytes().replace(honest, lie))
    assert "damaged" in str(box.read(path)["usage.csv"])
    assert box.spooled() == []


@pytest.mark.parametrize("name", ["../../evil.csv", "/etc/evil.csv", "C:\\Windows\\evil.csv", "..\\..\\evil.csv"])
def test_names_in_archives_are_never_paths(box: Box, name: str) -> None:
    before = set(box.files.parent.rglob("*"))
    assert box.read(box.zip("traversal.zip", {name: EVENTS.encode()})) == {"evil.csv": EVENTS.encode()}
    after = set(box.files.parent.rglob("*")) - {box.files / "traversal.zip", box.spool}
    assert after == before


def test_a_link_in_an_archive_is_not_followed(box: Box) -> None:
    link = zipfile.ZipInfo("passwords.csv")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(box.files / "link.zip", "w") as archive:
        archive.writestr(link, "/etc/passwd")
    assert "link" in str(box.read(box.files / "link.zip")["passwords.csv"])


def test_an_encrypted_entry_is_skipped_with_its_reason_and_the_others_are_read(box: Box) -> None:
    path = box.zip("locked.zip", {"secret.csv": EVENTS.encode(), "usage.csv": EVENTS.encode()})
    content = bytearray(path.read_bytes())
    for marker, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.find(marker) + offset] |= 1
    path.write_bytes(content)
    found = box.read(path)
    assert "encrypted" in str(found["secret.csv"])
    assert found["usage.csv"] == EVENTS.encode()


def test_one_damaged_entry_does_not_cost_the_others(box: Box) -> None:
    noise = random.Random(2).randbytes(4000)
    with zipfile.ZipFile(box.files / "hurt.zip", "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("hurt.csv", noise)
        archive.writestr("usage.csv", EVENTS)
    content = (box.files / "hurt.zip").read_bytes()
    (box.files / "hurt.zip").write_bytes(content.replace(noise[:50], noise[50:100]))
    found = box.read(box.files / "hurt.zip")
    assert "damaged" in str(found["hurt.csv"])
    assert found["usage.csv"] == EVENTS.encode()
    assert box.spooled() == []


def test_what_systems_add_to_archives_is_passed_over_in_silence(box: Box) -> None:
    debris = {"__MACOSX/._usage.csv": b"\0\x05\x16", ".DS_Store": b"\0\0", "usage.csv": EVENTS.encode()}
    assert box.read(box.zip("mac.zip", debris)) == {"usage.csv": EVENTS.encode()}


def test_a_truncated_gzip_file_gives_nothing_and_says_where_it_ends(box: Box) -> None:
    packed = gzip.compress(random.Random(3).randbytes(100_000))
    reason = box.refused(box.file("cut.csv.gz", packed[:50_000]))
    assert "cut off at byte 50,000" in reason
    assert box.spooled() == []


def test_a_corrupt_gzip_file_gives_nothing_and_says_where_it_is_damaged(box: Box) -> None:
    packed = bytearray(gzip.compress(random.Random(4).randbytes(100_000)))
    packed[60_000:60_100] = b"\xff" * 100
    assert "damaged within 1 MB of byte" in box.refused(box.file("hurt.csv.gz", bytes(packed)))
    assert box.spooled() == []


def test_a_truncated_zip_is_refused(box: Box) -> None:
    whole = box.zip("whole.zip", {"usage.csv": EVENTS.encode()}).read_bytes()
    assert "cut off or damaged" in box.refused(box.file("cut.zip", whole[:-30]))


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("utf-8-sig", b""),
        ("utf-16", b""),
        ("utf-16-le", b""),
        ("utf-16-be", b""),
        ("utf-16-be", b"\xfe\xff"),
        ("utf-32", b""),
        ("cp1252", b""),
    ],
)
def test_every_encoding_gives_the_same_text_as_utf_8(box: Box, encoding: str, mark: bytes) -> None:
    found = box.read(box.file("usage.csv", mark + EVENTS.encode(encoding)))["usage.csv"]
    assert isinstance(found, bytes)
    assert found.decode("utf-8-sig") == EVENTS


def test_latin_1_is_noticed_far_behind_a_start_in_plain_ascii(box: Box) -> None:
    text = "occurred_at,app\n" + "2026-11-01,plain\n" * 200_000 + "2026-11-01,Müller\n"
    assert box.read(box.file("usage.csv", text.encode("latin-1"))) == {"usage.csv": text.encode()}


def test_one_bad_byte_in_utf_8_text_does_not_make_it_latin_1(box: Box) -> None:
    damaged = EVENTS.encode() + b"2026-11-03,\xff,1\n"
    assert box.read(box.file("usage.csv", damaged)) == {"usage.csv": damaged}


def test_json_lines_with_a_bad_byte_are_read_in_place(box: Box) -> None:
    path = box.file("log.jsonl", b'{"a":"\xe9"}\n')
    assert list(unpack(path, box.spool)) == [Unpacked(path, "log.jsonl")]


def test_runs_of_nul_in_a_log_are_not_taken_for_utf_16(box: Box) -> None:
    path = box.file("log.jsonl", b'{"a":1}\n' + b"\0" * 300 + b'{"a":2}\n')
    assert list(unpack(path, box.spool)) == [Unpacked(path, "log.jsonl")]


@pytest.mark.parametrize(
    ("start", "kind"),
    [
        (struct.pack("<Q", 7) + b"DUCK" + b"\0" * 50, "DuckDB database"),
        (b"SQLite format 3\0" + b"\0" * 50, "SQLite database"),
        (b"%PDF-1.7\n", "PDF"),
        (b"\x89PNG\r\n\x1a\n", "picture"),
        (b"\xff\xd8\xff\xe0", "picture"),
        (b"RIFF\0\0\0\0WEBP", "picture"),
        (b"7z\xbc\xaf\x27\x1c", "7-Zip"),
        (b"", "empty"),
    ],
)
def test_what_holds_no_usage_is_refused_by_its_first_bytes(box: Box, start: bytes, kind: str) -> None:
    assert kind in box.refused(box.file("usage.csv", start))


@pytest.mark.parametrize("parts", [["xl/sheet.xml"], ["xl/workbook.bin"], ["word/document.xml"]])
def test_an_office_document_without_readable_sheets_is_refused_with_what_to_do(box: Box, parts: list[str]) -> None:
    assert "Save the sheet as" in box.refused(
        box.zip("usage.xlsx", {"[Content_Types].xml": b"<x/>"} | dict.fromkeys(parts, b"<x/>"))
    )


def test_a_tar_archive_in_gzip_is_refused(box: Box) -> None:
    import tarfile

    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        archive.addfile(tarfile.TarInfo("usage.csv"), io.BytesIO(b""))
    assert "tar archive" in box.refused(box.file("usage.tgz", packed.getvalue()))
    assert box.spooled() == []


def test_a_parquet_file_is_read_in_place(box: Box) -> None:
    path = box.file("usage.parquet", b"PAR1" + bytes(range(256)))
    assert list(unpack(path, box.spool)) == [Unpacked(path, "usage.parquet")]


def test_a_shown_name_is_one_short_line_of_visible_characters() -> None:
    assert shown_name("a/b\\evil\u202ecsv\x1b[31m\n.csv") == "evilcsv[31m.csv"
    assert len(shown_name("x" * 500)) == 120
    assert shown_name("\u200f\x07") == "unnamed"
    assert shown_name("broken \udcff.csv") == "broken .csv"


def test_every_reason_is_one_sentence_that_begins_with_the_name(box: Box) -> None:
    reason = box.refused(box.file("usage.pdf", b"%PDF-1.7"))
    assert reason.startswith("usage.pdf is a PDF;")
    assert reason.endswith(".")


def test_what_is_unreadable_in_an_archive_is_a_value_not_an_error(box: Box) -> None:
    path = box.zip("mixed.zip", {"picture.png": b"\x89PNG\r\n\x1a\n", "usage.csv": EVENTS.encode()})
    assert [type(one) for one in unpack(path, box.spool)] == [Unreadable, Unpacked]


def test_a_name_that_the_person_knows_goes_before_that_of_the_file(box: Box) -> None:
    path = box.file("upload-1.bin", EVENTS.encode())
    assert next(unpack(path, box.spool, name="usage.csv")).name == "usage.csv"
