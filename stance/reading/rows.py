"""Splits the text of a table into rows of cells with their line numbers. Knows no columns.

Built on the csv module in strict mode. Blank lines are no rows, as everywhere in CSV; a cell is
never stripped or converted. Lines are counted as editors count them: LF, CR LF and a lone CR.
"""

from __future__ import annotations

import csv
import io
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from stance.errors import ReadingError
from stance.limits import CELL_CHARACTERS, ROWS
from stance.sentences import Sentence
from stance.translation import N_

ONE_COLUMN = ""
"""The delimiter of a file whose rows have one cell each, so that commas belong to the text."""

DELIMITER_NAMES = {
    ",": N_("comma"), ";": N_("semicolon"), "\t": N_("tab"), "|": N_("vertical bar"), ONE_COLUMN: N_("none"),
}  # fmt: skip
SAMPLE_ROWS = 200
_SAMPLE_CHARACTERS = 1 << 18
_MIN_SHARE = 0.5
_PROSE_SHARE = 0.9
_SWALLOWED_LINES = 5
_AT_ONCE, _AT_ONCE_CHARACTERS = 1000, 1_000_000
_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?(?:\r\n|\r|\n)', re.IGNORECASE)
# csv.field_size_limit is one setting for the whole process; Streamlit reads in several threads.
_LIMIT_LOCK = threading.Lock()


class Row(NamedTuple):
    """A row and the lines of the file on which it begins and ends, counted from 1."""

    line: int
    last_line: int
    cells: list[str]


def separator_line(text: str) -> str | None:
    """The delimiter that Excel's `sep=;` first line names, or None without such a line."""
    match = _SEPARATOR_LINE.match(text)
    return match[1] if match else None


def check_delimiter(delimiter: str) -> str:
    """The delimiter, given as a character or by its name ("semicolon")."""
    by_name = {name: character for character, name in DELIMITER_NAMES.items()} | {"\\t": "\t"}
    delimiter = by_name.get(delimiter.lower(), delimiter)
    if len(delimiter) > 1 or delimiter in ('"', "\r", "\n"):
        raise ReadingError(
            "Expected a delimiter of one character such as ',' or ';' or one of "
            f"{', '.join(DELIMITER_NAMES.values())}, found {delimiter[:20]!r}. Give another one."
        )
    return delimiter


class Rows(NamedTuple):
    """The rows of a text; `literal_quotes` where quotes were read as part of the text."""

    rows: list[Row]
    literal_quotes: bool = False


def split_rows(text: str, delimiter: str, *, limit: int | None = None) -> Rows:
    """All rows, or the first `limit`; raises ReadingError with the line of a broken quote.

    In one-column and tab-separated files a cell such as `"Yes", he said` is taken as it stands:
    many programs write no quoting there. That is done only if every cell that begins with a quote
    holds an even number of them and all lines have the same number of cells; else it is an error.
    """
    try:
        return Rows(_split(text, delimiter, limit=limit))
    except QuoteError:
        if delimiter not in (ONE_COLUMN, "\t"):
            raise
        rows = _split(text, delimiter, limit=limit, literal=True)
        if not all(map(quotes_pair, rows)) or len({len(row.cells) for row in rows}) > 1:
            raise
        return Rows(rows, literal_quotes=True)


def quotes_pair(row: Row) -> bool:
    """Whether every cell that begins with a quote holds an even number of them."""
    return all(cell.count('"') % 2 == 0 for cell in row.cells if cell[:1] == '"')


class QuoteError(ReadingError):
    """A quote that is not closed."""


def _split(
    text: str, delimiter: str, *, limit: int | None = None, literal: bool = False
) -> list[Row]:
    lines = io.StringIO(text, newline="")
    skipped = 0 if separator_line(text) is None else 1
    if skipped:
        lines.readline()
    found = iter_rows(
        lines,
        delimiter or unused_character(text),
        skipped=skipped,
        literal=literal,
        at_once=limit or _AT_ONCE,
    )
    rows: list[Row] = []
    most = ROWS.value()
    for row in islice(found, limit):
        rows.append(row)
        if len(rows) > most + 1:  # one of them may be the header
            raise ROWS.error(N_("a table"))
    return rows


