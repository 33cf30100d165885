"""Puts bytes into a file, whole or not at all, and names downloads. Knows no scores."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

from stance.errors import WritingError


def write_whole(target: Path, data: bytes) -> None:
    """Write a file that appears whole or not at all; an existing one is replaced.

    Raises:
        WritingError: it cannot be written; what was there is as it was.
    """
    partial: Path | None = None
    try:
        with tempfile.NamedTemporaryFile(
            dir=target.parent, prefix=f".{target.name}.", delete=False
        ) as file:
            partial = Path(file.name)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        partial.chmod(0o644)
        partial.replace(target)
    except OSError as error:
        raise WritingError(f"Could not write {target}: {error.strerror}.") from error
    finally:
        # Gone already where it was renamed; left where anything, also Ctrl-C, came between.
        if partial is not None:
            partial.unlink(missing_ok=True)


def remove(target: Path) -> None:
    """Remove a file that may not be there.

    Raises:
        WritingError: it cannot be removed.
    """
    try:
        target.unlink(missing_ok=True)
    except OSError as error:
        raise WritingError(f"Could not replace {target}: {error.strerror}.") from error


def check_writable(path: Path, *, overwrite: bool, source: Path | None = None) -> None:
    """Refuse, before any work is done, an output that could not be written.

    Raises:
        WritingError: it is the `source` itself, the file exists and `overwrite` is False, or its
            folder is missing.
    """
    if source is not None and path.exists() and source.exists() and path.samefile(source):
        # Rejected rows are not in the output: replacing the source would lose them.
        raise WritingError(f"{path} is the input itself and is never replaced; name another output.")
    if path.is_dir():
        raise WritingError(f"Expected a file name to write to, found the folder {path}.")
    if path.exists() and not path.is_file():
        raise WritingError(f"Expected a file name to write to, found the device {path}.")
    if path.exists() and not overwrite:
        raise WritingError(f"{path} exists and is not overwritten; pass --force to replace it.")
    if not path.parent.is_dir():
        raise WritingError(f"Expected the folder {path.parent} to write into, found none. "
                           "Make it, or name another.")  # fmt: skip


def content_file_name(data: bytes, suffix: str = ".csv", *, kind: str = "scores") -> str:
    """A file name that no other content has: `scores-<16 hex digits>.csv`; `kind` says what it is.

    Streamlit addresses a download by its name and parts of its content only, so two exports of
    equal length could be taken for each other.
    """
    return f"{kind}-{hashlib.sha256(data).hexdigest()[:16]}{suffix}"
