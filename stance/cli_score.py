"""`score` of files: which output each gets, one after the other, a line for what became of it."""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

from stance.amounts import counted, duration
from stance.cli_loading import Loaded, job_asked
from stance.cli_store import tell_known
from stance.cli_words import rows_told, shown, uncertain
from stance.copies import CopyKind
from stance.engines import InTurn
from stance.errors import DeviceError, EngineError, ScoringCancelled, StanceError, WritingError
from stance.jobs import JobProgress, check_output, is_complete, score_file
from stance.model.devices import CPU, Device
from stance.model.hub import keep_offline, locate
from stance.ray_engine import AHEAD
from stance.reading import ColumnChoice
from stance.reading.faults import told
from stance.reading.streams import CommentStream, open_comments
from stance.records import SURE
from stance.scoring import CHUNK_ROWS
from stance.typed import UNTESTED
from stance.writing import check_form
from stance.writing.manifests import manifest_path

MAX_REJECTED_LINES = 20
"""Lines of rows not used that are named on the terminal; the summary counts them all."""


def score(options: argparse.Namespace) -> None:
    """Score what the options name.

    Raises:
        StanceError: it cannot be read, scored or written; or some of several files cannot.
    """
    _check_usage(options)
    _find_model(options)
    if any(map(_is_folder, options.inputs)):
        from stance.cli_folders import score_folder  # with the libraries of object stores

        score_folder(options)
        return
    pairs = _checked(options)
    for target in options.targets:
        print(f"{UNTESTED}: {target.name} ({target.key})", file=sys.stderr)
    failed = 0
    with _stopping(options.engine) as stopped, contextlib.ExitStack() as opened:
        loaded = Loaded(options, opened)
        for number, (source, output) in enumerate(pairs, start=1):
            if stopped.is_set():
                raise ScoringCancelled(
                    f"Stopped before file {number} of {len(pairs)}. The same command goes on there."
                )
            if len(pairs) > 1:
                print(f"{number} of {len(pairs)}: {shown(str(source))}", file=sys.stderr)
            try:
                _score_one(options, source, output, loaded, stopped)
            except (ScoringCancelled, EngineError, DeviceError):
                raise
            except StanceError as error:
                if len(pairs) == 1:
                    raise
                failed += 1
                print(f"error: {error}", file=sys.stderr)
    if failed:
        raise StanceError(f"{failed} of {len(pairs)} files were not scored, for the reasons above.")


def _is_folder(address: str) -> bool:
    """Whether it is that of a folder, or of anything in an object store."""
    return "://" in address or Path(address).is_dir()


def _check_usage(options: argparse.Namespace) -> None:
    """Options that do not go together; raises DeviceError."""
    if options.model is None and (options.download or options.revision is not None):
        options.parser.error("--download and --revision need --model")
    if options.engine == "local" and (options.address is not None or options.workers is not None):
        options.parser.error("--address and --workers need --engine ray")
    if options.address is not None and options.workers is not None:
        options.parser.error("--workers is for a cluster on this machine, --address has its own")
    if options.workers is not None and options.workers > (cores := os.cpu_count() or 1):
        options.parser.error(f"--workers: expected at most {cores}, the cores of this machine")
    if options.engine == "ray" and (options.device, options.precision) != (CPU.name, CPU.precision):
        options.parser.error("--device and --precision are for --engine local")
    if options.engine == "ray" and options.download:
        options.parser.error("--download is for one machine; fetch the model on every node first")
    if options.report is not None and len(options.inputs) > 1:
        options.parser.error("--report is for one INPUT")
    Device(options.device, options.precision)  # raises where it does not compute so


def _find_model(options: argparse.Namespace) -> None:
    """Told before any work is done: the model that is named is not here, or no graphics card."""
    keep_offline(download=options.download)
    if options.model is not None and not options.download:
        locate(options.model, revision=options.revision)
    if options.device != CPU.name and options.engine == "local":  # a cluster's cards are elsewhere
        from stance.model.card import require_card  # loads torch

        require_card()


def _checked(options: argparse.Namespace) -> list[tuple[Path, Path]]:
    """Inputs and their outputs; what cannot be is told before any work."""
    pairs = _outputs(options)
    for _, output in pairs:
        _check_paths(options, pairs, output)
    return pairs


