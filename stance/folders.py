"""Folders of comment files, here or in an object store: what is in them, and files out of and into them.

Knows no scores. Stores are those of pyarrow.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from pyarrow import ArrowException, fs

from stance.errors import ReadingError, WritingError
from stance.writing.journal import PART
from stance.writing.manifests import ENDING

READ = (".csv", ".tsv", ".json", ".jsonl", ".ndjson", ".parquet", ".xlsx")
"""Names of files that are read end so, or so and `.gz`. Not those of pasted pages: whether a page was
split well is for a person to see."""

_COPIED_BYTES = 1 << 20

_WITHOUT_FOLDERS = ("s3", "gcs", "abfs")
"""Stores in which the name of an object may hold a / and no folder need be there."""

_PROBE = "_stance"
"""A file that is put into a store and removed, to see whether that may be written into."""

_NO_PATH = "its name is no path within the folder"


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder by its address: a whole path, or `s3://bucket/folder` and the like; see `folder_at`."""

    address: str

    @property
    def path(self) -> Path | None:
        """Of a folder of this machine, or one that is mounted; None in an object store."""
        return None if "://" in self.address else Path(self.address)

    def store(self) -> tuple[fs.FileSystem, str]:
        """The object store that holds it, and its name there.

        Raises:
            ReadingError: there is no store of that kind, or it is not to be reached.
        """
        try:
            found, name = fs.FileSystem.from_uri(self.address)
        except (ArrowException, OSError) as error:
            raise ReadingError(
                "Expected a folder's path or the address of an object store that pyarrow can open "
                f"(s3://, gs://, abfs://, hdfs://), found {self.address!r}: {_first_line(error)}"
            ) from error
        return found, name.rstrip("/")


@dataclass(frozen=True, slots=True)
class FileInFolder:
    """A file that can be scored: its `name` from the folder on, with `/`, and its size."""

    name: str
    n_bytes: int


@dataclass(frozen=True, slots=True)
class Listing:
    """What a folder holds: the `files` that are read, and why others are `left_out`, by name."""

    files: tuple[FileInFolder, ...]
    left_out: dict[str, str]


def folder_at(address: str) -> Folder:
    """The folder that a person named. Processes elsewhere are in other folders, so a path is made whole.

    Raises:
        ReadingError: the address holds credentials, which would go into messages and logs, or a "#", which
            pyarrow would drop with what follows.
    """
    if "://" not in address:
        return Folder(str(Path(address).absolute()))
    parts = urlsplit(address)
    # What stands there in an abfs:// address is the container.
    if parts.password is not None or (parts.username is not None and parts.scheme != "abfs"):
        raise ReadingError(
            f"Expected no credentials in the address of a {parts.scheme}:// folder, found some. Put them "
            "where that store's programs look for them, into the environment for example."
        )
    if "#" in address:
        raise ReadingError('Expected an address without "#", found one. Write %23 for it.')
    folder = Folder(address)
    if parts.scheme == "file":
        return Folder(folder.store()[1] or "/")
    if not folder.store()[1]:
        raise ReadingError(f"Expected the name of a bucket or folder behind {address}, found none.")
    return folder


def list_folder(folder: Folder) -> Listing:
    """The files of a folder and of those in it, by name.

    Raises:
        ReadingError: there is no such folder, or none of its files can be read.
    """
    files: list[FileInFolder] = []
    left_out: dict[str, str] = {}
    for name, n_bytes, odd in sorted(_found_in(folder)):
        if reason := odd or _why_left_out(name):
            left_out[name] = reason
        else:
            files.append(FileInFolder(name, n_bytes))
    if not files:
        raise ReadingError(
            f"Expected files that end in {', '.join(READ)} (or so and .gz) in {folder.address}, found "
            f"none among {len(left_out):,}."
        )
    return Listing(tuple(files), left_out)


def names_in(folder: Folder) -> list[str]:
    """Of every file in a folder and in those in it.

    Raises:
        ReadingError: it cannot be listed.
    """
    return sorted(name for name, _, _ in _found_in(folder))


def _found_in(folder: Folder) -> Iterator[tuple[str, int, str]]:
    return _in_store(folder) if folder.path is None else _in_path(folder.path)


def _in_path(path: Path) -> Iterator[tuple[str, int, str]]:
    """Name, size and what speaks against reading it, of every file below a path.

    Links are not followed: they may lead in a circle, or to what is read already.
    """

    def failed(error: OSError) -> None:
        raise ReadingError(
            f"Expected a folder at {path}, could not list it: {error.strerror}. Check its path, and "
            "whether it may be read."
        ) from error

    for place, folders, files in os.walk(path, onerror=failed):
        for each in (*folders, *files):
            whole = Path(place, each)
            name = whole.relative_to(path).as_posix()
            shown = name.encode("utf-8", "replace").decode()
            if whole.is_symlink():
                yield shown, 0, "it is a link"
            elif whole.is_dir():
                continue
            elif shown != name:
                yield shown, 0, "its name is not in UTF-8"
            elif not whole.is_file():
                yield shown, 0, "it is no file"
            else:
                yield name, whole.stat().st_size, ""


