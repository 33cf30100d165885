"""Takes back an export of this desk: own columns, texts and scores, without scoring again.

An export is known by its columns: those of a scored table, all of them and in their order, behind the
person's own. Scores nothing and asks no model; which model an export is from stands in its manifest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from stance.errors import ReadingError
from stance.labels import Sentiment, Stance
from stance.reading import ColumnChoice, read_comments, read_own_rows, written_as_csv
from stance.records import (
    COMMENT_ID,
    SENTIMENT,
    TRUNCATED,
    UNSCORED,
    ReadResult,
    scored_columns,
    stance_label,
)
from stance.targets import Target, load_targets, typed_target
from stance.writing import distinct_from, unguard


@dataclass(frozen=True, slots=True)
class Restored:
    """What an export held: as if read from its source, its scored table, the targets asked about."""

    result: ReadResult
    scored: pd.DataFrame
    targets: tuple[Target, ...]


def restore(data: bytes, *, name: str) -> Restored | None:
    """An export that was read back, or None where the bytes are no export of this desk.

    Raises:
        ReadingError: it has the columns of an export, but a score that is no number, or a label
            that there is not; names the row.
    """
    try:
        result = read_comments(data, name=name, columns=ColumnChoice(text=0))
    except ReadingError:
        return None
    guarded = written_as_csv(data)
    names = [unguard(name) if guarded else name for name in result.columns]
    first, keys = _ours(names)
    if first is None:
        return None
    own = [[unguard(c) if guarded else c for c in comment.cells[:first]] for comment in result.comments]
    ours = [comment.cells[first:] for comment in result.comments]
    lines = [comment.line for comment in result.comments]
    columns = scored_columns(keys)
    scored = _typed(pd.DataFrame(ours, columns=list(columns)), keys, lines)
    if guarded:
        for column in (COMMENT_ID, *(c for c in columns if c.startswith("mentions_"))):
            scored[column] = [unguard(cell) for cell in scored[column]]
    read = read_own_rows(names[:first], own, lines, name=name, ids=list(scored[COMMENT_ID]))
    note = f"An export of this desk: {len(scored):,} rows with their scores, not scored again."
    read = replace(read, rejected=result.rejected, notes=(note,))
    known = {target.key: target for target in load_targets()}
    targets = tuple(known.get(key) or typed_target(key) for key in keys)
    return Restored(read, scored, targets)


def _ours(columns: Sequence[str]) -> tuple[int | None, list[str]]:
    """Where our columns begin, and the keys of their targets."""
    prefix = stance_label("")
    for first in range(1, len(columns)):
        if not columns[first].startswith(COMMENT_ID):
            continue
        names = columns[first:]
        keys = [
            name.removeprefix(prefix)
            for name in names
            if name.startswith(prefix) and f"{name}_{Stance.AGAINST}" in names
        ]
        if list(names) == distinct_from(columns[:first], scored_columns(keys)):
            return first, keys
    return None, []


def _typed(table: pd.DataFrame, keys: Sequence[str], lines: Sequence[int]) -> pd.DataFrame:
    labels = {SENTIMENT: {str(label) for label in Sentiment}}
    labels |= {stance_label(key): {str(label) for label in Stance} for key in keys}
    for column in table.columns:
        cells = list(table[column])
        if column in labels:
            for cell, line in zip(cells, lines, strict=True):
                if cell and cell not in labels[column]:
                    raise _odd(column, line, f"one of {', '.join(sorted(labels[column]))}")
        elif column == TRUNCATED:
            table[column] = [cell.lower() == "true" for cell in cells]
        elif column not in (COMMENT_ID, UNSCORED) and not column.startswith("mentions_"):
            table[column] = [_probability(c, column, n) for c, n in zip(cells, lines, strict=True)]
    return table


def _probability(cell: str, column: str, line: int) -> float:
    try:
        value = float(cell) if cell else np.nan
    except ValueError:
        raise _odd(column, line, "a number from 0 to 1") from None
    if not (np.isnan(value) or 0 <= value <= 1):
        raise _odd(column, line, "a number from 0 to 1")
    return value


def _odd(column: str, line: int, expected: str) -> ReadingError:
    return ReadingError(
        f"Expected {expected} in the column {column} of an export, found something else at line "
        f"{line}. Leave our columns as they are, or remove them to score the comments anew."
    )
