"""Turns the text of a CSV or TSV table into comments. Decodes no bytes, knows no pasted pages.

Every cell stays the string it is: "NA" is a comment, ids keep their zeros. A row with too few or
too many cells is rejected whole, never padded or cut: a row that lacks cells at its end cannot
be told from half a row that an unquoted line end cut in two. Only cells under header cells that
are blank to the end of the row may lack. An empty text is a comment.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from stance.errors import ReadingError
from stance.limits import COLUMNS, ROWS
from stance.reading.columns import ColumnChoice, missing_column
from stance.reading.ids import derived_id
from stance.reading.layout import (
    ROLES,
    TableLayout,
    TableShape,
    delimiter_of,
    layout_of,
    table_shape,
)
from stance.reading.rows import DELIMITER_NAMES, Row, check_swallowed_rows, split_rows
from stance.records import Article, Comment, ReadResult, RejectedRow
from stance.sentences import Sentence
from stance.translation import N_

TOO_MANY = N_("too many cells")
TOO_FEW = N_("too few cells")
ABOVE_HEADER = N_("line above the header")
ODD_IDS = Sentence(
    "Some ids are empty or stand twice, so each comment got an id made from its row."
)
_EXCERPT = 80
_CONFIDENCE_WITHOUT_HEADER = 0.8


def read_table(
    text: str,
    *,
    name: str,
    columns: ColumnChoice | None = None,
    delimiter: str | None = None,
    header: bool | None = None,
    notes: Iterable[str] = (),
) -> ReadResult:
    """Read every row as a comment or reject it with a reason; raise if no comment is left.

    A comment's id is the file's own where its ids are all there and all different. Else it is
    derived from the row's cells and from how often the same cells came before, so that it depends
    neither on a filter nor on the file's name, and rows added at the end leave it as it is.
    """
    columns = columns or ColumnChoice()
    delimiter = delimiter_of(text, delimiter, columns)
    rows, literal_quotes = split_rows(text, delimiter)
    shape = table_shape(rows, header, columns)
    check_swallowed_rows(shape.body, delimiter, len(shape.names))
    result = _result(shape, delimiter, name, columns)
    layout = layout_of(shape, delimiter, columns)
    return replace(result, notes=(*notes, *csv_notes(layout, literal_quotes=literal_quotes), *result.notes))


def read_rows(shape: TableShape, *, name: str, columns: ColumnChoice | None = None) -> ReadResult:
    """As `read_table`, of rows that stand apart already, as those of a workbook or of JSON do."""
    return _result(shape, ",", name, columns or ColumnChoice())


def _result(
    shape: TableShape, delimiter: str, name: str, columns: ColumnChoice
) -> ReadResult:
    COLUMNS.check(len(shape.names), N_("a table"))
    ROWS.check(len(shape.body), N_("a table"))
    kept = [row for row in shape.body if len(row.cells) == len(shape.names)]
    _check_not_empty(shape, kept)
    layout = layout_of(shape, delimiter, columns)
    if not layout.guesses.text:
        raise missing_column("text", shape.names)
    places = places_of(layout)
    ids, id_note = _ids(kept, places.get("id"))
    return ReadResult(
        name=name,
        columns=shape.names,
        comments=tuple(
            comment_of(row, comment_id, places) for row, comment_id in zip(kept, ids, strict=True)
        ),
        rejected=tuple(_rejected(shape, delimiter)),
        article=Article(title=_constant(kept, places.get("title"))),
        notes=(*column_notes(layout, shape.header), *id_note),
        confidence=confidence_of(layout),
    )


def _rejected(shape: TableShape, delimiter: str) -> Iterable[RejectedRow]:
    for row in shape.above:
        yield above_header(row, delimiter)
    for row in shape.body:
        if found := why_rejected(row, len(shape.names), delimiter):
            yield found


def above_header(row: Row, delimiter: str) -> RejectedRow:
    """A row that stands above the header."""
    return RejectedRow(row.line, ABOVE_HEADER, _excerpt(row, delimiter))


def why_rejected(row: Row, width: int, delimiter: str) -> RejectedRow | None:
    """A row with another number of cells than the table has columns; None for one that fits."""
    if len(row.cells) == width:
        return None
    return RejectedRow(
        row.line, TOO_MANY if len(row.cells) > width else TOO_FEW, _excerpt(row, delimiter)
    )


def _excerpt(row: Row, delimiter: str) -> str:
    return delimiter.join(cell[:_EXCERPT] for cell in row.cells[:_EXCERPT])[:_EXCERPT]


def _check_not_empty(shape: TableShape, kept: Sequence[Row]) -> None:
    if kept:
        return
    raise no_rows(shape.header, shape.body[0] if shape.body else None, len(shape.names))


def no_rows(header: Row | None, first: Row | None, width: int) -> ReadingError:
    """The error for a table in which no row fits; `first` is the first below the header."""
    if first:
        return ReadingError(
            Sentence(
                "Expected rows of {width} cells as in the header, found none (line {line} has {n}). "
                "Check the delimiter and put quotes around cells that hold it.",
                width=str(width),
                line=str(first.line),
                n=str(len(first.cells)),
            )
        )
    where = Sentence(" (line {line})", line=str(header.line)) if header else ""
    return ReadingError(
        Sentence(
            "Expected comments, found no rows below the header{where}. Add rows, or a line of column "
            "names above what is a comment already.",
            where=where,
        )
    )


def comment_of(row: Row, comment_id: str, places: dict[str, int]) -> Comment:
    """A row as a comment; `places` says in which cell what stands (see `places_of`)."""

    def cell(role: str) -> str:
        return row.cells[places[role]] if role in places else ""

    return Comment(
        comment_id=comment_id,
        text=cell("text"),
        line=row.line,
        author=cell("author"),
        time=cell("time"),
        likes=cell("likes"),
        reply_to=cell("reply_to"),
        cells=tuple(row.cells),
    )


def _ids(rows: Sequence[Row], place: int | None) -> tuple[list[str], tuple[str, ...]]:
    if place is not None:
        own = [row.cells[place] for row in rows]
        if all(cell.strip() for cell in own) and len(set(own)) == len(own):
            return own, ()
    seen: Counter[str] = Counter()
    ids: list[str] = []
    for row in rows:
        digest = row_digest(row)
        ids.append(derived_id(digest, seen[digest]))
        seen[digest] += 1
    return ids, () if place is None else (ODD_IDS,)


def row_digest(row: Row) -> str:
    """SHA-256 in hex of the cells of a row."""
    # The lengths keep ["ab", "c"] and ["a", "bc"] apart.
    content = "".join(f"{len(cell)}:{cell}" for cell in row.cells)
    return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()


def places_of(layout: TableLayout) -> dict[str, int]:
    """In which cell of a row the text, the author and so on stand."""
    return {
        role: layout.columns.index(column)
        for role in ROLES
        if (column := getattr(layout.guesses, role))
    }


def confidence_of(layout: TableLayout) -> float:
    """How sure the split into comments is."""
    return 1.0 if layout.header else _CONFIDENCE_WITHOUT_HEADER


def _constant(rows: Sequence[Row], place: int | None) -> str:
    values = set() if place is None else {row.cells[place] for row in rows}
    return values.pop() if len(values) == 1 else ""


def csv_notes(layout: TableLayout, *, literal_quotes: bool) -> Iterable[str]:
    """Sentences on how the text was split into cells."""
    if layout.delimiter:
        name = DELIMITER_NAMES.get(layout.delimiter)
        sign = repr(layout.delimiter) if name is None else Sentence(name)
        yield Sentence("Cells are separated by: {sign}.", sign=sign)
    else:
        yield Sentence("The table has one column.")
    if layout.header:
        yield Sentence("Line {line} is the header.", line=str(layout.header_line))
    else:
        yield Sentence("No header: columns are named column_1, column_2 and so on.")
    if literal_quotes:
        yield Sentence("Quotes do not enclose whole cells, so they were read as part of the text.")


def column_notes(layout: TableLayout, header: Row | None) -> Iterable[str]:
    """Sentences on the columns."""
    yield Sentence(
        'Comments are in the column "{column}" ({why}).',
        column=str(layout.guesses.text),
        why=Sentence(layout.text_reason),
    )
    if header and tuple(header.cells) != layout.columns:
        yield Sentence("Blank and repeated column names were numbered.")
