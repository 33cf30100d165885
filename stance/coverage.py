"""How often the intervals of shares hold the true share: comment sets drawn from labelled comments.

The labelled comments are halved again and again. One half plays the held-out comments, from which
mistakes are counted; the other is the readership, from which a set is drawn whose true shares are
known. So both the readers and the model's mistakes are new to each interval. Or the readers are
other labelled comments altogether.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stance.aggregate import wilson_interval
from stance.answers.differences import WEIGHTS, differences
from stance.errors import StanceError
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
from stance.targets import Target, load_targets

SIZES = (SMALLEST_MEASURED, 50, 200, 1_000)
SHIFTED_SIZE, SHIFT = 200, 3.0
PAIR_SIZES = (SMALLEST_MEASURED, 50, 100)
"""Comments of each of two sets: a hundred of the 125 readers that each has in a half of `dev`."""

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


@dataclass(frozen=True, slots=True)
class DifferenceCoverage:
    """What came out for differences between two sets of one kind, in the measures of `differences`.

    `covered`, `worst` and `width` as in `Coverage`; `together` is how often all intervals of a question
    hold, as the desk draws them; `counted` is the coverage of Newcombe's around what was counted; `said`
    is how often the desk says of a question that there is enough evidence for some difference.
    """

    kind: str
    covered: float
    worst: float
    together: float
    counted: float
    said: float
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
        yield _coverage(f"{size:,} comments", _halved(evaluated, size, n_sets, None))
    for kind, shift in _shifts():
        kind = f"{SHIFTED_SIZE:,} comments, {kind}"
        yield _coverage(kind, _halved(evaluated, SHIFTED_SIZE, n_sets, shift))


def _shifts() -> Iterator[tuple[str, tuple[int, int]]]:
    """Which label of which question is more common, in words and as numbers."""
    moods, sides = tuple(Sentiment), tuple(Stance)
    for label in (Sentiment.NEGATIVE, Sentiment.POSITIVE):
        yield f"sentiment: {SHIFT:.0f} times as many {label}", (SENTIMENT, moods.index(label))
    for number, target in enumerate(load_targets(), start=SENTIMENT + 1):
        for side in (Stance.AGAINST, Stance.FAVOR):
            kind = f"{target.name}: {SHIFT:.0f} times as many {side}"
            yield kind, (number, sides.index(side))


def _weights(readers: Predictions, shift: tuple[int, int] | None) -> Floats:
    """How likely each reader is to be drawn, before they are made to add up to 1."""
    weights = np.ones(len(readers))
    if shift is not None:
        weights[_true_labels(readers)[shift[0]] == shift[1]] = SHIFT
    return weights


def measure_elsewhere(evaluated: Evaluated, readers: Evaluated, *, n_sets: int = 200) -> Iterator[Coverage]:
    """Draw sets as they come from other comments than those on which the mistakes are counted.

    Nothing of how intervals are made was chosen on these readers.

    Args:
        evaluated: labelled comments with the labels that the classifier gives, for the mistakes.
        readers: others, from which sets are drawn.
        n_sets: sets of each size.
    """
    every, named, mistakes = readers.predictions, readers.named(), count_mistakes(evaluated)
    if (lacking := [n for n, labels in enumerate(_true_labels(every)) if (labels == UNKNOWN).all()]):
        raise StanceError(
            f"Expected readers with labels for sentiment and {len(load_targets())} targets, found "
            f"{len(lacking)} of these questions without any."
        )
    truth = _truths(every, np.ones(len(every)))
    for size in SIZES:
        generator = np.random.default_rng(1)
        drawn = [generator.choice(len(every), size) for _ in range(n_sets)]
        sets = [(_questions(every.take(one), named[one], mistakes), truth) for one in drawn]
        yield _coverage(f"{size:,} comments", sets)


_Set = tuple[list[Question], list[Floats]]
"""What is asked of a set, and the true shares of those from whom it was drawn."""


def _halved(
    evaluated: Evaluated, size: int, n_sets: int, shift: tuple[int, int] | None
) -> Iterator[_Set]:
    generator = np.random.default_rng(1)
    every, named = evaluated.predictions, evaluated.named()
    asked = slice(None) if shift is None else slice(shift[0], shift[0] + 1)
    for _ in range(n_sets):
        order = generator.permutation(len(every))
        held_out, readers = order[: len(every) // 2], order[len(every) // 2 :]
        weights = _weights(every.take(readers), shift)
        drawn = generator.choice(readers, size, p=weights / weights.sum())
        mistakes = _mistakes(every.take(held_out), named[held_out])
        questions = _questions(every.take(drawn), named[drawn], mistakes)
        yield questions[asked], _truths(every.take(readers), weights)[asked]


def _coverage(kind: str, sets: Iterable[_Set]) -> Coverage:
    asked, truths = zip(*sets, strict=True)
    questions = [question for each in asked for question in each]
    found = true_shares(questions)
    truth = np.array([share for each in truths for share in each])
    share = np.array([f.share for f in found])
    counts = np.array([question.given.sum(axis=0) for question in questions])
    wilson = np.array([[wilson_interval(c, int(row.sum())) for c in row] for row in counts])
    counted = counts / counts.sum(axis=1, keepdims=True)
    # As in the charts: `aggregate.with_true_shares`.
    low = np.minimum([f.low for f in found], wilson[..., 0])
    high = np.maximum([f.high for f in found], wilson[..., 1])
    hit = _within(truth, low, high).reshape(len(asked), -1)
    return Coverage(
        kind,
        float(hit.mean()),
        float(hit.mean(axis=0).min()),
        float(_within(truth, wilson[..., 0], wilson[..., 1]).mean()),
        float(np.abs(share - truth).mean()),
        float(np.abs(counted - truth).mean()),
        float((high - low).mean()),
    )


def measure_differences(evaluated: Evaluated, *, n_pairs: int = 100) -> Iterator[DifferenceCoverage]:
    """Draw pairs of sets: alike in their mix, then such that one label is more common in the first.

    Of the first kinds, all questions are looked at, of the others the one whose label is more common.
    Sets of other readers have no comment in common, and the true difference is that between these
    readers, each of whom the model misreads in another way. `n_pairs` are drawn of each kind.
    """
    for where, sizes in (("same", PAIR_SIZES), ("other", PAIR_SIZES[1:])):
        for n in sizes:
            pairs = list(_pairs(evaluated, n, n_pairs, where == "same", None))
            yield _differences_of(f"{n} + {n} comments, {where} readers", pairs)
    n = PAIR_SIZES[-1]
    for kind, shift in _shifts():
        pairs = list(_pairs(evaluated, n, n_pairs, False, shift))
        yield _differences_of(f"{n} + {n}, {kind}", pairs)


@dataclass(frozen=True, slots=True)
class _Pair:
    """Label counts of two sets, what they are of, and the true differences by measure."""

    given: list[Labels]
    about: Target | None
    mistakes: Mistakes
    truth: Floats


def _pairs(
    evaluated: Evaluated, size: int, n_pairs: int, same: bool, shift: tuple[int, int] | None
) -> Iterator[_Pair]:
    generator = np.random.default_rng(1)
    every, named = evaluated.predictions, evaluated.named()
    abouts, nobody = [None, *load_targets()], np.zeros((1, 3))  # labelled by hand
    for _ in range(n_pairs):
        held_out, readers = np.array_split(generator.permutation(len(every)), 2)
        mistakes = _mistakes(every.take(held_out), named[held_out])
        sides = [readers] * 2 if same else np.array_split(readers, 2)
        weights = [_weights(every.take(sides[0]), shift), np.ones(len(sides[1]))]
        both = list(zip(sides, weights, strict=True))
        drawn = [generator.choice(side, size, p=w / w.sum()) for side, w in both]
        asked = [_questions(every.take(one), named[one], mistakes) for one in drawn]
        truths = [_truths(every.take(side), w) for side, w in both]
        for number, about in enumerate(abouts):
            if shift is None or shift[0] == number:
                given = [np.vstack([each[number].given, nobody]).astype(np.int64) for each in asked]
                truth = WEIGHTS @ (truths[0][number] - truths[1][number])
                yield _Pair(given, about, mistakes, truth)


def _differences_of(kind: str, pairs: Sequence[_Pair]) -> DifferenceCoverage:
    one_pair = [(0, 1)]
    alone, shown, chance, truth = [], [], [], np.array([pair.truth for pair in pairs])
    for p in pairs:
        alone.append(differences(p.given, one_pair, p.about, p.mistakes, n_compared=1))
        shown.append(differences(p.given, one_pair, p.about, p.mistakes))
        chance.append(differences(p.given, one_pair, p.about, None, n_compared=1))
    held, together, counted = (
        _within(truth, *np.array([[(d.low, d.high) for d in each] for each in found]).T.swapaxes(1, 2))
        for found in (alone, shown, chance)
    )
    return DifferenceCoverage(
        kind,
        float(held.mean()),
        float(held.mean(axis=0).min()),
        float(together.all(axis=1).mean()),
        float(counted.mean()),
        float(np.mean([any(d.enough for d in each) for each in shown])),
        float(np.mean([[d.high - d.low for d in each] for each in alone])),
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
    fields = ("covered", "worst", "counted_covered", "error", "counted_error", "width")
    return _lines("sets of", columns, [(c.kind, [getattr(c, f) for f in fields]) for c in found])


def difference_lines(found: Sequence[DifferenceCoverage]) -> list[str]:
    """A line for each kind of pair, below a head."""
    columns = ("covered", "worst", "together", "counted", "said", "width")
    rows = [(d.kind, [getattr(d, column) for column in columns]) for d in found]
    return _lines("differences between sets of", columns, rows)


def _lines(
    head: str, columns: Sequence[str], rows: Sequence[tuple[str, Sequence[float]]]
) -> list[str]:
    lines = [f"{head:54}" + "".join(f"{column:>9}" for column in columns)]
    return lines + [f"{kind:54}" + "".join(f"{x:9.3f}" for x in numbers) for kind, numbers in rows]
