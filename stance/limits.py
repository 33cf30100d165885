"""All limits, in one place. Each can be raised by an environment variable.

They bound what one file can cost in memory and time; a file that passes a limit is refused with
the limit, what was found and how to raise it, and nothing of it is read. The last one bounds the
store of scores, which forgets what was not used for longest.
"""

from __future__ import annotations

import os
from dataclasses import dataclass

from stance.errors import ReadingError


@dataclass(frozen=True, slots=True)
class Limit:
    """The most of something that a source may have; `variable` in the environment raises it."""

    variable: str
    default: int
    unit: str

    def value(self) -> int:
        """The limit in force.

        Raises:
            ReadingError: the environment variable is set to something that is no whole number
                above 0.
        """
        given = os.environ.get(self.variable, "")
        if not given:
            return self.default
        try:
            value = int(given)
        except ValueError:
            value = 0
        if value < 1:
            raise ReadingError(
                f"Expected a whole number above 0 in the environment variable {self.variable}, "
                f"found {given[:20]!r}. Correct it or remove it."
            )
        return value

    def check(self, found: int, where: str) -> None:
        """Raise ReadingError if there is more than that; `where` says of what, e.g. "a file"."""
        if found > self.value():
            raise self.error(f"{found:,}", where)

    def error(self, found: str, where: str) -> ReadingError:
        """The error for more than that, where the exact number may not be known ("more")."""
        return ReadingError(
            f"Expected {where} of at most {self.value():,} {self.unit}, found {found}. Split it, or "
            f"set {self.variable} to a higher number if the memory is there."
        )


FILE_BYTES = Limit("STANCE_MAX_BYTES", 500_000_000, "bytes")
UPLOADS = Limit("STANCE_MAX_UPLOADS", 20, "files")
UPLOADED_BYTES = Limit("STANCE_MAX_UPLOADED_BYTES", 200_000_000, "bytes")
UNPACKED_BYTES = Limit("STANCE_MAX_UNPACKED_BYTES", 500_000_000, "bytes when unpacked")
ROWS = Limit("STANCE_MAX_ROWS", 2_000_000, "rows")
CELLS = Limit("STANCE_MAX_CELLS", 50_000_000, "cells")
COLUMNS = Limit("STANCE_MAX_COLUMNS", 1_000, "columns")
CELL_CHARACTERS = Limit("STANCE_MAX_CELL_CHARACTERS", 1_000_000, "characters")
LINE_CHARACTERS = Limit("STANCE_MAX_LINE_CHARACTERS", 16_000_000, "characters in a line")
REJECTED = Limit("STANCE_MAX_REJECTED", 200_000, "rows that cannot be used")
JSON_CHARACTERS = Limit("STANCE_MAX_JSON", 100_000_000, "characters in one JSON document")
REPLIES = Limit("STANCE_MAX_REPLIES", 100_000, "comments in one entry")
NESTING = Limit("STANCE_MAX_NESTING", 100, "levels of nesting")
SHEET_MEMORY = Limit("STANCE_MAX_SHEET_MEMORY", 2_000_000_000, "bytes of memory")
SHEET_SECONDS = Limit("STANCE_MAX_SHEET_SECONDS", 120, "seconds of reading")
STORE_BYTES = Limit("STANCE_STORE_BYTES", 1_000_000_000, "bytes of kept scores")
