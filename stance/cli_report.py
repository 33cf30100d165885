"""The command that makes a report of a file of comments, or of an export of ours. Holds no logic."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from stance.cli_options import Commands

if TYPE_CHECKING:
    from stance.model.loading import AnyClassifier

    Load = Callable[[argparse.Namespace], AnyClassifier]


def add_report(
    commands: Commands[argparse.ArgumentParser],
    options: Callable[[argparse.ArgumentParser], None],
    load: Load,
) -> None:
    """Add the command.

    Args:
        commands: where to add it.
        options: adds the options that say how to read and to score.
        load: loads the model that these options name.
    """
    report = commands.add_parser(
        "report",
        help="make a report of a file of comments: one HTML file, to pass on or to print",
        description="Scores a file of comments or a pasted page and writes one HTML file with headlines, "
        "charts, data checks, method, limits and quotations. It opens without a network. An export of "
        "ours is opened without being scored. INPUT is read whole: a file that is too large for that "
        "is refused with the limit that raises it (stance/limits.py).",
    )
    report.add_argument("input", metavar="INPUT", type=Path, help="as for score; also its OUTPUT")
    report.add_argument("-o", "--output", required=True, metavar="REPORT.html", type=Path)
    options(report)
    report.add_argument(
        "--again", action="store_true", help="score an export of ours anew; else its scores are taken"
    )
    report.add_argument("--name", help="what to call the set; else its file's name")
    report.add_argument("--authors", action="store_true", help="name the authors of quotations")
    report.add_argument(
        "--quote",
        dest="quoted",
        action="append",
        default=[],
        metavar="ID",
        help="quote this comment too, by its comment_id; repeat it for more",
    )
    report.add_argument(
        "--date",
        type=_day,
        default=None,
        metavar="YYYY-MM-DD",
        help="the date that the report bears; else today's",
    )
    report.add_argument("--force", action="store_true", help="replace REPORT.html if it exists")
    report.set_defaults(command=_report, parser=report, engine="local", load=load)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        message = f"expected a date such as 2026-11-27, found {text[:20]!r}"
        raise argparse.ArgumentTypeError(message) from error


def _report(options: argparse.Namespace) -> None:
    # What makes a report takes a second to load, and scoring does not need it.
    from stance.cli_reporting import make

    make(options)
