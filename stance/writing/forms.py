"""Scored comments as the bytes of a CSV, XLSX, JSON Lines or Parquet file. Opens no file.

In every form the person's own columns come first, as they are, then ours; where one of theirs has
the name of one of ours, ours gets "_2", so that every name is there once. CSV and XLSX are for
looking: CSV cells that a spreadsheet would run are guarded (see `guards`). JSON Lines and Parquet are
for programs and hold every text as it came, but for lone surrogates, which no UTF-8 has.
"""

from __future__ import annotations

import codecs
import contextlib
import csv
import io
import json
import re
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import BinaryIO

import pandas as pd

from stance.errors import WritingError
from stance.guards import guard
from stance.records import COMMENT_ID, ReadResult, distinct_from
from stance.sentences import Sentence
from stance.translation import N_

DECIMALS = 6
"""Of probabilities; scores agree between batches to 1e-5, so more digits would be noise."""

MAX_SHEET_ROWS = 1_048_576
MAX_SHEET_COLUMNS = 16_384
MAX_SHEET_CELL = 32_767
"""What Excel opens."""

SHEET_FILE = "sheet.xml"
"""What a workbook's rows are called while it is made."""

# What XML cannot hold or would change, and the sign of what looks like a workbook's own escape.
_ESCAPED = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4})")

_TIME = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")
_PARQUET_ROWS, _PARQUET_CHARACTERS = 1 << 14, 4_000_000

Value = str | float | bool | None


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of an output: the person's own names, then ours with what they hold."""

    own: tuple[str, ...]
    ours: dict[str, type]

    @property
    def names(self) -> list[str]:
        """As they stand in the file."""
        return [*self.own, *distinct_from(self.own, self.ours)]


OutputRow = tuple[Sequence[str], tuple[Value, ...]]
"""The own cells of a row, and ours."""


def csv_head(columns: Columns) -> bytes:
    """The beginning of a CSV file: UTF-8's mark, by which Excel knows it, and the header."""
    return codecs.BOM_UTF8 + _csv([list(map(guard, columns.names))])


def csv_body(columns: Columns, rows: Iterable[OutputRow]) -> bytes:
    """Some rows as CSV."""
    return _csv([*map(guard, own), *map(_csv_cell, ours)] for own, ours in rows)


def _csv(rows: Iterable[Sequence[str]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows(rows)
    # Lone surrogates cannot be written as UTF-8.
    return out.getvalue().encode("utf-8", "replace")


def jsonl_head(columns: Columns) -> bytes:
    """JSON Lines have no beginning."""
    return b""


def jsonl_body(columns: Columns, rows: Iterable[OutputRow]) -> bytes:
    """Some rows as JSON Lines: an object a row, missing probabilities null."""
    names = columns.names
    lines = (
        json.dumps(dict(zip(names, (*own, *ours), strict=True)), ensure_ascii=False)
        for own, ours in rows
    )
    return "".join(f"{line}\n" for line in lines).encode("utf-8", "replace")


def write_parquet(file: BinaryIO, columns: Columns, rows: Iterable[OutputRow]) -> None:
    """All rows as Parquet: own columns as strings, ours typed."""
    import pyarrow as pa  # takes a moment to load, and only this needs it
    import pyarrow.parquet

    types = {str: pa.string(), float: pa.float64(), bool: pa.bool_()}
    kinds = [pa.string() for _ in columns.own] + [types[kind] for kind in columns.ours.values()]
    names = [_utf8(name) for name in columns.names]
    schema = pa.schema(list(zip(names, kinds, strict=True)))
    with pyarrow.parquet.ParquetWriter(file, schema) as writer:
        for some in _groups(rows):
            cells = zip(*((*map(_utf8, own), *ours) for own, ours in some), strict=True)
            arrays = [pa.array(list(c), kind) for c, kind in zip(cells, kinds, strict=True)]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))


def _groups(rows: Iterable[OutputRow]) -> Iterator[list[OutputRow]]:
    """Rows by the thousands, fewer where they are long."""
    group: list[OutputRow] = []
    characters = 0
    for row in rows:
        group.append(row)
        characters += sum(map(len, row[0]))
        if len(group) == _PARQUET_ROWS or characters > _PARQUET_CHARACTERS:
            yield group
            group, characters = [], 0
    if group:
        yield group


def check_fits(
    form: str, columns: Columns, n_rows: int, rows: Iterable[OutputRow] = ()
) -> None:
    """Refuse what a form cannot hold. Of the forms only Excel has limits: rows, columns, characters.

    Args:
        form: one of `FORMS`.
        columns: of the output.
        n_rows: how many it will have.
        rows: some of them, to look at their cells.

    Raises:
        WritingError: it is too much.
    """
    if form != ".xlsx":
        return
    _check_sheet(n_rows + 1, N_("rows"), MAX_SHEET_ROWS)
    _check_sheet(len(columns.names), N_("columns"), MAX_SHEET_COLUMNS)
    cells = chain(columns.names, *(own for own, _ in rows))
    longest = max((len(str(_sheet_value(cell))) for cell in cells), default=0)
    _check_sheet(longest, N_("characters in a cell"), MAX_SHEET_CELL)


def _check_sheet(found: int, what: str, most: int) -> None:
    if found > most:
        raise WritingError(
            Sentence(
                "Expected at most {most} {what} for an Excel workbook, found {found}. Choose CSV, JSON "
                "Lines or Parquet.",
                most=most,
                what=Sentence(what),
                found=found,
            )
        )


