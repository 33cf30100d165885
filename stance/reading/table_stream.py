"""A CSV or TSV table row by row, of any size. Understands it as `tables.py` does."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Literal

from stance.limits import COLUMNS
from stance.reading.columns import ColumnChoice, missing_column
from stance.reading.layout import (
    TableFrame,
    TableLayout,
    TableShape,
    delimiter_of,
    layout_of,
    table_frame,
)
from stance.reading.row_stream import OwnIds, with_ids
from stance.reading.rows import (
    ONE_COLUMN,
    SAMPLE_ROWS,
    QuoteError,
    Row,
    check_swallowed_rows,
    iter_rows,
    quotes_pair,
    separator_line,
)
from stance.reading.surveys import Survey
from stance.reading.tables import (
    ODD_IDS,
    above_header,
    column_notes,
    confidence_of,
    csv_notes,
    no_rows,
    places_of,
    why_rejected,
)
from stance.records import Comment, RejectedRow
from stance.translation import N_

_HEAD_ROWS = 4 * SAMPLE_ROWS


class TableStream:
    """See `row_stream.RowStream`."""

    form: Literal["text", "json"] = "text"

    def __init__(
        self,
        surveyed: Survey,
        columns: ColumnChoice,
        delimiter: str | None,
        header: bool | None,
    ) -> None:
        self._surveyed = surveyed
        self._columns = columns
        self._delimiter = delimiter_of(surveyed.head, delimiter, columns)
        self._header = header
        self._literal = False
        self._frame: TableFrame
        self._layout: TableLayout
        self._ids = OwnIds(None)

    @property
    def names(self) -> tuple[str, ...]:
        """The columns."""
        return self._frame.names

    @property
    def confidence(self) -> float:
        """As `ReadResult.confidence`."""
        return confidence_of(self._layout)

    def look(self) -> Iterator[RejectedRow | None]:
        """Look through the table.

        Raises:
            ReadingError: as `read_table`.
        """
        self._literal = self._quotes_are_text()
        self._frame, self._layout = self._understood()
        self._ids = OwnIds(places_of(self._layout).get("id"))
        kept, first = 0, None
        for row in self._body():
            if isinstance(row, RejectedRow):
                yield row
                continue
            first = first or row
            check_swallowed_rows((row,), self._delimiter, len(self.names))
            if rejected := why_rejected(row, len(self.names), self._delimiter):
                yield rejected
                continue
            kept += 1
            self._ids.add(row)
            yield None
        if not kept:
            raise no_rows(self._frame.header, first, len(self.names))

    def notes(self) -> tuple[str, ...]:
        """Sentences on how the table was understood."""
        return (
            *csv_notes(self._layout, literal_quotes=self._literal),
            *column_notes(self._layout, self._frame.header),
            *((ODD_IDS,) if self._ids.odd else ()),
        )

    def rows(self) -> Iterator[Comment | RejectedRow]:
        """All rows, in their order."""
        width = len(self.names)
        sorted_out = (
            row
            if isinstance(row, RejectedRow)
            else (why_rejected(row, width, self._delimiter) or row)
            for row in self._body()
        )
        own = self._ids.place is not None and not self._ids.odd
        return with_ids(sorted_out, places_of(self._layout), own=own)

    def _every_row(self) -> Iterator[Row]:
        lines = self._surveyed.lines()
        skipped = 0 if separator_line(self._surveyed.head) is None else 1
        for _ in range(skipped):
            next(lines)
        delimiter = self._delimiter or next(
            chr(code) for code in range(0xE000, 0xF900) if chr(code) not in self._surveyed.private
        )
        return iter_rows(lines, delimiter, skipped=skipped, literal=self._literal)

    def _body(self) -> Iterator[Row | RejectedRow]:
        """Rows below the header, and those above it as rejected ones."""
        number = 0
        for row in self._every_row():
            if not self._frame.is_row(row):
                continue
            if number < self._frame.n_above:
                yield above_header(row, self._delimiter)
            elif number > self._frame.n_above or self._frame.header is None:
                yield self._frame.padded(row)
            number += 1

    def _quotes_are_text(self) -> bool:
        """As `split_rows`, which tells why; looks through all rows."""
        widths: set[int] = set()
        try:
            for _ in self._every_row():
                pass
            return False
        except QuoteError:
            if self._delimiter not in (ONE_COLUMN, "\t"):
                raise
            self._literal = True
            for row in self._every_row():
                widths.add(len(row.cells))
                if not quotes_pair(row) or len(widths) > 1:
                    raise
            return True

    def _understood(self) -> tuple[TableFrame, TableLayout]:
        head = list(islice(self._every_row(), _HEAD_ROWS))
        frame = table_frame(head, self._header, self._columns)
        COLUMNS.check(len(frame.names), N_("a table"))
        rows = [row for row in head if frame.is_row(row)]
        rows = rows[frame.n_above + (frame.header is not None) :]
        body = [frame.padded(row) for row in rows]
        shape = TableShape([], frame.header, body, frame.names)
        layout = layout_of(shape, self._delimiter, self._columns)
        if not layout.guesses.text:
            raise missing_column("text", frame.names)
        return frame, layout
