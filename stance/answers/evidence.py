"""What speaks for a text answering a paragraph: rare words that both have, and passages it quotes.

Texts in, evidence out; decides nothing.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from stance.spelling import COMMON, N_COUNTED, word_counts

WEIGHTLESS = 0.05
"""Part of all comments from which on a word is too common to weigh anything: e to the power of -3."""

QUOTED = 6.0
"""Evidence of a passage in quotation marks that one paragraph has; enough for a link."""

_NUMBER = 4.9
"""Weight of a number, of which most are too rare to be counted one by one: one comment in 3,000."""

_SHORTEST_QUOTE = 2
_SEARCHED = 4_000
"""Characters of a comment that are looked at, as many as the model is given."""

_WORD = re.compile(r"[0-9]+(?:[.,][0-9]+)*|[^\W\d_]+(?:[’'][^\W\d_]+)?")
_QUOTE = re.compile(r"[\"“„«]([^\"”“»]{3,300})[\"”»]|^>[ ]?(.{3,300})$", re.MULTILINE)
_ENDINGS = ("ings", "ing", "edly", "ed", "es", "s", "ly")
_SHORTEST_STEM = 3


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for each paragraph, by its number; `words` with their part of it, rarest first."""

    scores: Mapping[int, float]
    words: Mapping[int, tuple[tuple[float, str], ...]]
    quotes: Mapping[int, str]


class ParagraphIndex:
    """The words of the paragraphs, and which paragraphs have them."""

    def __init__(self, paragraphs: Sequence[str]) -> None:
        # Words of comments must not outlive the set, so this is no cache of the module.
        self._stems: dict[str, str] = {}
        self._plain = [f" {_plain(text)} " for text in paragraphs]
        self._having: dict[str, list[int]] = defaultdict(list)
        for number, text in enumerate(paragraphs):
            for stem in dict.fromkeys(map(self._stem, _WORD.findall(text))):
                if stem_weight(stem) > 0:
                    self._having[stem].append(number)

    def evidence(self, text: str) -> Evidence:
        """What speaks for each paragraph in the beginning of a text, as far as a model would see it."""
        text = text[:_SEARCHED]
        scores: dict[int, float] = defaultdict(float)
        words: dict[int, list[tuple[float, str]]] = defaultdict(list)
        first: dict[str, str] = {}
        for word in _WORD.findall(text):
            first.setdefault(self._stem(word), word)
        for stem, word in first.items():
            having = self._having.get(stem, ())
            for number in having:
                weight = stem_weight(stem) / len(having)
                scores[number] += weight
                words[number].append((weight, word))
        quotes: dict[int, str] = {}
        for passage, found in self._quoted(text):
            for number in found:
                scores[number] += QUOTED / len(found)
                quotes.setdefault(number, passage)
        rarest = {n: tuple(sorted(pairs, key=lambda p: -p[0])) for n, pairs in words.items()}
        return Evidence(scores, rarest, quotes)

    def _stem(self, word: str) -> str:
        if word not in self._stems:
            self._stems[word] = _stem(word)
        return self._stems[word]

    def _quoted(self, text: str) -> list[tuple[str, list[int]]]:
        """Passages of a comment in quotation marks, with the paragraphs that have them word for word."""
        quoted = []
        for match in _QUOTE.finditer(text):
            passage = match[1] or match[2]
            plain = _plain(passage)
            if len(plain.split()) >= _SHORTEST_QUOTE:
                found = [n for n, paragraph in enumerate(self._plain) if f" {plain} " in paragraph]
                quoted.append((passage, found))
        return quoted


def _plain(text: str) -> str:
    return " ".join(_WORD.findall(text)).casefold().replace("’", "'")


def _stem(word: str) -> str:
    """A word without its commonest endings.

    >>> [_stem(word) for word in ("Nets", "netting", "cities", "city's", "30,000", "can’t")]
    ['net', 'nett', 'citi', 'citi', '30000', "can't"]
    """
    small = word.casefold().replace("’", "'").removesuffix("'s")
    if small[0].isdigit():
        return small.replace(",", "")
    if small.endswith("ies") and len(small) > _SHORTEST_STEM + 1:
        small = f"{small[:-3]}y"
    for ending in _ENDINGS:
        stem = small.removesuffix(ending)
        if stem != small and len(stem) >= _SHORTEST_STEM and not small.endswith("ss"):
            small = stem
            break
    if len(small) > _SHORTEST_STEM:
        small = small.removesuffix("e")
        small = f"{small[:-1]}i" if small.endswith("y") else small
    return small


@cache
def _counts() -> Counter[str]:
    counts: Counter[str] = Counter()
    for word, count in word_counts().items():
        counts[_stem(word)] += count
    return counts


def stem_weight(stem: str) -> float:
    """How much it says that two texts share a word: minus the log of its share of comments, from 0.

    A short form with an apostrophe and a single digit weigh nothing.
    """
    if "'" in stem or len(stem) == 1:
        return 0.0
    if stem[0].isdigit():
        return _NUMBER
    return max(0.0, math.log(WEIGHTLESS * N_COUNTED / (_counts()[stem] + COMMON)))
