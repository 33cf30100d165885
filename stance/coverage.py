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
from stance.labels import Stance
from stance.metrics import UNKNOWN, Predictions
from stance.model.mistakes import Mistakes
from stance.prevalence import Question, sentiment_question, stance_question, true_shares
from stance.targets import load_targets

SIZES = (12, 50, 200, 1_000)
SHIFTED_SIZE, SHIFT = 200, 3.0

Labels = NDArray[np.int64]
Masks = NDArray[np.bool_]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Coverage:
    """What came out for sets of one kind: shares of intervals that hold the truth, and mean errors.

    `covered` is that of our intervals, `counted_covered` that of Wilson's around the counted share;
    `error` and `counted_error` are mean absolute errors of the corrected and of the counted share;
    `width` is the mean width of our intervals. `n` is how many intervals there were.
    """

    kind: str
    n: int
    covered: float
    counted_covered: float
    error: float
    counted_error: float
    width: float


def count_mistakes(evaluated: Evaluated) -> Mistakes:
    """True by given labels of labelled comments."""
    return _mistakes(evaluated.predictions, evaluated.named())


def measure_coverage(evaluated: Evaluated, *, n_sets: int = 100) -> Iterator[Coverage]:
    """Draw sets as they come, in several sizes, and sets in which one opinion is more common.

    Args:
        evaluated: labelled comments with the labels that the classifier gives.
        n_sets: sets of each kind.
    """
    for size in SIZES:
        yield _coverage(evaluated, f"{size:,} comments", size, n_sets, None)
    for number, target in enumerate(load_targets()):
        for side in (Stance.AGAINST, Stance.FAVOR):
            kind = f"{SHIFTED_SIZE:,} comments, {SHIFT:.0f} times as many {side} {target.name}"
            shift = (number, list(Stance).index(side))
            yield _coverage(evaluated, kind, SHIFTED_SIZE, n_sets, shift)


def _coverage(
    evaluated: Evaluated, kind: str, size: int, n_sets: int, shift: tuple[int, int] | None
) -> Coverage:
    generator = np.random.default_rng(1)
    every, named = evaluated.predictions, evaluated.named()
    questions: list[Question] = []
    truths: list[Floats] = []
    for _ in range(n_sets):
        order = generator.permutation(len(every))
        held_out, readers = order[: len(every) // 2], order[len(every) // 2 :]
        weights = np.ones(len(readers))
        if shift is not None:
            weights[every.stance[readers, shift[0]] == shift[1]] = SHIFT
        drawn = generator.choice(readers, size, p=weights / weights.sum())
        mistakes = _mistakes(every.take(held_out), named[held_out])
        questions += _questions(every.take(drawn), named[drawn], mistakes)
        truths += _truths(every.take(readers), weights)
    found = true_shares(questions)
    truth = np.array(truths)
    low, high = np.array([f.low for f in found]), np.array([f.high for f in found])
    counts = np.array([question.given.sum(axis=0) for question in questions])
    wilson = np.array([[wilson_interval(c, int(row.sum())) for c in row] for row in counts])
    counted = counts / counts.sum(axis=1, keepdims=True)
    share = np.array([f.share for f in found])
    return Coverage(
        kind,
        truth.size,
        _share_within(truth, low, high),
        _share_within(truth, wilson[..., 0], wilson[..., 1]),
        float(np.abs(share - truth).mean()),
        float(np.abs(counted - truth).mean()),
        float((high - low).mean()),
    )


def _share_within(truth: Floats, low: Floats, high: Floats) -> float:
    hair = 1e-9
    return float(((low <= truth + hair) & (truth <= high + hair)).mean())


def _questions(found: Predictions, named: Masks, mistakes: Mistakes) -> list[Question]:
    moods = found.sentiment_probabilities.argmax(axis=-1)
    sides = found.stance_probabilities.argmax(axis=-1)
    asked = [sentiment_question(_counts(moods), mistakes)]
    for number, target in enumerate(load_targets()):
        given, here = sides[:, number], named[:, number]
        strata = np.array([_counts(given[~here]), _counts(given[here])])
        asked.append(stance_question(target.key, strata, mistakes))
    return asked


def _truths(readers: Predictions, weights: Floats) -> list[Floats]:
    columns = [readers.sentiment, *readers.stance.T]
    sums = [np.bincount(c[c != UNKNOWN], weights[c != UNKNOWN], minlength=3) for c in columns]
    return [each / each.sum() for each in sums]


def _mistakes(found: Predictions, named: Masks) -> Mistakes:
    moods = found.sentiment_probabilities.argmax(axis=-1)
    sides = found.stance_probabilities.argmax(axis=-1)
    stance = {}
    for number, target in enumerate(load_targets()):
        true, given, here = found.stance[:, number], sides[:, number], named[:, number]
        stance[target.key] = np.array([_table(true[m], given[m]) for m in (~here, here)])
    return Mistakes(len(found), _table(found.sentiment, moods), stance)


def _table(true: Labels, given: Labels) -> Labels:
    known = true != UNKNOWN
    table = np.zeros((3, 3), dtype=np.int64)
    np.add.at(table, (true[known], given[known]), 1)
    return table


def _counts(given: Labels) -> Labels:
    return np.bincount(given, minlength=3)


def coverage_lines(found: Sequence[Coverage]) -> list[str]:
    """A line for each kind of set, below a head."""
    head = f"{'sets of':58} {'covered':>8} {'counted':>8} {'error':>7} {'counted':>8} {'width':>6}"
    return [head, *(
        f"{c.kind:58} {c.covered:8.3f} {c.counted_covered:8.3f} {c.error:7.3f} "
        f"{c.counted_error:8.3f} {c.width:6.3f}"
        for c in found
    )]  # fmt: skip
