"""Gold labels and predictions in, figures of merit out. Reads no files and runs no model.

Most figures follow from sums over comments (`stance.tallies`), so their bootstrap is fast.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from stance import tallies
from stance.errors import StanceError
from stance.labels import Stance
from stance.reliability import brier_scores, calibration_error, kept_at, log_losses
from stance.tallies import UNKNOWN, Tallies

__all__ = [
    "UNKNOWN", "Figure", "Predictions", "SliceFigures", "always_none_f1", "calibration_error",
    "figures", "pooled_stance_f1", "reliability_figures", "sentiment_f1", "share_error",
    "slice_figures", "stance_label_f1", "target_stance_f1",
]  # fmt: skip

N_RESAMPLES = 1_000

KEPT = 0.8
"""Share of labels that are kept where the others are called unsure."""

Labels = NDArray[np.int64]
Probabilities = NDArray[np.float64]
Floats = NDArray[np.float64]


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

    def where(self, mask: NDArray[np.bool_]) -> Predictions:
        """The comments of a mask of shape (n,), or the stances of one of shape (n, k).

        A mask of stances leaves no sentiment.

        Raises:
            StanceError: the mask has another shape.
        """
        if mask.shape == self.sentiment.shape:
            return self.take(np.flatnonzero(mask))
        if mask.shape != self.stance.shape:
            raise StanceError(
                f"Expected a mask of shape {self.sentiment.shape} or {self.stance.shape}, "
                f"found {mask.shape}."
            )
        left = Predictions(
            np.full_like(self.sentiment, UNKNOWN),
            np.where(mask, self.stance, UNKNOWN),
            self.sentiment_probabilities,
            self.stance_probabilities,
        )
        return left.take(np.flatnonzero(mask.any(axis=1)))

    def stance_pairs(self) -> tuple[Labels, Probabilities]:
        """Gold labels (m,) and probabilities (m, 3) of all labelled (comment, target) pairs."""
        known = self.stance != UNKNOWN
        return self.stance[known], self.stance_probabilities[known]

    def sentiments(self) -> tuple[Labels, Probabilities]:
        """Gold labels (m,) and probabilities (m, 3) of all comments with a known sentiment."""
        known = self.sentiment != UNKNOWN
        return self.sentiment[known], self.sentiment_probabilities[known]


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure with its 95 % percentile bootstrap interval over comments.

    All three are NaN where there is no label to measure it on; resamples without one are left out.
    """

    name: str
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class SliceFigures:
    """The figures of a part of the comments: how many comments and labelled stances it has.

    `rarest` is, by head, how often the label that is rarest there was meant: a macro-F1 takes it for a
    third.
    """

    name: str
    n_comments: int
    n_stances: int
    rarest: dict[str, int]
    figures: list[Figure]


Measure = Callable[[Tallies], Floats]


def pooled_stance_f1(predictions: Predictions) -> float:
    """Macro F1 over against, none and favor, over all labelled (comment, target) pairs."""
    return float(tallies.pooled_f1(_tally(predictions)))


def always_none_f1(predictions: Predictions) -> float:
    """What `pooled_stance_f1` would be for the answer "none" to everything: the floor."""
    return float(tallies.floor_f1(_tally(predictions)))


def stance_label_f1(predictions: Predictions, label: Stance) -> float:
    """F1 of one stance label over all labelled (comment, target) pairs."""
    return float(tallies.label_f1(_tally(predictions), list(Stance).index(label)))


def target_stance_f1(predictions: Predictions, target: int) -> float:
    """Macro F1 of the stance toward the target of that index."""
    return float(tallies.target_f1(_tally(predictions), target))


def sentiment_f1(predictions: Predictions) -> float:
    """Macro F1 over negative, neutral and positive."""
    return float(tallies.mood_f1(_tally(predictions)))


def share_error(predictions: Predictions) -> float:
    """Mean absolute difference between true and predicted share, over targets and labels."""
    return float(tallies.share_error(_tally(predictions)))


