"""The door to reading: a file or its bytes in, comments and rejected rows out.

Decides by the content what a source is: a gzip file with one of the others in it, a workbook or
Parquet file (`sheets.py`), JSON or JSON Lines (`json_rows.py`), a CSV table (`tables.py`), or a pasted
page (`pages.py`). Imports neither torch nor Streamlit nor pandas.
"""

from __future__ import annotations

import os
from dataclasses import replace
from functools import reduce
from pathlib import Path
from typing import Literal

from stance.errors import ReadingError
from stance.limits import FILE_BYTES
from stance.reading.columns import ColumnChoice, known_names
from stance.reading.decoding import Decoded, decode
from stance.reading.faults import told
from stance.reading.json_rows import looks_like_json, split_json
from stance.reading.layout import (
    TableLayout,
    TableShape,
    describe_table,
    layout_of,
    named_shape,
    table_likeness,
    table_shape,
)
from stance.reading.pages import read_page
from stance.reading.sheets import Sheet, read_sheet, sheet_kind
from stance.reading.tables import read_rows, read_table
from stance.reading.unpacking import unpack
from stance.records import ReadResult
from stance.sentences import Sentence
from stance.translation import N_

__all__ = [
    "ColumnChoice",
    "Decoded",
    "TableLayout",
    "decode",
    "describe_source",
    "read_comments",
    "read_page",
    "read_source",
    "read_table",
]

_TABLE_SUFFIXES = (".csv", ".tsv", ".tab")
_OPTIONS = (N_("delimiter"), N_("header"), N_("encoding"), N_("sheet"), N_("page"))
"""Options of `read_comments` that not every source has, as errors call them."""
_SHEETS = {"workbook": N_("a workbook"), "parquet": N_("a parquet")}
_SURE = 0.8
_LIKELY = 0.5


def read_comments(
    source: str | os.PathLike[str] | bytes,
    *,
    name: str | None = None,
    text_column: str | None = None,
    columns: ColumnChoice | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    header: bool | None = None,
    kind: Literal["table", "page"] | None = None,
    sheet: str | None = None,
) -> ReadResult:
    """Read comments from a path or from the bytes of a file; what is not given is found.

    A `str` is always a path; pasted text goes to `read_page`, or here as bytes. The content
    decides between table and page, the name's ending only where the content leaves it open.
    `columns` says what more columns of a table are; `text_column` alone is its short form.
    Raises ReadingError with what was expected, what was found and what to do.
    """
    data = source if isinstance(source, bytes) else read_source(source)
    if name is None:
        name = "pasted text" if isinstance(source, bytes) else Path(source).name
    FILE_BYTES.check(len(data), N_("a file"))
    data, unpacked = unpack(data)
    columns = columns or ColumnChoice(text=text_column)
    if sort := sheet_kind(data):
        _refuse_options(_SHEETS[sort], delimiter=delimiter, encoding=encoding, page=kind == "page")
        found = read_sheet(data, sort, sheet=sheet)
        shape = _sheet_shape(found, header, columns)
        result = read_rows(shape, name=name, columns=columns)
        return replace(result, notes=(*unpacked, *found.notes, *result.notes), form="sheet")
    _refuse_options(N_("no workbook"), sheet=sheet)
    decoded = decode(data, encoding=encoding)
    if kind != "page" and looks_like_json(decoded.text):
        _refuse_options("JSON", delimiter=delimiter, header=header)
        split = split_json(decoded.text)
        result = read_rows(named_shape(split.names, split.rows), name=name, columns=columns)
        result = replace(result, rejected=(*split.rejected, *result.rejected))
        notes = (*unpacked, decoded.note, *split.notes, *result.notes)
        return replace(result, notes=notes, form="json")
    about_tables = columns != ColumnChoice() or delimiter is not None or header is not None
    if kind == "page" and about_tables:
        raise ReadingError(
            Sentence(
                "Expected a page, found options for tables (text column, delimiter or header). Leave "
                "them out, or read the source as a table."
            )
        )
    if kind == "table" or about_tables:
        result = read_table(
            decoded.text, name=name, columns=columns, delimiter=delimiter, header=header
        )
    elif kind == "page":
        result = read_page(decoded.text, name=name)
    else:
        result = _read_either(decoded.text, name)
    return replace(result, notes=(*unpacked, decoded.note, *result.notes))


def describe_source(
    data: bytes,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    header: bool | None = None,
    sheet: str | None = None,
) -> TableLayout:
    """Say how `read_comments` would understand these bytes if they are a table of any form.

    Raises:
        ReadingError: as `read_comments` does, but not for want of a text column.
    """
    data, _ = unpack(data)
    if sort := sheet_kind(data):
        shape = _sheet_shape(read_sheet(data, sort, sheet=sheet), header, ColumnChoice())
        return layout_of(shape, ",", ColumnChoice())
    text = decode(data, encoding=encoding).text
    if looks_like_json(text):
        split = split_json(text)
        return layout_of(named_shape(split.names, split.rows), ",", ColumnChoice())
    return describe_table(text, delimiter=delimiter, header=header)


def _sheet_shape(found: Sheet, header: bool | None, columns: ColumnChoice) -> TableShape:
    if found.names is not None:
        return named_shape(found.names, found.rows)
    return table_shape(found.rows, header, columns, export=False)


def _refuse_options(found: str, **options: object) -> None:
    """Raise for an option that means nothing for what the source is: it was meant for another."""
    given = [Sentence(name) for name in options if options[name] not in (None, False)]
    if not given:
        return
    both = N_("{some} and {one}")
    raise ReadingError(
        Sentence(
            "Expected a source that the choice of {options} is for, found {found}. {fix}",
            options=reduce(lambda some, one: Sentence(both, some=some, one=one), given),
            found=Sentence(found),
            fix=Sentence("Leave it out.") if len(given) == 1 else Sentence("Leave them out."),
        )
    )


def _read_either(text: str, name: str) -> ReadResult:
    """Read by content: cells that line up make a table, else a page that is sure of itself wins.

    A lone first line such as "comment" may head a column or a page: there the name decides.
    """
    if is_table(text, name):
        return read_table(text, name=name)
    likeness = table_likeness(text)
    named_table = name.lower().endswith(_TABLE_SUFFIXES)
    column_name = _begins_with_column_name(text)
    page: ReadResult | None = None
    try:
        page = read_page(text, name=name)
    except ReadingError:
        if not (named_table or column_name or likeness >= _LIKELY):
            raise
    if page is None or (page.confidence < _LIKELY and (named_table or column_name)):
        return read_table(text, name=name)
    return page


def is_table(text: str, name: str) -> bool:
    """Whether a text is a table for sure; its beginning tells. If not, a page is looked for first."""
    if table_likeness(text) >= _SURE:
        return True
    return name.lower().endswith(_TABLE_SUFFIXES) and _begins_with_column_name(text)


def _begins_with_column_name(text: str) -> bool:
    first = (text.lstrip()[:200].splitlines() or [""])[0]
    return known_names([first], ColumnChoice()) > 0


def read_source(path: str | os.PathLike[str]) -> bytes:
    """The bytes of a file.

    Raises:
        ReadingError: there is no file that can be read.
    """
    with told(path):
        FILE_BYTES.check(Path(path).stat().st_size, N_("a file"))
        return Path(path).read_bytes()
