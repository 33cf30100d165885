"""Takes the names of the built-in targets out of what the model reads, so that it cannot play favorites.

"Putin should leave the Ukrainians alone" becomes "① leader should leave ② alone": placeholders are
numbered in the order in which a text first names the targets, and a slot says only "①" for a
target that has one. Two texts that differ only in whose names stand where therefore give the model
the very same comment, and exchanging the names exchanges the scores of the named targets, whatever
the model learned. It does not hold for a target that a text does not name: its slot says its name.
What kind of name it was stays ("leader", "capital"), what is said about it stays, and so do
nicknames that are themselves a stance ("Putler").

Holds no network and no tokenizer; `stance.text` has cleaned the text before.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from stance.targets import (
    Mention,
    MentionFinder,
    Target,
    built_in_finder,
    load_targets,
)

MAX_SLOT_WORDS = 4
"""Words of the comment that a slot repeats; more of them tell the model nothing new."""

KIND_WORDS = {
    "country": "",
    "demonym": "",
    "people": "",
    "capital": "capital",
    "seat": "government",
    "leader": "leader",
    "army": "army",
}
"""What stays of a masked name, by its kind; a kind that is not here is not masked."""

_ORDINALS = ("", "second ", "third ")
"""Several leaders of one country stay apart: "① leader", "① second leader"."""

# "the Kremlin" and "Whitehall", "President Putin" and "Sir Keir Starmer" must look alike.
_BEFORE = re.compile(
    r"(?:(?<!\w)(?:the|an?|president|prime minister|premier|pm|mr|mrs|ms|sir|dame|secretary"
    r"|foreign minister|chancellor|general|comrade|tsar|czar)\.?\s+)+$",
    re.IGNORECASE,
)
_LONGEST_BEFORE = 40
_TITLES = {"president", "sir"}
"""Words of listed leaders' names that name nobody."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of what the model reads: words, or the number of a placeholder, counted from 0.

    `start` and `end` say where it stands in the prepared text; both 0 in a slot.
    """

    content: str | int
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class MaskedText:
    """What the model reads of one comment, and of each target asked about, in their order."""

    comment: tuple[Piece, ...]
    slots: tuple[tuple[Piece, ...], ...]


def mask_names(text: str, targets: Sequence[Target]) -> MaskedText:
    """Mask a prepared text.

    Built-in targets are masked whether asked about or not, so that the answer for one target does
    not depend on which others are asked.

    >>> masked = mask_names("Putin should leave the Ukrainians alone", load_targets())
    >>> [piece.content for piece in masked.comment]
    [0, 'leader', ' should leave ', 1, ' alone']
    >>> [[piece.content for piece in slot] for slot in masked.slots][1:3]
    [['United Kingdom', 0, 'Russia', 1, 'Ukraine'], [0]]
    """
    mentions = built_in_finder().find(text)
    masks = [mention for mention in mentions if mention.kind in KIND_WORDS]
    numbers: dict[str, int] = {}
    for mention in masks:
        numbers.setdefault(mention.target, len(numbers))
    regions = _regions(text, masks, numbers)
    comment: list[Piece] = []
    end = 0
    for start, stop, pieces in regions:
        if start > end:
            comment.append(Piece(text[end:start], end, start))
        comment += pieces
        end = stop
    if end < len(text):
        comment.append(Piece(text[end:], end, len(text)))
    slots = (_slot(text, target, mentions, regions, numbers) for target in targets)
    return MaskedText(tuple(comment), tuple(slots))


_Region = tuple[int, int, list[Piece]]


def _regions(text: str, masks: Sequence[Mention], numbers: dict[str, int]) -> list[_Region]:
    """Where names stand, with the articles and titles before them, and what replaces them."""
    leaders: dict[str, list[str]] = {}
    regions: list[_Region] = []
    end = 0
    for mention in masks:
        floor = max(end, mention.start - _LONGEST_BEFORE)
        before = _BEFORE.search(text, floor, mention.start)
        start = before.start() if before else mention.start
        word = KIND_WORDS[mention.kind]
        if mention.kind == "leader":
            known = leaders.setdefault(mention.target, [])
            person = _person(mention.target, text[mention.start : mention.end])
            if person not in known:
                known.append(person)
            word = _ORDINALS[min(known.index(person), len(_ORDINALS) - 1)] + word
        pieces = [Piece(numbers[mention.target], start, mention.end)]
        if word:
            pieces.append(Piece(word, start, mention.end))
        regions.append((start, mention.end, pieces))
        end = mention.end
    return regions


def _person(target: str, name: str) -> str:
    """Who a leader's name means: "Boris" and "Johnson" are one, for a listed full name holds both."""
    words = " ".join(name.lower().split())
    return _people(target).get(words, words)


@cache
def _people(target: str) -> dict[str, str]:
    """For each listed leader's name the longest listed name, titles aside, that holds its words."""
    (known,) = (one for one in load_targets() if one.key == target)
    words = {n.lower(): set(n.lower().split()) - _TITLES for n in known.aliases.get("leader", ())}
    longest_first = sorted(words, key=lambda name: (-len(words[name]), name))
    return {
        name: next(other for other in longest_first if words[name] <= words[other])
        for name in longest_first
    }


def _slot(
    text: str,
    target: Target,
    mentions: Sequence[Mention],
    regions: Sequence[_Region],
    numbers: dict[str, int],
) -> tuple[Piece, ...]:
    """What the model is told of a target.

    A masked target is its placeholder and nothing else that could betray it. Any other is its
    name, with the placeholders' meanings: "kick the invaders out of ①" is about Russia only if ①
    is Ukraine. Words that mean the target and were not masked follow ("Putler", a typed "NATO").
    """
    slot: list[Piece] = []
    if is_built_in(target):
        words = [m for m in mentions if m.target == target.key and m.kind not in KIND_WORDS]
    else:
        words = finder_for(target).find(text)
    if is_built_in(target) and target.key in numbers:
        slot.append(Piece(numbers[target.key]))
    else:
        slot.append(Piece(target.name))
        for other in load_targets():
            if other.key in numbers:
                slot += [Piece(numbers[other.key]), Piece(other.name)]
    seen: list[tuple[str | int, ...]] = []
    for mention in words:
        content = _as_masked(text, mention, regions)
        if content not in seen:
            seen.append(content)
    for index, content in enumerate(seen[:MAX_SLOT_WORDS]):
        slot.append(Piece("," if index else ":"))
        slot += [Piece(part) for part in content]
    return tuple(slot)


def _as_masked(text: str, mention: Mention, regions: Sequence[_Region]) -> tuple[str | int, ...]:
    for start, end, pieces in regions:
        if mention.start < end and start < mention.end:
            return tuple(piece.content for piece in pieces)
    return (text[mention.start : mention.end].lower(),)


def is_built_in(target: Target) -> bool:
    """Whether a target is one of those in `targets.toml`, whose names are masked."""
    return any(target is known or target == known for known in load_targets())


@lru_cache(maxsize=4096)
def finder_for(target: Target) -> MentionFinder:
    """The finder of one typed target."""
    return MentionFinder([target])
