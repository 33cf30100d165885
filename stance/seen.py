"""Remembers what was seen before, on disk, so that memory does not grow with it. Knows no comments."""

from __future__ import annotations

import sqlite3

from stance.errors import WritingError

_CACHE_KIB = 16_000


class Seen:
    """Keys with a count and the value that came with the first of them.

    An unnamed SQLite database: it spills into a file without a name, which is gone with the
    process, however that ends.
    """

    def __init__(self) -> None:
        self._base = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._base.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        self._base.execute("PRAGMA journal_mode = OFF")
        self._base.execute("PRAGMA synchronous = OFF")
        self._base.execute(
            "CREATE TABLE seen (key BLOB PRIMARY KEY, n INTEGER, first BLOB) WITHOUT ROWID"
        )

    def add(self, key: bytes, value: str = "") -> tuple[int, str]:
        """Note a key; returns how often it came before and the value of its first time.

        Raises:
            WritingError: the folder for temporary files is full, say.
        """
        try:
            ((count, first),) = self._base.execute(
                "INSERT INTO seen VALUES (?, 1, ?) ON CONFLICT DO UPDATE SET n = n + 1"
                " RETURNING n, first",
                (key, value.encode("utf-8", "surrogatepass")),
            ).fetchall()
        except sqlite3.Error as error:
            raise WritingError(
                f"Could not write temporary data: {error}. Make room, or set SQLITE_TMPDIR to a "
                "folder with room."
            ) from error
        return count - 1, first.decode("utf-8", "surrogatepass")

    def close(self) -> None:
        """Forget everything."""
        self._base.close()
