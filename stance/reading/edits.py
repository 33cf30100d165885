"""Takes back the split of a page after a person has mended it by hand.

Does not read pages and does not judge the person's rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from stance.reading.ids import derived_id, source_digest
from stance.records import COMMENT_ID, PAGE_COLUMNS, Comment, ReadResult, RejectedRow
from stance.translation import N_

REMOVED = N_("removed by hand")
NO_TEXT = N_("no text")
KEEP = "keep"
_NOT_KEPT = frozenset({"", "false", "0", "no", "off"})
_EXCERPT = 80


def with_edits(result: ReadResult, rows: Sequence[Mapping[str, str]]) -> ReadResult:
    """The result with these rows as its comments, in their order.

    A row with the `comment_id` of a comment keeps that id and line; any other row is new: it gets
    a fresh id and line 0, as it stands nowhere in the source. A row whose "keep" is "false" (or
    empty, "0", "no", "off") and a comment that no row carries are rejected as removed by hand; a
    row without text as "no text".
    """
    known = {comment.comment_id: comment for comment in result.comments}
    left = dict(known)
    fresh = _FreshIds(result)
    comments: list[Comment] = []
    rejected = list(result.rejected)
    for row in rows:
        original = left.get(row.get(COMMENT_ID, ""))
        if row.get(KEEP, "true").strip().lower() in _NOT_KEPT:
            if original is None:
                rejected.append(RejectedRow(0, REMOVED, row.get("text", "")[:_EXCERPT]))
            continue
        if original is not None:
            del left[original.comment_id]
        line = original.line if original else 0
        if not row.get("text", "").strip():
            rejected.append(RejectedRow(line, NO_TEXT, row.get("author", "")[:_EXCERPT]))
            continue
        comment_id = original.comment_id if original else fresh.take()
        comments.append(_comment(row, comment_id, line))
    rejected += [RejectedRow(c.line, REMOVED, c.text[:_EXCERPT]) for c in left.values()]
    return replace(
        result,
        columns=PAGE_COLUMNS,
        comments=tuple(comments),
        rejected=tuple(sorted(rejected, key=lambda row: row.line)),
    )


def _comment(row: Mapping[str, str], comment_id: str, line: int) -> Comment:
    author, time, likes, reply_to, text = cells = tuple(row.get(key, "") for key in PAGE_COLUMNS)
    return Comment(comment_id, text, line, author, time, likes, reply_to, cells)


class _FreshIds:
    """Ids for new rows, the same for the same result, never one that is taken."""

    def __init__(self, result: ReadResult) -> None:
        self.taken = {comment.comment_id for comment in result.comments}
        key = "\n".join([result.name, *sorted(self.taken)])
        self.digest = source_digest(key.encode("utf-8", "surrogatepass"))
        self.row = 0

    def take(self) -> str:
        """The next id that no comment has."""
        while (fresh := derived_id(self.digest, self.row)) in self.taken:
            self.row += 1
        self.taken.add(fresh)
        return fresh
