"""Finds who wrote what: gives each content line of a page a role, for all lines together.

A small hidden Markov model. A line is an author, the text of a comment, a detail under the author
or noise; `names` says how much it looks like an author, and the gap before it (blank line, time,
count, interface words) speaks for one change of role or another. How often each gap occurs at each
change is learned from the page itself, in two passes. A layout (author above, below or in front of
the text; time under the author or under the text) is a starting guess; the one that explains the
page best is taken. Knows no words of a page: they are in `lines` and `names`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum, StrEnum


class Role(IntEnum):
    """What a content line is. PROLOGUE is what stands before the first comment."""

    AUTHOR = 0
    TEXT = 1
    UNSIGNED = 2  # first line of a comment without an author
    DETAIL = 3
    NOISE = 4
    PROLOGUE = 5


class Form(StrEnum):
    """Where the author of a comment stands."""

    ABOVE = "above"
    BELOW = "below"
    INLINE = "inline"
    NONE = "none"


class Gap(IntEnum):
    """What may stand between two content lines; a gap is a sum of these."""

    BLANK = 1
    TIME = 2
    COUNT = 4
    INTERFACE = 8


@dataclass(frozen=True, slots=True)
class Item:
    """One content line with its evidence; scores are in log odds against "text".

    `gap` is what stands before it. `timed` says that the time stands on the line itself.
    """

    name: float
    inline: float
    noise: float
    gap: int
    timed: bool = False
    deleted: bool = False
    detail: bool = False
    signed: int = 0


class Change(IntEnum):
    """The changes of role that gaps are counted for."""

    TO_TEXT = 0  # from an author to the text
    WITHIN = 1  # inside the text
    TO_NEXT = 2  # from one comment to the next


@dataclass(frozen=True, slots=True)
class Layout:
    """A guess at the page's layout with what was learned of it.

    `gaps[change][bit]` is the share of changes with this gap; `more` the share of text lines that
    go on in another line; `timed` the share of author lines that hold the time, `detail` of
    those with a line such as a town under them.
    """

    form: Form
    gaps: tuple[tuple[float, ...], ...]
    prior: float = 0.0
    more: float = 0.25
    timed: float = 0.3
    detail: float = 0.4


@dataclass(frozen=True, slots=True)
class Split:
    """The roles found, in the order of the items, with the layout and its score."""

    layout: Layout
    roles: list[Role] = field(repr=False)
    score: float = 0.0


SAMPLE = 200
"""So many lines decide the layout; the rest of a long page follows it."""

NO_TEXT = -4.0
NO_AUTHOR = -5.0
_BITS = 4
_PASSES = 2
_WEIGHT = 6.0  # how many comments the starting guess is worth against what the page shows
_NOWHERE = -1e9
_STARTS = {  # (blank, time, count, interface) for each change
    "under author": ((0.3, 0.7, 0.1, 0.1), (0.3, 0.01, 0.01, 0.03), (0.5, 0.05, 0.4, 0.4)),
    "between comments": ((0.3, 0.02, 0.05, 0.05), (0.3, 0.01, 0.01, 0.03), (0.5, 0.7, 0.4, 0.4)),
    "under author, blank between": (
        (0.05, 0.7, 0.1, 0.1),
        (0.1, 0.01, 0.01, 0.03),
        (0.95, 0.05, 0.4, 0.4),
    ),
    "blank between": ((0.05, 0.02, 0.05, 0.05), (0.1, 0.01, 0.01, 0.03), (0.95, 0.5, 0.4, 0.4)),
    "paragraphs": ((0.3, 0.02, 0.05, 0.05), (0.05, 0.01, 0.01, 0.03), (0.9, 0.7, 0.4, 0.4)),
}


def find_split(items: Sequence[Item], *, headed: bool) -> Split:
    """The most likely roles of all lines. `headed` says that a heading stands above the first one:
    then hardly anything can come before the first comment.
    """
    if not items:
        return Split(Layout(Form.ABOVE, _STARTS["between comments"]), [])
    sample = items[:SAMPLE]
    best = max((_learn(sample, start, headed) for start in _layouts(items)), key=lambda s: s.score)
    return _decode(items, best.layout, headed)


def _layouts(items: Sequence[Item]) -> list[Layout]:
    timed = any(item.gap & Gap.TIME for item in items)
    starts = ["between comments", "blank between"]
    if timed:
        starts += ["under author", "under author, blank between"]
    found = [Layout(Form.ABOVE, _STARTS[start]) for start in starts]
    found += [Layout(Form.BELOW, _STARTS[start], prior=-3.0) for start in starts]
    found += [Layout(Form.INLINE, _STARTS[start], prior=-1.0) for start in starts[:2]]
    found.append(Layout(Form.NONE, _STARTS["paragraphs"], prior=-4.0))
    return found


def _learn(items: Sequence[Item], layout: Layout, headed: bool) -> Split:
    for _ in range(_PASSES):
        layout = _relearned(items, _decode(items, layout, headed))
    return _decode(items, layout, headed)


def _relearned(items: Sequence[Item], split: Split) -> Layout:
    """The layout with the page's own habits counted in."""
    layout, ordered = split.layout, _ordered(items, split.layout)
    roles = split.roles[::-1] if layout.form is Form.BELOW else split.roles
    totals, hits = [0] * 3, [[0] * _BITS for _ in range(3)]
    authors = timed = details = 0
    for before, role, item in zip([None, *roles], roles, ordered, strict=False):
        if role is Role.AUTHOR:
            authors += 1
            timed += item.timed
        details += role is Role.DETAIL
        change = None if before is None else _CHANGES.get((before, role))
        if layout.form is Form.INLINE and (before, role) == (Role.AUTHOR, Role.TEXT):
            change = Change.WITHIN
        if change is None:
            continue
        totals[change] += 1
        for bit in range(_BITS):
            hits[change][bit] += item.gap >> bit & 1
    gaps = tuple(
        tuple(
            (hits[change][bit] + _WEIGHT * layout.gaps[change][bit]) / (totals[change] + _WEIGHT)
            for bit in range(_BITS)
        )
        for change in range(3)
    )
    went_on, ended = totals[Change.WITHIN], totals[Change.TO_NEXT]
    more = (went_on + 8 * layout.more) / (went_on + ended + 8)
    share = (timed + 3 * layout.timed) / (authors + 3)
    under = (details + 3 * layout.detail) / (authors + 3)
    return replace(
        layout, gaps=gaps, more=more, timed=min(0.97, max(0.03, share)), detail=min(0.97, under)
    )


