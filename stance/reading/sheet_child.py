"""The child process of `sheets`: one workbook or Parquet file on stdin, rows as JSON on stdout.

Cells become text: whole numbers without ".0", dates in ISO form, truth values "true" and "false",
formulas as the value that was saved with them. Runs under a limit of memory, so that no file can
take the machine down.
"""

from __future__ import annotations

import contextlib
import datetime
import json
import math
import re
import sys
import zipfile
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

_MIDNIGHT = datetime.time.min
# How a workbook writes what XML cannot hold ("_x000D_"), and the sign that begins it ("_x005F_").
_ESCAPE = re.compile(r"_x(00[01][0-9A-Fa-f]|005[Ff]|[Ff]{3}[EeFf])_")


class _Fault(Exception):
    """A limit was passed; its name is the message."""


def main() -> None:
    """Read stdin, write messages: what was found, rows [number, cells], at the end {"done": true}."""
    settings = json.loads(sys.argv[1])
    with contextlib.suppress(ImportError):  # not on Windows
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (settings["memory"], settings["memory"]))
    try:
        head, rows = (_workbook if settings["kind"] == "workbook" else _parquet)(
            sys.stdin.buffer, settings
        )
        _say(head)
        for row in _limited(rows, settings, blank_rows=settings["kind"] == "parquet"):
            _say(row)
        _say({"done": True})
    except _Fault as fault:
        _say({"fault": str(fault)})
    except MemoryError:
        _say({"fault": "memory"})
    except Exception as error:
        _say({"fault": "error", "error": type(error).__name__})


def _say(message: Any) -> None:
    sys.stdout.write(json.dumps(message) + "\n")


def _limited(
    rows: Iterable[tuple[int, list[str]]], settings: dict[str, Any], *, blank_rows: bool
) -> Iterator[Any]:
    """The rows within all limits; those without any cell are none, but in a table of records."""
    n_cells, size = 0, 0
    for number, cells in rows:
        while not blank_rows and cells and not cells[-1]:
            cells.pop()
        n_cells += len(cells)
        size += sum(map(len, cells))
        for fault, found in (
            ("rows", number),  # the number: gaps cost time too
            ("columns", len(cells)),
            ("cell", max(map(len, cells), default=0)),
            ("cells", n_cells),
            ("unpacked", size),
        ):
            if found > settings[fault]:
                raise _Fault(fault)
        if cells or blank_rows:
            yield [number, cells]


def _workbook(source: BinaryIO, settings: dict[str, Any]) -> tuple[Any, Any]:
    import openpyxl  # here, so that its memory counts and Parquet does not pay for it

    with zipfile.ZipFile(source) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > settings["unpacked"]:
            raise _Fault("unpacked")
    source.seek(0)
    book = openpyxl.load_workbook(source, read_only=True, data_only=True, keep_links=False)
    names = [sheet.title for sheet in book.worksheets]
    wanted = settings["sheet"] if settings["sheet"] is not None else (names or [""])[0]
    if wanted not in names:
        _say({"sheets": names})
        raise _Fault("sheet")
    sheet = book.worksheets[names.index(wanted)]
    # The size that a sheet claims may be a lie; one cell may stand in the last of all columns.
    sheet.reset_dimensions()
    rows = (
        (number, [_ESCAPE.sub(_unescaped, _as_cell(value)) for value in values])
        for number, values in enumerate(sheet.iter_rows(values_only=True), start=1)
    )
    return {"sheet": wanted, "n_sheets": len(names)}, rows


def _unescaped(found: re.Match[str]) -> str:
    return chr(int(found[1], 16))


def _parquet(source: BinaryIO, settings: dict[str, Any]) -> tuple[Any, Any]:
    import pyarrow.parquet

    file = pyarrow.parquet.ParquetFile(source, memory_map=False)
    names = [str(name) for name in file.schema_arrow.names]
    if len(names) > settings["columns"]:
        raise _Fault("columns")
    if file.metadata.num_rows > settings["rows"]:
        raise _Fault("rows")
    sizes = (file.metadata.row_group(i).total_byte_size for i in range(file.num_row_groups))
    if sum(sizes) > settings["unpacked"]:
        raise _Fault("unpacked")
    return {"names": names}, _parquet_rows(file)


def _parquet_rows(file: Any) -> Iterator[tuple[int, list[str]]]:
    number = 0
    for batch in file.iter_batches(batch_size=1000, use_threads=False):
        columns = [column.to_pylist() for column in batch.columns]
        for values in zip(*columns, strict=True):
            number += 1
            yield number, [_as_cell(value) for value in values]


def _as_cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, (datetime.date, datetime.time)):
        return _time(value)
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, (list, dict)):
        return json.dumps(value, ensure_ascii=False, default=_as_cell)
    return str(value)


def _number(value: float) -> str:
    if math.isnan(value):
        return ""  # what pandas writes for a missing number
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else str(value)


def _time(value: datetime.date | datetime.time) -> str:
    # A workbook has no dates without a time: a day is midnight.
    if isinstance(value, datetime.datetime) and value.tzinfo is None and value.time() == _MIDNIGHT:
        return value.date().isoformat()
    return value.isoformat()


if __name__ == "__main__":
    main()
