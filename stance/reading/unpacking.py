"""Unpacks gzip, counting what comes out. Reads no text; other archives are refused elsewhere."""

from __future__ import annotations

import gzip
import io
import zlib

from stance.errors import ReadingError
from stance.limits import UNPACKED_BYTES
from stance.sentences import Sentence
from stance.translation import N_

GZIP = b"\x1f\x8b"
CUT = N_("its end missing")
DAMAGED = N_("damaged data, or something behind its end")
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
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as packed:
            while piece := packed.read(_CHUNK):
                out.write(piece)
                if out.tell() > limit:
                    raise UNPACKED_BYTES.error(N_("a gzip file"))
    except EOFError as error:
        raise damaged(CUT) from error
    except (zlib.error, gzip.BadGzipFile) as error:
        raise damaged(DAMAGED) from error
    unpacked = out.getvalue()
    if unpacked.startswith(GZIP):
        raise ReadingError(
            Sentence(
                "Expected a gzip file with comments, found a gzip file in a gzip file. Unpack it once."
            )
        )
    return unpacked, (unpacked_note(len(data), len(unpacked)),)


def unpacked_note(before: int, after: int) -> str:
    """The sentence about what was unpacked, in bytes."""
    return Sentence("Unpacked from gzip: {before} bytes became {after}.", before=before, after=after)


def damaged(found: str) -> ReadingError:
    """The error for a gzip file that cannot be unpacked: `CUT` or `DAMAGED`."""
    return ReadingError(
        Sentence(
            "Expected a whole gzip file, found {found}. Download or copy it again.",
            found=Sentence(found),
        )
    )
