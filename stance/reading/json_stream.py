"""JSON Lines entry by entry, of any size. Understands them as `json_rows.py` does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from stance.reading.columns import ColumnChoice, missing_column
from stance.reading.json_rows import (
    Entry,
    Kinds,
    lines_note,
    no_entries,
    parsed_line,
    row_of,
    rows_of_entry,
)
from stance.reading.layout import TableLayout, layout_of, named_shape
from stance.reading.row_stream import OwnIds, with_ids
from stance.reading.rows import SAMPLE_ROWS, Row
from stance.reading.surveys import Survey
from stance.reading.tables import ODD_IDS, column_notes, confidence_of, places_of
from stance.records import Comment, RejectedRow


class JsonStream:
    """See `row_stream.RowStream`."""

    form: Literal["text", "json"] = "json"

    def __init__(self, surveyed: Survey, columns: ColumnChoice) -> None:
        self._surveyed = surveyed
        self._columns = columns
        self._places: dict[str, str] = {}
        self._notes: tuple[str, ...] = ()
        self._layout: TableLayout
        self._ids = OwnIds(None)
        self._n_lines = 0
        self.names: tuple[str, ...] = ()

    @property
    def confidence(self) -> float:
        """As `ReadResult.confidence`."""
        return confidence_of(self._layout)

    def look(self) -> Iterator[RejectedRow | None]:
        """Look through the lines, twice: the columns are known at the end only.

        Raises:
            ReadingError: as `split_json`.
        """
        kinds, sample = Kinds(), list[Entry]()
        n_rejected = 0
        for one in self._entries():
            if isinstance(one, RejectedRow):
                n_rejected += 1
                continue
            kinds.add(one)
            if len(sample) < SAMPLE_ROWS:
                sample.append(one)
        if not sample:
            raise no_entries(n_rejected)
        self.names, self._places, notes = kinds.columns()
        rows = [row_of(entry, self.names, self._places) for entry in sample]
        shape = named_shape(self.names, rows)
        self._layout = layout_of(shape, ",", self._columns)
        if not self._layout.guesses.text:
            raise missing_column("text", self.names)
        self._notes = (lines_note(self._n_lines), *notes, *column_notes(self._layout, shape.header))
        self._ids = OwnIds(places_of(self._layout).get("id"))
        for row in self._all():
            if isinstance(row, RejectedRow):
                yield row
            else:
                self._ids.add(row)
                yield None

    def notes(self) -> tuple[str, ...]:
        """Sentences on how the lines were understood."""
        return (*self._notes, *((ODD_IDS,) if self._ids.odd else ()))

    def rows(self) -> Iterator[Comment | RejectedRow]:
        """All rows, in their order."""
        own = self._ids.place is not None and not self._ids.odd
        return with_ids(self._all(), places_of(self._layout), own=own)

    def _all(self) -> Iterator[Row | RejectedRow]:
        for one in self._entries():
            if isinstance(one, RejectedRow):
                yield one
            else:
                yield row_of(one, self.names, self._places)

    def _entries(self) -> Iterator[Entry | RejectedRow]:
        count = 0
        for number, line in enumerate(self._surveyed.lines(), start=1):
            stripped = line.rstrip("\r\n")
            if not stripped.strip():
                continue
            count += 1
            entry = parsed_line(number, stripped)
            if isinstance(entry, RejectedRow):
                yield entry
            else:
                yield from rows_of_entry(number, entry)
        self._n_lines = count
