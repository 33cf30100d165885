"""The door to writing: scored comments into a file, whole or not at all. Neither scores nor filters.

How a form looks stands in `forms.py`, how a file is put on the disk in `files.py`.
"""

from __future__ import annotations

import os
from pathlib import Path

import pandas as pd

from stance.errors import WritingError
from stance.guards import guard, unguard
from stance.records import ReadResult, distinct_from
from stance.writing.files import check_writable, content_file_name, remove, write_whole
from stance.writing.forms import DECIMALS, FORMS, scores_csv

__all__ = [
    "DECIMALS",
    "FORMS",
    "check_form",
    "check_writable",
    "content_file_name",
    "distinct_from",
    "guard",
    "remove",
    "scores_csv",
    "unguard",
    "write_scores",
    "write_whole",
]


def write_scores(
    result: ReadResult,
    scored: pd.DataFrame,
    path: str | os.PathLike[str],
    *,
    overwrite: bool = False,
) -> None:
    """Write the scored comments in the form that the name ends in; it appears whole or not at all.

    Raises:
        WritingError: the ending is none of `FORMS`, the file exists and `overwrite` is False, or
            it cannot be written.
    """
    target = Path(path)
    check_writable(target, overwrite=overwrite)
    write_whole(target, FORMS[check_form(target)](result, scored))


def check_form(path: Path) -> str:
    """The ending of a name that says its form; a name without one is CSV.

    Raises:
        WritingError: another ending.
    """
    ending = path.suffix.lower() or ".csv"
    if ending not in FORMS:
        raise WritingError(
            f"Expected an output that ends in {', '.join(FORMS)}, found {path.suffix[:20]!r}. "
            "Name another."
        )
    return ending
