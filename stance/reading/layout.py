"""Says how a table is understood: delimiter, header, column names, what each column is.

Makes no comments: `tables.py` does that with the shape found here, so that the preview that a
person checks and the reading that follows cannot differ.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace

from stance.guards import guard, unguard
from stance.reading.columns import (
    ColumnChoice,
    is_known,
    known_names,
    looks_like_header,
    resolve_columns,
)
from stance.reading.rows import (
    SAMPLE_ROWS,
    Row,
    check_delimiter,
    find_delimiter,
    separator_line,
    split_rows,
)
from stance.records import exported_targets

ROLES = tuple(field.name for field in fields(ColumnChoice))
_PREVIEW_ROWS = 5
_HEADER_ROWS = 10


@dataclass(frozen=True, slots=True)
class TableLayout:
    """How a table was understood, for the person to check and override.

    `delimiter` is "" for a table of one column. `header_line` is 0 without a header, else the
    header's line. `guesses` holds column names, "" where there is no such column; it can be given
    back to `read_table`. `text_reason` says why the text column was taken.
    """

    delimiter: str
    header: bool
    header_line: int
    columns: tuple[str, ...]
    preview: tuple[tuple[str, ...], ...]
    guesses: ColumnChoice
    text_reason: str


@dataclass(frozen=True, slots=True)
class TableShape:
    """Rows sorted into those above the header, the header and those below, and their names."""

    above: list[Row]
    header: Row | None
    body: list[Row]
    names: tuple[str, ...]


def describe_table(
    text: str,
    *,
    columns: ColumnChoice | None = None,
    delimiter: str | None = None,
    header: bool | None = None,
) -> TableLayout:
    """Say how `read_table` would understand this text; looks at the first rows only."""
    columns = columns or ColumnChoice()
    delimiter = delimiter_of(text, delimiter, columns)
    rows = split_rows(text, delimiter, limit=SAMPLE_ROWS).rows
    return layout_of(table_shape(rows, header, columns), delimiter, columns)


def delimiter_of(text: str, given: str | None, columns: ColumnChoice) -> str:
    """The delimiter that the person gave, that a `sep=` line names or that the rows line up by."""
    if given is not None:
        return check_delimiter(given)
    return separator_line(text) or find_delimiter(text, _is_header(columns))[0]


def table_likeness(text: str) -> float:
    """How sure it is that cells line up in columns, 0 to 1; 0 for a single column."""
    return 1.0 if separator_line(text) else find_delimiter(text, _is_header(ColumnChoice()))[1]


def _is_header(columns: ColumnChoice) -> Callable[[Sequence[str]], bool]:
    return lambda cells: known_names(cells, columns) > 0


def layout_of(shape: TableShape, delimiter: str, columns: ColumnChoice) -> TableLayout:
    """Name the columns of a shape. Guesses from the first rows, however many there are."""
    sample = shape.body[: SAMPLE_ROWS // 2]
    full = [row.cells for row in sample if len(row.cells) == len(shape.names)]
    found, reason = resolve_columns(columns, shape.names, full)
    guesses = {role: shape.names[found[role]] if role in found else "" for role in ROLES}
    return TableLayout(
        delimiter=delimiter,
        header=shape.header is not None,
        header_line=shape.header.line if shape.header else 0,
        columns=shape.names,
        preview=tuple(tuple(cells) for cells in full[:_PREVIEW_ROWS]),
        guesses=ColumnChoice(**guesses),
        text_reason=reason,
    )


@dataclass(frozen=True, slots=True)
class TableFrame:
    """What the first rows tell of a table: how many stand above the header, and the columns.

    `cells` are the header's, with a blank one more where every row ends in an empty cell more.
    `guarded` if it is a CSV export of ours.
    """

    n_above: int
    header: Row | None
    cells: list[str]
    names: tuple[str, ...]
    width: int
    guarded: bool = False

    def is_row(self, row: Row) -> bool:
        """Whether it counts: in a table of several columns a line of white space is a blank line."""
        return self.width < 2 or len(row.cells) > 1 or bool(row.cells[0].strip())

    def padded(self, row: Row) -> Row:
        """A row as its cells were meant.

        One that lacks only cells under blank names gets them; in a CSV export of ours, the guard
        against formulas is taken off (`stance.guards`).
        """
        if not self.header:
            return row
        padded = _padded(row, self.cells)
        return _unguarded(padded) if self.guarded else padded


def table_frame(
    rows: Sequence[Row], header: bool | None, columns: ColumnChoice, *, export: bool = True
) -> TableFrame:
    """Find the header and name the columns, from the first rows only; None: find out if any.

    `export` says that it may be a CSV export of ours.
    """
    width = _usual_width(rows[:SAMPLE_ROWS])
    blank = TableFrame(0, None, [], (), width)
    rows = [row for row in rows[: 2 * SAMPLE_ROWS] if blank.is_row(row)]
    above = _rows_above(rows, width, columns) if rows and header is not False else 0
    first = rows[above] if rows else None
    if first and header is None:
        below = [row.cells for row in rows[above + 1 : SAMPLE_ROWS // 2]]
        header = bool(known_names(first.cells, columns)) or looks_like_header(first.cells, below)
    if not first or not header:
        names = tuple(f"column_{number}" for number in range(1, width + 1))
        return replace(blank, names=names)
    cells = _trimmed(first.cells, rows[above + 1 :])
    names = _unique_names(cells)
    if export and exported_targets(names):
        first = _unguarded(first)
        names = _unique_names(_trimmed(first.cells, rows[above + 1 :]))
        return TableFrame(above, first, cells, names, width, guarded=True)
    return TableFrame(above, first, cells, names, width)


def table_shape(
    rows: Sequence[Row], header: bool | None, columns: ColumnChoice, *, export: bool = True
) -> TableShape:
    """Sort all rows of a table by the frame that the first ones give."""
    frame = table_frame(rows, header, columns, export=export)
    rows = [row for row in rows if frame.is_row(row)]
    body = rows[frame.n_above + (frame.header is not None) :]
    return TableShape(
        rows[: frame.n_above], frame.header, [frame.padded(row) for row in body], frame.names
    )


def named_shape(names: Sequence[str], rows: Sequence[Row]) -> TableShape:
    """The shape of rows whose names are known and stand in no row, as in JSON."""
    return TableShape([], Row(0, 0, list(names)), list(rows), _unique_names(names))


def _usual_width(rows: Sequence[Row]) -> int:
    widths = Counter(len(row.cells) for row in rows)
    return widths.most_common(1)[0][0] if widths else 1


def _rows_above(rows: Sequence[Row], width: int, columns: ColumnChoice) -> int:
    """How many rows stand above the header: a title or "# comment" lines, narrower than the rest.

    A title may carry the delimiters of empty cells, as Excel writes them; then only a row of
    known names below it tells that it is none of the comments.
    """
    if width < 2:
        return 0
    counts = [
        known_names(row.cells, columns) if len(row.cells) > 1 else 0 for row in rows[:_HEADER_ROWS]
    ]
    known = counts.index(max(counts)) if any(counts) else None
    if known is not None and all(_is_title(row, len(rows[known].cells)) for row in rows[:known]):
        return known
    narrow = 0
    while narrow < min(len(rows) - 1, _HEADER_ROWS) and _is_title(rows[narrow], None):
        narrow += 1
    return narrow


def _is_title(row: Row, width: int | None) -> bool:
    """Without a width (no known header follows) only one cell or a "#" makes a title."""
    filled = [cell for cell in row.cells if cell.strip()]
    if len(row.cells) == 1 or (row.cells[0].startswith("#") and not is_known(row.cells[0])):
        return True
    return width is not None and (len(filled) <= 1 or len(row.cells) != width)


def _trimmed(cells: list[str], body: Sequence[Row]) -> list[str]:
    """The header with one blank cell more where every row ends in an empty cell more."""
    extra = bool(body) and all(
        len(row.cells) == len(cells) + 1 and not row.cells[-1] for row in body[: SAMPLE_ROWS // 2]
    )
    return [*cells, ""] if extra else cells


def _unguarded(row: Row) -> Row:
    # Somebody may have written our columns without the guard: then "'tis" is the text itself.
    cells = [plain if guard(plain := unguard(cell)) == cell else cell for cell in row.cells]
    return row._replace(cells=cells)


def _padded(row: Row, header: Sequence[str]) -> Row:
    lacking = header[len(row.cells) :]
    if lacking and not any(name.strip() for name in lacking):
        return row._replace(cells=[*row.cells, *([""] * len(lacking))])
    return row


def _unique_names(cells: Sequence[str]) -> tuple[str, ...]:
    """Header cells as names: blank ones numbered, repeated ones counted.

    >>> _unique_names(["text", "", "text"])
    ('text', 'column_2', 'text (2)')
    """
    names: list[str] = []
    taken, seen = set(cells), set[str]()
    numbers: dict[str, int] = {}
    for place, cell in enumerate(cells, start=1):
        blank = not cell.strip()
        name = base = f"column_{place}" if blank else cell
        repeated = base in taken if blank else cell in seen
        while repeated:
            numbers[base] = numbers.get(base, 1) + 1
            name = f"{base} ({numbers[base]})"
            repeated = name in taken
        seen.add(cell)
        taken.add(name)
        names.append(name)
    return tuple(names)