def figures(predictions: Predictions, target_names: Sequence[str]) -> list[Figure]:
    """All figures of merit, each with its interval; the same resamples serve every figure."""
    measures: dict[str, Measure] = {
        "pooled stance macro-F1": tallies.pooled_f1,
        "sentiment macro-F1": tallies.mood_f1,
        "pooled stance, always none": tallies.floor_f1,
    }
    for index, label in enumerate(Stance):
        measures[f"F1 of {label}"] = partial(tallies.label_f1, label=index)
    for index, name in enumerate(target_names):
        measures[f"stance macro-F1, {name}"] = partial(tallies.target_f1, target=index)
    measures["share error"] = tallies.share_error
    measures["stance calibration error"] = _stance_calibration
    measures["sentiment calibration error"] = _sentiment_calibration
    rows = _tables(predictions)
    n = len(predictions)
    resampled = np.stack([np.bincount(drawn, minlength=n) @ rows for drawn in _resamples(n)])
    whole = tallies.tallies_of(rows.sum(axis=0), predictions.stance.shape[1])
    drawn = tallies.tallies_of(resampled, predictions.stance.shape[1])
    return [
        _figure(name, float(measure(whole)), measure(drawn)) for name, measure in measures.items()
    ]


def slice_figures(
    predictions: Predictions, target_names: Sequence[str], slices: Mapping[str, NDArray[np.bool_]]
) -> list[SliceFigures]:
    """All figures of merit on parts of the comments, such as the sarcastic or the long ones.

    Args:
        predictions: of n comments and k targets.
        target_names: as `figures`.
        slices: boolean masks by name, see `Predictions.where` for their shapes.
    """
    result = []
    for name, mask in slices.items():
        part = predictions.where(mask)
        n_stances = int((part.stance != UNKNOWN).sum())
        found = figures(part, target_names) if len(part) else []
        gold = {"sentiment": part.sentiment, "stance": part.stance}
        rarest = {head: _rarest(labels) for head, labels in gold.items()}
        result.append(SliceFigures(name, len(part), n_stances, rarest, found))
    return result


def _rarest(gold: Labels) -> int:
    return int(np.bincount(gold[gold != UNKNOWN], minlength=len(Stance)).min())


def reliability_figures(predictions: Predictions) -> list[Figure]:
    """NLL, Brier score, error, error at `KEPT` coverage and the ratio of both, for each head.

    The threshold of confidence is found anew in each resample.
    """
    result = []
    everything = [np.arange(len(predictions)), *_resamples(len(predictions))]
    for head, pairs in (("stance", Predictions.stance_pairs), ("sentiment", Predictions.sentiments)):
        found = np.array([_reliability(*pairs(predictions.take(rows))) for rows in everything])
        names = ("NLL", "Brier score", "error", f"error at {KEPT:.0%} coverage", "ratio of errors")
        for number, name in enumerate(names):
            values = found[:, number]
            result.append(_figure(f"{head} {name}".replace("%", " %"), values[0], values[1:]))
    return result


def _reliability(gold: Labels, probabilities: Probabilities) -> tuple[float, ...]:
    if len(gold) == 0:
        return (float("nan"),) * 5
    kept = kept_at(gold, probabilities, KEPT)
    return (
        float(log_losses(gold, probabilities).mean()),
        float(brier_scores(gold, probabilities).mean()),
        kept.full_error,
        kept.error,
        kept.ratio,
    )


def _resamples(n: int) -> list[Labels]:
    """Row numbers of all bootstrap resamples of n comments, always the same."""
    rng = np.random.default_rng(0)
    return [rng.integers(0, n, n) for _ in range(N_RESAMPLES)]


def _figure(name: str, value: float, resampled: Floats) -> Figure:
    known = resampled[~np.isnan(resampled)]
    low, high = np.percentile(known, [2.5, 97.5]) if len(known) else (np.nan, np.nan)
    return Figure(name, float(value), float(low), float(high))


def _tally(predictions: Predictions) -> Tallies:
    return tallies.tallies_of(_tables(predictions).sum(axis=0), predictions.stance.shape[1])


def _tables(predictions: Predictions) -> Floats:
    return tallies.tables(
        predictions.sentiment,
        predictions.stance,
        predictions.sentiment_probabilities,
        predictions.stance_probabilities,
    )


def _stance_calibration(sums: Tallies) -> Floats:
    return tallies.binned_error(sums.side_bins)


def _sentiment_calibration(sums: Tallies) -> Floats:
    return tallies.binned_error(sums.mood_bins)