def _in_store(folder: Folder) -> Iterator[tuple[str, int, str]]:
    store, base = folder.store()
    try:
        found = store.get_file_info(fs.FileSelector(base, recursive=True))
    except (ArrowException, OSError) as error:
        raise ReadingError(
            f"Expected a folder at {folder.address}, could not list it: {_first_line(error)}"
        ) from error
    for info in found:
        if info.type != fs.FileType.Directory:
            odd = "" if info.type == fs.FileType.File else "it is no file"
            yield info.path.removeprefix(f"{base}/"), info.size or 0, odd


def check_folders(source: Folder, output: Folder) -> None:
    """Refuse, before any work is done, an output folder that cannot be written into; make a missing one.

    Raises:
        WritingError: it is in a folder that is missing, is read-only or no folder, or it is the source or
            in it, so its files would be read next time.
    """
    if _is_within(output, source):
        raise WritingError(
            "Expected an output folder outside the input folder, found one within it: its files "
            "would be comments the next time. Name another."
        )
    if output.path is not None:
        try:
            output.path.mkdir(exist_ok=True)
        except FileExistsError as error:
            raise WritingError(
                f"Expected a folder for the outputs, found something else at {output.address}. Name "
                "another."
            ) from error
        except OSError as error:
            raise WritingError(
                f"Expected a folder for the outputs, could not make {output.address}: {error.strerror}. "
                "Name another."
            ) from error
        if not os.access(output.path, os.W_OK):
            raise WritingError(
                f"Expected a folder for the outputs, may not write into {output.address}. Name another."
            )
    else:
        store, base = output.store()
        with told_of(output):
            with store.open_output_stream(f"{base}/{_PROBE}", compression=None) as file:
                file.write(b"may be removed\n")
            store.delete_file(f"{base}/{_PROBE}")


def _is_within(inner: Folder, outer: Folder) -> bool:
    if inner.path is not None and outer.path is not None:
        return inner.path.resolve().is_relative_to(outer.path.resolve())
    if inner.path is not None or outer.path is not None:
        return False
    (one, there), (other, around) = inner.store(), outer.store()
    return bool(one.equals(other)) and f"{there}/".startswith(f"{around}/")


def fetch(folder: Folder, name: str, path: Path) -> bool:
    """Copy a file out of a store, if it is there.

    Raises:
        ReadingError: it is there, and cannot be fetched.
    """
    store, base = folder.store()
    try:
        with store.open_input_stream(f"{base}/{name}", compression=None) as read, path.open("wb") as copy:
            shutil.copyfileobj(read, copy, _COPIED_BYTES)
    except FileNotFoundError:
        path.unlink(missing_ok=True)
        return False
    except (ArrowException, OSError) as error:
        raise ReadingError(
            f"Could not fetch {name} from {folder.address}: {_first_line(error)}"
        ) from error
    return True


def put(path: Path, folder: Folder, name: str) -> None:
    """Copy a file into a store, where it appears whole or not at all; what has that name is replaced.

    Raises:
        WritingError: it cannot be written.
    """
    store, base = folder.store()
    with told_of(folder):
        if store.type_name not in _WITHOUT_FOLDERS:
            store.create_dir(f"{base}/{name}".rsplit("/", 1)[0], recursive=True)
        # pyarrow closes a file that something came between, and with that it is there.
        part = f"{base}/{name}{PART}"
        with path.open("rb") as made, store.open_output_stream(part, compression=None) as copy:
            shutil.copyfileobj(made, copy, _COPIED_BYTES)
        store.move(part, f"{base}/{name}")


@contextlib.contextmanager
def told_of(folder: Folder) -> Iterator[None]:
    """Turn what a store says of what is written into our error."""
    try:
        yield
    except (ArrowException, OSError) as error:
        raise WritingError(
            f"Could not write into {folder.address}: {_first_line(error)} Once that is mended, the "
            "same command goes on."
        ) from error


def _why_left_out(name: str) -> str:
    """A reason, or "" for a file that is read."""
    parts = name.split("/")
    # An object may be called anything.
    if {"", ".", ".."} & set(parts) or Path(*parts).as_posix() != name or Path(name).is_absolute():
        return _NO_PATH
    last = parts[-1].lower()
    if last.startswith((".", "_")):
        return "its name begins with . or _"
    if last.endswith(ENDING):
        return "it is a manifest"
    if not last.removesuffix(".gz").endswith(READ):
        return "its name does not end as a table's"
    return ""


def _first_line(error: Exception) -> str:
    """What a store says, on one line."""
    line = str(error).strip().split("\n", 1)[0][:300]
    return line if line.endswith(".") else f"{line}."
