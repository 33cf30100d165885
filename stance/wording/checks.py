"""Words of the data checks: what was read of a source, and what became of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from stance.amounts import number, numbered
from stance.copies import CopyKind
from stance.records import Comment, ReadResult, RejectedRow
from stance.sentences import spoken
from stance.translation import _
from stance.writing.manifests import RowCounts

MAX_LINES = 20
"""Lines of rows not used that are named for each reason."""


def data_checks(
    result: ReadResult, counts: RowCounts, *, n_cut: int, n_by_hand: int, any_language: bool
) -> list[tuple[str, str]]:
    """What was read and what became of it: pairs of a heading and words.

    Args:
        result: what was read.
        counts: what became of its rows.
        n_cut: comments of which the model read the beginning only.
        n_by_hand: comments with labels that people gave.
        any_language: whether comments in other languages than English were scored.
    """
    other = _("scored too: how well was never measured") if any_language else _("left unscored")
    none = _("none")
    read = numbered(
        "{rows}, of these {n} comment",
        "{rows}, of these {n} comments",
        counts.n_comments,
        rows=number(counts.n_rows),
    )
    exact = counts.copies[str(CopyKind.EXACT)]
    return [
        (_("Rows read"), read),
        (_("Scored"), number(counts.n_scored)),
        (_("Not scored"), _reasons(dict(counts.unscored.most_common())) or none),
        (_("Rows not used"), _rejected(result.rejected) or none),
        (_("Repeats of an earlier comment"), _repeats(counts.copies.total(), exact)),
        (_("Read by the beginning only (too long)"), number(n_cut) if n_cut else none),
        (_("Labels by hand"), _by_hand(n_by_hand)),
        (_("Comments that are clearly not English"), other),
        (_("Comments with"), _having(result.comments)),
        (_("How it was read"), " ".join(map(spoken, result.notes)) or _("nothing to note")),
    ]


def _having(comments: Sequence[Comment]) -> str:
    """How many comments have an author and other roles."""
    said = {
        "author": _("author: {n}"),
        "time": _("time: {n}"),
        "likes": _("likes: {n}"),
        "reply_to": _("reply to: {n}"),
    }
    return ", ".join(
        each.format(n=number(sum(bool(getattr(comment, role)) for comment in comments)))
        for role, each in said.items()
    )


def _by_hand(n: int) -> str:
    if not n:
        return _("none")
    return numbered(
        "in {n} comment; they count as they were given",
        "in {n} comments; they count as they were given",
        n,
    )


def _repeats(n: int, exact: int) -> str:
    if not n:
        return _("none")
    said = _("{n} ({exact} word for word); they count like any other")
    return said.format(n=number(n), exact=number(exact))


def _reasons(counts: Mapping[str, int]) -> str:
    said = _("{reason}: {n}")
    return "; ".join(said.format(reason=_(reason), n=number(n)) for reason, n in counts.items())


def _rejected(rows: Sequence[RejectedRow]) -> str:
    lines = defaultdict(list)
    for row in rows:
        lines[row.reason].append(row.line)
    parts = []
    for reason, found in sorted(lines.items(), key=lambda item: (-len(item[1]), item[0])):
        named = ", ".join(str(line) for line in found[:MAX_LINES])
        if (more := len(found) - MAX_LINES) > 0:
            named = _("{named} and {n} more").format(named=named, n=number(more))
        part = numbered(
            "{reason}: {n} (line {lines})",
            "{reason}: {n} (lines {lines})",
            len(found),
            reason=_(reason),
            lines=named,
        )
        parts.append(part)
    return "; ".join(parts)