_TEXTS = (Role.TEXT, Role.UNSIGNED)
_CHANGES: dict[tuple[Role, Role], Change] = {
    (Role.AUTHOR, Role.TEXT): Change.TO_TEXT,
    (Role.DETAIL, Role.TEXT): Change.TO_TEXT,
    **{(text, Role.TEXT): Change.WITHIN for text in _TEXTS},
    **{(text, new): Change.TO_NEXT for text in _TEXTS for new in (Role.AUTHOR, Role.UNSIGNED)},
    (Role.AUTHOR, Role.AUTHOR): Change.TO_NEXT,
    (Role.DETAIL, Role.AUTHOR): Change.TO_NEXT,
}


def _ordered(items: Sequence[Item], layout: Layout) -> list[Item]:
    """The items in reading order of the layout: with the author below, from the end."""
    if layout.form is not Form.BELOW:
        return list(items)
    gaps = [item.gap for item in items[1:]] + [0]
    return [replace(item, gap=gap) for item, gap in zip(items, gaps, strict=True)][::-1]


def _gap_tables(items: Sequence[Item], layout: Layout) -> list[list[float]]:
    """For each change the log odds of each of the 16 gaps against the page's average."""
    count = len(items) + 2
    average = [(sum(i.gap >> bit & 1 for i in items) + 1) / count for bit in range(_BITS)]
    tables = []
    for shares in layout.gaps:
        table = []
        for gap in range(1 << _BITS):
            odds = 0.0
            for bit in range(_BITS):
                share, usual = shares[bit], average[bit]
                odds += math.log(
                    share / usual if gap >> bit & 1 else (1 - share) / (1 - usual + 1e-9)
                )
            table.append(max(-6.0, min(6.0, odds)))
        tables.append(table)
    return tables


