"""Slips of the keyboard for training texts, so that one of them does not turn a label. Pure functions."""

from __future__ import annotations

import random
import re

from stance.targets import built_in_finder

_WORD = re.compile(r"[^\W\d_]{4,}")
_KEPT = 1
"""Letters at the beginning of a word that stay: people rarely mistype the first."""


def with_slips(text: str, rng: random.Random, *, most: int = 2) -> str:
    """The text with one to `most` letters exchanged, left out or doubled; names are left alone.

    >>> with_slips("completely unacceptable", random.Random(3), most=1)
    'complettely unacceptable'
    """
    for _ in range(rng.randint(1, most)):
        named = built_in_finder().find(text)
        words = [
            word
            for word in _WORD.finditer(text)
            if not any(m.start < word.end() and word.start() < m.end for m in named)
        ]
        if not words:
            return text
        word = rng.choice(words)
        at = rng.randrange(word.start() + _KEPT, word.end() - 1)
        one, other = text[at], text[at + 1]
        text = text[:at] + rng.choice((other + one, other, one + one + other)) + text[at + 2 :]
    return text
