"""Keeps spreadsheets from running a cell as a formula, with an exact way back. Pure functions."""

from __future__ import annotations

import re

# Spaces, controls and invisible characters before a sign don't stop a spreadsheet.
_LIVE = re.compile(
    r"[\s\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff]*"
    r"[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]"
)


def guard(cell: str) -> str:
    """Make a cell harmless to open in a spreadsheet (OWASP, CSV injection).

    A cell whose first visible character is = + - @ (also full-width), a tab or a line break gets
    one apostrophe in front, and so does one that starts with an apostrophe: then the way back is
    exact.

    >>> guard("=1+1"), guard("'tis"), guard("a=b")
    ("'=1+1", "''tis", 'a=b')
    """
    return f"'{cell}" if cell.startswith("'") or _LIVE.match(cell) else cell


def unguard(cell: str) -> str:
    """The cell as it was: `unguard(guard(cell)) == cell` for every text."""
    return cell.removeprefix("'")