def iter_rows(
    lines: Iterable[str],
    delimiter: str,
    *,
    skipped: int = 0,
    literal: bool = False,
    at_once: int = _AT_ONCE,
) -> Iterator[Row]:
    """Rows one by one, of lines that keep their ends; blank lines are no rows.

    Args:
        lines: of the text, without the `skipped` ones before them.
        delimiter: one character.
        skipped: lines that stand before, for the numbers of lines.
        literal: quotes are part of the text.
        at_once: rows that are split ahead of the one that is asked for, at most.

    Raises:
        ReadingError: an open quote or too long a cell, with the line on which its row begins.
    """
    reader = csv.reader(
        lines,
        delimiter=delimiter,
        strict=True,
        quoting=csv.QUOTE_NONE if literal else csv.QUOTE_MINIMAL,
    )
    line, rest = skipped + 1, True
    while rest:
        rows: list[Row] = []
        size = 0
        with _LIMIT_LOCK:
            most = CELL_CHARACTERS.value()
            before = csv.field_size_limit(most + 1)  # for the apostrophe of our own guard
            try:
                for cells in islice(reader, at_once):
                    if any(len(cell) > most and cell[0] != "'" for cell in cells):
                        raise _too_long(line)
                    last = reader.line_num + skipped
                    rows.append(Row(line, last, cells))
                    line = last + 1
                    size += sum(map(len, cells))
                    if size > _AT_ONCE_CHARACTERS:
                        break
            except csv.Error as error:
                raise _broken(error, line) from error
            finally:
                csv.field_size_limit(before)
        rest = len(rows) == at_once or size > _AT_ONCE_CHARACTERS
        yield from (row for row in rows if row.cells)


def _broken(error: csv.Error, line: int) -> ReadingError:
    return _too_long(line) if "field limit" in str(error) else _unclosed(line)


def _too_long(line: int) -> ReadingError:
    return ReadingError(
        Sentence(
            "Expected cells of at most {most} characters, found a longer one in the row that begins at "
            "line {line}. Shorten it, close a quote that is left open there, or set {variable} to a "
            "higher number.",
            most=CELL_CHARACTERS.value(),
            line=str(line),
            variable=CELL_CHARACTERS.variable,
        )
    )


def _unclosed(line: int) -> ReadingError:
    return QuoteError(
        Sentence(
            'Expected quotes in pairs, found a quote (") that is not closed in the row that begins at '
            'line {line}. Close it, or write each quote inside a quoted cell twice (""), and open the '
            "file again.",
            line=str(line),
        )
    )


def check_swallowed_rows(rows: Iterable[Row], delimiter: str, width: int) -> None:
    """Raise where a quoted cell holds lines that look like rows of this very table.

    An open quote may meet a later quote by chance and so hide rows without any csv error.
    """
    for row in rows:
        if row.last_line - row.line < _SWALLOWED_LINES or width < 2:
            continue
        for cell in row.cells:
            inner = [line for line in re.split(r"\r\n|\r|\n", cell)[1:-1] if line]
            alike = sum(
                line.count(delimiter) - line.count(f"{delimiter} ") == width - 1 for line in inner
            )
            if len(inner) >= _SWALLOWED_LINES - 1 and alike >= _PROSE_SHARE * len(inner):
                raise _unclosed(row.line)


def unused_character(text: str) -> str:
    """A character that the text does not have, to stand for the delimiter of one column."""
    # The csv module wants a delimiter; private-use characters stand in no real text.
    return next(chr(code) for code in range(0xE000, 0x110000) if chr(code) not in text)


def find_delimiter(text: str, is_header: Callable[[Sequence[str]], bool]) -> tuple[str, float]:
    """The delimiter and how sure it is (0 to 1): ONE_COLUMN and 0 where cells line up by none.

    `is_header` says whether a row holds column names that we know: such a row outweighs counts.
    """
    best = (False, 0.0, 0, ONE_COLUMN)
    whole_lines = _sample(text, ONE_COLUMN)
    for delimiter in (",", ";", "\t", "|"):
        rows = [cells for cells in _sample(text, delimiter) if any(cells)]
        known = any(len(cells) > 1 and is_header(cells) for cells in rows[:10])
        widths = Counter(len(cells) for cells in rows if len(cells) > 1)
        if not widths or (_is_prose(rows, delimiter) and not known):
            continue
        width, count = widths.most_common(1)[0]
        best = max(best, (known, count / len(rows), width, delimiter))
    known, share, _, delimiter = best
    if known:
        return delimiter, 1.0
    if share < _MIN_SHARE or (whole_lines and is_header(whole_lines[0])):
        return ONE_COLUMN, 0.0
    return delimiter, share


def _sample(text: str, delimiter: str) -> list[list[str]]:
    """The first rows, quotes read leniently: only to count cells."""
    start = text[:_SAMPLE_CHARACTERS]
    lines = io.StringIO(start, newline="")
    if separator_line(text) is not None:
        lines.readline()
    reader = csv.reader(lines, delimiter=delimiter or unused_character(start))
    rows: list[list[str]] = []
    try:
        rows.extend(cells for cells in islice(reader, SAMPLE_ROWS) if cells)
    except csv.Error:
        return rows
    # The last row of a cut sample is a piece of a row.
    cut = len(start) < len(text) and len(rows) < SAMPLE_ROWS and len(rows) > 1
    return rows[:-1] if cut else rows


def _is_prose(rows: Sequence[Sequence[str]], delimiter: str) -> bool:
    """Whether the delimiter is punctuation: in prose a space follows it, in a table rarely."""
    later = [cell for cells in rows for cell in cells[1:]]
    spaced = sum(cell.startswith(" ") for cell in later)
    return delimiter != "\t" and spaced >= _PROSE_SHARE * len(later)
