"""Looks through a text file that is too large to hold, and gives its lines. Splits no rows.

Finds the encoding as `decoding.py` does for what fits in memory, with the same words, in one or two
passes of a megabyte each.
"""

from __future__ import annotations

import codecs
import gzip
import hashlib
import io
import re
import sys
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from stance.errors import ReadingError
from stance.limits import LINE_CHARACTERS, UNPACKED_BYTES
from stance.reading.decoding import (
    BOMS,
    asked_note,
    count_bad,
    count_controls,
    count_valid,
    damaged_note,
    falsely_marked,
    is_other_than_utf8,
    legacy_note,
    marked_note,
    mend_bad,
    refuse_binary,
    refuse_other_formats,
    refuse_other_texts,
    undecodable,
    unknown_encoding,
    utf8_note,
    with_nuls,
)
from stance.reading.faults import told
from stance.reading.legacy import non_ascii_lines, rank_legacy
from stance.reading.unpacking import CUT, DAMAGED, GZIP, damaged, unpacked_note
from stance.translation import N_

_BLOCK = 1 << 20
_HEAD_BYTES = 2 << 20
_LINE_END = re.compile(r"\r\n|\r|\n")
_PRIVATE = re.compile("[\ue000-\uf8ff]")
_STRICT, _ESCAPE = "strict", "surrogateescape"


@dataclass(frozen=True, slots=True)
class Survey:
    """A text file and how to read it.

    `head` is its beginning, two megabytes at most, `private` the private-use characters in it,
    `sha256` that of the file as it lies there.
    """

    path: Path
    packed: bool
    encoding: str
    errors: str
    skip: int
    marked: bool
    notes: tuple[str, ...]
    head: str
    private: frozenset[str]
    sha256: str

    def lines(self) -> Iterator[str]:
        """All lines with their ends.

        Raises:
            ReadingError: a line is longer than the limit.
        """
        most = LINE_CHARACTERS.value()
        with told(self.path), _opened(self.path, packed=self.packed) as file:
            file.read(self.skip)
            text = io.TextIOWrapper(file, encoding=self.encoding, errors=self.errors, newline="")
            number = 1
            while line := text.readline(most + 1):
                if len(line) > most:
                    raise LINE_CHARACTERS.error(f"a line {number:,}")
                if number == 1 and self.marked:
                    line = line.removeprefix("\ufeff")
                number += 1
                yield line if self.errors == _STRICT or line.isascii() else mend_bad(line)


@dataclass(slots=True)
class _Count:
    """What a pass over the text counted."""

    length: int = 0
    lines: int = 1
    nuls: int = 0
    controls: int = 0
    bad: int = 0
    valid: int = 0
    first_bad: int = 0
    private: set[str] = field(default_factory=set)
    _last: str = ""

    def add(self, text: str) -> None:
        self.length += len(text)
        self.nuls += text.count("\0")
        if not text.isprintable():
            self.controls += count_controls(text)
        if not text.isascii():
            self._add_bad(text)
            self.valid += count_valid(text)
            self.private.update(_PRIVATE.findall(text))
        self.lines += self.count_lines(text)
        self._last = text[-1:] or self._last

    def count_lines(self, text: str) -> int:
        """Line ends of a text that follows what was counted."""
        halved = self._last == "\r" and text.startswith("\n")
        return len(_LINE_END.findall(text)) - halved

    def _add_bad(self, text: str) -> None:
        bad = count_bad(text)
        if bad and not self.bad:
            first = re.search("[\udc80-\udcff]", text)
            self.first_bad = self.lines + self.count_lines(text[: first.start() if first else 0])
        # A run of bad bytes that two blocks share is one place.
        shared = count_bad(self._last) and count_bad(text[:1])
        self.bad += bad - bool(shared)


def survey(path: Path, *, encoding: str | None = None) -> Survey | None:
    """Look through a text file; None for one whose text cannot be told from its beginning alone.

    Raises:
        ReadingError: it cannot be read, is no text, or not in the given encoding.
    """
    with told(path):
        packed = is_packed(path)
        with _opened(path, packed=packed) as file:
            head = file.read(_HEAD_BYTES)
        refuse_other_formats(head)
        marked = any(head.startswith(mark) for mark, _ in BOMS)
        if encoding is None and not marked and 0 in head:
            return None
        return _survey(path, packed, head, encoding)


