"""What the streams of tables and of JSON Lines share: ids without holding them, rows into comments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal, Protocol

from stance.reading.ids import derived_id
from stance.reading.rows import Row
from stance.reading.tables import comment_of, row_digest
from stance.records import Comment, RejectedRow
from stance.seen import Seen


class RowStream(Protocol):
    """A source that is read twice: first looked through, then for its rows.

    `form` is as in `ReadResult`.
    """

    form: Literal["text", "json"]

    @property
    def names(self) -> tuple[str, ...]:
        """The columns; known once it was looked through."""
        ...

    @property
    def confidence(self) -> float:
        """As `ReadResult.confidence`."""
        ...

    def look(self) -> Iterator[RejectedRow | None]:
        """Look through the source: None for each comment, or the row that is not used."""
        ...

    def notes(self) -> tuple[str, ...]:
        """Sentences on how it was understood; known once it was looked through."""
        ...

    def rows(self) -> Iterator[Comment | RejectedRow]:
        """All rows, in their order."""
        ...


class OwnIds:
    """Whether the ids that a file brings are all there and all different."""

    def __init__(self, place: int | None) -> None:
        self._seen = Seen()
        self.place = place
        self.odd = False

    def add(self, row: Row) -> None:
        """Look at the id of one more row."""
        if self.place is None or self.odd:
            return
        cell = row.cells[self.place]
        known, _ = self._seen.add(cell.encode("utf-8", "surrogatepass"))
        if known or not cell.strip():
            self.odd = True
            self._seen.close()


def with_ids(
    rows: Iterable[Row | RejectedRow], places: dict[str, int], *, own: bool
) -> Iterator[Comment | RejectedRow]:
    """Rows as comments, with their own ids, or with ids as `read_table` derives them."""
    seen = Seen()
    for row in rows:
        if isinstance(row, RejectedRow):
            yield row
        elif own:
            yield comment_of(row, row.cells[places["id"]], places)
        else:
            digest = row_digest(row)
            before, _ = seen.add(bytes.fromhex(digest))
            yield comment_of(row, derived_id(digest, before), places)
    seen.close()
