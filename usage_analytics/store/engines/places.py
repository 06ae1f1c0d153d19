"""A folder on this machine or in object storage, by its URI: read and written by the file systems that Arrow has."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import fs

from usage_analytics.errors import BadRequest, UsageError


@dataclass(frozen=True)
class Place:
    """A folder: what it is called, the file system that it is in, and its path there."""

    uri: str
    system: Any
    path: str

    @classmethod
    def named(cls, uri: str) -> Place:
        """The folder of a path or a URI (file, s3, gs, abfss, hdfs). Raises BadRequest."""
        named = uri.rstrip("/")
        if "://" not in named:
            folder = Path(named).expanduser().absolute()
            return cls(folder.as_uri(), fs.LocalFileSystem(), str(folder))
        try:
            system, path = fs.FileSystem.from_uri(named.replace("s3a://", "s3://", 1))
        except (pa.ArrowException, OSError, ValueError) as error:
            raise BadRequest(f"{uri} is not a place we can read. Write a folder, or a URI like s3://bucket/folder.") from error
        return cls(named, system, path)

    @property
    def folder(self) -> Path | None:
        """The folder, where it is one of this machine."""
        return Path(self.path) if isinstance(self.system, fs.LocalFileSystem) else None

    def read(self, name: str) -> bytes | None:
        """A file's bytes; None where there is no such file. Raises UsageError."""
        try:
            with self.system.open_input_stream(f"{self.path}/{name}") as opened:
                return bytes(opened.read())
        except FileNotFoundError:
            return None
        except OSError as error:
            raise UsageError(f"{self.uri} can't be read ({_short(error)}). Check the address and your access to it.") from error

    def write(self, name: str, content: bytes) -> None:
        """Write a file. Raises UsageError."""
        try:
            self.system.create_dir(self.path, recursive=True)
            with self.system.open_output_stream(f"{self.path}/{name}") as opened:
                opened.write(content)
        except OSError as error:
            raise UsageError(
                f"{self.uri} can't be written ({_short(error)}). Check the address and your access to it."
            ) from error

    def remove(self, name: str) -> None:
        """Remove a file or a folder, if it is there."""
        found = self.system.get_file_info(f"{self.path}/{name}")
        if found.type == fs.FileType.Directory:
            self.system.delete_dir(found.path)
        elif found.type == fs.FileType.File:
            self.system.delete_file(found.path)

    def fetch(self, names: Iterable[str], folder: Path) -> None:
        """Copy files and folders from here into a folder of this machine."""
        for name in names:
            target = folder / name
            is_folder = self.system.get_file_info(f"{self.path}/{name}").type == fs.FileType.Directory
            (target if is_folder else target.parent).mkdir(parents=True, exist_ok=True)
            fs.copy_files(
                f"{self.path}/{name}", str(target), source_filesystem=self.system, destination_filesystem=fs.LocalFileSystem()
            )

    def send(self, name: str, folder: Path) -> None:
        """Copy a folder of this machine here, under a name, in the place of what is there."""
        self.remove(name)
        self.system.create_dir(f"{self.path}/{name}", recursive=True)
        fs.copy_files(
            str(folder), f"{self.path}/{name}", source_filesystem=fs.LocalFileSystem(), destination_filesystem=self.system
        )


def _short(error: OSError) -> str:
    return str(error.strerror or error).splitlines()[0][:120]
