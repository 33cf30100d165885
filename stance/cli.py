"""The command line: arguments in, calls into the package, one line per error. Holds no logic."""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from stance import __version__
from stance.aggregate import unscored_reasons
from stance.cli_measuring import add_measuring, show_progress
from stance.errors import StanceError
from stance.model.hub import keep_offline, locate
from stance.reading import read_comments, read_source
from stance.records import SURE, ReadResult
from stance.scoring import score_comments
from stance.targets import load_targets
from stance.typed import UNTESTED, parse_target
from stance.writing import FORMS, check_form, check_writable, remove, write_whole
from stance.writing.manifests import manifest_bytes, manifest_path, output_manifest
from stance.writing.row_report import row_report

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
    except StanceError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nstopped; no output was written", file=sys.stderr)
        return 130
    return 0


def _score(options: argparse.Namespace) -> None:
    if options.model is None and (options.download or options.revision is not None):
        options.parser.error("--download and --revision need --model")
    keep_offline(download=options.download)
    output = Path(options.output)
    form = check_form(output)
    outputs = [output, manifest_path(output), *([options.report] if options.report else [])]
    if len({path.resolve() for path in outputs}) < len(outputs):
        options.parser.error("--report must be another file than OUTPUT and its manifest")
    for path in outputs:
        check_writable(path, overwrite=options.force, source=Path(options.input))
    if options.model is not None and not options.download:
        locate(options.model, revision=options.revision)  # a wrong name is told before any work
    source = read_source(options.input)
    result = read_comments(
        source,
        name=Path(options.input).name,
        text_column=options.text_column,
        encoding=options.encoding,
        delimiter=options.delimiter,
        sheet=options.sheet,
    )
    _print_notes(result)
    from stance.model.classifier import StanceClassifier
    from stance.model.foreign import describe, load_any
    from stance.model.manifest import SHIPPED
    from stance.model.threads import use_threads

    use_threads(options.threads)
    classifier = load_any(
        SHIPPED if options.model is None else options.model,
        download=options.download,
        revision=options.revision,
    )
    for target in options.targets:
        print(f"{UNTESTED}: {target.name} ({target.key})", file=sys.stderr)
    scored = score_comments(
        result.comments,
        classifier,
        targets=(*load_targets(), *options.targets),
        any_language=options.any_language,
        on_progress=show_progress,
    )
    print(file=sys.stderr)
    data = FORMS[form](result, scored)
    model: dict[str, Any] = {"name": describe(classifier)}
    if isinstance(classifier, StanceClassifier):
        model["unsure_below"] = classifier.manifest.unsure_below
    manifest = output_manifest(
        result,
        scored,
        data,
        source_sha256=hashlib.sha256(source).hexdigest(),
        model=model,
        targets=(*load_targets(), *options.targets),
        any_language=options.any_language,
    )
    # A manifest never stands beside an output that it is not about.
    remove(manifest_path(output))
    write_whole(output, data)
    write_whole(manifest_path(output), manifest_bytes(manifest))
    if options.report is not None:
        write_whole(options.report, row_report(result, scored))
    summary = _summary(result, unscored_reasons(scored), output)
    print(f"{summary}; model: {describe(classifier)}", file=sys.stderr)


