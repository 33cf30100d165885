"""Mends slips of the keyboard in what the model reads. Never touches what people see.

A word that neither readers' comments nor a dictionary know, and that one slip (a letter exchanged,
left out, doubled or wrong) turns into one that comments do use, is read as that word: "peolpe" as
"people". Without this a single slip turned a label in one comment of five, because word pieces of a
mistyped word look like none of the right one (Pruthi et al. 2019, "Combating Adversarial
Misspellings with Robust Word Recognition"). What readers write often enough stays as it is, so
"dont", "Prigozhin" and "definately" do. By the letters alone: the sentence is not looked at.

Look-ups are SymSpell's (Wolf Garbe; symspellpy). The words come from `spelling_words.txt`, counted
by `scripts/count_words.py`, and from symspellpy's own list of English.
"""

from __future__ import annotations

import re
from functools import cache
from importlib import resources

from symspellpy import SymSpell, Verbosity  # type: ignore[import-untyped]

from stance.targets import load_targets

SHORTEST = 4
"""Letters of a word that is mended; a shorter one has too many neighbours."""

_WORD = re.compile(rf"(?<![\w'’@#/.-])[A-Za-z]{{{SHORTEST},}}(?![\w'’@/-])")
_ENGLISH = "frequency_dictionary_en_82_765.txt"


def mend_slips(text: str) -> str:
    """The text with mistyped words read as what was meant, in small letters.

    >>> mend_slips("Peolpe dont want thsi war")
    'people dont want this war'
    """
    return _WORD.sub(lambda found: _mended(found[0]), text)


def _mended(word: str) -> str:
    small = word.lower()
    words, known = _words()
    if small in known:
        return word
    nearest = words.lookup(small, Verbosity.TOP, max_edit_distance=1)
    return nearest[0].term if nearest else word


@cache
def _words() -> tuple[SymSpell, frozenset[str]]:
    """Words of readers' comments by their count, and all words that stay as they are."""
    used = SymSpell(max_dictionary_edit_distance=1)
    for line in _lines("stance", "spelling_words.txt"):
        word, count = line.split()
        used.create_dictionary_entry(word, int(count))
    english = (line.split()[0] for line in _lines("symspellpy", _ENGLISH))
    names = (word for target in load_targets() for alias in target.names() for word in alias.split())
    return used, frozenset([*used.words, *english, *(name.lower() for name in names)])


def _lines(package: str, name: str) -> list[str]:
    return (resources.files(package) / name).read_text(encoding="utf-8-sig").splitlines()
