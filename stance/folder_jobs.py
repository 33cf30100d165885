"""The files of a folder, each a job of its own with an output of its own, and one manifest of all.

    (each file: fetch → read → score → write → put back) → manifest

So any number of files can be scored at once, and one whose process died is done again. Knows no
cluster and no screen.
"""

from __future__ import annotations

import contextlib
import json
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from stance.engines import Engine
from stance.errors import ReadingError, StanceError, place_of
from stance.folders import Folder, Listing, fetch, names_in, put, told_of
from stance.jobs import Job, check_output, is_complete, score_file
from stance.reading.columns import ColumnChoice
from stance.reading.streams import open_comments
from stance.writing.files import write_whole
from stance.writing.journal import Journal
from stance.writing.manifests import ENDING, manifest_bytes, manifest_path

FORM = ".parquet"
"""Of the outputs of a folder."""

SCORED = f".scores{FORM}"
"""What is added to a file's name for that of its output."""

MANIFEST = f"folder{ENDING}"
"""The name of the manifest of all files, beside their outputs."""


@dataclass(frozen=True, slots=True)
class FolderJob:
    """What is asked of every file of `source`.

    `job` is that of a file, but for its output, which goes into `output`. The rest are options of
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
                if asked.output.path is None:
                    # The manifest first, as on a disk: where the output is, it is too.
                    for ending in (ENDING, ""):
                        made = output.with_name(f"{output.name}{ending}")
                        put(made, asked.output, f"{name}{SCORED}{ending}")
            manifest = json.loads(manifest_path(output).read_bytes())
            entry = {
                "input": manifest["input"],
                "notes": list(map(str, source.head.notes)),
                "confidence": source.head.confidence,
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


def folder_manifest(
    asked: FolderJob, listing: Listing, outcomes: Sequence[Outcome], others: Sequence[str] = ()
) -> dict[str, Any]:
    """The manifest of all files: the rows of all together, then file by file.

    Equal for equal outputs, whatever died meanwhile: by name, without times. `others` are outputs of files
    that are not among these: see `other_outputs`.
    """
    every = sorted(outcomes, key=lambda outcome: outcome.name)
    entries = [outcome.entry for outcome in every if outcome.entry is not None]
    return {
        "rows": _sums([entry["rows"] for entry in entries]),
        "files": entries,
        "failed": [{"name": each.name, "reason": each.failed} for each in every if each.failed],
        "others": list(others),
        "left_out": [{"name": name, "reason": why} for name, why in listing.left_out.items()],
        "model": asked.job.model,
        "targets": {target.key: list(target.names()) for target in asked.job.targets},
        "any_language": asked.job.any_language,
    }


def other_outputs(output: Folder, listing: Listing) -> list[str]:
    """Names of outputs of other files than these: who reads the whole folder reads them too.

    Raises:
        ReadingError: the folder cannot be listed.
    """
    ours = {f"{file.name}{SCORED}" for file in listing.files}
    return [name for name in names_in(output) if name.endswith(SCORED) and name not in ours]


@contextlib.contextmanager
def folder_locked(output: Folder) -> Iterator[None]:
    """Hold an output folder of this machine, so that no other run writes it; in a store nothing does.

    Raises:
        WritingError: another run holds it.
    """
    if output.path is None:
        yield
        return
    with Journal(output.path / MANIFEST).locked():
        yield


def write_folder_manifest(output: Folder, manifest: dict[str, Any]) -> None:
    """Put the manifest of all files beside their outputs; it replaces that of an earlier run.

    Raises:
        WritingError: it cannot be written.
    """
    if output.path is not None:
        write_whole(output.path / MANIFEST, manifest_bytes(manifest))
        return
    with tempfile.TemporaryDirectory(prefix="stance") as folder:
        path = Path(folder, MANIFEST)
        path.write_bytes(manifest_bytes(manifest))
        put(path, output, MANIFEST)


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
            if not fetch(asked.source, name, path):
                raise ReadingError(f"Expected {name} in {asked.source.address}, found it gone.")
        else:
            path = asked.source.path / name
        if output is None:
            output = here / "out"
            made = output / f"{name}{SCORED}"
            made.parent.mkdir(parents=True)
            for ending in ("", ENDING):
                there = f"{name}{SCORED}{ending}"
                fetch(asked.output, there, output / there)
        else:
            made = output / f"{name}{SCORED}"
            with told_of(asked.output):
                made.parent.mkdir(parents=True, exist_ok=True)
        try:
            yield path, made
        except StanceError as error:
            # By the names that a person knows: copies are gone by now.
            told = error.message.replace(str(made), f"{asked.output.address}/{name}{SCORED}")
            told = told.replace(str(path), f"{asked.source.address}/{name}")
            raise type(error)(told) from error
