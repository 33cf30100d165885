"""The file of the store: where it is, whose it is, and what is done if it is damaged. Knows no scores."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

from filelock import FileLock, Timeout
from platformdirs import user_cache_path

from stance.errors import StoreError

VARIABLE = "STANCE_STORE"
"""Of the environment: another folder for the store, or one of `OFF`."""

OFF = ("off", "no", "none", "false", "0")
"""No store; a folder of such a name is `./off`."""

FILE, BROKEN, LOCK = "scores.sqlite", "scores.sqlite.broken", "scores.lock"

SALT_BYTES = 32

_WAIT_S = 5.0
"""For another process; each holds the file for milliseconds."""

_APPLICATION, _SCHEMA = 0x53544E43, 1
_TABLES = (
    "CREATE TABLE store (salt BLOB NOT NULL, n_rows INTEGER NOT NULL)",
    "CREATE TABLE scores (text BLOB NOT NULL, target INTEGER NOT NULL, kept BLOB NOT NULL, "
    "used INTEGER NOT NULL, PRIMARY KEY (text, target)) WITHOUT ROWID",
)
_DAMAGE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR)
"""What SQLite says of a broken file; the last one is a table that is not there."""


class DamageError(Exception):
    """A file that SQLite can read, but that does not hold what we wrote."""


def store_folder() -> Path | None:
    """Where scores are kept, the user's cache folder unless the environment says another; None: nowhere."""
    given = os.environ.get(VARIABLE, "")
    if given.strip().lower() in OFF:
        return None
    return Path(given) if given else user_cache_path("stance", appauthor=False)


def opened(folder: Path, tell: Callable[[str], None]) -> sqlite3.Connection:
    """The database in a folder; both are made if they are not there.

    A file that is damaged is renamed (`BROKEN`), and what another version of ours wrote is dropped.

    Args:
        folder: a new one may be entered by its user only.
        tell: is told in a sentence of what a person should know.

    Raises:
        StoreError: it cannot be written or is another user's, is held by another process, or a
            database of something else stands there.
    """
    path = folder / FILE
    with in_words(path):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with FileLock(folder / LOCK, timeout=_WAIT_S, mode=0o600):
            is_new = not path.exists()
            try:
                connection = _connected(path)
            except (sqlite3.DatabaseError, DamageError) as error:
                if not is_damage(error):
                    raise
                set_aside(path)
                tell(f"{path} was damaged and is now {BROKEN}; a new store of scores was begun.")
                connection = _connected(path)
    if is_new:
        tell(f"Scores are kept in {path}, without texts; --no-store or {VARIABLE}=off keeps none.")
    return connection


@contextlib.contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All that is written in it is there afterwards, or nothing."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        with contextlib.suppress(sqlite3.Error):
            connection.execute("ROLLBACK")
        raise


@contextlib.contextmanager
def in_words(path: Path) -> Iterator[None]:
    """Turn what the system says of the file into our error."""
    try:
        yield
    except Timeout as error:
        raise StoreError(f"{path} is held by another process") from error
    except (OSError, sqlite3.Error) as error:
        why = getattr(error, "strerror", None) or str(error) or type(error).__name__
        raise StoreError(f"{path}: {why}") from error


def is_damage(error: Exception) -> bool:
    """Whether an error says that the file is broken, not that it cannot be reached or written."""
    return isinstance(error, DamageError) or getattr(error, "sqlite_errorcode", 0) & 0xFF in _DAMAGE


def set_aside(path: Path) -> None:
    """Rename a damaged file, so that the next run begins a new one."""
    path.replace(path.with_name(BROKEN))
    for ending in ("-wal", "-shm"):
        path.with_name(f"{path.name}{ending}").unlink(missing_ok=True)


def _connected(path: Path) -> sqlite3.Connection:
    path.touch(mode=0o600)
    _check_private(path)
    connection = sqlite3.connect(path, timeout=_WAIT_S, isolation_level=None)
    try:
        _check_ours(path, connection)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        with transaction(connection):
            if _pragma(connection, "user_version") != _SCHEMA:
                _begin(connection)
        _check_store(connection)
    except BaseException:
        connection.close()
        raise
    connection.text_factory = bytes  # a flipped bit can make a text of our bytes, and no UTF-8
    return connection


def _check_private(path: Path) -> None:
    found = path.stat()
    if os.name == "posix" and found.st_uid != os.geteuid():
        raise StoreError(f"{path} belongs to another user; name another folder in {VARIABLE}")
    if found.st_mode & 0o077:
        path.chmod(0o600)


def _check_ours(path: Path, connection: sqlite3.Connection) -> None:
    ((n_tables,),) = connection.execute("SELECT count(*) FROM sqlite_master")
    if n_tables and _pragma(connection, "application_id") != _APPLICATION:
        raise StoreError(f"{path} is a database of something else; name another folder in {VARIABLE}")


def _check_store(connection: sqlite3.Connection) -> None:
    match connection.execute("SELECT * FROM store").fetchall():
        case [(bytes(salt), int())] if len(salt) == SALT_BYTES:
            return
    raise DamageError


def _begin(connection: sqlite3.Connection) -> None:
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        connection.execute(f'DROP TABLE "{name}"')
    for statement in _TABLES:
        connection.execute(statement)
    connection.execute("INSERT INTO store VALUES (?, 0)", (os.urandom(SALT_BYTES),))
    connection.execute(f"PRAGMA application_id = {_APPLICATION}")
    connection.execute(f"PRAGMA user_version = {_SCHEMA}")


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    ((value,),) = connection.execute(f"PRAGMA {name}")
    return int(value)
