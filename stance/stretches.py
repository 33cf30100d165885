"""Where the words and clauses of a comment stand, in what the model reads and as it was written.

`explain` leaves these stretches out. Scores nothing and knows no model.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from stance.masking import finder_for, mask_names
from stance.targets import Target
from stance.text import PreparedText, prepare_text

T = TypeVar("T")

CONJUNCTIONS = frozenset(
    {"and", "but", "or", "because", "although", "though", "while", "whereas", "unless", "if"}
)
"""A clause begins with one of these; "so", "that" and "for" join words as often as clauses."""

# "don't", "pro-Russian" and "1,000" are one word each.
_WORD = re.compile(r"\w+(?:['’\-]\w+|[.,]\d+)*")
_BREAK = re.compile(r"[.,;:!?…()\[\]\"“”„«»—–]|(?<!\S)-+(?!\S)")


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of the prepared text: `text[start:end]`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Clause:
    """At least one word, and the stretch from the first to the punctuation after the last."""

    words: tuple[Stretch, ...]
    whole: Stretch


@dataclass(frozen=True, slots=True)
class _Pair:
    """A word between white space as it was written, and the same as it was prepared."""

    written: Stretch
    prepared: Stretch
    unchanged: bool


@dataclass(frozen=True, slots=True)
class Alignment:
    """How a prepared text lies on `text`: the person's own (`as_written`), else the prepared one."""

    text: str
    as_written: bool
    pairs: tuple[_Pair, ...] = ()

    def changed(self) -> list[Stretch]:
        """Stretches of the prepared text that can be traced back only as a whole."""
        return [pair.prepared for pair in self.pairs if not pair.unchanged]

    def written(self, stretch: Stretch) -> tuple[int, int]:
        """Start and end in `text` of a stretch of the prepared text."""
        if not self.as_written:
            return stretch.start, stretch.end
        first = next(pair for pair in self.pairs if stretch.start < pair.prepared.end)
        last = next(pair for pair in self.pairs if stretch.end <= pair.prepared.end)
        start, end = first.written.start, last.written.end
        if first.unchanged:
            start += stretch.start - first.prepared.start
        if last.unchanged:
            end -= last.prepared.end - stretch.end
        return start, end


def align(text: str, prepared: PreparedText) -> Alignment:
    """Trace a prepared text back to what the person wrote, or say that it can't be.

    Words between white space are prepared one by one. If they give exactly the prepared text, each
    is known to come from its word; that holds for nearly all comments. If not (an entity or a
    letter that took effect across a space, a text that was cut), spans index the prepared text.
    """
    pairs: list[_Pair] = []
    parts: list[str] = []
    at = 0
    for match in re.finditer(r"\S+", "" if prepared.truncated else text):
        part = prepare_text(match[0]).text
        if part:
            place = Stretch(at, at + len(part))
            pairs.append(_Pair(Stretch(*match.span()), place, part == match[0]))
            parts.append(part)
            at = place.end + 1
    if prepared.truncated or " ".join(parts) != prepared.text:
        return Alignment(prepared.text, as_written=False)
    return Alignment(text, as_written=True, pairs=tuple(pairs))


def clauses_of(
    text: str, target: Target | None, alignment: Alignment, *, at_most: int
) -> list[Clause]:
    """Split a prepared text into clauses of words.

    A clause ends at punctuation or before one of `CONJUNCTIONS`. A masked name with its article
    and title is one word, and so is a word that cleaning changed, and a name of the target.

    Args:
        text: the prepared text.
        target: whose names are kept together besides the masked ones.
        alignment: of this text.
        at_most: words and clauses together; of a longer text, neighbouring clauses are joined,
            and neighbouring words of a clause count as one word. At least 2.
    """
    groups = _split(text, _words(text, target, alignment))
    per_clause = -(-len(groups) // (at_most // 2))
    joined = [[word for group in run for word in group] for run in _runs(groups, per_clause)]
    size = 1
    while sum(-(-len(words) // size) for words in joined) > at_most - len(joined):
        size += 1
    return [
        Clause(tuple(_around(run) for run in _runs(words, size)), _with_end(text, _around(words)))
        for words in joined
    ]


def without(text: str, stretch: Stretch) -> str:
    """A prepared text without a stretch of it, its spaces as preparing leaves them.

    >>> without("Shame on you all", Stretch(9, 12))
    'Shame on all'
    """
    return " ".join(f"{text[: stretch.start]}{text[stretch.end :]}".split())


def _words(text: str, target: Target | None, alignment: Alignment) -> list[Stretch]:
    """Words in the order of the text; those that overlap a name or a changed word are one with it."""
    found = [Stretch(*match.span()) for match in _WORD.finditer(text)]
    masked = mask_names(text, ()).comment
    found += [Stretch(p.start, p.end) for p in masked if isinstance(p.content, int)]
    if target is not None:
        found += [Stretch(m.start, m.end) for m in finder_for(target).find(text)]
    found += alignment.changed()
    merged: list[Stretch] = []
    for stretch in sorted(found, key=lambda s: (s.start, s.end)):
        if merged and stretch.start < merged[-1].end:
            merged[-1] = Stretch(merged[-1].start, max(stretch.end, merged[-1].end))
        else:
            merged.append(stretch)
    return [trimmed for stretch in merged for trimmed in _trimmed(text, stretch)]


def _trimmed(text: str, stretch: Stretch) -> list[Stretch]:
    """A stretch without the punctuation around it; none if it has no letter or digit."""
    inside = [i for i in range(stretch.start, stretch.end) if text[i].isalnum()]
    return [Stretch(inside[0], inside[-1] + 1)] if inside else []


def _split(text: str, words: Sequence[Stretch]) -> list[list[Stretch]]:
    clauses: list[list[Stretch]] = []
    end = 0
    for word in words:
        conjunction = text[word.start : word.end].lower() in CONJUNCTIONS
        if not clauses or conjunction or _BREAK.search(text, end, word.start):
            clauses.append([])
        clauses[-1].append(word)
        end = word.end
    return clauses


def _runs(items: Sequence[T], size: int) -> Iterable[Sequence[T]]:
    return (items[first : first + size] for first in range(0, len(items), size))


def _around(words: Sequence[Stretch]) -> Stretch:
    return Stretch(words[0].start, words[-1].end)


def _with_end(text: str, stretch: Stretch) -> Stretch:
    """With the punctuation that follows at once: "Thank you!" goes without leaving its mark."""
    end = stretch.end
    while end < len(text) and not (text[end].isspace() or text[end].isalnum()):
        end += 1
    return Stretch(stretch.start, end)
