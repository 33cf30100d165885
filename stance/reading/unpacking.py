"""Unpacks gzip, counting what comes out. Reads no text; other archives are refused elsewhere."""

from __future__ import annotations

import io
import zlib

from stance.errors import ReadingError
from stance.limits import UNPACKED_BYTES

GZIP = b"\x1f\x8b"
_CHUNK = 1 << 20


def unpack(data: bytes) -> tuple[bytes, tuple[str, ...]]:
    """The bytes inside a gzip file and a note that says so; other bytes as they are.

    Raises:
        ReadingError: it is damaged or cut off, holds another gzip file, or passes the limit.
    """
    if not data.startswith(GZIP):
        return data, ()
    out = io.BytesIO()
    limit = UNPACKED_BYTES.value()
    rest = data
    while rest.startswith(GZIP):  # a gzip file may hold several members, one after the other
        rest = _unpack_member(rest, out, limit)
    if rest.strip(b"\0"):
        raise _damaged("bytes after its end")
    unpacked = out.getvalue()
    if unpacked.startswith(GZIP):
        raise ReadingError("Expected a gzip file with comments, found a gzip file in a gzip file. "
                           "Unpack it once.")  # fmt: skip
    return unpacked, (f"Unpacked from gzip: {len(data):,} bytes became {len(unpacked):,}.",)


def _unpack_member(data: bytes, out: io.BytesIO, limit: int) -> bytes:
    unpacker = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    piece = data
    try:
        while piece and not unpacker.eof:
            out.write(unpacker.decompress(piece, _CHUNK))
            if out.tell() > limit:
                raise UNPACKED_BYTES.error("more", "a gzip file")
            piece = unpacker.unconsumed_tail
    except zlib.error as error:
        raise _damaged("damaged data") from error
    if not unpacker.eof:
        raise _damaged("its end missing")
    return unpacker.unused_data


def _damaged(found: str) -> ReadingError:
    return ReadingError(f"Expected a whole gzip file, found {found}. Download or copy it again.")
