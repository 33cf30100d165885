"""Reads workbooks (XLSX) and Parquet files into rows, in a child process with a memory limit.

A workbook of 1.5 kB can ask for 8 GB. What the child may use is bounded by the system, what it
sends by the limits of rows, columns and cells; if it dies, the person gets one line.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Literal

from stance.errors import ReadingError
from stance.limits import (
    CELL_CHARACTERS,
    CELLS,
    COLUMNS,
    ROWS,
    SHEET_MEMORY,
    SHEET_SECONDS,
    UNPACKED_BYTES,
)
from stance.reading.rows import Row
from stance.sentences import Sentence
from stance.translation import N_

# Allocators that reserve a gigabyte of addresses meet the limit of memory by chance.
_FRUGAL = {"ARROW_DEFAULT_MEMORY_POOL": "system", "MALLOC_ARENA_MAX": "2", "OPENBLAS_NUM_THREADS": "1"}

WORKBOOK, PARQUET = b"PK\x03\x04", b"PAR1"
_CHILD = Path(__file__).with_name("sheet_child.py")
SheetKind = Literal["workbook", "parquet"]


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows of a sheet with their numbers in it, and what was understood.

    `names` are the columns of a Parquet file; of a workbook they stand in one of the rows, if at all.
    """

    rows: list[Row]
    names: tuple[str, ...] | None
    notes: tuple[str, ...]


def sheet_kind(data: bytes) -> SheetKind | None:
    """Whether these bytes are a workbook or a Parquet file; other ZIP archives are neither."""
    if data.startswith(PARQUET):
        return "parquet"
    # A workbook is a ZIP archive with this entry; the names stand uncompressed at the end.
    if data.startswith(WORKBOOK) and b"xl/workbook.xml" in data:
        return "workbook"
    return None


def read_sheet(data: bytes, kind: SheetKind, *, sheet: str | None = None) -> Sheet:
    """All rows of the first sheet, or of the named one; empty rows are no rows.

    Raises:
        ReadingError: the file is damaged, there is no such sheet, or it passes a limit.
    """
    with tempfile.TemporaryFile() as source:
        source.write(data)
        source.seek(0)
        settings = {
            "kind": kind,
            "sheet": sheet,
            "memory": SHEET_MEMORY.value(),
            "rows": ROWS.value() + (kind == "workbook"),  # one of its rows may be the header
            "cells": CELLS.value(),
            "columns": COLUMNS.value(),
            "cell": CELL_CHARACTERS.value(),
            "unpacked": UNPACKED_BYTES.value(),
        }
        # By its path: the folder that Python was started in may not know the package.
        command = [sys.executable, str(_CHILD), json.dumps(settings)]
        with subprocess.Popen(
            command,
            stdin=source,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, **_FRUGAL},
        ) as child:
            assert child.stdout is not None
            overdue = threading.Timer(SHEET_SECONDS.value(), child.kill)
            overdue.start()
            try:
                head, rows = _received(child.stdout)
                child.wait()
            finally:
                late = not overdue.is_alive()
                overdue.cancel()
                child.kill()
    return _checked(head, rows, child.returncode, late=late)


def _received(pipe: IO[bytes]) -> tuple[dict[str, Any], list[Row]]:
    """What the child says first, and its rows."""
    head: dict[str, Any] = {}
    rows: list[Row] = []
    for line in pipe:
        if not line.endswith(b"\n"):  # broken off within a message
            break
        message = json.loads(line)
        if isinstance(message, dict):
            head.update(message)
        else:
            number, cells = message
            rows.append(Row(number, number, cells))
    # Sheets are rectangles: the child leaves out empty cells at the end of a row.
    width = max((len(row.cells) for row in rows), default=0)
    CELLS.check(width * len(rows), N_("a sheet"))
    return head, [row._replace(cells=row.cells + [""] * (width - len(row.cells))) for row in rows]


_FAULTS = {
    "rows": (ROWS, N_("a sheet")),
    "columns": (COLUMNS, N_("a sheet")),
    "cells": (CELLS, N_("a sheet")),
    "cell": (CELL_CHARACTERS, N_("cells")),
    "unpacked": (UNPACKED_BYTES, N_("a file")),
    "memory": (SHEET_MEMORY, N_("a sheet that can be read")),
}


def _checked(head: dict[str, Any], rows: list[Row], status: int, *, late: bool) -> Sheet:
    if late:
        raise SHEET_SECONDS.error(N_("a sheet that can be read"))
    fault = head.get("fault", "")
    if fault in _FAULTS:
        limit, where = _FAULTS[fault]
        raise limit.error(where)
    if fault == "sheet":
        names = ", ".join(repr(name[:40]) for name in head["sheets"][:20])
        raise ReadingError(
            Sentence(
                "Expected one of the sheets {names}, found no sheet of that name. Choose one of these.",
                names=names,
            )
        )
    if status or fault or not head.get("done"):
        # Killed by the system where even the limit's own error found no room.
        found = Sentence("a file that broke off the reading")
        if "error" in head:
            found = Sentence("one that cannot be read ({error})", error=head["error"])
        raise ReadingError(
            Sentence(
                "Expected a workbook or a Parquet file, found {found}. Open it in its own program and "
                "save it again, or save the sheet as CSV (UTF-8).",
                found=found,
            )
        )
    columns = head.get("names")
    if columns is not None and not columns:
        raise ReadingError(
            Sentence("Expected a Parquet file with columns, found none. Export it again.")
        )
    return Sheet(rows, None if columns is None else tuple(columns), (_note(head),))


def _note(head: dict[str, Any]) -> str:
    """The sentence about what was read."""
    if "sheet" not in head:
        return Sentence("Parquet. Numbers of rows count them.")
    if head["n_sheets"] == 1:
        return Sentence(
            "Workbook: sheet \"{sheet}\". Numbers of rows are the sheet's.", sheet=head["sheet"]
        )
    return Sentence(
        "Workbook: sheet \"{sheet}\" of {n} sheets. Numbers of rows are the sheet's.",
        sheet=head["sheet"],
        n=str(head["n_sheets"]),
    )
