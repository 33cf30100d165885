"""Options of the command line that say what to read and how to score it. Hold no logic."""

from __future__ import annotations

import argparse
import contextlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from stance.errors import StanceError
from stance.model.devices import CPU, DEVICES, PRECISIONS
from stance.typed import parse_target
from stance.writing import FORMS

Commands = argparse._SubParsersAction


def add_score(commands: Commands[argparse.ArgumentParser]) -> argparse.ArgumentParser:
    """Add `score` with its options; what it does is for the caller to add."""
    score = commands.add_parser(
        "score",
        help="score a file of comments",
        description="Reads a file of comments or a pasted page, and writes a CSV with your own columns "
        "first and the scores after them. A run that was stopped or killed is gone on with by the "
        "same command.",
    )
    score.add_argument(
        "inputs",
        metavar="INPUT",
        nargs="+",
        help="CSV, TSV, JSON, JSON Lines, XLSX, Parquet, or a text file with a pasted page; each may "
        "be packed with gzip; several get an output each. With --engine ray also one folder of tables, "
        "or its address in an object store (s3://…)",
    )
    score.add_argument(
        "-o",
        "--output",
        required=True,
        metavar="OUTPUT.csv",
        help="where to write; .xlsx, .jsonl and .parquet give those forms; a folder gives "
        "INPUT.scores.csv in it, or another --form; for the files of a folder, FILE.scores.parquet",
    )
    score.add_argument(
        "--form", choices=list(FORMS), help="of the outputs in a folder; else .csv"
    )
    add_reading_and_scoring(score)
    score.add_argument("--force", action="store_true", help="replace OUTPUT.csv if it exists")
    score.add_argument(
        "--restart",
        action="store_true",
        help="begin anew what an earlier run left unfinished; else it is gone on with",
    )
    score.add_argument(
        "--report",
        type=Path,
        metavar="ROWS.csv",
        help="write there what became of each row: scored, unscored or rejected, and why",
    )
    _engine(score)
    return score


def _engine(score: argparse.ArgumentParser) -> None:
    score.add_argument(
        "--engine",
        choices=["local", "ray"],
        default="local",
        help="ray scores with several processes, on this machine or a cluster (see docs/scale.md)",
    )
    score.add_argument(
        "--address", metavar="HOST:PORT", help="of a Ray cluster; else one is started here"
    )
    score.add_argument(
        "--workers",
        type=positive,
        metavar="N",
        help="processes of the Ray cluster started here; else one for every core",
    )


def add_reading_and_scoring(parser: argparse.ArgumentParser) -> None:
    """Add how to read the input, what to ask about it, and which model is asked."""
    parser.add_argument("--text-column", metavar="NAME", help="column with the comments; else found")
    parser.add_argument("--encoding", metavar="NAME", help="e.g. windows-1251; else found")
    parser.add_argument("--delimiter", metavar="CHAR", help="between cells; else found")
    parser.add_argument("--sheet", metavar="NAME", help="of a workbook; else its first")
    parser.add_argument(
        "--target",
        dest="targets",
        action=_AddTarget,
        default=(),
        metavar="NAME=ALIAS,…",
        help='another target, e.g. "NATO=the alliance"; aliases are optional, repeat for more',
    )
    _model(parser)
    parser.add_argument(
        "--any-language",
        action="store_true",
        help="score comments too that are clearly not English",
    )
    parser.add_argument(
        "--no-store",
        action="store_true",
        help="neither use nor keep scores of other runs (see the command store); --engine ray never does",
    )
    add_threads(parser)
    _device(parser)


def _device(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--device", choices=DEVICES, default=CPU.name, help="cuda is a graphics card"
    )
    parser.add_argument(
        "--precision",
        choices=PRECISIONS,
        default=CPU.precision,
        help="on a graphics card; bfloat16 is faster, and gives slightly other scores",
    )


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


def add_threads(parser: argparse.ArgumentParser) -> None:
    """Add how many threads compute."""
    parser.add_argument(
        "--threads",
        type=positive,
        metavar="N",
        help="CPU threads; else one fewer than cores, which is steadiest, or one for each Ray process",
    )


def positive(text: str) -> int:
    """A whole number above 0, for argparse."""
    with contextlib.suppress(ValueError):
        if int(text) > 0:
            return int(text)
    raise argparse.ArgumentTypeError(f"expected a whole number above 0, found {text!r}")