def _outputs(options: argparse.Namespace) -> list[tuple[Path, Path]]:
    """Which output each input gets: the one that is named, or one of its own in a folder."""
    inputs, output = [Path(name) for name in options.inputs], Path(options.output)
    named_folder = options.output.endswith(("/", os.sep))
    if len(inputs) == 1 and not output.is_dir() and not named_folder:
        return [(inputs[0], output)]
    if not output.is_dir():
        for path in inputs:
            with told(path):
                path.stat()
        files = counted(len(inputs), "file")
        raise WritingError(
            f"Expected a folder for the outputs of {files}, found none at {output}. Make it, or name "
            "another."
        )
    pairs = [(path, output / f"{path.name}.scores{options.form or '.csv'}") for path in inputs]
    if len({made for _, made in pairs}) < len(pairs):
        raise WritingError("Expected inputs with different names, found some twice: their outputs "
                           "would replace each other. Score them one by one.")  # fmt: skip
    return pairs


def _check_paths(
    options: argparse.Namespace, pairs: Sequence[tuple[Path, Path]], output: Path
) -> None:
    check_form(output)
    outputs = [output, manifest_path(output), *([options.report] if options.report else [])]
    if len({path.resolve() for path in outputs}) < len(outputs):
        options.parser.error("--report must be another file than OUTPUT and its manifest")
    check_output(
        output,
        [source for source, _ in pairs],
        report=options.report,
        # Outputs that are complete are left as they are: see `_score_one`.
        overwrite=options.force or len(pairs) > 1 or manifest_path(output).exists(),
        restart=options.restart,
    )


def _score_one(
    options: argparse.Namespace,
    path: Path,
    output: Path,
    loaded: Loaded,
    stopped: threading.Event,
) -> None:
    """Score one file."""
    source = open_comments(
        path,
        columns=ColumnChoice(text=options.text_column),
        encoding=options.encoding,
        delimiter=options.delimiter,
        sheet=options.sheet,
    )
    _print_notes(source)
    classifier = loaded.classifier
    job = job_asked(options, classifier, output, check_form(output))
    kept = not options.restart and (len(options.inputs) > 1 or not options.force)
    if kept and is_complete(source, job):
        print(f"{output} is complete already: same input, reading and model", file=sys.stderr)
        return
    check_output(
        output, [], report=options.report, overwrite=options.force, restart=options.restart
    )
    counts = score_file(
        source, loaded.engine, job, on_progress=_show_progress, stopped=stopped.is_set
    )
    print(file=sys.stderr)
    if isinstance(loaded.engine, InTurn):
        tell_known(loaded.engine.classifier)
    if copies := counts.copies.total():
        exact = counts.copies[CopyKind.EXACT]
        comments = counted(copies, "comment says", "comments say")
        print(f"{comments} what an earlier one says ({exact:,} word for word)", file=sys.stderr)
    unscored = dict(counts.unscored.most_common())
    rows = rows_told(counts.n_rows, counts.n_scored, unscored, counts.rejected_reasons)
    print(f"{rows}; wrote {output}; model: {job.model['name']}", file=sys.stderr)


@contextlib.contextmanager
def _stopping(engine: str) -> Iterator[threading.Event]:
    """Ctrl-C or a polite kill asks to stop after this chunk; the second one stops at once."""
    stopped = threading.Event()
    most = f"{CHUNK_ROWS:,}" if engine == "local" else f"{AHEAD * CHUNK_ROWS:,} for each process"

    def stop(number: int, frame: object) -> None:
        if stopped.is_set():
            raise KeyboardInterrupt
        stopped.set()
        print(
            f"\nstopping after the rows under way ({most} at most); once more stops at once",
            file=sys.stderr,
        )

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stopped
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _show_progress(progress: JobProgress) -> None:
    left = duration(progress.seconds_left)
    text = (
        f"{progress.done:,} of {progress.total:,} comments, {progress.per_second:,.0f} a second, "
        f"{left} left"
    )
    print(f"\r{text:<70}", end="", file=sys.stderr, flush=True)


def _print_notes(source: CommentStream) -> None:
    """How the input was understood, which rows are left out, and whether that needs a look."""
    for note in source.head.notes:
        print(shown(note), file=sys.stderr)
    for row in source.head.rejected[:MAX_REJECTED_LINES]:
        print(f"line {row.line} not used: {row.reason}", file=sys.stderr)
    if (more := sum(source.rejected.values()) - MAX_REJECTED_LINES) > 0:
        print(f"and {more} more lines not used", file=sys.stderr)
    if source.head.confidence < SURE:
        print(uncertain(source.head.confidence, "OUTPUT.csv"), file=sys.stderr)
