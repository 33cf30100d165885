"""Mends slips of the keyboard in what the model reads. Never touches what people see.

A word that neither readers' comments nor a dictionary know, and that one slip (a letter exchanged,
left out, doubled or wrong) turns into one that comments do use, is read as that word: "peolpe" as
"people". Without this a single slip turned a label in one comment of five, because word pieces of a
mistyped word look like none of the right one (Pruthi et al. 2019, "Combating Adversarial
Misspellings with Robust Word Recognition"). What readers write often enough stays as it is, so
"dont", "Prigozhin" and "definately" do. By the letters alone: the sentence is not looked at.

Names are where this could do harm, so a word with a capital inside a sentence stays, rarer names
count as known, and nothing is ever turned into a name of a target: those are masked before
(`stance.masking`), and the model must not meet one that was not.

Look-ups are SymSpell's (Wolf Garbe; symspellpy). The words come from `spelling_words.txt`, counted
by `scripts/count_words.py`, and from symspellpy's own list of English.
"""

from __future__ import annotations

import re
from functools import cache
from importlib import resources

from symspellpy import SymSpell, Verbosity

from stance.targets import load_targets

SHORTEST = 4
"""Letters of a word that is mended; a shorter one has too many neighbours."""

COMMON = 10
"""Comments that a word must stand in to be one that a slip is read as; rarer ones are only known."""

N_COUNTED = 522_170
"""Readers' comments in which `scripts/count_words.py` counted the words."""

_WORD = re.compile(rf"(?<![\w'’@#/.-])[A-Za-z]{{{SHORTEST},}}(?![\w'’@/-])")
_INSIDE_SENTENCE = re.compile(r"[^.!?…:\n\s]\s+$|^\s+$")
_LOOKED_BACK = 8
_ENGLISH = "frequency_dictionary_en_82_765.txt"


def mend_slips(text: str) -> str:
    """The text with mistyped words read as what was meant, in small letters.

    >>> mend_slips("Peolpe dont want thsi war")
    'people dont want this war'
    """
    return _WORD.sub(_mended, text)


def _mended(found: re.Match[str]) -> str:
    word = found[0]
    small = word.lower()
    words, known = _words()
    if small in known or _is_name(found):
        return word
    nearest = words.lookup(small, Verbosity.TOP, max_edit_distance=1)
    return nearest[0].term if nearest else word


def _is_name(found: re.Match[str]) -> bool:
    """Whether a word has a capital for another reason than that it begins a sentence."""
    before = found.string[max(0, found.start() - _LOOKED_BACK) : found.start()]
    return found[0].istitle() and _INSIDE_SENTENCE.search(before) is not None


@cache
def word_counts() -> dict[str, int]:
    """In how many of `N_COUNTED` readers' comments each word stands; rare words are not listed."""
    pairs = (line.split() for line in _lines("stance", "spelling_words.txt"))
    return {word: int(count) for word, count in pairs}


@cache
def _words() -> tuple[SymSpell, frozenset[str]]:
    """Words that a slip may be read as, by their count, and all words that stay as they are."""
    used = SymSpell(max_dictionary_edit_distance=1)
    names = {
        word.lower()
        for target in load_targets()
        for alias in target.names()
        for word in alias.split()
    }
    known = set(names)
    for word, count in word_counts().items():
        known.add(word)
        if count >= COMMON and word not in names:
            used.create_dictionary_entry(word, count)
    known.update(line.split()[0] for line in _lines("symspellpy", _ENGLISH))
    return used, frozenset(known)


def _lines(package: str, name: str) -> list[str]:
    return (resources.files(package) / name).read_text(encoding="utf-8-sig").splitlines()
