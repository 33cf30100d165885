"""The command line: arguments in, calls into the package, one line per error. Holds no logic."""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import sys
import threading
import traceback
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stance import __version__
from stance.amounts import counted, duration
from stance.cli_measuring import add_measuring
from stance.cli_options import add_reading_and_scoring, add_score, add_threads
from stance.cli_report import add_report
from stance.cli_store import add_store, tell_known, with_store
from stance.copies import CopyKind
from stance.engines import Engine, InTurn
from stance.errors import EngineError, ScoringCancelled, StanceError, WritingError
from stance.jobs import Job, JobProgress, check_output, is_complete, score_file
from stance.model.devices import CPU, Device
from stance.model.hub import keep_offline, locate
from stance.ray_engine import AHEAD
from stance.reading import ColumnChoice
from stance.reading.streams import CommentStream, open_comments
from stance.records import SURE
from stance.scoring import CHUNK_ROWS
from stance.targets import load_targets
from stance.typed import UNTESTED
from stance.writing import check_form
from stance.writing.manifests import RowCounts, manifest_path

if TYPE_CHECKING:
    from stance.model.classifier import StanceClassifier
    from stance.model.foreign import ForeignClassifier

    AnyClassifier = StanceClassifier | ForeignClassifier

_KEPT = "What was scored so far is kept; once it is mended, the same command goes on."

MAX_REJECTED_LINES = 20
"""Lines of rows not used that are named on the terminal; the summary counts them all."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Returns:
        0 when it is done, 1 for bad input (one line on stderr); wrong usage exits with 2.
    """
    options = _parser().parse_args(arguments)
    try:
        options.command(options)
    except ScoringCancelled as error:
        print(f"\n{error}", file=sys.stderr)
        return 130
    except StanceError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nstopped at once; the same command goes on after the last whole rows", file=sys.stderr)
        return 130
    except MemoryError:
        print(f"error: There is too little memory. {_KEPT}", file=sys.stderr)
        return 1
    except Exception as error:
        # Its message and traceback may hold a comment, and a log may hold what is printed here.
        if isinstance(error, RuntimeError) and "memory" in str(error):
            print(f"error: There is too little memory. {_KEPT}", file=sys.stderr)
            return 1
        frame = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{type(error).__name__} at {Path(frame.filename).name}:{frame.lineno}"
        print(f"error: Something went wrong that nobody foresaw ({place}). {_KEPT}", file=sys.stderr)
        return 1
    return 0


def _score(options: argparse.Namespace) -> None:
    pairs = _checked(options)
    for target in options.targets:
        print(f"{UNTESTED}: {target.name} ({target.key})", file=sys.stderr)
    failed = 0
    with _stopping(options.engine) as stopped, contextlib.ExitStack() as opened:
        loaded = _Loaded(options, opened)
        for number, (source, output) in enumerate(pairs, start=1):
            if stopped.is_set():
                raise ScoringCancelled(
                    f"Stopped before file {number} of {len(pairs)}. The same command goes on there."
                )
            if len(pairs) > 1:
                print(f"{number} of {len(pairs)}: {_shown(str(source))}", file=sys.stderr)
            try:
                _score_one(options, source, output, loaded, stopped)
            except (ScoringCancelled, EngineError):
                raise
            except StanceError as error:
                if len(pairs) == 1:
                    raise
                failed += 1
                print(f"error: {error}", file=sys.stderr)
    if failed:
        raise StanceError(f"{failed} of {len(pairs)} files were not scored, for the reasons above.")


def _checked(options: argparse.Namespace) -> list[tuple[Path, Path]]:
    """Inputs and their outputs; what cannot be is told before any work."""
    if options.model is None and (options.download or options.revision is not None):
        options.parser.error("--download and --revision need --model")
    if options.engine == "local" and (options.address is not None or options.workers is not None):
        options.parser.error("--address and --workers need --engine ray")
    if options.address is not None and options.workers is not None:
        options.parser.error("--workers is for a cluster on this machine, --address has its own")
    if options.workers is not None and options.workers > (cores := os.cpu_count() or 1):
        options.parser.error(f"--workers: expected at most {cores}, the cores of this machine")
    if options.engine == "ray" and Device(options.device, options.precision) != CPU:
        options.parser.error("--device and --precision are for --engine local")
    if options.engine == "ray" and options.download:
        options.parser.error("--download is for one machine; fetch the model on every node first")
    if options.report is not None and len(options.inputs) > 1:
        options.parser.error("--report is for one INPUT")
    keep_offline(download=options.download)
    pairs = _outputs(options)
    for _, output in pairs:
        _check_paths(options, pairs, output)
    if options.model is not None and not options.download:
        locate(options.model, revision=options.revision)
    return pairs


