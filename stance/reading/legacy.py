"""Tells the one-byte encodings of old programs apart by the words that they make.

Only for bytes that are not UTF-8. `charset_normalizer` weighs whole texts and is at a loss with
a file of ten short comments, so words decide first; it decides where they do not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from charset_normalizer import from_bytes

CANDIDATES = ("cp1252", "cp1251", "cp1250", "koi8-r")
"""In the order of preference where two fit alike: they then nearly always give the same text."""

_WIDE = ("cp1253", "cp1254", "cp1255", "cp1256", "shift_jis", "gb18030", "euc_kr", "big5")
_SAMPLE_BYTES = 65536
_BEFORE_HIGH_BYTE = 100
_HIGH_BYTE = re.compile(rb"[\x80-\xff]")
_WORD = re.compile(r"[^\W\d_]+")
# Symbols within a word, and box drawing anywhere, come from reading with the wrong encoding.
_SYMBOL_IN_WORD = re.compile(r"(?<=[^\W\d_])[\u0080-\u00bf\u2020-\u2030\u2122]+(?=[^\W\d_])")
_BOX_OR_CONTROL = re.compile("[\u0080-\u009f\u2500-\u25a0\u2219-\u2265\u2320\u2321]")
_CYRILLIC = re.compile(r"[\u0400-\u052f]+")
_ASCII_LETTER = re.compile(r"[A-Za-z]")
# Per cent of the letters of Russian prose, rounded; the last three are Ukrainian.
_FREQUENCY = dict(
    zip(
        "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфёіїє",
        (11, 8.5, 8, 7.4, 6.7, 6.3, 5.5, 4.7, 4.5, 4.4, 3.5, 3.2, 3, 2.8, 2.6, 2, 1.9, 1.7, 1.7,
         1.6, 1.6, 1.4, 1.2, 1, 0.9, 0.7, 0.6, 0.5, 0.4, 0.3, 0.3, 0.3, 5, 1, 1),
        strict=True,
    )
)  # fmt: skip
_USUAL_FREQUENCY = 6.0
_COMMON_LATIN = {
    "cp1252": frozenset("äöüßéèêëàâçñóíìòùúáôûîïœæøåãõ"),
    "cp1250": frozenset("ąćęłńóśźżáčďéěíňřšťúůýžőűăâîșțşţäöüß"),
}
# cp1252 and cp1251 are what Windows writes in the West and the East; the others must do better.
_RARITY = {"cp1250": 0.1, "koi8-r": 0.1}


def guess_legacy(data: bytes) -> tuple[str, str]:
    """Return the text and the encoding that it was read with; never fails.

    >>> guess_legacy("Нет, автор неправ".encode("cp1251"))
    ('Нет, автор неправ', 'cp1251')
    >>> guess_legacy("Das ist schön".encode("cp1252"))
    ('Das ist schön', 'cp1252')
    """
    lines = (match[0] for match in re.finditer(rb"[^\r\n]+", data))
    for name in rank_legacy(non_ascii_lines(lines)):
        if (text := _try(data, name)) is not None:
            return text, name
    return data.decode("latin-1"), "latin-1"


def rank_legacy(sample: bytes) -> list[str]:
    """Encodings for a file with these lines, the likeliest first; one decodes any byte.

    Args:
        sample: see `non_ascii_lines`.
    """
    readings = {name: text for name in CANDIDATES if (text := _try(sample, name)) is not None}
    fits = {name: _fit(text, name) for name, text in readings.items()}
    best = max(fits.values())  # koi8-r decodes any byte, so there is always one
    tied = [name for name, fit in fits.items() if fit == best]
    if best < 0:  # no candidate makes words: Japanese, say
        return [*_ask_library(sample, [*CANDIDATES, *_WIDE]), *CANDIDATES]
    if len({readings[name] for name in tied}) > 1:
        return [*_ask_library(sample, tied), *tied, *CANDIDATES]
    return [*tied, *CANDIDATES]


def non_ascii_lines(lines: Iterable[bytes]) -> bytes:
    """Up to 64 kB of the lines that can tell encodings apart, from anywhere in the file."""
    kept: list[bytes] = []
    size = 0
    for line in lines:
        first = _HIGH_BYTE.search(line)
        if first is None:
            continue
        start = max(first.start() - _BEFORE_HIGH_BYTE, 0)
        kept.append(line[start : start + _SAMPLE_BYTES - size])
        size += len(kept[-1])
        if size >= _SAMPLE_BYTES:
            break
    return b"\n".join(kept)


def _try(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _ask_library(sample: bytes, encodings: list[str]) -> list[str]:
    return [match.encoding for match in from_bytes(sample, cp_isolation=encodings)]


def _fit(text: str, encoding: str) -> float:
    """How much the non-ASCII words look like words: 1 is usual, below 0 is no text."""
    fit = -float(len(_SYMBOL_IN_WORD.findall(text)) + 2 * len(_BOX_OR_CONTROL.findall(text)))
    words = [word for word in _WORD.findall(text) if not word.isascii()]
    latin = _ASCII_LETTER.search(text) is not None
    for word in words:
        fit += _fit_of_letter(word, latin) if len(word) == 1 else _fit_of_word(word, encoding)
    return fit / max(len(words), 1) - _RARITY.get(encoding, 0)


def _fit_of_letter(letter: str, latin: bool) -> float:
    # The French "à" and the first Cyrillic letter are one byte: the words around it decide.
    if _CYRILLIC.search(letter):
        return 0.5 * (letter.lower() in "ивкусаояібж") - 0.4 * latin
    return 0.4 * (letter.lower() in "àéèóòôíæøåö")


def _fit_of_word(word: str, encoding: str) -> float:
    if not (word.islower() or word.isupper() or word[1:].islower()):
        return -1
    lower = word.lower()
    if _CYRILLIC.search(lower):
        if not _CYRILLIC.fullmatch(lower):
            return -1
        return sum(_FREQUENCY.get(letter, -5) for letter in lower) / len(lower) / _USUAL_FREQUENCY
    foreign = [letter for letter in lower if not letter.isascii()]
    if len(foreign) == len(word):
        return -1  # "Íåò": Cyrillic bytes read as Latin letters
    expected = _COMMON_LATIN.get(encoding, frozenset())
    return sum(letter in expected for letter in foreign) / len(foreign)
