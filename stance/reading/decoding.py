"""Turns the bytes of a file into text, or says what kind of file it is instead.

Does not split text into rows or comments and changes no character: line ends and NUL characters
stay as they are, only a byte order mark at the very beginning is taken off.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from stance.errors import ReadingError
from stance.reading.legacy import guess_legacy
from stance.sentences import Sentence
from stance.translation import N_


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text, the codec it was read with, and a sentence for the person on how that was found."""

    text: str
    encoding: str
    note: str


BOMS = (
    # UTF-32 LE begins with the mark of UTF-16 LE, so it must be tried first.
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_SAVE_AS_CSV = N_("Open it in its own program, save the sheet as CSV (UTF-8) and open that file.")
_UNPACK = N_("Unpack it and open the CSV or text file inside.")
_UNPACK_OR_SAVE = N_("Unpack it and open the CSV or text file inside; save a workbook anew.")
_EXPORT = N_("Export the comments as CSV (UTF-8).")
_SAVED = N_("Check that it was saved in full.")
_COPY_TEXT = N_("Open it, copy the comments as text and paste them.")
_SIGNATURES = (
    (b"PK\x03\x04", N_("a ZIP archive, a damaged workbook or another document"), _UNPACK_OR_SAVE),
    (b"PK\x05\x06", N_("an empty ZIP archive"), _UNPACK),
    (b"\xd0\xcf\x11\xe0", N_("an old Office file (XLS or DOC)"), _SAVE_AS_CSV),
    (b"7z\xbc\xaf\x27\x1c", N_("a 7z archive"), _UNPACK),
    (b"Rar!", N_("a RAR archive"), _UNPACK),
    (b"%PDF", N_("a PDF document"), _COPY_TEXT),
    (b"{\\rtf", N_("a rich text document (RTF)"), _COPY_TEXT),
    (b"\x89PNG", N_("a picture (PNG)"), _COPY_TEXT),
    (b"\xff\xd8\xff", N_("a picture (JPEG)"), _COPY_TEXT),
)
_MARKUP = re.compile(r"\s*<(?:!doctype|html|\?xml)\b", re.IGNORECASE)
_LINE_END = re.compile(r"\r\n|\r|\n")
# Characters that text files do not hold. NUL is counted apart.
_CONTROL = re.compile(r"[\x01-\x08\x0e-\x1a\x1c-\x1f]")
_BAD = re.compile("[\udc80-\udcff]+")
_VALID = re.compile("[\u0080-\ud7ff\ue000-\U0010ffff]")
_SNIFFED = 4096
_MAX_CONTROL_SHARE = 0.05
_MAX_NUL_SHARE = 0.3
# One damaged byte must not turn a whole UTF-8 file into "Ã¤": in a file of another encoding valid
# multi-byte sequences are rarer than invalid ones.
_MIN_VALID_PER_BAD = 4


def decode(data: bytes, *, encoding: str | None = None) -> Decoded:
    """Decode a text file; a given encoding is strict, without one it is found.

    NUL characters inside otherwise readable text stay in it, and the note counts them: dropping
    them would change cells, refusing them would lose rows.
    """
    refuse_other_formats(data)
    decoded = _decode_as(data, encoding) if encoding is not None else _detect(data)
    refuse_other_texts(decoded.text)
    if nuls := decoded.text.count("\0"):
        return Decoded(decoded.text, decoded.encoding, with_nuls(decoded.note, nuls))
    return decoded


def with_nuls(note: str, nuls: int) -> str:
    """A note with a sentence about NUL characters in readable text."""
    return Sentence("{note} It holds {n} NUL characters, which were kept.", note=note, n=str(nuls))


def refuse_other_formats(data: bytes) -> None:
    """Raise where the first bytes are those of another kind of file."""
    if not data:
        raise _nothing(N_("an empty file (0 bytes)"), N_("Check that it was saved or downloaded in full."))
    for signature, found, fix in _SIGNATURES:
        if data.startswith(signature):
            raise _no_text(found, fix)


def refuse_other_texts(text: str, *, whole: bool = True) -> None:
    """Raise for a text that is blank, a web page or, where it is the whole text, not text at all."""
    start = text[:_SNIFFED]
    if not text:
        raise _nothing(N_("only a byte order mark"), _SAVED)
    if not text.strip("\0 \t\r\n\f\v\u00a0\ufeff"):
        raise _nothing(N_("only white space"), _SAVED)
    if _MARKUP.match(start):
        raise _no_text(N_("HTML or XML"), N_("Open the page in a browser, copy its text and paste it."))
    if whole:
        refuse_binary(len(text), nuls=text.count("\0"), controls=count_controls(text))


def _nothing(found: str, fix: str) -> ReadingError:
    key = N_("Expected a file of comments, found {found}. {fix}")
    return ReadingError(Sentence(key, found=Sentence(found), fix=Sentence(fix)))


def _no_text(found: str, fix: str) -> ReadingError:
    key = N_("Expected comments as CSV or plain text, found {found}. {fix}")
    return ReadingError(Sentence(key, found=Sentence(found), fix=Sentence(fix)))


def count_controls(text: str) -> int:
    """How many characters of a text are of those that text files do not hold; NUL apart."""
    return len(_CONTROL.findall(text))


def refuse_binary(length: int, *, nuls: int, controls: int) -> None:
    """Raise where the share of NUL or of other control characters is none of a text."""
    if controls > _MAX_CONTROL_SHARE * length or nuls > _MAX_NUL_SHARE * length:
        raise _no_text(N_("binary data"), _EXPORT)


def _decode_as(data: bytes, encoding: str) -> Decoded:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = _line_of(data, error.start, encoding)
        raise undecodable(encoding, line, data[error.start]) from error
    except (LookupError, ValueError) as error:
        raise unknown_encoding(encoding) from error
    return Decoded(text.removeprefix("\ufeff"), encoding, asked_note(encoding))


def asked_note(encoding: str) -> str:
    """The sentence about an encoding that was given."""
    return Sentence("Read as {encoding}, as asked.", encoding=encoding)


def undecodable(encoding: str, line: int, byte: int) -> ReadingError:
    """The error for the first byte that an encoding does not have."""
    shown = f"0x{byte:02x}"
    return ReadingError(
        Sentence(
            "Expected text in the encoding {encoding}, found a byte at line {line} that it does not have "
            "({byte}). Leave the encoding out to have it found, choose another one, or save the file as "
            "UTF-8.",
            encoding=encoding,
            line=str(line),
            byte=shown,
        )
    )


def unknown_encoding(encoding: str) -> ReadingError:
    """The error for the name of no text encoding."""
    return ReadingError(
        Sentence(
            "Expected the name of a text encoding such as utf-8, cp1251 or cp1252, found {encoding}. "
            "Correct it, or leave it out to have the encoding found.",
            encoding=repr(encoding[:40]),
        )
    )


def _detect(data: bytes) -> Decoded:
    for mark, encoding in BOMS:
        if data.startswith(mark):
            if encoding == "utf-8-sig":
                return _from_utf8(data[len(mark) :], marked=True) or _mixed(data)
            text = _decode_as(data, encoding).text
            return Decoded(text, encoding, marked_note(encoding))
    if utf16 := _unmarked_utf16(data):
        note = Sentence("Read as {encoding} (by its zero bytes).", encoding=utf16.upper())
        return Decoded(data.decode(utf16), utf16, note)
    if data.count(0) > _MAX_NUL_SHARE * len(data):
        raise _no_text(N_("mostly zero bytes"), _EXPORT)
    if utf8 := _from_utf8(data, marked=False):
        return utf8
    text, encoding = guess_legacy(data)
    return Decoded(text, encoding, legacy_note(encoding))


def legacy_note(encoding: str) -> str:
    """The sentence about an encoding that was found by the words."""
    return Sentence(
        "The file is not UTF-8; read as {encoding}, judged by its words. Where letters look wrong, choose "
        "the encoding.",
        encoding=encoding,
    )


def _from_utf8(data: bytes, *, marked: bool) -> Decoded | None:
    encoding = "utf-8-sig" if marked else "utf-8"
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        return _damaged_utf8(data, _line_of(data, error.start, "utf-8"))
    return Decoded(text, encoding, utf8_note(marked=marked))


def marked_note(encoding: str) -> str:
    """The sentence about an encoding that the file's mark tells."""
    return Sentence("Read as {encoding} (byte order mark).", encoding=encoding.upper())


def utf8_note(*, marked: bool) -> str:
    """The sentence about a file in UTF-8."""
    return Sentence("Read as UTF-8 (byte order mark).") if marked else Sentence("Read as UTF-8.")


def _damaged_utf8(data: bytes, line: int) -> Decoded | None:
    """UTF-8 with a few bad bytes: every row is kept, each bad byte shows as U+FFFD."""
    escaped = data.decode("utf-8", "surrogateescape")
    bad = count_bad(escaped)
    if is_other_than_utf8(count_valid(escaped), bad):
        return None
    return Decoded(mend_bad(escaped), "utf-8", damaged_note(bad, line))


def count_bad(escaped: str) -> int:
    """Places of text decoded with "surrogateescape" where bytes were none of UTF-8."""
    return len(_BAD.findall(escaped))


def count_valid(escaped: str) -> int:
    """Characters beyond ASCII of text decoded with "surrogateescape"."""
    return len(_VALID.findall(escaped))


def is_other_than_utf8(valid: int, bad: int) -> bool:
    """Whether so many places are bad that the text is in another encoding."""
    return valid < _MIN_VALID_PER_BAD * bad


def mend_bad(escaped: str) -> str:
    """The text with U+FFFD at each bad place."""
    return _BAD.sub("\ufffd", escaped)


def damaged_note(bad: int, line: int) -> str:
    """The sentence about `bad` places, the first of them at `line`."""
    if bad == 1:
        return Sentence(
            "Read as UTF-8, but 1 place is damaged and shown as \ufffd, the first at line {line}.",
            line=str(line),
        )
    return Sentence(
        "Read as UTF-8, but {n} places are damaged and shown as \ufffd, the first at line {line}.",
        n=str(bad),
        line=str(line),
    )


def _mixed(data: bytes) -> Decoded:
    raise falsely_marked(_first_bad_line(data))


def falsely_marked(line: int) -> ReadingError:
    """The error for a file with the mark of UTF-8 that is none, from this line on."""
    return ReadingError(
        Sentence(
            "Expected UTF-8, as the mark at the beginning of the file says, found mostly bytes that are "
            "not (first at line {line}). Save the file as UTF-8 again.",
            line=str(line),
        )
    )


def _first_bad_line(data: bytes) -> int:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        return _line_of(data, error.start, "utf-8")
    return 1


def _line_of(data: bytes, position: int, encoding: str) -> int:
    return len(_LINE_END.findall(data[:position].decode(encoding, "ignore"))) + 1


def _unmarked_utf16(data: bytes) -> str | None:
    """Name of the UTF-16 codec of text without a byte order mark, else None.

    In UTF-16 the high bytes of a text are few: zero for ASCII and one more for its own script
    (4 for Cyrillic). UTF-8 with a stray NUL fails that, whatever the NUL's position.
    """
    if len(data) % 2 or 0 not in data:
        return None
    for encoding, high_bytes in (("utf-16-le", data[1::2]), ("utf-16-be", data[0::2])):
        common = Counter(high_bytes).most_common(2)
        covered = sum(count for _, count in common)
        if 0 in dict(common) and covered >= 0.9 * len(high_bytes):
            try:
                text = data.decode(encoding)
            except UnicodeDecodeError:
                continue
            if "\0" not in text:
                return encoding
    return None
