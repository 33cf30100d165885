"""The unfinished output: rows so far in `OUTPUT.part`, what they are in `OUTPUT.part.json`.

Rows are on the disk before the journal counts them, so that a kill at any moment loses the chunk
that was under way and nothing else: the next run cuts off what was not counted and goes on.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import IO

from filelock import FileLock, Timeout

from stance.errors import WritingError
from stance.writing.forms import SHEET_FILE

PART = ".part"

REPORT, WHOLE, MANIFEST = "report", "whole", "manifest"
"""Parts besides the rows: the row report's lines, a form that is complete only at its end, …"""


@dataclass(slots=True)
class State:
    """What an unfinished output holds.

    `settings` are what must be equal for going on, by the names that a person is told. `done` are
    the comments whose rows count, in so many `chunks`, `sizes` the bytes of these rows in each
    part. `unscored` counts the comments among them that have no scores. `sha256` is that of the
    whole output, once all rows are there and the files only have to get their names.
    """

    settings: dict[str, str]
    chunks: int = 0
    done: int = 0
    sizes: dict[str, int] = field(default_factory=dict)
    unscored: Counter[str] = field(default_factory=Counter)
    sha256: str = ""


class Journal:
    """The parts of one output and of its companions, which one run at a time may write."""

    def __init__(self, output: Path, report: Path | None = None) -> None:
        self.output = output
        self._report = report
        self._path = output.with_name(f"{output.name}{PART}.json")
        self._new = output.with_name(f"{output.name}{PART}.json.new")
        self._lock = output.with_name(f"{output.name}{PART}.lock")
        self._scratch = output.with_name(f"{output.name}{PART}.files")

    def part(self, name: str = "") -> Path:
        """The file for a part; the output's own if unnamed. That of a report is in its folder."""
        if name == REPORT and self._report is not None:
            return self._report.with_name(f"{self._report.name}{PART}")
        return self.output.with_name(f"{self.output.name}{f'.{name}' if name else ''}{PART}")

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the output; a run that ends in any way lets go of it.

        Raises:
            WritingError: another run holds it, or the folder may not be written in.
        """
        lock = FileLock(self._lock)
        try:
            lock.acquire(blocking=False)
        except Timeout as error:
            raise WritingError(
                f"Another run is writing {self.output}. Wait for it, or name another output."
            ) from error
        except OSError as error:
            raise could_not_write(self.output, error) from error
        try:
            yield
        finally:
            # While it is held: another run may have made it its own as soon as it is free.
            with contextlib.suppress(OSError):
                self._lock.unlink(missing_ok=True)
            lock.release()

    def load(self) -> State | None:
        """What an earlier run left, or None.

        Raises:
            WritingError: it cannot be understood.
        """
        try:
            found = json.loads(self._path.read_bytes())
            return State(**{**found, "unscored": Counter(found["unscored"])})
        except FileNotFoundError:
            return None
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise WritingError(
                f"Expected the state of an unfinished run in {self._path}, found something else. "
                "Pass --restart to begin anew."
            ) from error

    def check_free(self) -> None:
        """Refuse to begin where files with the names of our parts stand that no state tells of.

        Raises:
            WritingError: there are such files.
        """
        for path in (*self._parts(), self._scratch):
            if path.exists():
                raise WritingError(
                    f"{path} exists and is of no run that can be gone on with. Move it away, pass "
                    "--restart to replace it, or name another output."
                )

    def files(self) -> list[Path]:
        """Everything that a run may write while it is under way."""
        return [*self._parts(), self._scratch, self._new, self._path, self._lock]

    def _parts(self) -> list[Path]:
        return [self.part(name) for name in ("", REPORT, WHOLE, MANIFEST)]

    def save(self, state: State) -> None:
        """Note the state; it is there whole, or the one before is."""
        with writing(self._path):
            with self._new.open("wb") as file:
                noted = {each.name: getattr(state, each.name) for each in fields(state)}
                file.write(json.dumps(noted).encode())
                to_disk(file)
            self._new.replace(self._path)

    def clear(self) -> None:
        """Remove everything that a run left; the state goes last, for it says what is complete."""
        with writing(self._path):
            self._remove_scratch()
            for path in (*self._parts(), self._new, self._path):
                path.unlink(missing_ok=True)

    @contextlib.contextmanager
    def scratch(self) -> Iterator[Path]:
        """A new folder for what is written on the way; one that a killed run left is removed."""
        self._remove_scratch()
        self._scratch.mkdir()
        try:
            yield self._scratch
        finally:
            self._remove_scratch()

    def _remove_scratch(self) -> None:
        # Only what is ours in it: a person may have a folder of that name.
        (self._scratch / SHEET_FILE).unlink(missing_ok=True)
        with contextlib.suppress(FileNotFoundError):
            self._scratch.rmdir()

    @contextlib.contextmanager
    def appending(self, name: str, size: int) -> Iterator[Appender]:
        """A part, cut to the bytes that count.

        Raises:
            WritingError: it has fewer, or it cannot be written.
        """
        path = self.part(name)
        with writing(path):
            found = path.stat().st_size if path.exists() else 0
            if found < size:
                raise WritingError(
                    f"Expected at least {size:,} bytes in {path}, found {found:,}: it was changed "
                    "since the run stopped. Pass --restart to begin anew."
                )
            with path.open("ab") as file:
                file.truncate(size)
                yield Appender(path, file)


class Appender:
    """A file that is only written at its end."""

    def __init__(self, path: Path, file: IO[bytes]) -> None:
        self._path = path
        self._file = file

    def add(self, data: bytes) -> int:
        """Append, on the disk when this returns; gives the file's size.

        Raises:
            WritingError: there is no space, say.
        """
        with writing(self._path):
            self._file.write(data)
            to_disk(self._file)
            return os.fstat(self._file.fileno()).st_size


@contextlib.contextmanager
def writing(path: Path) -> Iterator[Path]:
    """Turn what the system says of a file that is written into our error."""
    try:
        yield path
    except OSError as error:
        raise could_not_write(path, error) from error


def could_not_write(path: Path, error: OSError) -> WritingError:
    """The error for a file that the system does not let us write."""
    return WritingError(
        f"Could not write {path}: {error.strerror or type(error).__name__}. Once that is mended, the "
        "same command goes on after the last row that was written."
    )


def to_disk(file: IO[bytes]) -> None:
    """Return when the disk has what was written."""
    file.flush()
    os.fsync(file.fileno())
