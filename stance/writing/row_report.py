"""The row report: what became of every row of a source, as CSV. Holds no text of a comment."""

from __future__ import annotations

import csv
import io

import pandas as pd

from stance.records import COMMENT_ID, TRUNCATED, UNSCORED, ReadResult
from stance.writing.guards import guard

COLUMNS = ("line", "comment_id", "outcome", "reason")
SCORED, NOT_SCORED, REJECTED = "scored", "unscored", "rejected"
CUT = "by the beginning only"


def row_report(result: ReadResult, scored: pd.DataFrame) -> bytes:
    """One line for each comment and each rejected row, in the order of the source.

    `outcome` is scored, unscored (with the reason) or rejected (with the reason); of a scored
    comment that was too long the reason says that it was read by its beginning only.
    """
    comments = {comment.comment_id: comment for comment in result.comments}
    rows: list[tuple[int, str, str, str]] = [
        (row.line, "", REJECTED, row.reason) for row in result.rejected
    ]
    for comment_id, why, cut in zip(
        scored[COMMENT_ID], scored[UNSCORED], scored[TRUNCATED], strict=True
    ):
        outcome = NOT_SCORED if why else SCORED
        rows.append((comments[comment_id].line, comment_id, outcome, why or (CUT if cut else "")))
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for line, comment_id, outcome, reason in sorted(rows, key=lambda row: row[0]):
        writer.writerow((line, guard(comment_id), outcome, guard(reason)))
    return out.getvalue().encode("utf-8-sig", "replace")
