"""What the system says of a file that cannot be read, in our words."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Iterator

from stance.errors import ReadingError

_SHOWN = 100
_FAULTS: dict[type[Exception], tuple[str, str]] = {
    FileNotFoundError: ("nothing there", "Check the path and its spelling."),
    NotADirectoryError: ("nothing there", "Check the path and its spelling."),
    IsADirectoryError: ("a folder", "Name one file inside it."),
    PermissionError: ("a file that may not be read", "Check its permissions."),
}
# A name too long or with a NUL in it: pasted text was taken for a path.
_NO_PATH = ("no readable file", "Check the path; give pasted text as bytes or to read_page.")


@contextlib.contextmanager
def told(path: str | os.PathLike[str]) -> Iterator[None]:
    """Turn the system's errors into ReadingError.

    Raises:
        ReadingError: there is no file that can be read.
    """
    try:
        yield
    except (OSError, ValueError) as error:
        found, fix = _FAULTS.get(type(error), _NO_PATH)
        if isinstance(error, OSError) and error.errno not in (None, errno.ENAMETOOLONG, errno.EINVAL):
            known = _FAULTS.get(type(error))
            found, fix = known or (f"an error of the system ({error.strerror})", "Try again.")
        shown = os.fspath(path)[:_SHOWN].replace("\n", " ")
        raise ReadingError(f"Expected a file at {shown!r}, found {found}. {fix}") from error
