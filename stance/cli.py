"""The command line: arguments in, calls into the package, one line per error. Holds no logic."""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Sequence
from pathlib import Path

from stance import __version__
from stance.aggregate import unscored_reasons
from stance.errors import StanceError
from stance.reading import read_comments
from stance.records import SURE, ReadResult
from stance.scoring import Progress, score_comments
from stance.writing import check_writable, write_scores


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
    output = Path(options.output)
    check_writable(output, overwrite=options.force)
    result = read_comments(
        options.input,
        text_column=options.text_column,
        encoding=options.encoding,
        delimiter=options.delimiter,
    )
    for note in result.notes:
        print("".join(c if c.isprintable() else "?" for c in note), file=sys.stderr)
    if result.confidence < SURE:
        print(
            f"warning: the split into comments is uncertain ({result.confidence:.0%} sure); "
            "check it in OUTPUT.csv or in the dashboard",
            file=sys.stderr,
        )
    from stance.model.classifier import load_classifier
    from stance.model.threads import use_threads

    use_threads(options.threads)
    scored = score_comments(result.comments, load_classifier(), on_progress=_show_progress)
    print(file=sys.stderr)
    write_scores(result, scored, output, overwrite=options.force)
    print(_summary(result, unscored_reasons(scored), output), file=sys.stderr)


def _evaluate(options: argparse.Namespace) -> None:
    # Metrics are not needed for scoring, and scikit-learn takes a second to load.
    from stance.evaluation import evaluate
    from stance.model.classifier import load_classifier
    from stance.model.threads import use_threads

    use_threads(options.threads)
    classifier = load_classifier(options.checkpoint) if options.checkpoint else load_classifier()
    for figure in evaluate(Path(options.labelled), classifier, on_progress=_show_progress):
        print(f"{figure.name:32} {figure.value:.3f}  (95 % {figure.low:.3f}–{figure.high:.3f})")


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
        description="Reads a CSV, a TSV or a pasted page, and writes a CSV with your own columns "
        "first and the scores after them.",
    )
    score.add_argument("input", metavar="INPUT", help="CSV, TSV, or text file with a pasted page")
    score.add_argument("-o", "--output", required=True, metavar="OUTPUT.csv", help="where to write")
    score.add_argument("--text-column", metavar="NAME", help="column with the comments; else found")
    score.add_argument("--encoding", metavar="NAME", help="e.g. windows-1251; else found")
    score.add_argument("--delimiter", metavar="CHAR", help="between cells; else found")
    score.add_argument("--force", action="store_true", help="replace OUTPUT.csv if it exists")
    _threads(score)
    score.set_defaults(command=_score)
    evaluate = commands.add_parser(
        "evaluate",
        help="measure the model on labelled comments",
        description="Prints macro-F1, share error and calibration error with bootstrap intervals "
        "for a JSONL file of rows with text, sentiment, us, uk, ru, ua.",
    )
    evaluate.add_argument("labelled", metavar="LABELLED.jsonl")
    evaluate.add_argument("--checkpoint", metavar="FOLDER", help="another one than the shipped")
    _threads(evaluate)
    evaluate.set_defaults(command=_evaluate)
    return parser


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


def _show_progress(progress: Progress) -> None:
    rate = progress.done / max(progress.seconds, 1e-9)
    left = (progress.total - progress.done) / max(rate, 1e-9)
    line = f"\rscored {progress.done} of {progress.total} texts, {rate:.0f}/s, {left:.0f} s left  "
    print(line, end="", file=sys.stderr, flush=True)


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
