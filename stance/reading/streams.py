"""The door to reading what does not fit in memory: chunks of comments, in the order of the source.

Small sources, and those that cannot be read piece by piece (workbooks, Parquet, one JSON document,
a pasted page), are read whole; large tables and JSON Lines are read from the disk several times, to
see what they are and then for their rows. Both ways give the same comments (tested).
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from stance.errors import ReadingError
from stance.limits import REJECTED
from stance.reading import is_table, read_comments, read_source
from stance.reading.columns import ColumnChoice
from stance.reading.faults import told
from stance.reading.json_rows import is_json_lines, looks_like_json
from stance.reading.json_stream import JsonStream
from stance.reading.row_stream import RowStream
from stance.reading.surveys import Survey, is_packed, survey
from stance.reading.table_stream import TableStream
from stance.records import Comment, ReadResult, RejectedRow
from stance.translation import N_

STREAM_BYTES = 2_000_000
"""Files from this size on are read in pieces; a packed one from a twentieth of it."""

CHUNK_CHARACTERS = 4_000_000
"""A chunk ends with the comment in which its cells pass this."""

_PACKED = 20

SHOWN_REJECTED = 20
"""Rows not used that are kept with the stream; all are counted and come with the chunks."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Comments that follow one another, and the rows between them that were not used."""

    comments: tuple[Comment, ...]
    rejected: tuple[RejectedRow, ...]


@dataclass(frozen=True, slots=True)
class CommentStream:
    """What a source turned out to hold, but for its rows.

    `head` is a ReadResult without comments: name, columns, notes, kind, confidence, and the first
    rows that were not used. `rejected` counts all of these by reason. `sha256` is the source's,
    `options` what was said of how to read it. `path` is there where the rows are read from the disk.
    """

    head: ReadResult
    n_comments: int
    rejected: dict[str, int]
    sha256: str
    rows: Callable[[], Iterator[Comment | RejectedRow]]
    options: str = ""
    path: Path | None = None

    def way_of_reading(self) -> str:
        """A hash of how the source was understood: of options, columns and notes."""
        found = repr((self.options, self.head.columns, self.head.kind, self.head.notes))
        return hashlib.sha256(found.encode("utf-8", "replace")).hexdigest()

    def check_unchanged(self) -> None:
        """Read the file once more for its hash, if rows came from the disk.

        Raises:
            ReadingError: it is not the one that was opened.
        """
        if self.path is not None:
            with told(self.path), self.path.open("rb") as file:
                now = hashlib.file_digest(file, "sha256").hexdigest()
            if now != self.sha256:
                raise changed(f"the SHA-256 {self.sha256[:12]}", now[:12])

    def chunks(self, size: int) -> Iterator[Chunk]:
        """All rows, `size` comments at a time, fewer where they are long.

        Can be asked for again, and gives the same.

        Raises:
            ReadingError: as opening does; or the file was changed since it was opened.
        """
        comments: list[Comment] = []
        rejected: list[RejectedRow] = []
        found = characters = 0
        for row in self.rows():
            if isinstance(row, RejectedRow):
                rejected.append(row)
                continue
            comments.append(row)
            found += 1
            characters += sum(map(len, row.cells))
            if len(comments) == size or characters > CHUNK_CHARACTERS:
                yield Chunk(tuple(comments), tuple(rejected))
                comments, rejected, characters = [], [], 0
        if found != self.n_comments:
            raise changed(f"{self.n_comments:,} comments", f"{found:,}")
        if comments or rejected:
            yield Chunk(tuple(comments), tuple(rejected))


def changed(expected: str, found: str) -> ReadingError:
    """The error for a file that was changed while it was read."""
    return ReadingError(
        f"Expected {expected} as when the file was opened, found {found}: it was changed meanwhile. "
        "Begin anew with --restart."
    )


def open_comments(
    path: str | Path,
    *,
    name: str | None = None,
    columns: ColumnChoice | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    header: bool | None = None,
    kind: Literal["table", "page"] | None = None,
    sheet: str | None = None,
    stream_bytes: int = STREAM_BYTES,
) -> CommentStream:
    """Open a file of comments; options as `read_comments`.

    Args:
        path: of the file.
        name: of the source; the file's if None.
        columns: what columns of a table are.
        encoding: of the text.
        delimiter: between cells.
        header: whether the first row holds the column names.
        kind: table or page.
        sheet: of a workbook.
        stream_bytes: files from this size on are read in pieces, if they can be.

    Raises:
        ReadingError: as `read_comments`; of large files there may be any number of bytes and rows.
    """
    path = Path(path)
    name = path.name if name is None else name
    columns = columns or ColumnChoice()
    options = repr((columns, encoding, delimiter, header, kind, sheet))
    if sheet is None and kind != "page" and _size(path) >= stream_bytes:
        surveyed = survey(path, encoding=encoding)
        if surveyed is not None and (
            found := _in_pieces(surveyed, name, columns, delimiter, header, kind)
        ):
            return replace(_streamed(found, name, surveyed), options=options, path=path)
    data = read_source(path)
    result = read_comments(
        data,
        name=name,
        columns=columns,
        encoding=encoding,
        delimiter=delimiter,
        header=header,
        kind=kind,
        sheet=sheet,
    )
    return replace(stream_of(result, hashlib.sha256(data).hexdigest()), options=options)


def stream_of(result: ReadResult, sha256: str) -> CommentStream:
    """What was read whole, as a stream."""
    every: list[Comment | RejectedRow] = [*result.rejected, *result.comments]
    every.sort(key=lambda row: row.line)
    counts = Counter(row.reason for row in result.rejected)
    head = ReadResult(
        name=result.name,
        columns=result.columns,
        comments=(),
        rejected=result.rejected[:SHOWN_REJECTED],
        article=result.article,
        notes=result.notes,
        confidence=result.confidence,
        kind=result.kind,
        form=result.form,
    )
    return CommentStream(head, len(result.comments), dict(counts), sha256, lambda: iter(every))


def _size(path: Path) -> int:
    """Bytes of a file, of a packed one about what it unpacks to."""
    try:
        return path.stat().st_size * (_PACKED if is_packed(path) else 1)
    except (OSError, ValueError):
        return 0  # reading it whole says what is wrong


def _in_pieces(
    surveyed: Survey,
    name: str,
    columns: ColumnChoice,
    delimiter: str | None,
    header: bool | None,
    kind: str | None,
) -> RowStream | None:
    if looks_like_json(surveyed.head):
        json_lines = delimiter is None and header is None and is_json_lines(surveyed.head, whole=False)
        return JsonStream(surveyed, columns) if json_lines else None
    given = kind == "table" or columns != ColumnChoice() or delimiter is not None or header is not None
    if given or is_table(surveyed.head, name):
        return TableStream(surveyed, columns, delimiter, header)
    return None


def _streamed(found: RowStream, name: str, surveyed: Survey) -> CommentStream:
    counts: Counter[str] = Counter()
    first: list[RejectedRow] = []
    n_comments = 0
    for row in found.look():
        if row is None:
            n_comments += 1
            continue
        counts[row.reason] += 1
        REJECTED.check(counts.total(), N_("a source"))
        if len(first) < SHOWN_REJECTED:
            first.append(row)
    head = ReadResult(
        name=name,
        columns=found.names,
        comments=(),
        rejected=tuple(first),
        notes=(*surveyed.notes, *found.notes()),
        confidence=found.confidence,
        form=found.form,
    )
    return CommentStream(head, n_comments, dict(counts), surveyed.sha256, found.rows)
