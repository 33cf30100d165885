"""Differences between two groups of comments, with intervals: label counts in, numbers out.

Knows neither where the groups come from nor how a difference is said.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from stance import records
from stance.aggregate import CONFIDENCE_LEVEL, by_hand, wilson_interval
from stance.labels import Sentiment, Stance
from stance.model.mistakes import Mistakes
from stance.prevalence import (
    Question,
    sentiment_question,
    stance_question,
    true_differences,
    true_measures,
    with_known,
)
from stance.targets import Target

Counts = NDArray[np.int64]
Floats = NDArray[np.float64]


class Measure(StrEnum):
    """What is compared: the share of the first or of the last label, or the last minus the first."""

    FIRST = "first"
    LAST = "last"
    NET = "net"


WEIGHTS: Floats = np.array([[1, 0, 0], [0, 0, 1], [-1, 0, 1]], dtype=np.float64)
"""Of the labels (columns) in each measure (rows, in the order of `Measure`)."""


_FURTHEST = (1.0, 1.0, 2.0)
"""How large a difference in each measure can be."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One group minus another in one measure, in shares of 1.

    `counted` is the difference of what was counted, `corrected` an estimate of the true one, NaN
    where the model's mistakes are not known; then the interval `low` to `high` covers chance alone,
    else these mistakes as well. All intervals of a family of `n_compared` hold their differences at
    the same time with 95 % (Bonferroni 1936).
    """

    group: int
    reference: int
    measure: Measure
    counted: float
    corrected: float
    low: float
    high: float
    n_compared: int

    @property
    def enough(self) -> bool:
        """Whether the interval leaves out that there is no difference."""
        return self.low > 0 or self.high < 0


def label_counts(rows: pd.DataFrame, about: Target | None, codes: Counts, n_groups: int) -> Counts:
    """Labels of each group's comments, shape (n_groups, s, 3).

    The last of the s strata are labels by hand; those before are the model's, for a target where it
    is not named and where it is, as `prevalence.stance_question` has them.

    Args:
        rows: scored rows that have a score.
        about: a target, or None for the sentiment.
        codes: number of the group of each row, -1 for none.
        n_groups: how many groups there are.
    """
    if about is None:
        labels, column = [str(label) for label in Sentiment], records.SENTIMENT
        strata, n_strata = np.zeros(len(rows), dtype=np.int64), 2
    else:
        labels, column = [str(label) for label in Stance], records.stance_label(about.key)
        strata, n_strata = (rows[records.mentions(about.key)] != "").to_numpy().astype(np.int64), 3
    hand = by_hand(rows, records.SENTIMENT if about is None else about.key).to_numpy()
    strata = np.where(hand, n_strata - 1, strata)
    given = rows[column].map({label: number for number, label in enumerate(labels)})
    counts = np.zeros((n_groups, n_strata, 3), dtype=np.int64)
    kept = codes >= 0
    np.add.at(counts, (codes[kept], strata[kept], given.to_numpy(dtype=np.int64)[kept]), 1)
    return counts


def question_about(about: Target | None, given: Counts, mistakes: Mistakes) -> Question:
    """What is asked of one group, whose label counts have shape (s, 3) as in `label_counts`."""
    *by_model, known = given
    if about is None:
        question = sentiment_question(by_model[0], mistakes)
    else:
        question = stance_question(about.key, np.array(by_model), mistakes)
    return with_known(question, known)


def chance_intervals(counts: Counts, level: float = CONFIDENCE_LEVEL) -> Floats:
    """Measures of one group with their chance alone: value, low and high (rows) by measure, shape (3, 3).

    Shares by Wilson's interval, the net share by the square-and-add method with the correlation of
    two shares of the same comments (MOVER: Zou & Donner 2008; Newcombe 1998 for paired shares).
    """
    n = int(counts.sum())
    if n == 0:
        return np.array([[0.0, 0.0, 0.0], [0.0, 0.0, -1.0], [1.0, 1.0, 1.0]])
    first, _, last = (counts / n).tolist()
    (low_first, high_first), (low_last, high_last) = (
        wilson_interval(int(counts[label]), n, level) for label in (0, 2)
    )
    spread = math.sqrt(first * (1 - first) * last * (1 - last))
    correlation = -first * last / spread if spread else 0.0
    net = last - first
    down = _square_and_add(last - low_last, high_first - first, correlation)
    up = _square_and_add(high_last - last, first - low_first, correlation)
    return np.array([
        [first, last, net],
        [low_first, low_last, max(-1.0, net - down)],
        [high_first, high_last, min(1.0, net + up)],
    ])  # fmt: skip


def measures(given: Sequence[Counts], about: Target | None, mistakes: Mistakes | None) -> Floats:
    """Measures of each group with 95 % intervals, shape (groups, 4, 3).

    The rows are what was counted, the corrected value (NaN where no mistakes are known), and the low
    and the high bound; the columns are in the order of `Measure`. As with shares, an interval is never
    narrower than chance leaves it around what was counted.
    """
    found = np.full((len(given), 4, 3), np.nan)
    for group, counts in zip(found, given, strict=True):
        group[[0, 2, 3]] = chance_intervals(counts.sum(axis=0))
    if mistakes is not None:
        questions = [question_about(about, counts, mistakes) for counts in given]
        for group, true in zip(found, true_measures(questions, WEIGHTS), strict=True):
            group[1] = true.value
            group[2], group[3] = np.minimum(group[2], true.low), np.maximum(group[3], true.high)
    return found


def differences(
    given: Sequence[Counts],
    pairs: Sequence[tuple[int, int]],
    about: Target | None,
    mistakes: Mistakes | None,
    *,
    n_compared: int | None = None,
) -> list[Difference]:
    """All measures of each pair, by pair and then by measure.

    The interval covers chance and the model's mistakes, some of which both sides share
    (`prevalence.true_differences`), and is never narrower than chance alone leaves it around the
    difference that was counted (Newcombe 1998, method 10; MOVER for the net share).

    Args:
        given: label counts of each group, shape (s, 3) as `label_counts` has them.
        pairs: numbers of a group and of the one that it is compared with.
        about: a target, or None for the sentiment.
        mistakes: of the checkpoint that gave all these labels, if they are known.
        n_compared: how many differences are to hold at the same time; these if not said.
    """
    n_compared = n_compared or len(pairs) * len(Measure)
    level = 1 - (1 - CONFIDENCE_LEVEL) / max(1, n_compared)
    alone = {
        number: chance_intervals(given[number].sum(axis=0), level)
        for number in {number for pair in pairs for number in pair}
    }
    intervals = [_newcombe(alone[group], alone[reference]) for group, reference in pairs]
    corrected = [np.full(3, np.nan)] * len(pairs)
    if mistakes is not None:
        asked = {number: question_about(about, given[number], mistakes) for number in alone}
        found = true_differences([(asked[a], asked[b]) for a, b in pairs], WEIGHTS, level=level)
        corrected = [true.value for true in found]
        intervals = [
            (value, np.minimum(low, true.low), np.maximum(high, true.high))
            for (value, low, high), true in zip(intervals, found, strict=True)
        ]
    return [
        Difference(*pair, measure, *_within(value[m], right[m], low[m], high[m], m), n_compared)
        for pair, (value, low, high), right in zip(pairs, intervals, corrected, strict=True)
        for m, measure in enumerate(Measure)
    ]


def _within(
    value: float, corrected: float, low: float, high: float, measure: int
) -> tuple[float, float, float, float]:
    """Plain numbers, with bounds that a difference in this measure can reach."""
    furthest = _FURTHEST[measure]
    return float(value), float(corrected), float(max(-furthest, low)), float(min(furthest, high))


def _newcombe(group: Floats, reference: Floats) -> tuple[Floats, Floats, Floats]:
    """Differences and their bounds by square-and-add, from two results of `chance_intervals`."""
    (value, low, high), (other, other_low, other_high) = group, reference
    down = np.hypot(value - low, other_high - other)
    up = np.hypot(high - value, other - other_low)
    return value - other, value - other - down, value - other + up


def _square_and_add(one: float, other: float, correlation: float) -> float:
    return math.sqrt(max(0.0, one**2 - 2 * correlation * one * other + other**2))
