"""Folders of comment files, here or in an object store: what is in them, and files out of and into them.

Knows no scores. Stores are those of pyarrow.
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pyarrow import ArrowInvalid, fs

from stance.errors import ReadingError, WritingError
from stance.writing.manifests import ENDING

READ = (".csv", ".tsv", ".json", ".jsonl", ".ndjson", ".parquet", ".xlsx")
"""Names of files that are read end so, or so and `.gz`. Not those of pasted pages: whether a page was
split well is for a person to see."""

_COPIED_BYTES = 1 << 20

_WITHOUT_FOLDERS = ("s3", "gcs", "abfs")
"""Stores in which the name of an object may hold a / and no folder need be there."""


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder by its address: a whole path, or `s3://bucket/folder` and the like; see `folder_at`."""

    address: str

    @property
    def path(self) -> Path | None:
        """Of a folder of this machine, or one that is mounted; None in an object store."""
        return None if "://" in self.address else Path(self.address)

    def store(self) -> tuple[fs.FileSystem, str]:
        """The store that holds it, and its name there.

        Raises:
            ReadingError: there is no store of that kind, or it is not to be reached.
        """
        if self.path is not None:
            return fs.LocalFileSystem(), str(self.path)
        try:
            found, name = fs.FileSystem.from_uri(self.address)
        except (ArrowInvalid, OSError) as error:
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
    """The folder that a person named. Processes elsewhere are in other folders, so a path is made whole."""
    return Folder(address if "://" in address else str(Path(address).absolute()))


def list_folder(folder: Folder) -> Listing:
    """The files of a folder and of those in it, by name.

    Raises:
        ReadingError: there is no such folder, or none of its files can be read.
    """
    store, base = folder.store()
    try:
        found = store.get_file_info(fs.FileSelector(base, recursive=True))
    except OSError as error:
        raise ReadingError(
            f"Expected a folder at {folder.address}, could not list it: {_first_line(error)}"
        ) from error
    files, left_out = [], {}
    for info in sorted(found, key=lambda info: info.path):
        if info.type == fs.FileType.Directory:
            continue
        name = info.path.removeprefix(f"{base}/")
        if reason := _why_left_out(name):
            left_out[name] = reason
        else:
            files.append(FileInFolder(name, info.size or 0))
    if not files:
        raise ReadingError(
            f"Expected files that end in {', '.join(READ)} (or so and .gz) in {folder.address}, found "
            f"none among {len(left_out):,}."
        )
    return Listing(tuple(files), left_out)


def check_folders(source: Folder, output: Folder) -> None:
    """Refuse, before any work is done, an output folder that cannot be written into.

    Raises:
        WritingError: it is missing, or it is the source or in it, so its files would be read next time.
    """
    if output.path is not None and not output.path.is_dir():
        raise WritingError(
            f"Expected a folder for the outputs, found none at {output.address}. Make it, or name "
            "another."
        )
    (one, read), (other, written) = source.store(), output.store()
    if one.type_name == "local":
        read, written = str(Path(read).resolve()), str(Path(written).resolve())
    if one.equals(other) and f"{written}/".startswith(f"{read}/"):
        raise WritingError(
            "Expected an output folder outside the input folder, found one within it: its files "
            "would be comments the next time. Name another."
        )


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
    except OSError as error:
        raise ReadingError(
            f"Could not fetch {name} from {folder.address}: {_first_line(error)}"
        ) from error
    return True


def put(path: Path, folder: Folder, name: str) -> None:
    """Copy a file into a store; what has that name there is replaced.

    Raises:
        WritingError: it cannot be written.
    """
    store, base = folder.store()
    with told_of(folder):
        if store.type_name not in _WITHOUT_FOLDERS:
            store.create_dir(f"{base}/{name}".rsplit("/", 1)[0], recursive=True)
        with path.open("rb") as made, store.open_output_stream(f"{base}/{name}", compression=None) as copy:
            shutil.copyfileobj(made, copy, _COPIED_BYTES)


@contextlib.contextmanager
def told_of(folder: Folder) -> Iterator[None]:
    """Turn what a store says of what is written into our error."""
    try:
        yield
    except OSError as error:
        raise WritingError(
            f"Could not write into {folder.address}: {_first_line(error)} Once that is mended, the "
            "same command goes on."
        ) from error


def _why_left_out(name: str) -> str:
    """A reason, or "" for a file that is read."""
    *folders, last = name.lower().split("/")
    if ".." in folders:
        return "its name leads out of the folder"  # an object may be called anything
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