def _print_notes(result: ReadResult) -> None:
    """How the input was understood, which rows are left out, and whether that needs a look."""
    for note in result.notes:
        print("".join(c if c.isprintable() else "?" for c in note), file=sys.stderr)
    for row in result.rejected[:MAX_REJECTED_LINES]:
        print(f"line {row.line} not used: {row.reason}", file=sys.stderr)
    if (more := len(result.rejected) - MAX_REJECTED_LINES) > 0:
        print(f"and {more} more lines not used", file=sys.stderr)
    if result.confidence < SURE:
        print(
            f"warning: the split into comments is uncertain ({result.confidence:.0%} sure); "
            "check it in OUTPUT.csv or in the dashboard",
            file=sys.stderr,
        )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m stance",
        description="Scores reader comments for sentiment and for stance toward countries.",
    )
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    score = commands.add_parser(
        "score",
        help="score a file of comments",
        description="Reads a file of comments or a pasted page, and writes a CSV with your own columns "
        "first and the scores after them.",
    )
    score.add_argument(
        "input",
        metavar="INPUT",
        help="CSV, TSV, JSON, JSON Lines, XLSX, Parquet, or a text file with a pasted page; each may "
        "be packed with gzip",
    )
    score.add_argument(
        "-o",
        "--output",
        required=True,
        metavar="OUTPUT.csv",
        help="where to write; .xlsx, .jsonl and .parquet give those forms",
    )
    score.add_argument("--text-column", metavar="NAME", help="column with the comments; else found")
    score.add_argument("--encoding", metavar="NAME", help="e.g. windows-1251; else found")
    score.add_argument("--delimiter", metavar="CHAR", help="between cells; else found")
    score.add_argument("--sheet", metavar="NAME", help="of a workbook; else its first")
    score.add_argument(
        "--target",
        dest="targets",
        action=_AddTarget,
        default=(),
        metavar="NAME=ALIAS,…",
        help='another target, e.g. "NATO=the alliance"; aliases are optional, repeat for more',
    )
    _model(score)
    score.add_argument(
        "--any-language",
        action="store_true",
        help="score comments too that are clearly not English",
    )
    score.add_argument("--force", action="store_true", help="replace OUTPUT.csv if it exists")
    score.add_argument(
        "--report",
        type=Path,
        metavar="ROWS.csv",
        help="write there what became of each row: scored, unscored or rejected, and why",
    )
    _threads(score)
    score.set_defaults(command=_score, parser=score)
    add_measuring(commands, _threads)
    return parser


def _model(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--model",
        metavar="PATH_OR_HUB_NAME",
        help="another model than the shipped one: a folder with a sentiment or an entailment model, "
        "or its name on the Hugging Face hub",
    )
    parser.add_argument(
        "--download", action="store_true", help="allow --model to be fetched from the hub"
    )
    parser.add_argument(
        "--revision", metavar="COMMIT", help="of --model on the hub; else its newest"
    )


class _AddTarget(argparse.Action):
    """Collects targets typed as NAME or NAME=ALIAS,ALIAS."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: str | Sequence[Any] | None,
        option_string: str | None = None,
    ) -> None:
        try:
            target = parse_target(str(values), namespace.targets)
        except StanceError as error:
            raise argparse.ArgumentError(self, str(error)) from error
        namespace.targets = (*namespace.targets, target)


def _threads(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--threads",
        type=_positive,
        metavar="N",
        help="CPU threads; else one fewer than cores, which is steadiest",
    )


def _positive(text: str) -> int:
    with contextlib.suppress(ValueError):
        if int(text) > 0:
            return int(text)
    raise argparse.ArgumentTypeError(f"expected a whole number above 0, found {text!r}")


def _summary(result: ReadResult, unscored: dict[str, int], output: Path) -> str:
    """Rows read = scored + unscored + rejected, with the reasons of the last two."""
    n_comments, n_rejected = len(result.comments), len(result.rejected)
    n_unscored = sum(unscored.values())
    rejected: dict[str, int] = {}
    for row in result.rejected:
        rejected[row.reason] = rejected.get(row.reason, 0) + 1
    return (
        f"read {n_comments + n_rejected} rows: {n_comments - n_unscored} scored, "
        f"{n_unscored} unscored{_reasons(unscored)}, "
        f"{n_rejected} rejected{_reasons(rejected)}; wrote {output}"
    )


def _reasons(counts: dict[str, int]) -> str:
    if not counts:
        return ""
    return f" ({', '.join(f'{reason}: {count}' for reason, count in counts.items())})"
