"""Which stances go together: the combinations that comments hold, and the words that mark each.

Scored table in, small tables out. Labels are taken as they were given: a camp shares the mistakes of
its labels, so the comments behind it are what counts.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
from scipy.stats import norm

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
_PRIOR_WORDS = 10.0
"""Words that the prior, which is the set's own mix of words, counts for."""
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


def camp_words(camp: Camp, comments: Sequence[Comment]) -> list[str]:
    """Words that more comments of a camp have than of the others, the surest first, at most `N_WORDS`.

    Log-odds of the words' shares with an informative Dirichlet prior (Monroe, Colaresi & Quinn 2008,
    "Fightin' Words"), and of these only the ones so high that chance alone gives a camp any such word
    in one of forty cases, however many words it has. Few comments seldom have one. Counted once a
    comment, so that one comment does not make a word.
    """
    inside, outside = Counter[str](), Counter[str]()
    members = set(camp.comment_ids)
    for comment in comments:
        words = set(_WORD.findall(prepare_text(comment.text).text.casefold()))
        (inside if comment.comment_id in members else outside).update(words)
    every = inside + outside
    n_in, n_out = inside.total() + _PRIOR_WORDS, outside.total() + _PRIOR_WORDS
    sure = float(norm.isf(0.025 / max(1, len(inside))))
    scores = {}
    for word, count in inside.items():
        prior = _PRIOR_WORDS * every[word] / every.total()
        here, there = count + prior, outside[word] + prior
        odds = math.log(here / (n_in - here)) - math.log(there / (n_out - there))
        score = odds / math.sqrt(1 / here + 1 / there)
        if count > 1 and score > sure:
            scores[word] = score
    return sorted(scores, key=lambda word: (-scores[word], word))[:N_WORDS]
