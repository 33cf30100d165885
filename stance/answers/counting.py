"""Other ways of counting the same comments: per author, by likes, without replies, without copies.

Comments and scores in, weights and share tables out. A headline that only one way of counting gives
may be a few loud people, or one text posted many times.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from stance import records
from stance.aggregate import SHARE_COLUMNS, by_hand, wilson_interval, with_true_shares
from stance.amounts import number, numbered
from stance.labels import Stance
from stance.model.mistakes import Mistakes
from stance.prevalence import Question, stance_question, true_shares, with_known
from stance.records import Comment
from stance.targets import Target
from stance.translation import _, pgettext

Weights = NDArray[np.float64]

_LIKES = re.compile(r"[0-9]{1,12}|[0-9]{1,3}(?:[., ][0-9]{3}){1,3}|[0-9]{1,12}[.,]0")
_SHORT_LIKES = re.compile(r"([0-9]{1,4}(?:[.,][0-9]{1,2})?)\s*([km])", re.IGNORECASE)
_LOUD = 0.2
"""Part of all voices from which on it is told that a single comment has it."""

_THOUSANDS = {"k": 1_000, "m": 1_000_000}


@dataclass(frozen=True, slots=True)
class Way:
    """A way of counting: what each scored comment weighs, in how many `n` units of what (`unit`).

    `title` and what follows in words are in the language that was spoken when it was made, `word` is
    the title inside a sentence. `missing` says why a set cannot be counted so; its weights are then
    all 0. `note` says what was decided on the way.
    """

    title: str
    word: str
    unit: Literal["comments", "authors", "voices"]
    weights: Weights
    n: int
    missing: str = ""
    note: str = ""

    @property
    def name(self) -> str:
        """Its title with how many there are of what."""
        n, way = self.n, self.title
        return {
            "comments": numbered("{way} ({n} comments)", "{way} ({n} comments)", n, way=way),
            "authors": numbered("{way} ({n} authors)", "{way} ({n} authors)", n, way=way),
            "voices": numbered("{way} ({n} voices)", "{way} ({n} voices)", n, way=way),
        }[self.unit]


def ways_of_counting(
    comments: Sequence[Comment], scored: pd.DataFrame, copies: Collection[str]
) -> list[Way]:
    """All ways, that of every comment first.

    Args:
        comments: that were scored.
        scored: their scored table, in any order.
        copies: ids of comments that repeat an earlier one.
    """
    by_id = {comment.comment_id: comment for comment in comments}
    rows = [by_id[comment_id] for comment_id in scored[records.COMMENT_ID]]
    counts = (scored[records.UNSCORED] == "").to_numpy()
    top = np.array([not comment.reply_to for comment in rows], dtype=bool)
    once = np.array([comment.comment_id not in copies for comment in rows], dtype=bool)
    every = _("Every comment"), pgettext("in a sentence", "every comment")
    no_replies = _("No replies"), pgettext("in a sentence", "no replies")
    once_each = _("Copies once"), pgettext("in a sentence", "copies once")
    return [
        _picked(every, counts, np.ones(len(rows), dtype=bool), ""),
        _authors(rows, counts),
        _likes(rows, counts),
        _picked(no_replies, counts, top, _("no comment is known to be a reply")),
        _picked(once_each, counts, once, _("no comment repeats an earlier one")),
    ]


def _picked(
    called: tuple[str, str], counts: NDArray[np.bool_], kept: NDArray[np.bool_], missing: str
) -> Way:
    weights = (counts & kept).astype(float)
    everything = bool(missing) and bool(kept[counts].all())
    return Way(*called, "comments", weights, int(weights.sum()), missing if everything else "")


def _authors(rows: Sequence[Comment], counts: NDArray[np.bool_]) -> Way:
    names = [comment.author.strip().casefold() for comment in rows]
    how_many = Counter(name for name, scored in zip(names, counts, strict=True) if scored and name)
    pairs = zip(names, counts, strict=True)
    weights = np.array([scored / how_many.get(name, 1) for name, scored in pairs], dtype=float)
    nameless = sum(1 for name, scored in zip(names, counts, strict=True) if scored and not name)
    title, word = _("Every author once"), pgettext("in a sentence", "every author once")
    n = round(weights.sum())
    if not how_many or max(how_many.values()) == 1:
        missing = _("no author wrote twice") if how_many else _("no author is known")
        return Way(title, word, "authors", weights, n, missing)
    note = _("comments without an author count as one author each: {n}")
    return Way(
        title, word, "authors", weights, n, note=note.format(n=number(nameless)) if nameless else ""
    )


def _likes(rows: Sequence[Comment], counts: NDArray[np.bool_]) -> Way:
    likes = [
        number_of_likes(comment.likes) if here else 0
        for comment, here in zip(rows, counts, strict=True)
    ]
    unread = sum(
        1 for comment, like in zip(rows, likes, strict=True) if comment.likes and like is None
    )
    weights = counts * np.array([1.0 + (like or 0) for like in likes])
    title, word = _("With likes"), pgettext("in a sentence", "with likes")
    n = int(weights.sum())
    if not any(likes):
        missing = _("no likes could be read") if unread else _("no comment has likes")
        return Way(title, word, "voices", weights, n, missing)
    notes = [_("a comment counts once for its author and once for each like")]
    most = weights.max() / weights.sum()
    if most >= max(_LOUD, 3 / counts.sum()):  # of few comments each has a large part
        loud = _("one comment alone has {share} of these voices")
        notes.append(loud.format(share=f"{most * 100:.0f} %"))
    if unread:
        notes.append(_("{n} unreadable as 0").format(n=number(unread)))
    return Way(title, word, "voices", weights, n, note="; ".join(notes))


def number_of_likes(text: str) -> int | None:
    """Likes as pages write them; None where there is no such number.

    >>> [number_of_likes(text) for text in ("12", "1,234", "1.2K", "-3", "", "many")]
    [12, 1234, 1200, None, None, None]
    """
    text = text.strip()
    if found := _SHORT_LIKES.fullmatch(text):
        return round(float(found[1].replace(",", ".")) * _THOUSANDS[found[2].lower()])
    if _LIKES.fullmatch(text):
        # pandas writes whole numbers of a column with gaps as "12.0".
        return int(re.sub(r"[., ]", "", re.sub(r"[.,]0$", "", text)))
    return None


def shares_by_way(
    scored: pd.DataFrame, ways: Sequence[Way], target: Target, mistakes: Mistakes | None
) -> pd.DataFrame:
    """Stance shares toward a target by way of counting, those that are missing left out.

    Weighted comments say less than as many equal ones; the intervals go by the effective number
    of comments (Kish 1965).

    Returns:
        Three rows per way in label order; columns as `aggregate.stance_shares`, where `name` is the
        way with its n, and `count` is in its units, rounded.
    """
    labels = scored[records.stance_label(target.key)].to_numpy()
    named = (scored[records.mentions(target.key)] != "").to_numpy()
    shown = [way for way in ways if not way.missing and way.n]
    if not shown:
        return pd.DataFrame(columns=["target", "name", "net", *SHARE_COLUMNS])
    hand = by_hand(scored, target.key).to_numpy()
    parts = (~named & ~hand, named & ~hand, hand)
    given = [_given(way.weights, labels, parts) for way in shown]
    tables = []
    for way, table in zip(shown, given, strict=True):
        share = table.sum(axis=0) / table.sum()
        low, high = _wilson(table.sum(axis=0))
        rows = {
            "label": [str(label) for label in Stance],
            "count": np.round(share * way.n).astype(int),
            "n": way.n,
            "share": share,
            "low": low,
            "high": high,
            "unsure": 0,
            "corrected": math.nan,
            "target": target.key,
            "name": way.name,
            "net": share[-1] - share[0],
        }
        tables.append(pd.DataFrame(rows))
    if mistakes is not None:
        found = true_shares([_question(table, target, mistakes) for table in given])
        tables = list(map(with_true_shares, tables, found))
    return pd.concat(tables, ignore_index=True)[["target", "name", "net", *SHARE_COLUMNS]]


def _question(table: Weights, target: Target, mistakes: Mistakes) -> Question:
    """What is asked of the labels of `_given`, whose last row is by hand."""
    return with_known(stance_question(target.key, table[:-1], mistakes), table[-1])


def _given(
    weights: Weights, labels: NDArray[np.object_], parts: Sequence[NDArray[np.bool_]]
) -> Weights:
    """The labels of each part of the comments, shape (parts, 3).

    They add up to the effective number of comments, and never to more than there are units: a hundred
    comments of one author are one voice.
    """
    effective = min(weights.sum() ** 2 / (weights**2).sum(), weights.sum())
    sums = [[weights[part & (labels == str(label))].sum() for label in Stance] for part in parts]
    return np.asarray(np.array(sums) * (effective / weights.sum()), dtype=np.float64)


def _wilson(counts: Weights) -> NDArray[np.float64]:
    n = round(counts.sum())
    return np.array([wilson_interval(min(round(count), n), n) for count in counts]).T
