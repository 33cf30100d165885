"""Folders of comment files, here or in an object store: what is in them, and one file's scores.

    list → (each file: fetch → read → score → write → put back) → one manifest of all

Each file is a job of its own (see `jobs`) and gets an output of its own, so any number of them can
be scored at once, and a file whose process died is done again. Knows no cluster and no screen.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pyarrow import ArrowInvalid, fs

from stance.engines import Engine
from stance.errors import ReadingError, StanceError, WritingError, place_of
from stance.jobs import Job, check_output, is_complete, score_file
from stance.reading.columns import ColumnChoice
from stance.reading.streams import open_comments
from stance.writing.files import write_whole
from stance.writing.manifests import ENDING, manifest_bytes, manifest_path

FORM = ".parquet"
"""Of the outputs of a folder."""

SCORED = f".scores{FORM}"
"""What is added to a file's name for that of its output."""

MANIFEST = f"folder{ENDING}"
"""The name of the manifest of all files, beside their outputs."""

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


@dataclass(frozen=True, slots=True)
class FolderJob:
    """What is asked of every file of `source`.

    `job` is that of a file, but for its output, which goes into `output`. `reading` are options of
    `open_comments`.
    """

    source: Folder
    output: Folder
    job: Job
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    columns: ColumnChoice = field(default_factory=ColumnChoice)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a file: why it `failed`, or else its `entry` in the manifest of all files.

    `kept` if its scores were there already.
    """

    name: str
    entry: dict[str, Any] | None = None
    failed: str = ""
    kept: bool = False


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


def score_one(asked: FolderJob, name: str, engine: Engine) -> Outcome:
    """Score one file of a folder; whatever goes wrong with it is told in the outcome.

    Where the scores are there already, made of this very file, they stay. In a folder of this
    machine a file is gone on with after its last chunk, in an object store it begins anew.
    """
    try:
        with _within_reach(asked, name) as (path, output):
            source = open_comments(
                path,
                name=name,
                columns=asked.columns,
                encoding=asked.encoding,
                delimiter=asked.delimiter,
                sheet=asked.sheet,
            )
            job = replace(asked.job, output=output)
            kept = not job.restart and is_complete(source, job)
            if not kept:
                check_output(output, [path], overwrite=job.overwrite, restart=job.restart)
                score_file(source, engine, job)
                _put(asked, name, output)
            manifest = json.loads(manifest_path(output).read_bytes())
            entry = {
                "input": manifest["input"],
                "notes": list(map(str, source.head.notes)),
                "output": {"name": f"{name}{SCORED}", **manifest["output"]},
                "rows": manifest["rows"],
            }
            return Outcome(name, entry, kept=kept)
    except StanceError as error:
        return Outcome(name, failed=error.message)
    except MemoryError:
        return Outcome(name, failed="There is too little memory.")
    except Exception as error:
        unforeseen = f"Something went wrong that nobody foresaw ({place_of(error)})."
        return Outcome(name, failed=unforeseen)


def folder_manifest(asked: FolderJob, listing: Listing, outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """The manifest of all files: the rows of all together, then file by file.

    Equal for equal outputs, whatever died meanwhile: by name, without times.
    """
    every = sorted(outcomes, key=lambda outcome: outcome.name)
    entries = [outcome.entry for outcome in every if outcome.entry is not None]
    return {
        "rows": _sums([entry["rows"] for entry in entries]),
        "files": entries,
        "failed": [{"name": each.name, "reason": each.failed} for each in every if each.failed],
        "left_out": [{"name": name, "reason": why} for name, why in listing.left_out.items()],
        "model": asked.job.model,
        "targets": {target.key: list(target.names()) for target in asked.job.targets},
        "any_language": asked.job.any_language,
    }


def write_folder_manifest(output: Folder, manifest: dict[str, Any]) -> None:
    """Put the manifest of all files beside their outputs; it replaces that of an earlier run.

    Raises:
        WritingError: it cannot be written.
    """
    if output.path is not None:
        write_whole(output.path / MANIFEST, manifest_bytes(manifest))
        return
    store, base = output.store()
    with _told_of(output), store.open_output_stream(f"{base}/{MANIFEST}", compression=None) as file:
        file.write(manifest_bytes(manifest))


def _sums(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Numbers added, and those by reason reason by reason."""
    total: dict[str, Any] = {}
    for key in ("read", "scored"):
        total[key] = sum(each[key] for each in rows)
    for key in ("unscored", "rejected", "copies"):
        counted: Counter[str] = Counter()
        for each in rows:
            counted.update(each[key])
        total[key] = dict(sorted(counted.items()))
    return total


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


@contextlib.contextmanager
def _within_reach(asked: FolderJob, name: str) -> Iterator[tuple[Path, Path]]:
    """Paths of a file and of its output: their own on this machine, else of copies that go at the end.

    What an object store holds of the output already is copied too, so that it can be looked at.
    """
    output = asked.output.path
    with contextlib.ExitStack() as opened:
        if asked.source.path is None or output is None:
            here = Path(opened.enter_context(tempfile.TemporaryDirectory(prefix="stance")))
        if asked.source.path is None:
            path = here / name.rsplit("/", 1)[-1]
            if not _fetch(asked.source, name, path):
                raise ReadingError(f"Expected {name} in {asked.source.address}, found it gone.")
        else:
            path = asked.source.path / name
        if output is None:
            output = here / "out"
            made = output / f"{name}{SCORED}"
            made.parent.mkdir(parents=True)
            for ending in ("", ENDING):
                there = f"{name}{SCORED}{ending}"
                _fetch(asked.output, there, output / there)
        else:
            made = output / f"{name}{SCORED}"
            with _told_of(asked.output):
                made.parent.mkdir(parents=True, exist_ok=True)
        yield path, made


def _fetch(folder: Folder, name: str, path: Path) -> bool:
    """Copy a file of a store, if it is there."""
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


def _put(asked: FolderJob, name: str, output: Path) -> None:
    """Copy an output into its store, its manifest last: where that is, the output is whole."""
    if asked.output.path is not None:
        return
    store, base = asked.output.store()
    if store.type_name not in _WITHOUT_FOLDERS:
        with _told_of(asked.output):
            store.create_dir(f"{base}/{name}".rsplit("/", 1)[0], recursive=True)
    for ending in ("", ENDING):
        with (
            _told_of(asked.output),
            output.with_name(f"{output.name}{ending}").open("rb") as made,
            store.open_output_stream(f"{base}/{name}{SCORED}{ending}", compression=None) as copy,
        ):
            shutil.copyfileobj(made, copy, _COPIED_BYTES)


@contextlib.contextmanager
def _told_of(folder: Folder) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise WritingError(
            f"Could not write into {folder.address}: {_first_line(error)} Once that is mended, the "
            "same command goes on."
        ) from error


def _first_line(error: Exception) -> str:
    """What a store says, on one line."""
    line = str(error).strip().split("\n", 1)[0][:300]
    return line if line.endswith(".") else f"{line}."
