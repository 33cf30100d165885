"""`score` of a folder: its files go to the processes of a Ray cluster; a line for what became of them."""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from stance.amounts import counted, duration
from stance.cli_loading import Loaded, job_asked
from stance.cli_words import rows_told, shown, uncertain
from stance.errors import StanceError
from stance.folder_jobs import (
    FORM,
    MANIFEST,
    FolderJob,
    Outcome,
    folder_locked,
    folder_manifest,
    other_outputs,
    write_folder_manifest,
)
from stance.folders import Listing, check_folders, folder_at, list_folder
from stance.ray_engine import RayEngine
from stance.ray_folders import outcomes
from stance.reading import ColumnChoice
from stance.records import SURE
from stance.typed import UNTESTED

_TELLING = 0.1
"""Of all bytes, how many must be scored before a speed is told: files under way do not show."""

_NAMED = 3
"""Files that were left out for one reason, named on the terminal."""

SHOWN = 20
"""Of each kind of thing to be told of files, so many on the terminal; the manifest has them all."""


def score_folder(options: argparse.Namespace) -> None:
    """Score the files of a folder into files of another, with one manifest.

    Raises:
        StanceError: the folders cannot be used, the cluster is gone, or some files were not scored.
    """
    _check_usage(options)
    source, output = folder_at(options.inputs[0]), folder_at(options.output)
    listing = list_folder(source)
    check_folders(source, output)
    _print_listing(listing)
    # Ray would print a warning that each of Ray Data's actors gets; what fails is raised as well.
    os.environ.setdefault("RAY_BACKEND_LOG_LEVEL", "fatal")
    for target in options.targets:
        print(f"{UNTESTED}: {target.name} ({target.key})", file=sys.stderr)
    with _ended_by_a_polite_kill(), contextlib.ExitStack() as opened:
        loaded = Loaded(options, opened)
        asked = FolderJob(
            source,
            output,
            job_asked(options, loaded.classifier, Path(), FORM),
            encoding=options.encoding,
            delimiter=options.delimiter,
            sheet=options.sheet,
            columns=ColumnChoice(text=options.text_column),
        )
        assert isinstance(loaded.engine, RayEngine)
        opened.enter_context(folder_locked(output))
        done = _told(outcomes(loaded.engine, asked, listing.files), listing)
        manifest = folder_manifest(asked, listing, done, other_outputs(output, listing))
        write_folder_manifest(output, manifest)
    _print_summary(manifest, done, options.output)
    if failed := len(manifest["failed"]):
        raise StanceError(
            f"{failed} of {counted(len(listing.files), 'file was', 'files were')} not scored, for the "
            "reasons above. Once they are mended, the same command scores these alone."
        )


def _check_usage(options: argparse.Namespace) -> None:
    if options.engine != "ray":
        options.parser.error(
            "INPUT: a folder or an object store needs --engine ray; or name its files: FOLDER/*"
        )
    if len(options.inputs) > 1:
        options.parser.error("INPUT: expected one folder, or files")
    if options.report is not None:
        options.parser.error("--report is for one file; of a folder each file has a manifest")
    if options.form not in (None, FORM):
        options.parser.error(f"--form: the outputs of a folder are {FORM}")


@contextlib.contextmanager
def _ended_by_a_polite_kill() -> Iterator[None]:
    """As by Ctrl-C: at once, for what a process has under way is gone on with by the same command."""

    def stop(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _told(found: Iterator[Outcome], listing: Listing) -> list[Outcome]:
    """Each as it is done, with how far all of them are."""
    sizes = {file.name: file.n_bytes for file in listing.files}
    left = total = sum(sizes.values())
    started = time.monotonic()
    done: list[Outcome] = []
    comments = scored_bytes = 0
    files = counted(len(sizes), "file", "files")
    print(f"0 of {files}; a file counts when it is whole", end="", file=sys.stderr, flush=True)
    try:
        for outcome in found:
            done.append(outcome)
            left -= sizes[outcome.name]
            if outcome.entry is not None and not outcome.kept:
                comments += outcome.entry["output"]["rows"]
                scored_bytes += sizes[outcome.name]
            line = f"{len(done):,} of {files}"
            if scored_bytes > total * _TELLING:
                seconds = time.monotonic() - started
                line += f", {comments / seconds:,.0f} comments a second, "
                line += f"{duration(left * seconds / scored_bytes)} left"
            print(f"\r{line:<70}", end="", file=sys.stderr, flush=True)
    finally:
        print(file=sys.stderr)
    return done


def _print_listing(listing: Listing) -> None:
    files = counted(len(listing.files), "file", "files")
    megabytes = sum(file.n_bytes for file in listing.files) / 1e6
    print(f"{files} to score, {megabytes:,.1f} MB", file=sys.stderr)
    for why, number in Counter(listing.left_out.values()).most_common():
        names = [shown(name) for name, reason in listing.left_out.items() if reason == why]
        more = "" if number <= _NAMED else f" and {number - _NAMED:,} more, which {MANIFEST} names"
        print(
            f"{counted(number, 'file', 'files')} left out, {why}: {', '.join(names[:_NAMED])}{more}",
            file=sys.stderr,
        )


def _print_summary(manifest: dict[str, Any], done: list[Outcome], output: str) -> None:
    _print_some(_notes(manifest["files"]), "notes; the manifest has them all")
    _print_some(_unsure(manifest["files"]), "files split by a guess")
    failed = [f"error: {each['name']}: {each['reason']}" for each in manifest["failed"]]
    _print_some(failed, "files not scored")
    kept = sum(outcome.kept for outcome in done)
    if kept:
        print(f"{counted(kept, 'file was', 'files were')} complete already", file=sys.stderr)
    if others := len(manifest["others"]):
        outputs = counted(others, "output", "outputs")
        print(f"warning: {outputs} of other files in {output}; the manifest names them", file=sys.stderr)
    rows = manifest["rows"]
    told = rows_told(rows["read"], rows["scored"], rows["unscored"], rows["rejected"])
    files = counted(len(manifest["files"]) - kept, "file", "files")
    print(
        f"{told}; wrote {files} and {MANIFEST} into {output}; model: {manifest['model']['name']}",
        file=sys.stderr,
    )


def _notes(entries: list[dict[str, Any]]) -> list[str]:
    """How files were understood, what is true of most of them first."""
    named: dict[str, list[str]] = {}
    for entry in entries:
        for note in entry["notes"]:
            named.setdefault(note, []).append(entry["input"]["name"])
    return [
        f"{names[0] if len(names) == 1 else counted(len(names), 'file')}: {note}"
        for note, names in sorted(named.items(), key=lambda item: -len(item[1]))
    ]


def _unsure(entries: list[dict[str, Any]]) -> list[str]:
    """Files that were split by a guess."""
    return [
        f"{entry['input']['name']}: {uncertain(entry['confidence'], entry['output']['name'])}"
        for entry in entries
        if entry["confidence"] < SURE
    ]


def _print_some(lines: list[str], what: str) -> None:
    """The first ones, and how many more there are."""
    for line in lines[:SHOWN]:
        print(shown(line), file=sys.stderr)
    if (more := len(lines) - SHOWN) > 0:
        print(f"and {more:,} more {what}", file=sys.stderr)
