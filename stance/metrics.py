"""Gold labels and predictions in, figures of merit out. Reads no files and runs no model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import f1_score

from stance.labels import Sentiment, Stance

UNKNOWN = -1
"""Gold index of a pair that has no label; it counts nowhere."""

N_RESAMPLES = 1_000

_STANCES = list(range(len(Stance)))
_SENTIMENTS = list(range(len(Sentiment)))

Labels = NDArray[np.int64]
Probabilities = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Predictions:
    """Gold and predicted labels of `n` comments and `k` targets.

    Shapes: `sentiment` (n,), `stance` (n, k): gold indices or `UNKNOWN`;
    `sentiment_probabilities` (n, 3), `stance_probabilities` (n, k, 3).
    """

    sentiment: Labels
    stance: Labels
    sentiment_probabilities: Probabilities
    stance_probabilities: Probabilities

    def __len__(self) -> int:
        return len(self.sentiment)

    def take(self, rows: NDArray[np.int64]) -> Predictions:
        """The same for some of the comments."""
        return Predictions(
            self.sentiment[rows],
            self.stance[rows],
            self.sentiment_probabilities[rows],
            self.stance_probabilities[rows],
        )


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure with its 95 % percentile bootstrap interval over comments."""

    name: str
    value: float
    low: float
    high: float


def pooled_stance_f1(predictions: Predictions) -> float:
    """Macro F1 over against, none and favor, over all labelled (comment, target) pairs."""
    gold, predicted = _stance_pairs(predictions)
    return float(f1_score(gold, predicted, labels=_STANCES, average="macro", zero_division=0.0))


def always_none_f1(predictions: Predictions) -> float:
    """What `pooled_stance_f1` would be for the answer "none" to everything: the floor."""
    gold, _ = _stance_pairs(predictions)
    nothing = np.full_like(gold, list(Stance).index(Stance.NONE))
    return float(f1_score(gold, nothing, labels=_STANCES, average="macro", zero_division=0.0))


def stance_label_f1(predictions: Predictions, label: Stance) -> float:
    """F1 of one stance label over all labelled (comment, target) pairs."""
    gold, predicted = _stance_pairs(predictions)
    scores = f1_score(gold, predicted, labels=_STANCES, average=None, zero_division=0.0)
    return float(scores[list(Stance).index(label)])


def target_stance_f1(predictions: Predictions, target: int) -> float:
    """Macro F1 of the stance toward the target of that index."""
    column = slice(target, target + 1)
    one = Predictions(
        predictions.sentiment,
        predictions.stance[:, column],
        predictions.sentiment_probabilities,
        predictions.stance_probabilities[:, column],
    )
    return pooled_stance_f1(one)


def sentiment_f1(predictions: Predictions) -> float:
    """Macro F1 over negative, neutral and positive."""
    known = predictions.sentiment != UNKNOWN
    predicted = predictions.sentiment_probabilities[known].argmax(axis=1)
    gold = predictions.sentiment[known]
    return float(f1_score(gold, predicted, labels=_SENTIMENTS, average="macro", zero_division=0.0))


def share_error(predictions: Predictions) -> float:
    """Mean absolute difference between true and predicted share, over targets and labels."""
    errors = []
    for target in range(predictions.stance.shape[1]):
        gold = predictions.stance[:, target]
        known = gold != UNKNOWN
        predicted = predictions.stance_probabilities[known, target].argmax(axis=1)
        for label in _STANCES:
            errors.append(abs(float(np.mean(gold[known] == label) - np.mean(predicted == label))))
    return float(np.mean(errors))


def calibration_error(gold: Labels, probabilities: Probabilities, *, n_bins: int = 10) -> float:
    """Expected calibration error of the most probable label (Guo et al. 2017), equal-width bins.

    Args:
        gold: label indices, shape (n,), none of them `UNKNOWN`.
        probabilities: shape (n, n_labels).
    """
    confidence = probabilities.max(axis=1)
    correct = probabilities.argmax(axis=1) == gold
    bins = np.minimum((confidence * n_bins).astype(int), n_bins - 1)
    gaps = [
        np.sum(bins == b) * abs(np.mean(correct[bins == b]) - np.mean(confidence[bins == b]))
        for b in np.unique(bins)
    ]
    return float(np.sum(gaps) / len(gold))


def stance_calibration_error(predictions: Predictions) -> float:
    """Expected calibration error over all labelled (comment, target) pairs."""
    known = predictions.stance != UNKNOWN
    return calibration_error(predictions.stance[known], predictions.stance_probabilities[known])


def sentiment_calibration_error(predictions: Predictions) -> float:
    """Expected calibration error of the sentiment."""
    known = predictions.sentiment != UNKNOWN
    return calibration_error(
        predictions.sentiment[known], predictions.sentiment_probabilities[known]
    )


def figures(predictions: Predictions, target_names: Sequence[str]) -> list[Figure]:
    """All figures of merit, each with its interval; the same resamples serve every figure."""
    measures: dict[str, Callable[[Predictions], float]] = {
        "pooled stance macro-F1": pooled_stance_f1,
        "sentiment macro-F1": sentiment_f1,
        "pooled stance, always none": always_none_f1,
    }
    for label in Stance:
        measures[f"F1 of {label}"] = partial(stance_label_f1, label=label)
    for index, name in enumerate(target_names):
        measures[f"stance macro-F1, {name}"] = partial(target_stance_f1, target=index)
    measures["share error"] = share_error
    measures["stance calibration error"] = stance_calibration_error
    measures["sentiment calibration error"] = sentiment_calibration_error
    rng = np.random.default_rng(0)
    n = len(predictions)
    resamples = [predictions.take(rng.integers(0, n, n)) for _ in range(N_RESAMPLES)]
    result = []
    for name, measure in measures.items():
        low, high = np.percentile([measure(sample) for sample in resamples], [2.5, 97.5])
        result.append(Figure(name, measure(predictions), float(low), float(high)))
    return result


def _stance_pairs(predictions: Predictions) -> tuple[Labels, Labels]:
    known = predictions.stance != UNKNOWN
    return predictions.stance[known], predictions.stance_probabilities.argmax(axis=2)[known]
