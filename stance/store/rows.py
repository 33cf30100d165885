"""What the store holds: a few bytes for each hash and number. Knows no text, target or model."""

from __future__ import annotations

import contextlib
import sqlite3
import struct
import time
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from stance.errors import StoreError
from stance.limits import STORE_BYTES
from stance.store.database import (
    BROKEN,
    FILE,
    DamageError,
    in_words,
    is_damage,
    opened,
    set_aside,
    transaction,
)

HASH_BYTES = 16

ROW_BYTES = 100
"""What a row takes at most: its 46 bytes, in pages that rows at random places leave about 2/3 full."""

_LEFT_OF_FULL = 0.8
_ENDS = [bytes([first]) for first in range(0, 256, 4)] + [b"\xff" * (HASH_BYTES + 1)]
"""Of the pieces that a full store is gone through in, so that no transaction is large."""

_AT_ONCE = 500
"""Texts in one question: SQLite has a limit on what may be bound."""

_CHECK = struct.Struct("<I")

Key = tuple[bytes, int]
"""The hash of a text, and the number of what was asked about it: a target, or 0 for the sentiment."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a store holds: `n_texts` texts in `n_rows` rows, `n_bytes` on the disk of `limit_bytes`.

    `days_unused` is how many days ago the row that is forgotten next was last used.
    """

    path: Path
    n_texts: int
    n_rows: int
    n_bytes: int
    limit_bytes: int
    days_unused: int


class ScoreStore:
    """The rows of one file, which several processes may use at once.

    A row that is there is never replaced by another. All rows of one `keep` are there or none,
    whenever the process is killed. Every method raises `StoreError`; if the file is damaged, it is
    renamed then, and the next run begins a new one.
    """

    def __init__(self, folder: Path, tell: Callable[[str], None]) -> None:
        """Open the store in a folder; see `opened`."""
        self._path = folder / FILE
        self._limit_bytes = STORE_BYTES.value()
        self._connection = opened(folder, tell)
        with self._told():
            ((self.salt,),) = self._connection.execute("SELECT salt FROM store")
            self._fit()

    def find(self, texts: Sequence[bytes]) -> dict[Key, bytes]:
        """All rows of some texts, which are thereby used today."""
        found: dict[Key, bytes] = {}
        unused: set[bytes] = set()
        day = today()
        with self._told():
            for start in range(0, len(texts), _AT_ONCE):
                some = texts[start : start + _AT_ONCE]
                question = f"SELECT * FROM scores WHERE text IN ({','.join('?' * len(some))})"
                for text, target, kept, used in self._connection.execute(question, some).fetchall():
                    found[text, target] = _checked(text, target, kept)
                    if used != day:
                        unused.add(text)
            if unused:
                with transaction(self._connection):
                    self._connection.executemany(
                        "UPDATE scores SET used = ? WHERE text = ?", [(day, text) for text in unused]
                    )
        return found

    def keep(self, rows: Mapping[Key, bytes]) -> None:
        """Add rows; if there are too many then, those that were not used for longest go."""
        day = today()
        new = [(*key, value + _check(*key, value), day) for key, value in rows.items()]
        with self._told():
            with transaction(self._connection):
                before = self._connection.total_changes
                self._connection.executemany("INSERT OR IGNORE INTO scores VALUES (?, ?, ?, ?)", new)
                n_rows = self._count(self._connection.total_changes - before)
            if n_rows * ROW_BYTES > self._limit_bytes:
                self._make_room()

    def clear(self) -> None:
        """Forget everything, also the damaged file that was renamed."""
        with self._told():
            with transaction(self._connection):
                self._count(-self._connection.execute("DELETE FROM scores").rowcount)
            self._shrink()
            self._path.with_name(BROKEN).unlink(missing_ok=True)

    def contents(self) -> Contents:
        """What it holds now."""
        with self._told():
            counted = "SELECT count(*), coalesce(sum(target = 0), 0), min(used) FROM scores"
            ((n_rows, n_texts, used),) = self._connection.execute(counted)
            n_bytes = sum(path.stat().st_size for path in self._path.parent.glob(f"{FILE}*"))
        days = today() - used if n_rows else 0
        return Contents(self._path, n_texts, n_rows, n_bytes, self._limit_bytes, days)

    def close(self) -> None:
        """Let go of the file."""
        with contextlib.suppress(sqlite3.Error):
            self._connection.close()

    def _fit(self) -> None:
        """The limit may be lower than it was."""
        ((n_bytes,),) = self._connection.execute(
            "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
        )
        if n_bytes > self._limit_bytes:
            self._make_room()
            self._shrink()

    def _shrink(self) -> None:
        self._connection.execute("VACUUM")
        self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _make_room(self) -> None:
        """Forget days from the oldest on, and of the last of them the texts of the lowest hashes.

        So a part of a file that is larger than the store is still found in the next run.
        """
        by_day = "SELECT used, count(*) FROM scores GROUP BY used ORDER BY used"
        with transaction(self._connection):
            days = self._connection.execute(by_day).fetchall()
            n_rows = sum(n for _, n in days)
            self._connection.execute("UPDATE store SET n_rows = ?", (n_rows,))  # a bit may have flipped
        surplus = n_rows - int(_LEFT_OF_FULL * self._limit_bytes / ROW_BYTES)
        if surplus <= 0:
            return  # another process has made room
        while surplus > days[0][1]:
            surplus -= days.pop(0)[1]
        last = days[0][0]
        within = "DELETE FROM scores WHERE text >= ? AND text < ?"
        for low, high in pairwise(_ENDS):
            with transaction(self._connection):
                older = self._connection.execute(f"{within} AND used < ?", (low, high, last)).rowcount
                this = 0
                if surplus > 0:
                    found = self._connection.execute(f"{within} AND used = ?", (low, high, last))
                    this = found.rowcount
                surplus -= this
                self._count(-older - this)

    def _count(self, more: int) -> int:
        """The number of rows, after so many were added."""
        self._connection.execute("UPDATE store SET n_rows = n_rows + ?", (more,))
        ((n_rows,),) = self._connection.execute("SELECT n_rows FROM store")
        return int(n_rows)

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        """Errors in our words; a damaged file is renamed."""
        with in_words(self._path):
            try:
                yield
            except (sqlite3.DatabaseError, DamageError) as error:
                if not is_damage(error):
                    raise
                self.close()
                set_aside(self._path)
                raise StoreError(f"{self._path} was damaged and is now {BROKEN}") from error


def today() -> int:
    """The day, counted from 1970."""
    return int(time.time() // 86_400)


def _check(text: bytes, target: int, value: bytes) -> bytes:
    """By which bits that the disk changed are noticed: SQLite has no checksums."""
    return _CHECK.pack(zlib.crc32(value, zlib.crc32(b"%d" % target, zlib.crc32(text))))


def _checked(text: object, target: object, kept: object) -> bytes:
    if isinstance(text, bytes) and isinstance(target, int) and isinstance(kept, bytes):
        value, check = kept[: -_CHECK.size], kept[-_CHECK.size :]
        if check == _check(text, target, value):
            return value
    raise DamageError
