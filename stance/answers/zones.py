"""What stands behind a time for its zone: a word in, "UTC+02:00" or a name out. Guesses no offset."""

from __future__ import annotations

import re
from datetime import timedelta

UTC_NAME = "UTC"

_HOURS = {
    "z": 0, "utc": 0, "gmt": 0, "wet": 0, "west": 1, "bst": 1, "cet": 1, "cest": 2, "mez": 1, "mesz": 2,
    "eet": 2, "eest": 3, "msk": 3, "trt": 3, "wat": 1, "cat": 2, "sast": 2, "eat": 3, "pkt": 5,
    "sgt": 8, "hkt": 8, "awst": 8, "jst": 9, "kst": 9, "acst": 9.5, "acdt": 10.5, "aest": 10, "aedt": 11,
    "nzst": 12, "nzdt": 13, "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6,
    "pst": -8, "pdt": -7, "akst": -9, "akdt": -8, "hst": -10,
}  # fmt: skip
"""Hours from UTC of names that newspapers' pages use; those of America by RFC 2822."""

_SEVERAL = ("et", "ct", "mt", "pt", "ist", "ast")
"""Names that stand for several offsets: by the season, or because several places use them."""

_FARTHEST = timedelta(hours=14)

ZONE_FORM = rf"(?:utc|gmt)?[+\-−][0-9]{{1,2}}(?::?[0-9]{{2}})?|{'|'.join([*_HOURS, *_SEVERAL])}"
"""What can be a zone, in small letters. Any other word is none: "uhr" behind a time is no place."""


def zone_of(word: str) -> str | None:
    """An offset as "UTC+02:00", or the name of a zone that has several; None for an offset of nowhere.

    Args:
        word: has `ZONE_FORM`.
    """
    if word in _SEVERAL:
        return word.upper()
    if word in _HOURS:
        minutes = round(_HOURS[word] * 60)
    else:
        digits = re.sub(r"[^0-9]", "", word)
        hours, rest = (digits[:-2], digits[-2:]) if len(digits) > 2 else (digits, "0")
        minutes = (int(hours) * 60 + int(rest)) * (1 if "+" in word else -1)
        if int(rest) >= 60 or timedelta(minutes=abs(minutes)) > _FARTHEST:
            return None
    if minutes == 0:
        return UTC_NAME
    hours_off, minutes_off = divmod(abs(minutes), 60)
    return f"{UTC_NAME}{'+' if minutes > 0 else '-'}{hours_off:02d}:{minutes_off:02d}"


def offset_of(zone: str) -> timedelta | None:
    """How far a zone that `zone_of` gave, or none (""), is from UTC; None where it has several offsets."""
    if zone in ("", UTC_NAME):
        return timedelta(0)
    if not zone[-1].isdigit():
        return None
    hours, minutes = zone[4:].split(":")
    return timedelta(hours=int(hours), minutes=int(minutes)) * (1 if zone[3] == "+" else -1)
