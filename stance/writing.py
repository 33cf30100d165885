"""Scored comments to CSV, and any file whole or not at all. Neither scores nor filters.

Cells that a spreadsheet would run as a formula are guarded by one apostrophe (see `guard`); every
guarded cell can be undone exactly with `unguard`.
"""

from __future__ import annotations

import csv
import hashlib
import io
import os
import re
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

import pandas as pd

from stance.errors import WritingError
from stance.records import COMMENT_ID, ReadResult

DECIMALS = 6
"""Of probabilities; scores agree between batches to 1e-5, so more digits would be noise."""

# Spaces, controls and invisible characters before a sign don't stop a spreadsheet.
_LIVE = re.compile(
    r"[\s\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff]*"
    r"[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]"
)


def guard(cell: str) -> str:
    """Make a cell harmless to open in a spreadsheet (OWASP, CSV injection).

    A cell whose first visible character is = + - @ (also full-width), a tab or a line break gets
    one apostrophe in front, and so does one that starts with an apostrophe: then the way back is
    exact.

    >>> guard("=1+1"), guard("'tis"), guard("a=b")
    ("'=1+1", "''tis", 'a=b')
    """
    return f"'{cell}" if cell.startswith("'") or _LIVE.match(cell) else cell


def unguard(cell: str) -> str:
    """The cell as it was: `unguard(guard(cell)) == cell` for every text."""
    return cell.removeprefix("'")


def scores_csv(result: ReadResult, scored: pd.DataFrame) -> bytes:
    """The scored comments as CSV in UTF-8 with BOM, which Excel reads as UTF-8.

    The person's own columns come first, unchanged but for the guard, then ours. Where one of
    theirs has the name of one of ours, ours gets "_2", so that every name is there once.

    Args:
        result: what was read.
        scored: its scored table, or some of its rows in any order.
    """
    comments = {comment.comment_id: comment for comment in result.comments}
    chosen = [comments[comment_id] for comment_id in scored[COMMENT_ID]]
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    own = [guard(name) for name in result.columns]
    writer.writerow([*own, *_distinct_from(result.columns, scored.columns)])
    for comment, row in zip(chosen, _formatted(scored), strict=True):
        writer.writerow([*map(guard, comment.cells), *row])
    # Lone surrogates cannot be written as UTF-8.
    return out.getvalue().encode("utf-8-sig", "replace")


def write_scores(
    result: ReadResult,
    scored: pd.DataFrame,
    path: str | os.PathLike[str],
    *,
    overwrite: bool = False,
) -> None:
    """Write the scored comments to a CSV file; it appears whole or not at all.

    Raises:
        WritingError: the file exists and `overwrite` is False, or it cannot be written.
    """
    target = Path(path)
    check_writable(target, overwrite=overwrite)
    write_whole(target, scores_csv(result, scored))


def write_whole(target: Path, data: bytes) -> None:
    """Write a file that appears whole or not at all; an existing one is replaced.

    Raises:
        WritingError: it cannot be written; what was there is as it was.
    """
    partial: Path | None = None
    try:
        with tempfile.NamedTemporaryFile(
            dir=target.parent, prefix=f".{target.name}.", delete=False
        ) as file:
            partial = Path(file.name)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        partial.chmod(0o644)
        partial.replace(target)
    except OSError as error:
        raise WritingError(f"Could not write {target}: {error.strerror}.") from error
    finally:
        # Gone already where it was renamed; left where anything, also Ctrl-C, came between.
        if partial is not None:
            partial.unlink(missing_ok=True)


def check_writable(path: Path, *, overwrite: bool, source: Path | None = None) -> None:
    """Refuse, before any work is done, an output that could not be written.

    Raises:
        WritingError: it is the `source` itself, the file exists and `overwrite` is False, or its
            folder is missing.
    """
    if source is not None and path.exists() and source.exists() and path.samefile(source):
        # Rejected rows are not in the output: replacing the source would lose them.
        raise WritingError(f"{path} is the input itself and is never replaced; name another output.")
    if path.is_dir():
        raise WritingError(f"Expected a file name to write to, found the folder {path}.")
    if path.exists() and not overwrite:
        raise WritingError(f"{path} exists and is not overwritten; pass --force to replace it.")
    if not path.parent.is_dir():
        raise WritingError(f"Expected the folder {path.parent} to write into, found none.")


def content_file_name(data: bytes) -> str:
    """A file name that no other content has: `scores-<16 hex digits>.csv`.

    Streamlit addresses a download by its name and parts of its content only, so two exports of
    equal length could be taken for each other.
    """
    return f"scores-{hashlib.sha256(data).hexdigest()[:16]}.csv"


def _distinct_from(own: Sequence[str], ours: Iterable[str]) -> list[str]:
    taken, names = set(own), []
    for name in ours:
        distinct, number = name, 2
        while distinct in taken:
            distinct, number = f"{name}_{number}", number + 1
        taken.add(distinct)
        names.append(distinct)
    return names


def _formatted(scored: pd.DataFrame) -> Iterable[tuple[str, ...]]:
    columns = []
    for name in scored.columns:
        column = scored[name]
        if pd.api.types.is_bool_dtype(column):
            columns.append(["true" if value else "false" for value in column])
        elif pd.api.types.is_float_dtype(column):
            columns.append(["" if pd.isna(v) else f"{v:.{DECIMALS}f}" for v in column])
        else:
            columns.append([guard(str(value)) for value in column])
    return zip(*columns, strict=True)
