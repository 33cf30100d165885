"""Which stances go together: the combinations that comments hold, and the words that mark each.

Scored table in, small tables out. Labels are taken as they were given: a camp shares the mistakes of
its labels, so the comments behind it are what counts.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from statistics import NormalDist

import pandas as pd

from stance import records
from stance.aggregate import scored_rows, wilson_interval
from stance.labels import Stance
from stance.records import Comment
from stance.targets import Target
from stance.text import prepare_text

LARGEST = 8
SMALLEST = 3
"""Camps that are shown, and comments below which a combination is none."""

N_WORDS = 5
_PRIOR = 0.5
_HANDLE = "@user"
"""What `prepare_text` makes of names that comments address: nobody's word."""
_WORD = re.compile(r"[^\W\d_][\w’'-]+")


@dataclass(frozen=True, slots=True)
class Camp:
    """Comments that hold the same stances, and how many there are of `n_scored`.

    `stances` are those that are not "none", by target key. `expected` is how many comments would
    hold all of these stances, and none toward the other targets, if stances toward one target
    had nothing to do with those toward another. `low` and `high` are Wilson's interval of the
    share. `comment_ids` are in the order of the table.
    """

    stances: dict[str, Stance]
    comment_ids: tuple[str, ...]
    n_scored: int
    low: float
    high: float
    expected: float

    @property
    def n(self) -> int:
        """How many comments are in it."""
        return len(self.comment_ids)


@dataclass(frozen=True, slots=True)
class Camps:
    """The largest camps, largest first, and what is not in them.

    `without` comments take no side at all, `rest` are in smaller camps than those that are shown.
    """

    largest: list[Camp]
    without: int
    rest: int


def find_camps(scored: pd.DataFrame, targets: Sequence[Target]) -> Camps:
    """The camps of a scored table; only scored comments are in one."""
    rows = scored_rows(scored)
    columns = [records.stance_label(target.key) for target in targets]
    labels = rows[columns]
    shares = [dict(labels[column].value_counts(normalize=True)) for column in columns]
    camps, without = [], 0
    for held, ids in rows.groupby(columns, sort=False)[records.COMMENT_ID]:
        stances = {
            target.key: Stance(str(label))
            for target, label in zip(targets, held, strict=True)
            if label != Stance.NONE
        }
        if not stances:
            without = len(ids)
            continue
        chance = math.prod(share[label] for share, label in zip(shares, held, strict=True))
        low, high = wilson_interval(len(ids), len(rows))
        camps.append(Camp(stances, tuple(ids), len(rows), low, high, chance * len(rows)))
    # Equal ones stay in the order of their first comments.
    camps.sort(key=lambda camp: -camp.n)
    largest = [camp for camp in camps[:LARGEST] if camp.n >= SMALLEST]
    return Camps(largest, without, sum(camp.n for camp in camps) - sum(camp.n for camp in largest))


def camp_words(camp: Camp, comments: Sequence[Comment], scored_ids: Collection[str]) -> list[str]:
    """Words that a larger part of a camp's comments have than of the others, at most `N_WORDS`.

    Log-odds with a prior by their standard error, as of Monroe, Colaresi & Quinn (2008, "Fightin'
    Words"), but of comments with the word and not of words, so that neither one comment nor long
    comments make a word, and with Jeffreys' prior. Of these only the ones so high that chance alone
    gives a camp any such word in one of forty cases, however many words it has.

    Args:
        camp: whose words are asked for.
        comments: of the set.
        scored_ids: those of them that have scores; the others are nobody's opposite.

    Returns:
        The surest first; few comments seldom have one.
    """
    inside, outside = Counter[str](), Counter[str]()
    members, scored = set(camp.comment_ids), set(scored_ids)
    n_in, n_out = len(members), len(scored - members)
    if not n_out:
        return []  # nobody to compare with
    for comment in comments:
        if comment.comment_id in scored:
            text = prepare_text(comment.text).text.casefold().replace(_HANDLE, " ")
            (inside if comment.comment_id in members else outside).update(set(_WORD.findall(text)))
    sure = -NormalDist().inv_cdf(0.025 / max(1, len(inside)))
    scores = {}
    for word, count in inside.items():
        here, there = count + _PRIOR, outside[word] + _PRIOR
        not_here, not_there = n_in + 2 * _PRIOR - here, n_out + 2 * _PRIOR - there
        odds = math.log(here / not_here) - math.log(there / not_there)
        score = odds / math.sqrt(1 / here + 1 / not_here + 1 / there + 1 / not_there)
        if count > 1 and score > sure:
            scores[word] = score
    return sorted(scores, key=lambda word: (-scores[word], word))[:N_WORDS]
