"""Scores a whole file into a file, chunk by chunk: bounded memory, progress, going on after a stop.

    read a chunk → score it → append its rows → note it in the journal → …  → name the output

Chunks are cut by row number, so that a run that goes on forms the same batches and its file is equal,
byte for byte, to that of a run that was never stopped. Knows no network and no screen.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd

from stance import records
from stance.copies import Copy, CopyFinder
from stance.engines import Engine
from stance.errors import ScoringCancelled, WritingError
from stance.reading.streams import Chunk, CommentStream
from stance.records import Comment, ReadResult
from stance.scoring import CHUNK_ROWS, Progress
from stance.targets import Target
from stance.text import NORMALISATION_VERSION
from stance.writing.files import check_writable
from stance.writing.forms import (
    APPENDED,
    AT_ONCE,
    Columns,
    OutputRow,
    check_fits,
    rows_of,
)
from stance.writing.journal import (
    MANIFEST,
    REPORT,
    WHOLE,
    Appender,
    Journal,
    State,
    to_disk,
    writing,
)
from stance.writing.manifests import RowCounts, manifest_bytes, manifest_path, output_manifest
from stance.writing.row_report import report_body, report_head


@dataclass(frozen=True, slots=True)
class JobProgress:
    """How far a job is: comments `done` of `total`, `per_second` in this run, `seconds_left`."""

    done: int
    total: int
    per_second: float
    seconds_left: float


@dataclass(frozen=True, slots=True)
class Job:
    """What is asked: where to write, toward which targets, and what else the scores depend on.

    `model` tells the model apart, in the manifest too; `settings` are more things that must be the
    same where a stopped job is gone on with (threads, say), by the names that a person is told.
    `overwrite` lets an existing output be replaced, `restart` drops what an earlier run left.
    `chunk_rows` comments are scored, written and noted together: what a kill can lose at most.
    """

    output: Path
    form: str
    targets: tuple[Target, ...]
    model: dict[str, Any]
    report: Path | None = None
    any_language: bool = False
    overwrite: bool = False
    restart: bool = False
    settings: dict[str, str] = field(default_factory=dict)
    chunk_rows: int = CHUNK_ROWS


def check_output(
    output: Path,
    sources: Sequence[Path],
    *,
    report: Path | None = None,
    overwrite: bool = False,
    restart: bool = False,
) -> None:
    """Refuse, before any work is done, an output that could not be written.

    Args:
        output: where to write.
        sources: every input of this run, none of which may be written over.
        report: the row report, if one is asked for.
        overwrite: an existing output may be replaced.
        restart: what an earlier run left is not gone on with.

    Raises:
        WritingError: see `check_writable`.
    """
    journal = Journal(output, report)
    written = [output, manifest_path(output), *([report] if report else [])]
    for path in (*written, *journal.files()):
        for source in sources:
            if path.exists() and source.exists() and path.samefile(source):
                raise WritingError(
                    f"{path} is the input itself and is never replaced; name another output."
                )
    if report is not None and report.resolve() in [path.resolve() for path in journal.files()]:
        raise WritingError(f"{report} is where the run keeps its rows; name another report.")
    state = None if restart else journal.load()
    if state is not None and state.sha256:
        return  # all rows are there, and the files wait for their names; `_name` looks once more
    # A manifest without its output was left by a run that was killed at the very end.
    paths = written if output.exists() else [path for path in written if path != written[1]]
    for path in paths:
        check_writable(path, overwrite=overwrite)


def is_complete(source: CommentStream, job: Job) -> bool:
    """Whether the output is there already, of this very source, way of reading it, model and targets.

    Never where a report is asked for, of which nothing says what it was made from, or where the run
    that made the output was killed before it had cleared up.
    """
    if job.report is not None or Journal(job.output, job.report).load() is not None:
        return False
    try:
        manifest = json.loads(manifest_path(job.output).read_bytes())
    except (OSError, ValueError):
        return False
    asked = _manifest(source, job, RowCounts(), "")
    same = ("input", "model", "text_cleaning", "targets", "any_language")
    return (
        isinstance(manifest, dict)
        and all(manifest.get(key) == asked[key] for key in same)
        and manifest.get("output", {}).get("sha256") == _sha256(job.output)
    )


def score_file(
    source: CommentStream,
    engine: Engine,
    job: Job,
    *,
    on_progress: Callable[[JobProgress], None] | None = None,
    stopped: Callable[[], bool] | None = None,
) -> RowCounts:
    """Score all comments of a source into `job.output`, with its manifest, and its row report.

    Each appears whole or not at all. Where an earlier run of the same job was stopped, this one
    goes on after its last chunk.

    Args:
        source: see `open_comments`.
        engine: what scores the chunks: `InTurn` here, or another that gives the same tables.
        job: what is asked.
        on_progress: called after every batch, or what else the engine reports.
        stopped: asked before every chunk; what is under way is finished and kept.

    Returns:
        What became of the rows.

    Raises:
        ScoringCancelled: `stopped` answered True; the same job goes on from there.
        WritingError: the disk is full or read-only; an earlier run was with another input, model
            or setting; another run writes this output.
        ReadingError: the source was changed meanwhile.
    """
    columns = Columns(source.head.columns, records.column_kinds([t.key for t in job.targets]))
    check_fits(job.form, columns, source.n_comments)
    journal = Journal(job.output, job.report)
    with journal.locked():
        if job.restart:
            journal.clear()
        state = _state(journal, _settings(source, job))
        counts = RowCounts(unscored=state.unscored)
        if state.sha256 and _sha256(job.output) == state.sha256:
            _count_read(source.chunks(job.chunk_rows), counts)
        else:
            with _Parts(journal, state, job, columns) as parts:
                clock = _Clock(source.n_comments, state.done, on_progress)
                feed = _Feed(source, job, counts, state.chunks, stopped)
                for scored in engine.tables(feed, job.targets, job.any_language, clock.report):
                    chunk, copies = feed.under_way.popleft()
                    counts.add_scored(scored)
                    parts.add(source.head, chunk, scored, copies)
                    clock.done += len(chunk.comments)
                if feed.stopped:
                    raise ScoringCancelled(
                        f"Stopped after {state.done:,} of {source.n_comments:,} comments. The "
                        "same command goes on from there; with --restart it begins anew."
                    )
            source.check_unchanged()
            if job.form in AT_ONCE:
                _convert(journal, job, columns)
            state.sha256 = _sha256(_finished_part(journal, job))
            journal.save(state)
        _name(source, job, counts, state, journal)
    return counts


def _settings(source: CommentStream, job: Job) -> dict[str, str]:
    """What the output depends on, each short enough to be kept and compared."""
    targets = repr([(target.key, target.names()) for target in job.targets])
    return {
        "input": source.sha256,
        "way of reading it": source.way_of_reading(),
        "model": json.dumps(job.model, sort_keys=True),
        "text cleaning": str(NORMALISATION_VERSION),
        "targets": hashlib.sha256(targets.encode("utf-8", "replace")).hexdigest(),
        "choice of languages": str(job.any_language),
        "output form": job.form,
        "row report": str(job.report),
        "chunk size": str(job.chunk_rows),
        **job.settings,
    }


def _state(journal: Journal, settings: dict[str, str]) -> State:
    """What an earlier run of the same job left, or a beginning, noted before any part is made."""
    state = journal.load()
    if state is None:
        journal.check_free()
        state = State(settings)
        journal.save(state)
    names = {*state.settings, *settings}
    other = sorted(name for name in names if state.settings.get(name) != settings.get(name))
    if other:
        raise WritingError(
            f"{journal.part()} holds the rows of an unfinished run with another "
            f"{', another '.join(other)}. Pass --restart to begin anew, or name another output."
        )
    return state


class _Feed:
    """The chunks that an engine takes, and those that it has not yet given back (`under_way`).

    Chunks that an earlier run has done are counted only.
    """

    def __init__(
        self,
        source: CommentStream,
        job: Job,
        counts: RowCounts,
        n_done: int,
        stop: Callable[[], bool] | None,
    ) -> None:
        self.under_way: deque[tuple[Chunk, dict[str, Copy]]] = deque()
        self.stopped = False
        self._chunks = source.chunks(job.chunk_rows)
        self._counts = counts
        self._n_done = n_done
        self._stop = stop

    def __iter__(self) -> Iterator[Sequence[Comment]]:
        finder = CopyFinder()
        for number, chunk in enumerate(self._chunks):
            copies = _copies(finder, chunk)
            self._counts.add_read(chunk.comments, chunk.rejected, copies.values())
            if number < self._n_done:
                continue
            self.stopped = self._stop is not None and self._stop()
            if self.stopped:
                return
            self.under_way.append((chunk, copies))
            yield chunk.comments


class _Parts:
    """The files that rows are appended to, and the state that says how much of them counts."""

    def __init__(self, journal: Journal, state: State, job: Job, columns: Columns) -> None:
        self._journal = journal
        self._state = state
        self._job = job
        self._columns = columns
        self._open = contextlib.ExitStack()
        self._files: dict[str, Appender] = {}

    def __enter__(self) -> _Parts:
        names = ["", *([REPORT] if self._job.report else [])]
        with contextlib.ExitStack() as opened:
            for name in names:
                size = self._state.sizes.get(name, 0)
                part = self._journal.appending(name, size)
                self._files[name] = opened.enter_context(part)
            if not self._state.sizes:
                head = APPENDED[self._job.form][0] if self._job.form in APPENDED else None
                self._append("", head(self._columns) if head else b"")
                if self._job.report:
                    self._append(REPORT, report_head())
            self._open = opened.pop_all()
        return self

    def __exit__(self, *error: object) -> None:
        self._open.close()

    def add(
        self, head: ReadResult, chunk: Chunk, scored: pd.DataFrame, copies: dict[str, Copy]
    ) -> None:
        """Append the rows of a chunk, then note that they count."""
        rows = list(rows_of(replace(head, comments=chunk.comments), scored))
        check_fits(self._job.form, self._columns, len(rows), rows)
        if self._job.form in APPENDED:
            self._append("", APPENDED[self._job.form][1](self._columns, rows))
        else:
            self._append("", b"".join(json.dumps(row).encode() + b"\n" for row in rows))
        if self._job.report:
            self._append(REPORT, report_body(chunk.comments, chunk.rejected, scored, copies))
        self._state.done += len(chunk.comments)
        self._state.chunks += 1
        self._journal.save(self._state)

    def _append(self, name: str, data: bytes) -> None:
        self._state.sizes[name] = self._files[name].add(data)


class _Clock:
    """Turns the progress within a chunk into that of the whole job."""

    def __init__(
        self, total: int, done: int, on_progress: Callable[[JobProgress], None] | None
    ) -> None:
        self.done = done
        self._total = total
        self._before = done
        self._started = time.monotonic()
        self._on_progress = on_progress

    def report(self, progress: Progress) -> None:
        """What `score_comments` reports to."""
        if self._on_progress is None:
            return
        done = self.done + progress.done
        speed = (done - self._before) / max(time.monotonic() - self._started, 1e-9)
        left = (self._total - done) / speed if speed else float("inf")
        self._on_progress(JobProgress(done, self._total, speed, left))


def _copies(finder: CopyFinder, chunk: Chunk) -> dict[str, Copy]:
    return {c.comment_id: copy for c in chunk.comments if (copy := finder.add(c)) is not None}


def _count_read(chunks: Iterable[Chunk], counts: RowCounts) -> None:
    finder = CopyFinder()
    for chunk in chunks:
        counts.add_read(chunk.comments, chunk.rejected, _copies(finder, chunk).values())


def _convert(journal: Journal, job: Job, columns: Columns) -> None:
    """Make a file that is complete only at its end of the rows that were kept."""

    def rows() -> Iterator[OutputRow]:
        with journal.part().open("rb") as kept:
            for line in kept:
                own, ours = json.loads(line)
                yield own, tuple(ours)

    with writing(journal.part(WHOLE)) as path, journal.scratch() as folder, path.open("wb") as file:
        AT_ONCE[job.form](file, columns, rows(), folder)
        to_disk(file)


def _finished_part(journal: Journal, job: Job) -> Path:
    return journal.part(WHOLE if job.form in AT_ONCE else "")


def _sha256(path: Path) -> str:
    """Of a file; "" where there is none."""
    if not path.is_file():
        return ""
    with writing(path), path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _name(
    source: CommentStream, job: Job, counts: RowCounts, state: State, journal: Journal
) -> None:
    """Give the files their names, the manifest first: whenever the output is there, it is too.

    Every step can be done again, so a kill between two of them leaves nothing that the next run
    does not complete.
    """
    manifest = _manifest(source, job, counts, state.sha256)
    finished, report = _finished_part(journal, job), journal.part(REPORT)
    if finished.exists() and job.output.exists() and not job.overwrite:
        raise WritingError(
            f"{job.output} appeared meanwhile and is not overwritten; pass --force to replace it. "
            "What was scored is kept."
        )
    with writing(job.output):
        if finished.exists():
            job.output.unlink(missing_ok=True)
        made = journal.part(MANIFEST)
        with made.open("wb") as file:
            file.write(manifest_bytes(manifest))
            to_disk(file)
        made.replace(manifest_path(job.output))
        if finished.exists():
            finished.chmod(0o644)
            finished.replace(job.output)
    # Behind the output, by which the next run knows that no part is needed any more.
    if job.report is not None and report.exists():
        with writing(job.report):
            report.replace(job.report)
    journal.clear()


def _manifest(source: CommentStream, job: Job, counts: RowCounts, sha256: str) -> dict[str, Any]:
    return output_manifest(
        counts,
        name=source.head.name,
        source_sha256=source.sha256,
        way_of_reading=source.way_of_reading(),
        output_sha256=sha256,
        model=job.model,
        targets=job.targets,
        any_language=job.any_language,
    )
