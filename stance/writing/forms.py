"""Scored comments as the bytes of a CSV, XLSX, JSON Lines or Parquet file. Opens no file.

In every form the person's own columns come first, as they are, then ours; where one of theirs has
the name of one of ours, ours gets "_2", so that every name is there once. CSV and XLSX are for
looking: CSV cells that a spreadsheet would run are guarded (see `guards`). JSON Lines and Parquet are
for programs and hold every text as it came, but for lone surrogates, which no UTF-8 has.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence

import pandas as pd

from stance.errors import WritingError
from stance.records import COMMENT_ID, ReadResult
from stance.writing.guards import guard

DECIMALS = 6
"""Of probabilities; scores agree between batches to 1e-5, so more digits would be noise."""

MAX_SHEET_ROWS = 1_048_576
MAX_SHEET_COLUMNS = 16_384
MAX_SHEET_CELL = 32_767
"""What Excel opens."""

# What XML cannot hold or would change, and the sign of what looks like a workbook's own escape.
_ESCAPED = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4})")

Value = str | float | bool | None


def scores_csv(result: ReadResult, scored: pd.DataFrame) -> bytes:
    """The scored comments as CSV in UTF-8 with BOM, which Excel reads as UTF-8.

    Args:
        result: what was read.
        scored: its scored table, or some of its rows in any order.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(map(guard, _names(result, scored)))
    for own, ours in _rows(result, scored):
        writer.writerow([*map(guard, own), *map(_csv_cell, ours)])
    # Lone surrogates cannot be written as UTF-8.
    return out.getvalue().encode("utf-8-sig", "replace")


def scores_jsonl(result: ReadResult, scored: pd.DataFrame) -> bytes:
    """The scored comments as JSON Lines: an object a row, missing probabilities null."""
    names = _names(result, scored)
    lines = (
        json.dumps(dict(zip(names, (*own, *ours), strict=True)), ensure_ascii=False)
        for own, ours in _rows(result, scored)
    )
    return "".join(f"{line}\n" for line in lines).encode("utf-8", "replace")


def scores_parquet(result: ReadResult, scored: pd.DataFrame) -> bytes:
    """The scored comments as Parquet: own columns as strings, ours typed."""
    import pyarrow as pa  # takes a moment to load, and only this needs it
    import pyarrow.parquet

    columns = list(zip(*(own for own, _ in _rows(result, scored)), strict=True))
    columns = columns or [() for _ in result.columns]
    arrays = [pa.array([_utf8(cell) for cell in column], pa.string()) for column in columns]
    for name in scored.columns:
        values = [_value(value) for value in scored[name].tolist()]
        kind = pa.bool_() if pd.api.types.is_bool_dtype(scored[name]) else None
        kind = pa.float64() if pd.api.types.is_float_dtype(scored[name]) else kind
        arrays.append(pa.array(values, kind or pa.string()))
    table = pa.Table.from_arrays(arrays, names=[_utf8(n) for n in _names(result, scored)])
    out = io.BytesIO()
    pyarrow.parquet.write_table(table, out)
    return out.getvalue()


def scores_xlsx(result: ReadResult, scored: pd.DataFrame) -> bytes:
    """The scored comments as a workbook: text stays text (no formulas), numbers are numbers.

    Characters that a workbook cannot hold are written in its own escape (`_x0001_`), and so is the
    underscore of a text that looks like one.

    Raises:
        WritingError: more rows, columns or characters in a cell than Excel opens.
    """
    import openpyxl
    from openpyxl.cell import WriteOnlyCell

    names = _names(result, scored)
    rows = [tuple(map(_sheet_value, (*own, *ours))) for own, ours in _rows(result, scored)]
    names = [str(_sheet_value(name)) for name in names]
    longest = max((len(v) for row in (names, *rows) for v in row if isinstance(v, str)), default=0)
    for found, what, most in (
        (len(rows) + 1, "rows", MAX_SHEET_ROWS),
        (len(names), "columns", MAX_SHEET_COLUMNS),
        (longest, "characters in a cell", MAX_SHEET_CELL),
    ):
        if found > most:
            raise WritingError(
                f"Expected at most {most:,} {what} for an Excel workbook, found {found:,}. "
                "Choose CSV, JSON Lines or Parquet."
            )
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Scores")
    sheet.freeze_panes = "A2"

    def cell(value: Value) -> object:
        if not isinstance(value, str):
            return value
        made = WriteOnlyCell(sheet, value)
        made.data_type = "s"  # else "=1+1" would be a formula
        return made

    for row in (names, *rows):
        sheet.append([cell(value) for value in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


FORMS: dict[str, Callable[[ReadResult, pd.DataFrame], bytes]] = {
    ".csv": scores_csv,
    ".xlsx": scores_xlsx,
    ".jsonl": scores_jsonl,
    ".parquet": scores_parquet,
}
"""The writer of each form, by the ending of the file's name."""


def _names(result: ReadResult, scored: pd.DataFrame) -> list[str]:
    return [*result.columns, *distinct_from(result.columns, scored.columns)]


def _rows(
    result: ReadResult, scored: pd.DataFrame
) -> Iterator[tuple[Sequence[str], tuple[Value, ...]]]:
    """The own cells and ours of each scored row."""
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


def distinct_from(own: Sequence[str], ours: Iterable[str]) -> list[str]:
    """Our column names beside the person's own: "_2" behind one that they have too."""
    taken, names = set(own), []
    for name in ours:
        distinct, number = name, 2
        while distinct in taken:
            distinct, number = f"{name}_{number}", number + 1
        taken.add(distinct)
        names.append(distinct)
    return names
