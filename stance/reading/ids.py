"""The ids of comments that bring none of their own. Nothing here reads a file or a page."""

from __future__ import annotations

import hashlib

ID_DIGITS = 16


def source_digest(data: bytes) -> str:
    """SHA-256 of a whole source in hex: the same bytes give the same ids on every machine."""
    return hashlib.sha256(data).hexdigest()


def derived_id(source_digest: str, row: int) -> str:
    """The id of the comment in this row of the source: "c" and sixteen hex digits."""
    return "c" + hashlib.sha256(f"{source_digest}:{row}".encode()).hexdigest()[:ID_DIGITS]
