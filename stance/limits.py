"""All limits, in one place. Each can be raised by an environment variable.

They bound what one file can cost in memory and time; a file that passes a limit is refused with
the limit, what was found and how to raise it, and nothing of it is read. The last one bounds the
store of scores, which forgets what was not used for longest.
"""

from __future__ import annotations

import os
from dataclasses import dataclass

from stance.errors import ReadingError
from stance.sentences import Sentence
from stance.translation import N_


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
                Sentence(
                    "Expected a whole number above 0 in the environment variable {variable}, found "
                    "{found}. Correct it or remove it.",
                    variable=self.variable,
                    found=repr(given[:20]),
                )
            )
        return value

    def check(self, found: int, where: str) -> None:
        """Raise ReadingError if there is more than that; `where` says of what, e.g. `N_("a file")`."""
        if found > self.value():
            raise self.error(where, found)

    def error(self, where: str, found: int | None = None) -> ReadingError:
        """The error for more than that; None where it is not known how many there are."""
        return ReadingError(
            Sentence(
                "Expected {where} of at most {most} {unit}, found {found}. Split it, or set {variable} to "
                "a higher number if the memory is there.",
                where=Sentence(where),
                most=self.value(),
                unit=Sentence(self.unit),
                found=Sentence("more") if found is None else found,
                variable=self.variable,
            )
        )


FILE_BYTES = Limit("STANCE_MAX_BYTES", 500_000_000, N_("bytes"))
UPLOADS = Limit("STANCE_MAX_UPLOADS", 20, N_("files"))
UPLOADED_BYTES = Limit("STANCE_MAX_UPLOADED_BYTES", 200_000_000, N_("bytes"))
UNPACKED_BYTES = Limit("STANCE_MAX_UNPACKED_BYTES", 500_000_000, N_("bytes when unpacked"))
ROWS = Limit("STANCE_MAX_ROWS", 2_000_000, N_("rows"))
CELLS = Limit("STANCE_MAX_CELLS", 50_000_000, N_("cells"))
COLUMNS = Limit("STANCE_MAX_COLUMNS", 1_000, N_("columns"))
CELL_CHARACTERS = Limit("STANCE_MAX_CELL_CHARACTERS", 1_000_000, N_("characters"))
LINE_CHARACTERS = Limit("STANCE_MAX_LINE_CHARACTERS", 16_000_000, N_("characters in a line"))
REJECTED = Limit("STANCE_MAX_REJECTED", 200_000, N_("rows that cannot be used"))
JSON_CHARACTERS = Limit("STANCE_MAX_JSON", 100_000_000, N_("characters in one JSON document"))
REPLIES = Limit("STANCE_MAX_REPLIES", 100_000, N_("comments in one entry"))
NESTING = Limit("STANCE_MAX_NESTING", 100, N_("levels of nesting"))
SHEET_MEMORY = Limit("STANCE_MAX_SHEET_MEMORY", 2_000_000_000, N_("bytes of memory"))
SHEET_SECONDS = Limit("STANCE_MAX_SHEET_SECONDS", 120, N_("seconds of reading"))
STORE_BYTES = Limit("STANCE_STORE_BYTES", 1_000_000_000, "bytes of kept scores")