def _outputs(options: argparse.Namespace) -> list[tuple[Path, Path]]:
    """Which output each input gets: the one that is named, or one of its own in a folder."""
    inputs, output = [Path(name) for name in options.inputs], Path(options.output)
    named_folder = options.output.endswith(("/", os.sep))
    if len(inputs) == 1 and not output.is_dir() and not named_folder:
        return [(inputs[0], output)]
    if not output.is_dir():
        files = counted(len(inputs), "file")
        raise WritingError(
            f"Expected a folder for the outputs of {files}, found none at {output}. Make it, or name "
            "another."
        )
    pairs = [(path, output / f"{path.name}.scores{options.form}") for path in inputs]
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
    loaded: _Loaded,
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
    from stance.model.classifier import StanceClassifier
    from stance.model.loading import describe
    from stance.model.threads import threads_in_use

    classifier = loaded.classifier
    described: dict[str, Any] = {"name": describe(classifier)}
    if isinstance(classifier, StanceClassifier):
        described["unsure_below"] = classifier.manifest.unsure_below
    job = Job(
        output=output,
        form=check_form(output),
        targets=(*load_targets(), *options.targets),
        model=described,
        report=options.report,
        any_language=options.any_language,
        overwrite=options.force,
        restart=options.restart,
        settings={
            "number of threads": str(threads_in_use()),
            "program version": __version__,
            "engine": options.engine,
            "device": str(Device(options.device, options.precision)),
        },
    )
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
    print(f"{_summary(counts, output)}; model: {describe(classifier)}", file=sys.stderr)


class _Loaded:
    """The model and the engine, each made when first asked for, and kept for the files after that."""

    def __init__(self, options: argparse.Namespace, opened: contextlib.ExitStack) -> None:
        self._options = options
        self._opened = opened

    @cached_property
    def classifier(self) -> AnyClassifier:
        """What the options name."""
        return _load(self._options)

    @cached_property
    def engine(self) -> Engine:
        """What scores with it, until `opened` is closed."""
        return self._opened.enter_context(_engine(self._options, self.classifier))


def _load(options: argparse.Namespace) -> AnyClassifier:
    from stance.model.loading import load
    from stance.model.manifest import SHIPPED
    from stance.model.threads import use_threads

    # Several processes of one thread each get more out of a machine than one of several threads.
    use_threads(options.threads or (1 if options.engine == "ray" else None))
    return load(
        SHIPPED if options.model is None else options.model,
        download=options.download,
        revision=options.revision,
        device=Device(options.device, options.precision),
    )


@contextlib.contextmanager
def _engine(options: argparse.Namespace, classifier: AnyClassifier) -> Iterator[Engine]:
    if options.engine == "local":
        with with_store(options, classifier) as asked_first:
            yield InTurn(asked_first)
        return
    from stance.model.loading import describe
    from stance.model.threads import threads_in_use
    from stance.ray_engine import Asked, code_hash, connected

    name = options.model
    if name is not None and Path(name).exists():
        name = str(Path(name).resolve())  # a process of the cluster may run anywhere
    asked = Asked(name, options.revision, describe(classifier), code_hash(), threads_in_use())
    with connected(options.address, asked, workers=options.workers) as engine:
        workers = counted(engine.n_workers(), "process", "processes")
        print(f"Ray: {workers} of {counted(asked.threads, 'thread', 'threads')}", file=sys.stderr)
        yield engine


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
        print(_shown(note), file=sys.stderr)
    for row in source.head.rejected[:MAX_REJECTED_LINES]:
        print(f"line {row.line} not used: {row.reason}", file=sys.stderr)
    if (more := sum(source.rejected.values()) - MAX_REJECTED_LINES) > 0:
        print(f"and {more} more lines not used", file=sys.stderr)
    if source.head.confidence < SURE:
        print(
            f"warning: the split into comments is uncertain ({source.head.confidence:.0%} sure); "
            "check it in OUTPUT.csv or in the dashboard",
            file=sys.stderr,
        )


def _shown(text: str) -> str:
    """On one line, and without what a terminal would obey."""
    return "".join(c if c.isprintable() else "?" for c in text)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m stance",
        description="Scores reader comments for sentiment and for stance toward countries.",
    )
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    score = add_score(commands)
    score.set_defaults(command=_score, parser=score)
    add_report(commands, add_reading_and_scoring, _load)
    add_store(commands)
    add_measuring(commands, add_threads)
    return parser


def _summary(counts: RowCounts, output: Path) -> str:
    """Rows read = scored + unscored + rejected, with the reasons of the last two."""
    return (
        f"read {counts.n_rows} rows: {counts.n_scored} scored, "
        f"{counts.unscored.total()} unscored{_reasons(dict(counts.unscored.most_common()))}, "
        f"{len(counts.rejected)} rejected{_reasons(counts.rejected_reasons)}; wrote {output}"
    )


def _reasons(counts: dict[str, int]) -> str:
    if not counts:
        return ""
    return f" ({', '.join(f'{reason}: {count}' for reason, count in counts.items())})"