def _survey(path: Path, packed: bool, head: bytes, encoding: str | None) -> Survey | None:
    mark, found = next(((m, name) for m, name in BOMS if head.startswith(m)), (b"", ""))
    sha256, size = _hash(path, packed=packed)
    unpacked = (unpacked_note(path.stat().st_size, size),) if packed else ()

    def made(counted: _Count, name: str, note: str, *, skip: int = 0, errors: str = _STRICT,
             marked: bool = False) -> Survey | None:  # fmt: skip
        text = codecs.getincrementaldecoder(name)(errors).decode(head[skip:])
        text = text.removeprefix("\ufeff") if marked else text
        text = text if errors == _STRICT else mend_bad(text)
        if not text.strip() and counted.length > len(text):
            return None
        refuse_other_texts(text, whole=counted.length <= len(text))
        refuse_binary(counted.length, nuls=counted.nuls, controls=counted.controls)
        notes = (*unpacked, with_nuls(note, counted.nuls) if counted.nuls else note)
        private = frozenset(counted.private)
        return Survey(path, packed, name, errors, skip, marked, notes, text, private, sha256)

    if encoding is not None:
        codec = _with_order(encoding, head)
        note = asked_note(encoding)
        return made(_counted(path, packed, codec), codec, note, marked=True)
    if mark and found != "utf-8-sig":
        note = marked_note(found)
        return made(_counted(path, packed, found), found, note, marked=True)
    skip = len(mark)
    counted = _counted(path, packed, "utf-8", skip=skip, errors=_ESCAPE)
    if not counted.bad:
        return made(counted, "utf-8", utf8_note(marked=bool(mark)), skip=skip)
    if not is_other_than_utf8(counted.valid, counted.bad):
        note = damaged_note(counted.bad, counted.first_bad)
        return made(counted, "utf-8", note, skip=skip, errors=_ESCAPE)
    if mark:
        raise falsely_marked(counted.first_bad)
    with _opened(path, packed=packed) as file:
        ranked = rank_legacy(non_ascii_lines(_byte_lines(file)))
    for name in (*ranked, "latin-1"):
        try:
            counted = _counted(path, packed, name)
        except ReadingError:
            continue  # the next one has these bytes; latin-1 has all
        return made(counted, name, legacy_note(name))
    return None


def _with_order(encoding: str, head: bytes) -> str:
    """The codec of a given encoding: without a mark UTF-16 and UTF-32 are in this machine's order."""
    plain = encoding.lower().replace("_", "-")
    if plain in ("utf-16", "utf-32") and not any(head.startswith(mark) for mark, _ in BOMS):
        return f"{plain}-{'le' if sys.byteorder == 'little' else 'be'}"
    return encoding


def is_packed(path: Path) -> bool:
    """Whether a file is a gzip file."""
    with path.open("rb") as file:
        return file.read(len(GZIP)) == GZIP


def _counted(
    path: Path, packed: bool, encoding: str, *, skip: int = 0, errors: str = _STRICT
) -> _Count:
    try:
        b"".decode(encoding)
        decoder = codecs.getincrementaldecoder(encoding)(errors)
    except (LookupError, ValueError) as error:
        raise unknown_encoding(encoding) from error
    counted = _Count()
    with _opened(path, packed=packed) as file:
        file.read(skip)
        while True:
            block = file.read(_BLOCK)
            try:
                counted.add(decoder.decode(block, final=not block))
            except UnicodeDecodeError as error:
                before = error.object[: error.start].decode(encoding, "ignore")
                line = counted.lines + counted.count_lines(before)
                raise undecodable(encoding, line, error.object[error.start]) from error
            if not block:
                return counted


def _opened(path: Path, *, packed: bool) -> IO[bytes]:
    return io.BufferedReader(_Unpacked(path), _BLOCK) if packed else path.open("rb")


class _Unpacked(io.RawIOBase):
    """A gzip file, unpacked on the way, with our errors and the limit on what comes out."""

    def __init__(self, path: Path) -> None:
        self._file = gzip.open(path, "rb")  # noqa: SIM115 (closed by `close`)
        self._size = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            data = self._file.read(len(buffer))
        except EOFError as error:
            raise damaged(CUT) from error
        except (zlib.error, gzip.BadGzipFile) as error:
            raise damaged(DAMAGED) from error
        buffer[: len(data)] = data
        self._size += len(data)
        if self._size > UNPACKED_BYTES.value():
            raise UNPACKED_BYTES.error(N_("a gzip file"))
        return len(data)

    def close(self) -> None:
        self._file.close()
        super().close()


def _hash(path: Path, *, packed: bool) -> tuple[str, int]:
    """SHA-256 of the file as it lies there, and the size of what is in it."""
    with path.open("rb") as source:
        digest = hashlib.file_digest(source, "sha256").hexdigest()
    size = 0
    if packed:
        with _opened(path, packed=True) as file:
            while block := file.read(_BLOCK):
                size += len(block)
    return digest, size


def _byte_lines(file: IO[bytes]) -> Iterator[bytes]:
    rest = b""
    while block := file.read(_BLOCK):
        *lines, rest = re.split(rb"[\r\n]+", rest + block)
        yield from lines
        rest = rest[:_HEAD_BYTES]
    yield rest