def _moves(layout: Layout, headed: bool) -> list[list[tuple[Role, float, Change | None]]]:
    """For each role the roles that may precede it, the cost and which gap table speaks."""
    more, end = math.log(layout.more), math.log(1 - layout.more)
    alone = 0.0 if layout.form is Form.NONE else NO_AUTHOR
    author, text, unsigned, detail, noise, prologue = Role
    empty = end if layout.form is Form.INLINE else NO_TEXT
    on = (more, Change.WITHIN) if layout.form is Form.INLINE else (0.0, Change.TO_TEXT)
    following = Change.TO_NEXT
    moves: list[list[tuple[Role, float, Change | None]]] = [[] for _ in Role]
    moves[author] = [(before, end, following) for before in _TEXTS]
    # Without text the gap holds what stands under an author and what ends a comment: no evidence.
    after_author = following if layout.form is Form.INLINE else None
    moves[author] += [(before, empty, after_author) for before in (author, detail)]
    moves[author] += [(noise, -4.0, None), (prologue, 0.0 if headed else -4.0, None)]
    moves[text] = [(author, *on), (detail, 0.0, Change.TO_TEXT)]
    moves[text] += [(before, more, Change.WITHIN) for before in _TEXTS]
    moves[unsigned] = [(before, end + alone, following) for before in _TEXTS]
    moves[unsigned] += [(noise, alone - 4.0, None), (prologue, alone, None)]
    moves[detail] = [(author, math.log(layout.detail), None)]
    moves[noise] = [(before, -1.0, None) for before in _TEXTS]
    moves[noise] += [(author, -1.0 if layout.form is Form.INLINE else NO_TEXT - 2, None)]
    moves[noise] += [(noise, 0.0, None)]
    moves[prologue] = [(prologue, 0.0, None)]
    return moves


def _emissions(item: Item, layout: Layout, headed: bool) -> tuple[float, ...]:
    """How well the line fits each role, in log odds against text."""
    name = item.inline if layout.form is Form.INLINE else item.name
    if layout.form is Form.NONE:
        name = _NOWHERE
    name += math.log(layout.timed / 0.03 if item.timed else (1 - layout.timed) / 0.97)
    under = item.detail and layout.form is Form.ABOVE
    detail = (3.0 if item.timed else 0.0) if under else _NOWHERE
    deleted = 6.0 if item.deleted else 0.0
    prologue = -4.0 if headed else 0.0
    name += {Form.ABOVE: -1.0, Form.BELOW: 1.0}.get(layout.form, 0.0) * item.signed
    return name, 0.0, deleted, detail, item.noise, prologue


def _decode(items: Sequence[Item], layout: Layout, headed: bool) -> Split:
    """The best path through the roles (Viterbi)."""
    if not items:
        return Split(layout, [], _NOWHERE)
    ordered = _ordered(items, layout)
    tables = [*_gap_tables(ordered, layout), [0.0] * (1 << _BITS)]
    # Plain numbers in the inner loop: enum members make it twice as slow. -1: no evidence.
    moves = [
        [(int(before), cost, tables[-1 if change is None else change]) for before, cost, change in own]
        for own in _moves(layout, headed)
    ]
    alone = 0.0 if layout.form is Form.NONE else NO_AUTHOR
    first = _emissions(ordered[0], layout, headed)
    start = (0.0, _NOWHERE, alone, _NOWHERE, 0.0, 0.0)
    scores = [a + b for a, b in zip(start, first, strict=True)]
    trail: list[list[int]] = []
    noise = int(Role.NOISE)
    for item in ordered[1:]:
        fits, gap = _emissions(item, layout, headed), int(item.gap)
        new, came = [_NOWHERE] * len(Role), [0] * len(Role)
        for role in range(len(Role)):
            best, origin = _NOWHERE, 0
            for before, cost, table in moves[role]:
                value = scores[before] + cost + table[gap]
                if role == before == noise and item.noise < -1.0:
                    value += -1.0 - item.noise  # behind the closing line hardly any cost
                if value > best:
                    best, origin = value, before
            new[role], came[role] = best + fits[role], origin
        scores = new
        trail.append(came)
    if layout.form is not Form.INLINE:
        scores[Role.AUTHOR] += NO_TEXT
    scores[Role.DETAIL] += NO_TEXT
    return _walk_back(layout, scores, trail)


def _walk_back(layout: Layout, scores: list[float], trail: list[list[int]]) -> Split:
    last = max(range(len(Role)), key=lambda role: scores[role])
    best, roles = scores[last], [Role(last)]
    for came in reversed(trail):
        roles.append(Role(came[roles[-1]]))
    if layout.form is not Form.BELOW:
        roles.reverse()
    return Split(layout, roles, best + layout.prior)
