"""How often the intervals of shares hold the true share: comment sets drawn from labelled comments.

The labelled comments are halved again and again. One half plays the held-out comments, from which
mistakes are counted; the other is the readership, from which a set is drawn whose true shares are
known. So both the readers and the model's mistakes are new to each interval.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stance.aggregate import wilson_interval
from stance.evaluation import Evaluated
from stance.labels import Sentiment, Stance
from stance.metrics import UNKNOWN, Predictions
from stance.model.mistakes import Mistakes
from stance.prevalence import (
    SMALLEST_MEASURED,
    Question,
    sentiment_question,
    stance_question,
    true_shares,
)
from stance.targets import load_targets

SIZES = (SMALLEST_MEASURED, 50, 200, 1_000)
SHIFTED_SIZE, SHIFT = 200, 3.0

Labels = NDArray[np.int64]
Masks = NDArray[np.bool_]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Coverage:
    """What came out for sets of one kind: shares of intervals that hold the truth, and mean errors.

    `covered` is that of our intervals and `worst` that of the label which is covered least often,
    `counted_covered` that of Wilson's around the counted share; `error` and `counted_error` are mean
    absolute errors of the corrected and of the counted share; `width` is the mean width of our
    intervals.
    """

    kind: str
    covered: float
    worst: float
    counted_covered: float
    error: float
    counted_error: float
    width: float


SENTIMENT = 0
"""Number of the question about sentiment; those about the targets follow in their order."""


def count_mistakes(evaluated: Evaluated) -> Mistakes:
    """True by given labels of labelled comments."""
    return _mistakes(evaluated.predictions, evaluated.named())


def measure_coverage(evaluated: Evaluated, *, n_sets: int = 200) -> Iterator[Coverage]:
    """Draw sets as they come, in several sizes, then sets in which one label is more common.

    Of the first, all questions are looked at, of the others the one whose label is more common.

    Args:
        evaluated: labelled comments with the labels that the classifier gives.
        n_sets: sets of each kind.
    """
    for size in SIZES:
        yield _coverage(evaluated, f"{size:,} comments", size, n_sets, None)
    moods, sides = tuple(Sentiment), tuple(Stance)
    shifted = [("sentiment", SENTIMENT, moods, m) for m in (Sentiment.NEGATIVE, Sentiment.POSITIVE)]
    more = [
        (target.name, number, sides, side)
        for number, target in enumerate(load_targets(), start=SENTIMENT + 1)
        for side in (Stance.AGAINST, Stance.FAVOR)
    ]
    for name, question, labels, label in (*shifted, *more):
        kind = f"{SHIFTED_SIZE:,} comments, {name}: {SHIFT:.0f} times as many {label}"
        shift = (question, [str(each) for each in labels].index(str(label)))
        yield _coverage(evaluated, kind, SHIFTED_SIZE, n_sets, shift)


def _coverage(
    evaluated: Evaluated, kind: str, size: int, n_sets: int, shift: tuple[int, int] | None
) -> Coverage:
    generator = np.random.default_rng(1)
    every, named = evaluated.predictions, evaluated.named()
    asked = slice(None) if shift is None else slice(shift[0], shift[0] + 1)
    questions: list[Question] = []
    truths: list[Floats] = []
    for _ in range(n_sets):
        order = generator.permutation(len(every))
        held_out, readers = order[: len(every) // 2], order[len(every) // 2 :]
        weights = np.ones(len(readers))
        if shift is not None:
            weights[_true_labels(every.take(readers))[shift[0]] == shift[1]] = SHIFT
        drawn = generator.choice(readers, size, p=weights / weights.sum())
        mistakes = _mistakes(every.take(held_out), named[held_out])
        questions += _questions(every.take(drawn), named[drawn], mistakes)[asked]
        truths += _truths(every.take(readers), weights)[asked]
    found = true_shares(questions)
    truth, share = np.array(truths), np.array([f.share for f in found])
    counts = np.array([question.given.sum(axis=0) for question in questions])
    wilson = np.array([[wilson_interval(c, int(row.sum())) for c in row] for row in counts])
    counted = counts / counts.sum(axis=1, keepdims=True)
    # As in the charts: `aggregate.with_true_shares`.
    low = np.minimum([f.low for f in found], wilson[..., 0])
    high = np.maximum([f.high for f in found], wilson[..., 1])
    hit = _within(truth, low, high).reshape(n_sets, -1)
    return Coverage(
        kind,
        float(hit.mean()),
        float(hit.mean(axis=0).min()),
        float(_within(truth, wilson[..., 0], wilson[..., 1]).mean()),
        float(np.abs(share - truth).mean()),
        float(np.abs(counted - truth).mean()),
        float((high - low).mean()),
    )


def _within(truth: Floats, low: Floats, high: Floats) -> Masks:
    hair = 1e-9
    return np.asarray((low <= truth + hair) & (truth <= high + hair))


def _true_labels(found: Predictions) -> list[Labels]:
    return [found.sentiment, *found.stance.T]


def _given_labels(found: Predictions) -> list[Labels]:
    moods = found.sentiment_probabilities.argmax(axis=-1)
    return [moods, *found.stance_probabilities.argmax(axis=-1).T]


def _questions(found: Predictions, named: Masks, mistakes: Mistakes) -> list[Question]:
    """Of the comments whose true label is known, for only of these is the truth known."""
    known = [true != UNKNOWN for true in _true_labels(found)]
    moods, *sides = (given[mask] for given, mask in zip(_given_labels(found), known, strict=True))
    asked = [sentiment_question(_counts(moods), mistakes)]
    for number, (target, given) in enumerate(zip(load_targets(), sides, strict=True)):
        here = named[known[number + 1], number]
        strata = np.array([_counts(given[~here]), _counts(given[here])])
        asked.append(stance_question(target.key, strata, mistakes))
    return asked


def _truths(readers: Predictions, weights: Floats) -> list[Floats]:
    labels = _true_labels(readers)
    sums = [np.bincount(c[c != UNKNOWN], weights[c != UNKNOWN], minlength=3) for c in labels]
    return [each / each.sum() for each in sums]


def _mistakes(found: Predictions, named: Masks) -> Mistakes:
    (mood, *sides), (given_mood, *given) = _true_labels(found), _given_labels(found)
    stance = {
        target.key: np.array([_table(true[m], label[m]) for m in (~here, here)])
        for target, true, label, here in zip(load_targets(), sides, given, named.T, strict=True)
    }
    return Mistakes(len(found), _table(mood, given_mood), stance)


def _table(true: Labels, given: Labels) -> Labels:
    known = true != UNKNOWN
    table = np.zeros((3, 3), dtype=np.int64)
    np.add.at(table, (true[known], given[known]), 1)
    return table


def _counts(given: Labels) -> Labels:
    return np.bincount(given, minlength=3)


def coverage_lines(found: Sequence[Coverage]) -> list[str]:
    """A line for each kind of set, below a head."""
    columns = ("covered", "worst", "counted", "error", "counted", "width")
    lines = [f"{'sets of':54}" + "".join(f"{column:>9}" for column in columns)]
    for c in found:
        numbers = (c.covered, c.worst, c.counted_covered, c.error, c.counted_error, c.width)
        lines.append(f"{c.kind:54}" + "".join(f"{number:9.3f}" for number in numbers))
    return lines