def write_xlsx(file: BinaryIO, columns: Columns, rows: Iterable[OutputRow], folder: Path) -> None:
    """All rows as a workbook: text stays text (no formulas), numbers are numbers.

    Characters that a workbook cannot hold are written in its own escape (`_x0001_`), and so is the
    underscore of a text that looks like one. Equal rows give equal bytes. What Excel does not open
    is for the caller to refuse (`check_fits`).

    Args:
        file: to write to.
        columns: of the workbook.
        rows: of the workbook.
        folder: for what is written on the way; a killed process leaves that there.
    """
    import openpyxl
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.worksheet._writer import ALL_TEMP_FILES, WorksheetWriter
    from openpyxl.writer.excel import ExcelWriter

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Scores")
    sheet.freeze_panes = "A2"
    # openpyxl would put the rows among the system's temporary files and takes no other folder.
    rows_file = str(folder / SHEET_FILE)
    ALL_TEMP_FILES.append(rows_file)  # from which it takes it when the book is saved
    sheet._writer = WorksheetWriter(sheet, rows_file)
    sheet._writer.write_top()

    def cell(value: Value) -> object:
        value = _sheet_value(value)
        if not isinstance(value, str):
            return value
        made = WriteOnlyCell(sheet, value)
        made.data_type = "s"  # else "=1+1" would be a formula
        return made

    try:
        for row in chain([columns.names], ((*own, *ours) for own, ours in rows)):
            sheet.append([cell(value) for value in row])
        with tempfile.TemporaryFile(dir=folder) as made:
            # `book.save` leaves its archive open where the disk is full.
            with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
                ExcelWriter(book, archive).save()
            _without_times(made, file)
    finally:
        # An error amid the rows leaves openpyxl's writer open; after a save this does nothing.
        with contextlib.suppress(Exception):
            sheet.close()


def _without_times(made: BinaryIO, file: BinaryIO) -> None:
    """Copy a workbook without the times at which it was made."""
    with zipfile.ZipFile(made) as source, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            kept = zipfile.ZipInfo(entry.filename)  # 1980, the first year that ZIP knows
            kept.compress_type = zipfile.ZIP_DEFLATED
            with source.open(entry) as old, target.open(kept, "w", force_zip64=True) as new:
                if entry.filename == "docProps/core.xml":
                    new.write(_TIME.sub(rb"\g<1>1980-01-01T00:00:00Z", old.read()))
                else:
                    shutil.copyfileobj(old, new)


def scores_csv(result: ReadResult, scored: pd.DataFrame) -> bytes:
    """The scored comments as CSV in UTF-8 with BOM.

    Args:
        result: what was read.
        scored: its scored table, or some of its rows in any order.
    """
    columns = columns_of(result, scored)
    return csv_head(columns) + csv_body(columns, rows_of(result, scored))


def scores_jsonl(result: ReadResult, scored: pd.DataFrame) -> bytes:
    """The scored comments as JSON Lines."""
    return jsonl_body(columns_of(result, scored), rows_of(result, scored))


def scores_parquet(result: ReadResult, scored: pd.DataFrame) -> bytes:
    """The scored comments as Parquet."""
    out = io.BytesIO()
    write_parquet(out, columns_of(result, scored), rows_of(result, scored))
    return out.getvalue()


def scores_xlsx(result: ReadResult, scored: pd.DataFrame) -> bytes:
    """The scored comments as a workbook.

    Raises:
        WritingError: more rows, columns or characters in a cell than Excel opens.
    """
    columns, rows = columns_of(result, scored), list(rows_of(result, scored))
    check_fits(".xlsx", columns, len(rows), rows)
    out = io.BytesIO()
    with tempfile.TemporaryDirectory() as folder:
        write_xlsx(out, columns, rows, Path(folder))
    return out.getvalue()


FORMS: dict[str, Callable[[ReadResult, pd.DataFrame], bytes]] = {
    ".csv": scores_csv,
    ".xlsx": scores_xlsx,
    ".jsonl": scores_jsonl,
    ".parquet": scores_parquet,
}
"""The writer of each form, by the ending of the file's name."""

APPENDED = {".csv": (csv_head, csv_body), ".jsonl": (jsonl_head, jsonl_body)}
"""Forms that a file can be written in piece by piece."""

AT_ONCE: dict[str, Callable[[BinaryIO, Columns, Iterable[OutputRow], Path], None]] = {
    ".parquet": lambda file, columns, rows, _folder: write_parquet(file, columns, rows),
    ".xlsx": write_xlsx,
}
"""Forms that are complete only at their end, which may write into a folder on the way."""


def columns_of(result: ReadResult, scored: pd.DataFrame) -> Columns:
    """The columns of what was read and of its scored table."""
    kinds: dict[str, type] = {}
    for name in scored.columns:
        kind = bool if pd.api.types.is_bool_dtype(scored[name]) else str
        kinds[name] = float if pd.api.types.is_float_dtype(scored[name]) else kind
    return Columns(result.columns, kinds)


def rows_of(result: ReadResult, scored: pd.DataFrame) -> Iterator[OutputRow]:
    """The own cells and ours of each scored row; probabilities are rounded to `DECIMALS`."""
    comments = {comment.comment_id: comment for comment in result.comments}
    ours = zip(*(map(_value, scored[name].tolist()) for name in scored.columns), strict=True)
    for comment_id, values in zip(scored[COMMENT_ID], ours, strict=True):
        yield comments[comment_id].cells, values


def _value(value: object) -> Value:
    if isinstance(value, float):
        return None if pd.isna(value) else round(value, DECIMALS)
    return value if isinstance(value, bool) else str(value)


def _sheet_value(value: Value) -> Value:
    if not isinstance(value, str):
        return value
    return _ESCAPED.sub(lambda found: f"_x{ord(found[0]):04X}_", _utf8(value))


def _csv_cell(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:.{DECIMALS}f}" if isinstance(value, float) else guard(value)


def _utf8(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")
