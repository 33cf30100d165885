"""The row report: what became of every row of a source, as CSV. Holds no text of a comment."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from stance.copies import Copy
from stance.guards import guard
from stance.records import COMMENT_ID, TRUNCATED, UNSCORED, Comment, ReadResult, RejectedRow

COLUMNS = ("line", "comment_id", "outcome", "reason", "copy_of", "copy_kind")
SCORED, NOT_SCORED, REJECTED = "scored", "unscored", "rejected"
CUT = "by the beginning only"


def row_report(
    result: ReadResult, scored: pd.DataFrame, copies: Mapping[str, Copy]
) -> bytes:
    """One line for each comment and each rejected row, in the order of the source.

    `outcome` is scored, unscored (with the reason) or rejected (with the reason); of a scored
    comment that was too long the reason says that it was read by its beginning only. `copy_of` is
    the id of the earlier comment that says the same, `copy_kind` how alike they are.
    """
    return report_head() + report_body(result.comments, result.rejected, scored, copies)


def report_head() -> bytes:
    """The beginning of a report: UTF-8's mark and the header."""
    return codecs.BOM_UTF8 + _csv([COLUMNS])


def report_body(
    comments: Sequence[Comment],
    rejected: Sequence[RejectedRow],
    scored: pd.DataFrame,
    copies: Mapping[str, Copy],
) -> bytes:
    """The lines of some rows of the source that follow one another."""
    lines = {comment.comment_id: comment.line for comment in comments}
    rows: list[tuple[int, str, str, str, str, str]] = [
        (row.line, "", REJECTED, row.reason, "", "") for row in rejected
    ]
    for comment_id, why, cut in zip(
        scored[COMMENT_ID], scored[UNSCORED], scored[TRUNCATED], strict=True
    ):
        outcome = NOT_SCORED if why else SCORED
        reason = why or (CUT if cut else "")
        copy = copies.get(comment_id)
        alike = (copy.of, str(copy.kind)) if copy else ("", "")
        rows.append((lines[comment_id], comment_id, outcome, reason, *alike))
    rows.sort(key=lambda row: row[0])
    return _csv([str(line), *map(guard, rest)] for line, *rest in rows)


def _csv(rows: Iterable[Sequence[str]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows(rows)
    return out.getvalue().encode("utf-8", "replace")
